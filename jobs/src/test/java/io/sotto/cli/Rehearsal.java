package io.sotto.cli;

import io.sotto.config.ConfigLoader;
import io.sotto.config.Dates;
import io.sotto.config.HadoopTexts;
import io.sotto.config.RunConfig;
import io.sotto.io.CheckpointFolder;
import io.sotto.io.OutputFolder;
import io.sotto.io.ResultFolder;
import io.sotto.run.Optimize;
import io.sotto.run.PenaltyPath;
import io.sotto.run.RunState;
import io.sotto.run.SavedRun;
import io.sotto.run.StepSearch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code optimize} up to the first tick, in a Spark that stays: it reads configuration,
 * inputs, secret and checkpoint, takes the lock, loads rows into cells and restores their states.
 * Then it gives the lock back. It solves nothing and publishes nothing.
 */
public final class Rehearsal {
  private final SparkSession spark;
  private final long ticks;

  /**
   * In a Spark of the caller.
   *
   * @param ticks where to stop: 0 for where ticks begin; later, the run dies there
   */
  public Rehearsal(SparkSession spark, long ticks) {
    this.spark = spark;
    this.ticks = ticks;
  }

  /**
   * What a run would have ended with.
   *
   * @param code the exit code; 0 if its ticks would have begun
   * @param said what it printed
   * @param resumed whether it would have gone on from a checkpoint
   * @param unforeseen what nobody thought of; null if there was no such thing
   */
  public record Outcome(int code, String said, boolean resumed, @Nullable Throwable unforeseen) {}

  /** Runs a configuration with {@code key=value} words after it. */
  public Outcome run(Path conf, List<String> overrides) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    UpToTicks command = new UpToTicks(ticks);
    CommandLine line = new CommandLine(command).setOut(writer).setErr(writer);
    line.parseArgs(conf.toString());
    Throwable unforeseen = null;
    int code = ExitCode.FAILED;
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      code = command.load(conf, overrides, hadoop, spark);
    } catch (FSError e) { // as JobCommand has it
      code = Main.explain(new IOException(e), writer);
    } catch (Exception e) {
      code = Main.explain(e, writer);
      unforeseen = said.toString().contains("did not foresee") ? e : null;
    } catch (OutOfMemoryError | LinkageError | StackOverflowError e) {
      unforeseen = e;
    }
    writer.flush();
    return new Outcome(code, said.toString(), command.resumed, unforeseen);
  }

  /** Thrown where ticks begin. */
  private static final class TicksBegin extends RuntimeException {
    private static final long serialVersionUID = 1;

    TicksBegin() {
      super("ticks begin", null, false, false);
    }
  }

  @Command(name = "rehearse")
  private static final class UpToTicks extends JobCommand {
    private final long ticks;
    private boolean resumed;

    UpToTicks(long ticks) {
      this.ticks = ticks;
    }

    int load(Path conf, List<String> overrides, Configuration hadoop, SparkSession spark)
        throws Exception {
      Dates dates = Dates.of(Clock.system(ZoneId.systemDefault()), null);
      ConfigLoader.Loaded loaded =
          ConfigLoader.load(conf.toString(), overrides, new HadoopTexts(hadoop), dates);
      loaded.warnings().forEach(this::warn);
      return run(dated(loaded.config(), dates.day(loaded.config().zone()), hadoop), spark);
    }

    @Override
    int run(RunConfig config, SparkSession spark) throws Exception {
      Console console = console();
      Configuration hadoop = context(spark).hadoopConfiguration();
      Source source = source(config, spark);
      try (OutputFolder folder =
          new OutputFolder(
              config.output().path(),
              config.output().overwrite(),
              config.output().permissions(),
              hadoop)) {
        folder.lock(config.output().waitFor(), text -> say("%s", text));
        Optimize action =
            action(config, source, spark)
                .listener(console.and(stopping()))
                .output(
                    new ResultFolder(
                        folder,
                        config.output().perAgent(),
                        config.output().report(),
                        source.rejected(),
                        source.model(),
                        console::warned));
        if (config.checkpoint().on()) {
          action =
              action.checkpoints(
                  new CheckpointFolder(
                      config.output().path(),
                      config.checkpoint(),
                      false,
                      versions(),
                      hadoop,
                      folder::holdsLock,
                      console::warned),
                  config.checkpoint().every());
        }
        action.run();
        throw new IllegalStateException("it ran to its end");
      } catch (TicksBegin e) {
        return ExitCode.DONE;
      } finally {
        console.end();
      }
    }

    private Optimize.Listener stopping() {
      return new Optimize.Listener() {
        @Override
        public void resumed(SavedRun from) {
          resumed = true;
        }

        @Override
        public void tried(PenaltyPath.Trial trial) {
          stop(0);
        }

        @Override
        public void stepChosen(StepSearch.Choice step) {
          stop(0);
        }

        @Override
        public void ticked(long tick, long supersteps) {
          stop(tick);
        }

        @Override
        public void measured(RunState now) {
          stop(now.tick());
        }

        private void stop(long tick) {
          if (tick >= ticks) {
            throw new TicksBegin();
          }
        }
      };
    }
  }
}
