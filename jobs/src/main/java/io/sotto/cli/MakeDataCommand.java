package io.sotto.cli;

import io.sotto.config.RunConfig;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** Writes the data of an example. */
@Command(
    name = "make-data",
    mixinStandardHelpOptions = true,
    description = {
      "Write what data.make names, such as the texts of conf/scribes.conf, into data.path.",
      "The same seed gives the same bytes."
    })
final class MakeDataCommand extends JobCommand {

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    make(config, spark);
    return ExitCode.DONE;
  }
}
