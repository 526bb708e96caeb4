package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** Writes the texts of a shipped example. */
@Command(
    name = "make-data",
    mixinStandardHelpOptions = true,
    description = {
      "Write the texts that data.make names, such as those of conf/scribes.conf, into data.path.",
      "The same seed gives the same bytes."
    })
final class MakeDataCommand extends JobCommand {

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    if (config.language().flatMap(RunConfig.Language::make).isEmpty()) {
      throw new BadInputException(
          "data.make is empty, so there is nothing to make. Set data.make = scribes, with"
              + " data.format = text.");
    }
    make(config, spark);
    return ExitCode.DONE;
  }
}
