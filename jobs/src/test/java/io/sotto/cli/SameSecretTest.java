package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One secret gives two runs the same vectors only if nothing differs that messages depend on. */
class SameSecretTest {

  @TempDir Path dir;
  private Path secret;
  private Path edges;
  private List<String> agents;

  @BeforeEach
  void setUp() throws IOException {
    secret = Files.writeString(dir.resolve("secret"), "correct horse battery staple");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    agents =
        Files.readAllLines(Cli.HOSPITALS).stream()
            .skip(1)
            .map(line -> line.substring(0, line.indexOf(',')))
            .distinct()
            .sorted()
            .toList();
    edges = dir.resolve("edges.csv");
    write(0);
  }

  /** A ring of all hospitals, and some chords. */
  private void write(int chords) throws IOException {
    List<String> lines = new ArrayList<>(List.of("src,dst"));
    int n = agents.size();
    for (int i = 0; i < n; i++) {
      lines.add(agents.get(i) + "," + agents.get((i + 1) % n));
    }
    for (int k = 0; k < chords; k++) {
      lines.add(agents.get(k) + "," + agents.get(k + n / 2));
    }
    Files.write(edges, lines);
  }

  private Cli.Outcome optimize(String output, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "optimize",
                "../conf/hospitals.conf",
                "data.path=" + Cli.HOSPITALS,
                "output.path=" + dir.resolve(output),
                "network={topology=edges,path=\"" + edges + "\"}",
                "privacy.mechanism=function-sharing",
                "privacy.secret=" + secret,
                "algorithm.name=async-admm",
                "stop.max-ticks=40",
                "algorithm.step.initial=90"));
    words.addAll(List.of(more));
    Cli.Outcome outcome = Cli.run(words);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    return outcome;
  }

  private String mark(String output) {
    return Cli.json(dir.resolve(output), "run.json").at("/privacy/termsMark").asText();
  }

  @Test
  void anEditedEdgeListGivesOtherVectors() throws IOException {
    optimize("first");
    optimize(
        "elsewhere",
        "engine.name=graphx",
        "engine.cells=2",
        "stop.max-ticks=20",
        "stop.tolerance=0",
        "output.per-agent=false");
    assertThat(mark("elsewhere")).as("where, how long, in how many cells").isEqualTo(mark("first"));
    assertThat(optimize("again", "warm-start=" + dir.resolve("first")).out())
        .contains("with their links");
    assertThat(mark("again")).isEqualTo(mark("first"));

    write(4);
    Cli.Outcome edited = optimize("edited", "warm-start=" + dir.resolve("first"));
    assertThat(mark("edited")).isNotEqualTo(mark("first"));
    assertThat(edited.out()).contains("their links start anew").doesNotContain("with their links");
  }

  @Test
  void anotherScheduleClockOrPenaltyGivesOtherVectors() {
    optimize("first");
    optimize("rate", "clock.rate=0.4");
    optimize("penalty", "problem.l2=2e-3");
    optimize("set", "problem.constraints=[{set=ball,radius=3}]");
    optimize("loss", "network.loss=0.1");
    List<String> marks =
        List.of(mark("first"), mark("rate"), mark("penalty"), mark("set"), mark("loss"));
    assertThat(marks).doesNotHaveDuplicates().doesNotContain("");
  }
}
