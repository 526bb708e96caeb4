package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small problem in a folder: rows in {@code rows.csv}, results in {@code results/out}.
 *
 * @param dir the folder, which texts call DIR
 */
record Small(Path dir) {
  /** Five lines, so that what is added begins at line 6. */
  private static final String CONF =
      """
      data { path = "DIR/rows.csv", label = y, agent = who, missing = refuse }
      problem.loss = logistic
      stop.max-ticks = 10
      algorithm.step.initial = 1
      output.path = "DIR/results/out"
      """;

  static Small in(Path dir) {
    return new Small(dir);
  }

  /** Runs it with more lines in the configuration. */
  Attempt optimize(String added, String... overrides) {
    Path conf = Cli.write(dir.resolve("x.conf"), here(CONF + added + "\n"));
    List<Path> before = files();
    return new Attempt(this, before, Cli.optimize(conf, overrides));
  }

  /** Runs a command line. */
  Attempt run(String... words) {
    List<Path> before = files();
    return new Attempt(this, before, Cli.run(words));
  }

  private String here(String text) {
    return text.replace("DIR", dir.toString());
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(dir)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What came of a run, and which files there were before it. */
  record Attempt(Small small, List<Path> before, Cli.Outcome outcome) {

    /**
     * Exit code 2, one message and nothing else on stderr, and nothing written.
     *
     * @param parts what the message must say
     */
    void isRefusedWith(List<String> parts) {
      assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(outcome.complaints()).as("%s", outcome).hasSize(1);
      assertThat(outcome.err()).contains(parts.stream().map(small::here).toList());
      assertThat(small.files()).isEqualTo(before);
    }
  }
}
