package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code privacy.mechanism}, from the configuration to the result. */
class MechanismsTest {
  private static final String SECRET = "correct horse battery staple";

  /** Near the values of hospitals' columns, as if public; rows then fit differential privacy. */
  private static final List<String> BUDGETED =
      List.of(
          "privacy.mechanism=differential-privacy",
          "privacy.epsilon=4",
          "data.standardize=false",
          "stop.tolerance=0",
          "algorithm.step.initial=1e-4");

  @TempDir Path dir;

  private Path secret(String permissions) throws IOException {
    Path file = dir.resolve("secret-" + permissions);
    Files.writeString(file, SECRET);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private Cli.Outcome optimize(String output, String... more) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            "optimize",
            "../conf/hospitals.conf",
            "data.path=" + Cli.HOSPITALS,
            "output.path=" + dir.resolve(output),
            "stop.max-ticks=60",
            "algorithm.step.initial=10"));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  private String solution(String output) {
    return Cli.read(dir.resolve(output).resolve("solution.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"function-sharing", "private-steps"})
  void theSameSecretGivesTheSameBitsOnBothEnginesAndAFreshOneOthers(String mechanism)
      throws IOException {
    String[] words = {"privacy.mechanism=" + mechanism, "privacy.secret=" + secret("rw-------")};
    String[] onSpark = Arrays.copyOf(words, 3);
    onSpark[2] = "engine.name=graphx";
    Cli.Outcome here = optimize("here", words);
    assertThat(here.code()).as("%s", here).isZero();
    assertThat(here.out()).contains("privacy " + mechanism + ": ").doesNotContain("fresh");
    assertThat(optimize("spark", onSpark).code()).isZero();
    Cli.Outcome fresh = optimize("fresh", words[0]);
    assertThat(fresh.out()).contains("a fresh secret, so another run gives other bits");
    assertThat(optimize("plain").out()).contains("privacy none");
    assertThat(solution("spark")).isEqualTo(solution("here"));
    assertThat(solution("fresh")).isNotEqualTo(solution("here"));
    assertThat(solution("plain")).isNotEqualTo(solution("here"));

    JsonNode run = Cli.json(dir.resolve("here"), "run.json");
    assertThat(run.at("/privacy/mechanism").asText()).isEqualTo(mechanism);
    assertThat(run.at("/privacy/freshSecret").booleanValue()).isFalse();
    assertThat(run.at("/privacy/secretMark").asText()).hasSize(16);
    JsonNode none = Cli.json(dir.resolve("plain"), "run.json").path("privacy");
    assertThat(none).hasSize(1);
    assertThat(none.path("mechanism").asText()).isEqualTo("none");
    try (Stream<Path> files = Files.walk(dir.resolve("here"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(SECRET);
      }
    }
    assertThat(here.out() + here.err()).doesNotContain(SECRET);
  }

  @Test
  void functionSharingFindsTheSameOptimum() throws IOException {
    String[] words = {
      "network.topology=complete",
      "algorithm.name=async-admm",
      "algorithm.step.initial=auto",
      "stop.tolerance=1e-6",
      "stop.disagreement=1e-6",
      "stop.max-ticks=4000",
      "privacy.mechanism=function-sharing",
      "privacy.secret=" + secret("r--------")
    };
    assertThat(optimize("shared", words).code()).isZero();
    words[6] = "privacy.mechanism=none";
    words[7] = "output.per-agent=false";
    assertThat(optimize("plain", words).code()).isZero();
    double shared = Cli.json(dir.resolve("shared"), "solution.json").path("objective").asDouble();
    double plain = Cli.json(dir.resolve("plain"), "solution.json").path("objective").asDouble();
    assertThat(shared / plain - 1).isBetween(-1e-6, 1e-6);
  }

  @Test
  void aBudgetEndsTheRun() {
    Cli.Outcome outcome =
        optimize(
            "spent",
            Stream.concat(BUDGETED.stream(), Stream.of("privacy.noise=5")).toArray(String[]::new));
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("privacy-budget: the privacy budget is spent");
    JsonNode run = Cli.json(dir.resolve("spent"), "run.json");
    assertThat(run.path("status").asText()).isEqualTo("privacy-budget");
    assertThat(run.path("stopReason").asText()).contains("epsilon 4.0");
    assertThat(run.path("ticks").asLong()).isLessThan(60);
    JsonNode privacy = run.path("privacy");
    assertThat(privacy.path("epsilon").asDouble()).isBetween(3.0, 4.0);
    assertThat(privacy.path("delta").asDouble()).isEqualTo(1e-6);
    assertThat(privacy.path("updatesOfOneAgent")).isEqualTo(privacy.path("updatesAllowed"));
  }

  @Test
  void automaticNoiseLastsToTheEnd() {
    Cli.Outcome outcome = optimize("lasting", BUDGETED.toArray(String[]::new));
    assertThat(outcome.code()).as("%s", outcome).isZero();
    JsonNode run = Cli.json(dir.resolve("lasting"), "run.json");
    assertThat(run.path("status").asText()).isEqualTo("max-ticks");
    assertThat(run.path("ticks").asLong()).isEqualTo(60);
    assertThat(run.at("/privacy/epsilon").asDouble()).isBetween(2.0, 4.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.standardize=true; data.standardize = false",
        "stop.tolerance=0.1; stop.tolerance = 0",
        "algorithm.step.initial=auto; give it a number",
        "privacy.delta=0.01; below 1 / rows",
        "algorithm.name=async-admm; differential privacy: set algorithm.name = async-projected",
      })
  void whatAsksTheRowsWithoutNoiseIsRefused(String words) {
    String[] parts = words.split("; ", 2);
    Cli.Outcome outcome =
        optimize(
            "none", Stream.concat(BUDGETED.stream(), Stream.of(parts[0])).toArray(String[]::new));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains(parts[1]);
  }

  @Test
  void secretsThatOthersMayUseAreRefused() throws IOException {
    for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----")) {
      Path file = secret(permissions);
      Cli.Outcome outcome =
          optimize("none", "privacy.mechanism=private-steps", "privacy.secret=" + file);
      assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(outcome.err())
          .contains("privacy.secret is '" + file + "'", "chmod 600 " + file)
          .doesNotContain(SECRET);
    }
    Path missing = dir.resolve("missing");
    assertThat(
            optimize("none", "privacy.mechanism=private-steps", "privacy.secret=" + missing).err())
        .contains("not there", "head -c 32 /dev/urandom");
    Path brief = Files.writeString(dir.resolve("brief"), "short");
    Files.setPosixFilePermissions(brief, PosixFilePermissions.fromString("rw-------"));
    assertThat(optimize("none", "privacy.mechanism=private-steps", "privacy.secret=" + brief).err())
        .contains("holds 5 bytes", "16 or more");
  }

  @Test
  void stepsThatDoNotShrinkAreRefusedByName() {
    Cli.Outcome outcome =
        optimize("none", "privacy.mechanism=private-steps", "algorithm.name=async-admm");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("'async-admm'", "private steps", "function-sharing");
  }
}
