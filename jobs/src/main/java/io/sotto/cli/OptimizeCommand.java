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
import java.time.Duration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** Solves the problem and writes the result. */
@Command(
    name = "optimize",
    mixinStandardHelpOptions = true,
    description = "Solve the configured problem, and write the result.")
final class OptimizeCommand extends JobCommand {

  /** What is worth telling in standard errors. */
  private static final double SMALL = 0.1;

  private static final double LEAST = 1e-9;

  /** How long HDFS may be in safe mode at the start. */
  static final Duration WAIT = Duration.ofMinutes(10);

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    Console console = console();
    FileRows rows = rows(config, spark);
    try (OutputFolder folder =
        new OutputFolder(
            config.output().path(),
            config.output().overwrite(),
            context(spark).hadoopConfiguration())) {
      folder.lock(WAIT, text -> say("%s", text));
      Optimize action =
          action(config, rows, spark)
              .listener(console)
              .output(
                  new ResultFolder(
                      folder, config.output().perAgent(), rows::rejected, console::warned));
      RunResult done = untilDeadline(config, spark, console::hasEstimate, action::run);
      Result result = done.result();
      say("%s: %s", result.status(), result.stopReason());
      if (!result.last().isMeasured()) {
        say(
            "%s ticks in %s; the result is in %s",
            Text.count(result.last().tick()),
            Text.seconds(result.seconds()),
            config.output().path());
        say("objective, gap and certificate: left out, because they would tell of rows");
        return result.status() == Result.Status.DEADLINE
            ? config.deadlineExitCode()
            : ExitCode.DONE;
      }
      say(
          "F = %.9g after %s ticks in %s; the result is in %s",
          result.last().objective(),
          Text.count(result.last().tick()),
          Text.seconds(result.seconds()),
          config.output().path());
      say("certificate: %s", result.certificate());
      double errors = done.standardErrors();
      if (errors <= SMALL) {
        say(
            "each coefficient is within %.1g of its standard error from the pooled estimate",
            Math.max(errors, LEAST));
      }
      if (!done.isGoodEnough()) {
        err()
            .println(
                "stop.require-certificate is true, and the result is not certified to be within"
                    + " stop.tolerance. It is written; raise stop.max-ticks or stop.tolerance, or"
                    + " set a penalty l2.");
        return ExitCode.FAILED;
      }
      return result.status() == Result.Status.DEADLINE ? config.deadlineExitCode() : ExitCode.DONE;
    } catch (DivergedException e) {
      err().println(console.explain(e));
      return ExitCode.FAILED;
    } finally {
      console.end();
    }
  }
}
