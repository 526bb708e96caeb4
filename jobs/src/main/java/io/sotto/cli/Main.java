package io.sotto.cli;

import io.sotto.algorithm.Algorithms;
import io.sotto.io.IoFailure;
import io.sotto.problem.BadInputException;
import io.sotto.run.DeadlineException;
import io.sotto.run.RunClock;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
    System.exit(run(args));
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
    return line.execute(args);
  }

  /** What each method tells neighbours, wherever methods are named. */
  private static String[] methods() {
    return Stream.concat(
            Stream.of("", "Methods (algorithm.name), and what each tells neighbours:"),
            Algorithms.REGISTRY.entries().stream()
                .map(method -> "  " + method + ": " + method.makeExample().privacy().words()))
        .toArray(String[]::new);
  }

  private static int explain(Exception e, PrintWriter err) throws Exception {
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
    String failure = IoFailure.message(e);
    if (ShutdownHookManager.get().isShutdownInProgress()) {
      failure =
          "The run was ended from outside before it was done; output.path holds no part of it (%s)."
              .formatted(failure == null ? e : failure);
    }
    if (failure == null) {
      throw e;
    }
    err.println(failure + taskLog(System.getenv("SOTTO_TASK_LOG")));
    return ExitCode.FAILED;
  }

  /** Where Spark's log of the tasks that failed is; empty if there is none. */
  static String taskLog(@Nullable String file) {
    return file == null || !Files.isRegularFile(Path.of(file))
        ? ""
        : " Spark's log of it is in %s.".formatted(file);
  }
}
