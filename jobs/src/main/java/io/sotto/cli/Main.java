package io.sotto.cli;

import io.sotto.algorithm.Algorithms;
import io.sotto.io.IoFailure;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Printable;
import io.sotto.run.DeadlineException;
import io.sotto.run.RunClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.hadoop.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The application that spark-submit runs. */
@Command(
    name = "sotto",
    description = {
      "Fits one model to the rows of several parties, which do not exchange rows.",
      "Agents exchange estimates with their neighbours and nothing else."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      OptimizeCommand.class,
      ValidateCommand.class,
      AuditCommand.class,
      ScoreCommand.class,
      MakeDataCommand.class,
      GenerateCommand.class,
      LadderCommand.class,
      CompletionCommand.class
    },
    footer = {
      "",
      "Through submit.sh: ./submit.sh [--spark-option value ...] [COMMAND] [CONF] [key=value ...];",
      "without arguments, optimize conf/hospitals.conf.",
      "Exit codes: 0 done (also when max-ticks ended it), 1 failed, 2 bad configuration or input,",
      "3 stopped at the deadline with a usable result, 4 an audit found a leak above its threshold,",
      "143 ended by SIGTERM: the same command goes on from its checkpoint."
    })
public final class Main {
  private final RunClock clock = RunClock.start();

  private Main() {}

  /** The clock of the run that this process was started for. */
  RunClock clock() {
    return clock;
  }

  /** Runs a command, and ends the process with its exit code. */
  public static void main(String[] args) {
    String wrong = Version.complaint(Version.spark());
    if (wrong != null) {
      System.err.println(wrong);
      System.exit(ExitCode.BAD_INPUT);
    }
    int code = run(args);
    // in deploy mode cluster YARN takes a driver that exits by itself for one that failed
    if (code != ExitCode.DONE || System.getenv("CONTAINER_ID") == null) {
      System.exit(code);
    }
  }

  /** Runs a command, and returns its exit code. */
  public static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    for (CommandLine command : line.getSubcommands().values()) {
      if (command.getCommand() instanceof JobCommand) {
        command.getCommandSpec().usageMessage().footer(methods());
      }
    }
    line.setExecutionExceptionHandler((e, command, parsed) -> explain(e, command.getErr()));
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      line.getErr()
          .println(
              "The memory of the driver is used up (%s). Give it more: --driver-memory. validate says what a run takes."
                  .formatted(e.getMessage()));
    } catch (LinkageError | StackOverflowError e) {
      line.getErr().println(unforeseen(e, System.getenv("SOTTO_TASK_LOG")));
    }
    return ExitCode.FAILED;
  }

  /** What each method tells neighbours, wherever methods are named. */
  private static String[] methods() {
    return Stream.concat(
            Stream.of("", "Methods (algorithm.name), and what each tells neighbours:"),
            Algorithms.REGISTRY.entries().stream()
                .map(method -> "  " + method + ": " + method.makeExample().privacy().words()))
        .toArray(String[]::new);
  }

  /** Prints why a command failed, and returns its exit code. */
  static int explain(Exception e, PrintWriter err) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadInputException) {
        err.println(cause.getMessage());
        return ExitCode.BAD_INPUT;
      }
      if (cause instanceof DeadlineException) {
        err.println(cause.getMessage());
        return ExitCode.FAILED;
      }
    }
    String log = System.getenv("SOTTO_TASK_LOG");
    String failure = IoFailure.message(e);
    if (ShutdownHookManager.get().isShutdownInProgress()) {
      failure =
          "The run was ended from outside before it was done; output.path holds no part of it (%s)."
              .formatted(failure == null ? e : failure);
    }
    err.println(failure == null ? unforeseen(e, log) : failure + taskLog(log));
    return ExitCode.FAILED;
  }

  /** A line for a failure that nobody thought of, whose stack trace goes to the log. */
  static String unforeseen(Throwable e, @Nullable String log) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String why = last.toString().lines().findFirst().orElse("");
    try {
      Path file =
          log == null
              ? Path.of(
                  System.getProperty("java.io.tmpdir"),
                  "sotto-%d.log".formatted(ProcessHandle.current().pid()))
              : Path.of(log);
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      Files.writeString(
          file, trace.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return "The run failed in a way that Sotto did not foresee: %s. The whole story is in %s."
          .formatted(Printable.of(why), file);
    } catch (IOException | UncheckedIOException full) {
      return "The run failed in a way that Sotto did not foresee: %s. No log could be written: %s."
          .formatted(Printable.of(why), full.getMessage());
    }
  }

  /** Where Spark's log of the tasks that failed is; empty if there is none. */
  static String taskLog(@Nullable String file) {
    return file == null || !Files.isRegularFile(Path.of(file))
        ? ""
        : " Spark's log of it is in %s.".formatted(file);
  }
}
