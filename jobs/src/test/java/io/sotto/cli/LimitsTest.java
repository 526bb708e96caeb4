package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that do not fit into memory, and runs that have to end. */
class LimitsTest {
  @TempDir Path dir;

  /** One vector for each of 89,700 links, where one for each agent would be 5 MB. */
  @Test
  void aRunThatFitsNowhereIsRefusedWithTheFigure() throws IOException {
    int agents = 300;
    int features = 2_001;
    Path rows = dir.resolve("rows.csv");
    List<String> lines = new ArrayList<>();
    StringBuilder header = new StringBuilder("who,y");
    for (int j = 0; j < features; j++) {
      header.append(",f").append(j);
    }
    lines.add(header.toString());
    for (int i = 0; i < agents; i++) {
      StringBuilder row = new StringBuilder("agent").append(i).append(',').append(i % 2);
      for (int j = 0; j < features; j++) {
        row.append(',').append((i * 31 + j * 17) % 97);
      }
      lines.add(row.toString());
    }
    Files.write(rows, lines);
    List<String> words =
        List.of(
            "validate",
            Cli.write(
                    dir.resolve("x.conf"),
                    """
                    data { path = "%s", label = y, agent = who }
                    problem { loss = logistic, l2 = 1e-2 }
                    network.topology = complete
                    output.path = "%s"
                    """
                        .formatted(rows, dir.resolve("out")))
                .toString(),
            "--no-calibration");
    Cli.Outcome outcome = Cli.run(words);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err())
        .contains("does not fit into memory", "2.9 GB", "--driver-memory", "algorithm.name");

    assertThat(outcome.out())
        .contains("0 agents are compared, 300 with too few rows are not")
        .doesNotContain("columns\n");

    List<String> told = new ArrayList<>(words); // 600,600 columns of agents
    told.add(2, "disclosure.min-rows=1");
    assertThat(Cli.run(told).out()).contains("agents are not compared", "more than 200,000");

    List<String> perAgent = new ArrayList<>(words);
    perAgent.add(2, "algorithm.name=async-projected-subgradient");
    Cli.Outcome fits = Cli.run(perAgent);
    assertThat(fits.code()).as("%s", fits).isZero();
    assertThat(fits.out()).contains("engine        local");
  }

  private List<String> hospitals(Path output, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "optimize",
                "../conf/hospitals.conf",
                "data.path=" + Cli.HOSPITALS,
                "output.path=" + output));
    words.addAll(List.of(more));
    return words;
  }

  @Test
  void aDeadlineBeforeTheFirstEstimateLeavesTheEarlierResult() {
    Path output = dir.resolve("out");
    assertThat(Cli.run(hospitals(output, "stop.max-ticks=20")).code()).isZero();
    String before = Cli.read(output.resolve("solution.json"));
    for (String engine : List.of("local", "graphx")) {
      Cli.Outcome late = Cli.run(hospitals(output, "engine.name=" + engine, "stop.deadline=100ms"));
      assertThat(late.code()).as("%s", late).isEqualTo(ExitCode.FAILED);
      assertThat(late.err())
          .contains("stop.deadline", "before there was an estimate", "nothing was written");
      assertThat(Cli.read(output.resolve("solution.json"))).isEqualTo(before);
    }
    assertThat(dir.toFile().list()).containsExactly("out");
  }

  @Test
  void aDeadlineAfterItEndsTheRunInTime() {
    Path output = dir.resolve("out");
    int seconds = 30;
    Cli.Outcome outcome =
        Cli.run(
            hospitals(
                output,
                "engine.name=graphx",
                "algorithm.step.initial=90",
                "stop.tolerance=0",
                "stop.max-ticks=100000000",
                String.format(Locale.ROOT, "stop.deadline=%ds", seconds)));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(3);
    JsonNode run = Cli.json(output, "run.json");
    assertThat(run.path("status").asText()).isEqualTo("deadline");
    assertThat(run.path("wallSeconds").asDouble()).isLessThan(seconds + 10);
    assertThat(run.path("ticks").asLong()).isPositive();
  }
}
