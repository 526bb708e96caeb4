package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code privacy.protect = rows}, from the configuration to the result. */
class RowsTest {
  @TempDir Path dir;

  /** Any public numbers do, as long as each feature has some. */
  @BeforeEach
  void units() throws IOException {
    List<String> lines = new ArrayList<>(List.of("feature,mean,deviation"));
    try (var rows = Files.lines(Cli.HOSPITALS)) {
      String[] names = rows.findFirst().orElseThrow().split(",");
      for (int j = 2; j < names.length; j++) {
        lines.add(names[j] + ",0.5,2");
      }
    }
    lines.add("not a feature,0,1");
    Files.write(dir.resolve("units.csv"), lines);
  }

  private Cli.Outcome optimize(String output, String... more) {
    return run("optimize", output, more);
  }

  private Cli.Outcome run(String command, String output, String... more) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            command,
            "../conf/hospitals.conf",
            "data.path=" + Cli.HOSPITALS,
            "output.path=" + dir.resolve(output),
            "privacy.protect=rows",
            "data.units=" + dir.resolve("units.csv"),
            "stop.check-every=10"));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  @Test
  void nothingThatRowsTellIsWrittenAndEnginesAgree() throws IOException {
    Cli.Outcome outcome = optimize("local", "privacy.epsilon=1");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .contains("algorithm secure-gradient", "also against 3 agents", "left out")
        .doesNotContain("F = ", "F was");
    JsonNode run = Cli.json(dir.resolve("local"), "run.json");
    JsonNode solution = Cli.json(dir.resolve("local"), "solution.json");
    for (String key : List.of("objective", "certificate", "gap", "heldOutLoss", "sha256")) {
      assertThat(run.findValue(key) == null || key.equals("certificate")).as(key).isTrue();
      assertThat(solution.findValue(key)).as(key).isNull();
    }
    assertThat(run.has("certificate")).isFalse();
    assertThat(run.has("digest")).isFalse();
    assertThat(run.path("status").asText()).isEqualTo("privacy-budget");
    JsonNode privacy = run.path("privacy");
    assertThat(privacy.path("protect").asText()).isEqualTo("rows");
    assertThat(privacy.path("epsilon").doubleValue()).isBetween(0.999, 1.0);
    assertThat(privacy.path("rounds").intValue()).isEqualTo(20);
    assertThat(privacy.path("honest").intValue()).isEqualTo(5);
    assertThat(privacy.path("clip").doubleValue()).isEqualTo(0.5);
    optimize("spark", "privacy.epsilon=1", "engine.name=graphx");
    assertThat(Cli.read(dir.resolve("spark").resolve("solution.json")))
        .isEqualTo(Cli.read(dir.resolve("local").resolve("solution.json")));
  }

  @Test
  void whatWasBegunIsSpentIfTicksEnd() {
    Cli.Outcome outcome = optimize("short", "privacy.epsilon=8", "stop.max-ticks=60");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    JsonNode run = Cli.json(dir.resolve("short"), "run.json");
    int rounds = run.at("/privacy/rounds").intValue();
    assertThat(rounds).isBetween(1, 19);
    assertThat(run.at("/privacy/epsilon").doubleValue()).isBetween(0.1, 7.9);
    assertThat(run.path("status").asText()).isEqualTo("max-ticks");
    assertThat(run.path("stopReason").asText()).contains("round " + rounds + " waited");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed=1 | privacy.epsilon",
        "privacy.epsilon=1 algorithm.name=nids | set algorithm.name = auto",
        "privacy.epsilon=1 privacy.honest=9 | from 1 to 8",
        "privacy.epsilon=1 data.units= data.standardize=true | by data.units",
        "privacy.epsilon=1 problem.loss=softmax | rows of linear models only",
        "privacy.epsilon=1 stop.require-certificate=true | set it to false",
        "privacy.epsilon=1 disclosure.min-rows=10 | take disclosure out",
        "privacy.protect=sums algorithm.name=secure-gradient | set algorithm.name = auto",
        "privacy.protect=none algorithm.name=secure-gradient | set privacy.protect = rows"
      })
  void whatDoesNotFitIsRefusedWithTheRemedy(String settings, String remedy) {
    Cli.Outcome outcome = optimize("refused", settings.split(" "));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains(remedy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "radius_mean,0,0 | units.csv:2: the deviation is '0'",
        "radius_mean,0,inf | units.csv:2: the deviation is 'inf'",
        "radius_mean,x,1 | units.csv:2: the mean is 'x'",
        "radius_mean,0,1 | no line for the feature 'texture_mean'"
      })
  void unitsThatAreWrongAreRefusedWithTheirLine(String line, String message) throws IOException {
    Files.writeString(dir.resolve("units.csv"), "feature,mean,deviation\n" + line + "\n");
    Cli.Outcome outcome = optimize("refused", "privacy.epsilon=1");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains(message);
  }

  /** It would have to measure what the run must not. */
  @Test
  void anAuditIsRefused() {
    Cli.Outcome outcome = run("audit", "audited", "privacy.epsilon=1");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("privacy.protect = sums or offsets");
  }
}
