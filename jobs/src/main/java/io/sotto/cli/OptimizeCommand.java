package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.engine.DivergedException;
import io.sotto.io.CheckpointFolder;
import io.sotto.io.MadeData;
import io.sotto.io.MllibModel;
import io.sotto.io.OutputFolder;
import io.sotto.io.ResultFolder;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.run.Checkpoints;
import io.sotto.run.InterruptedRunException;
import io.sotto.run.Optimize;
import io.sotto.run.RunResult;
import io.sotto.run.Text;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Solves the problem and writes the result. */
@Command(
    name = "optimize",
    mixinStandardHelpOptions = true,
    description = "Solve the configured problem, and write the result.")
final class OptimizeCommand extends JobCommand {

  /** What is worth telling in standard errors. */
  private static final double SMALL = 0.1;

  private static final double LEAST = 1e-9;

  @Option(
      names = "--fresh",
      description = "Begin anew: ignore a checkpoint of an earlier run, and remove it.")
  private boolean fresh;

  @Option(
      names = "--log-json",
      description = {
        "Print a line of JSON for each check on standard error, in place of lines of progress.",
        "Warnings and errors stay plain text."
      })
  private boolean logJson;

  @Override
  boolean logJson() {
    return logJson;
  }

  /** The event of a check; printed, too, if that is asked for. */
  private CheckEvent event(Measurement now) {
    CheckEvent event = CheckEvent.of(now, Instant.now(), clock().seconds());
    if (logJson) {
      err().println(event.json());
      err().flush();
    }
    return event;
  }

  @Override
  int run(RunConfig config, SparkSession spark) throws Exception {
    Console console = console();
    if (config.making().isPresent()) {
      Optional<String> due = MadeData.due(config, context(spark).hadoopConfiguration());
      if (due.isPresent()) {
        say("%s, so it is made first, as make-data does", due.get());
        make(config, spark);
      }
    }
    Source source = source(config, spark);
    try (Interruption interruption = new Interruption(() -> spark.sparkContext().cancelAllJobs());
        OutputFolder folder =
            new OutputFolder(
                config.output().path(),
                config.output().overwrite(),
                config.output().permissions(),
                context(spark).hadoopConfiguration())) {
      folder.lock(config.output().waitFor(), text -> say("%s", text));
      Checkpoints checkpoints = checkpoints(config, spark, folder, console::warned);
      interruption.giveUp(() -> noteInterrupted(checkpoints));
      Optimize action =
          action(config, source, spark)
              .listener(console.and(RunMetrics.of(spark.sparkContext(), this::event)))
              .checkpoints(checkpoints, config.checkpoint().every())
              .interruptedWhen(interruption)
              .output(
                  new ResultFolder(
                      folder,
                      config.output().perAgent(),
                      config.output().report(),
                      source.rejected(),
                      source.model(),
                      console::warned));
      RunResult done = untilDeadline(config, spark, console::hasEstimate, action::run);
      Result result = done.result();
      String missing = config.rowCost().isPresent() ? MllibModel.missing(done.solution()) : null;
      if (missing != null) {
        say("model/: left out, since %s", missing);
      }
      say("%s: %s", result.status(), result.stopReason());
      if (!result.last().isMeasured()) {
        say(
            "%s ticks in %s; the result is in %s",
            Text.count(result.last().tick()),
            Text.seconds(result.seconds()),
            config.output().path());
        say("objective, gap and certificate: left out, because they would tell of rows");
        if (done.solution().summary() != null) {
          done.solution().summary().lines().forEach(line -> say("%s", line));
        }
        return result.status() == Result.Status.DEADLINE
            ? config.deadlineExitCode()
            : ExitCode.DONE;
      }
      say(
          "%s after %s ticks in %s; the result is in %s",
          Console.isPaid(result.last())
              ? Console.reward(result.last(), "=")
              : String.format(Locale.ROOT, "F = %.9g", result.last().objective()),
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
      if (done.solution().summary() != null) {
        done.solution().summary().lines().forEach(line -> say("%s", line));
      }
      if (done.routing() != null) {
        done.routing().lines().forEach(line -> say("%s", line));
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
    } catch (InterruptedRunException e) {
      err()
          .println(
              e.getMessage()
                  + (config.checkpoint().on()
                      ? " The same command goes on from its checkpoint."
                      : " No checkpoint was kept, because checkpoint.every is never."));
      return ExitCode.INTERRUPTED;
    } catch (DivergedException e) {
      err().println(console.explain(e));
      return ExitCode.FAILED;
    } finally {
      console.end();
    }
  }

  private Checkpoints checkpoints(
      RunConfig config, SparkSession spark, OutputFolder folder, Consumer<String> warned) {
    return config.checkpoint().on()
        ? new CheckpointFolder(
            config.output().path(),
            config.checkpoint(),
            fresh,
            versions(),
            context(spark).hadoopConfiguration(),
            folder::holdsLock,
            warned)
        : Checkpoints.none();
  }

  /** For a run that does not end by itself: what was saved last stays. */
  private void noteInterrupted(Checkpoints checkpoints) {
    try {
      checkpoints.interrupted();
    } catch (IOException e) {
      warn(String.valueOf(e.getMessage()));
    }
  }
}
