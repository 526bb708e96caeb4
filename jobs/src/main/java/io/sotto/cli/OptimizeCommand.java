package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.engine.DivergedException;
import io.sotto.io.FileRows;
import io.sotto.io.OutputFolder;
import io.sotto.io.ResultFolder;
import io.sotto.result.Result;
import io.sotto.run.Optimize;
import io.sotto.run.RunResult;
import io.sotto.run.Text;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** The main job. */
@Command(
    name = "optimize",
    mixinStandardHelpOptions = true,
    description = "Solve the configured problem, and write the result.")
final class OptimizeCommand extends JobCommand {

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    Console console = new Console(out(), err());
    FileRows rows = rows(config, spark);
    try (OutputFolder folder =
        new OutputFolder(
            config.output().path(),
            config.output().overwrite(),
            context(spark).hadoopConfiguration())) {
      Optimize action =
          action(config, rows, spark)
              .listener(console)
              .output(
                  new ResultFolder(
                      folder, config.output().perAgent(), rows::rejected, console::warned));
      RunResult done = untilDeadline(config, spark, console::hasEstimate, action::run);
      Result result = done.result();
      say("%s: %s", result.status(), result.stopReason());
      say(
          "F = %.9g after %s ticks in %s; the result is in %s",
          result.last().objective(),
          Text.count(result.last().tick()),
          Text.seconds(result.seconds()),
          config.output().path());
      say("certificate: %s", result.certificate());
      return result.status() == Result.Status.DEADLINE ? config.deadlineExitCode() : ExitCode.DONE;
    } catch (DivergedException e) {
      err().println(console.explain(e));
      return ExitCode.FAILED;
    } finally {
      console.end();
    }
  }
}
