package io.sotto.cli;

import io.sotto.problem.BadInputException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options in a shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Print a script by which bash and zsh complete commands and options of submit.sh. For this shell:",
      "  source <(./submit.sh completion) "
          + "For all: append that line, with the full path, to ~/.bashrc or ~/.zshrc."
    })
final class CompletionCommand implements Callable<Integer> {
  /** What people type, beside the path to it. */
  private static final String SCRIPT = "submit.sh";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new BadInputException("This command runs from a command line only; use it there.");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash(SCRIPT, spec.root().commandLine()));
    out.flush();
    return ExitCode.DONE;
  }
}
