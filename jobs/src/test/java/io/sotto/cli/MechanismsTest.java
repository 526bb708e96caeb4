package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(fresh.out()).contains("The secret is fresh, so another run gives other bits");
    assertThat(optimize("plain", "privacy.protect=none").out()).contains("privacy none");
    assertThat(solution("spark")).isEqualTo(solution("here"));
    assertThat(solution("fresh")).isNotEqualTo(solution("here"));
    assertThat(solution("plain")).isNotEqualTo(solution("here"));

    JsonNode run = Cli.json(dir.resolve("here"), "run.json");
    assertThat(run.at("/privacy/mechanism").asText()).isEqualTo(mechanism);
    assertThat(run.at("/privacy/freshSecret").booleanValue()).isFalse();
    assertThat(run.at("/privacy/secretMark").asText()).hasSize(16);
    JsonNode none = Cli.json(dir.resolve("plain"), "run.json").path("privacy");
    assertThat(none).hasSize(3);
    assertThat(none.path("disclosed")).hasSize(1);
    assertThat(none.path("mechanism").asText()).isEqualTo("none");
    assertThat(Submit.tracesOf(SECRET.getBytes(StandardCharsets.UTF_8), dir.resolve("here")))
        .isEmpty();
    assertThat(here.out() + here.err()).doesNotContain(SECRET);
  }

  /** They are the default, sized on either engine alike, and leave the optimum where it is. */
  @Test
  void offsetsGiveTheSameBitsOnBothEnginesAndABound() throws IOException {
    String secret = "privacy.secret=" + secret("rw-------");
    List<String> words =
        List.of("algorithm.name=async-admm", "algorithm.step.initial=auto", "stop.max-ticks=4000");
    JsonNode here = converged("here", words, secret);
    JsonNode spark =
        converged("spark", words, secret, "engine.name=graphx", "privacy.protect=offsets");
    assertThat(solution("spark")).isEqualTo(solution("here"));
    JsonNode fresh = converged("fresh", words, "privacy.secret=fresh");
    JsonNode diagonal = converged("diagonal", words, secret, "privacy.shape=diagonal");
    JsonNode none = converged("none", words, "privacy.protect=none");
    for (JsonNode other : List.of(here, fresh, diagonal)) {
      assertThat(other.path("objective").doubleValue() / none.path("objective").doubleValue() - 1)
          .isBetween(-1e-3, 1e-3);
    }
    JsonNode privacy = spark.path("privacy");
    assertThat(privacy.path("protect").asText()).isEqualTo("offsets");
    assertThat(privacy.path("keys").asText()).startsWith("derived");
    assertThat(fresh.at("/privacy/keys").asText()).startsWith("agreed by X25519");
    for (String adversary : List.of("neighbour", "neighbourhood", "eavesdropper")) {
      assertThat(privacy.at("/bound/" + adversary).doubleValue())
          .as(adversary)
          .isBetween(0.1, 0.95);
    }
    assertThat(privacy.path("shape").asText()).isEqualTo("full");
    assertThat(privacy.path("disclosed")).hasSize(3);
    assertThat(diagonal.at("/privacy/shape").asText()).isEqualTo("diagonal");
    assertThat(diagonal.at("/privacy/disclosed")).hasSize(2);
    assertThat(none.path("privacy").has("bound")).isFalse();
  }

  @Test
  void protectionAndMechanismAreNotBothGiven() {
    Cli.Outcome both = optimize("both", "privacy.protect=offsets", "privacy.mechanism=none");
    assertThat(both.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(both.err()).contains("privacy.mechanism is 'none'", "privacy.protect is given, too");
  }

  @Test
  void withTwoAgentsNothingCanBeProtected() {
    Cli.Outcome two = optimize("two", "data.agent=", "data.deal={agents=2}", "engine.cells=2");
    assertThat(two.code()).as("%s", two).isZero();
    assertThat(two.out())
        .contains("privacy none", "fewer than three agents nothing can be protected");
    JsonNode privacy = Cli.json(dir.resolve("two"), "run.json").path("privacy");
    assertThat(privacy.path("note").asText()).contains("fewer than three");
  }

  /** What runs say of themselves before they start. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "function-sharing; hides where subgradients lie. It does not hide how they differ",
        "private-steps; hides the length of a single update. It does not hide its direction",
      })
  void validateSaysWhatIsHiddenAndWhatIsNot(String mechanism, String words) {
    Cli.Outcome outcome =
        Cli.run(
            "validate",
            "../conf/hospitals.conf",
            "--no-calibration",
            "data.path=" + Cli.HOSPITALS,
            "output.path=" + dir.resolve("none"),
            "algorithm.step.initial=10",
            "privacy.mechanism=" + mechanism);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .contains("privacy       " + mechanism + ": ", words, "The secret is fresh");
  }

  private JsonNode privacy(String output, String... more) {
    Cli.Outcome outcome = optimize(output, more);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    return Cli.json(dir.resolve(output), "run.json").path("privacy");
  }

  /**
   * Where it runs, how long, its first step and its audit change no vector; what it solves does.
   */
  @Test
  void anotherRunHasOtherVectors() throws IOException {
    String[] words = {
      "privacy.mechanism=function-sharing", "privacy.secret=" + secret("rw-------")
    };
    String mark = privacy("first", words).path("termsMark").asText();
    assertThat(mark).hasSize(16);
    String[] more = Arrays.copyOf(words, 3);
    for (String same :
        List.of(
            "stop.max-ticks=61",
            "algorithm.step.initial=11",
            "audit.seeds=2",
            "warm-start=" + dir.resolve("first"))) {
      more[2] = same;
      assertThat(privacy("other", more).path("termsMark").asText()).as(same).isEqualTo(mark);
    }
    for (String other :
        List.of("seed=8", "algorithm.step.exponent=0.6", "data.standardize=false")) {
      more[2] = other;
      assertThat(privacy("other", more).path("termsMark").asText()).as(other).isNotEqualTo(mark);
    }
  }

  /**
   * Duals of links go with the vectors that they were for: of the same ones nothing is left to do,
   * and with others agents start without, to the same optimum.
   */
  @Test
  void aWarmStartTakesLinksOverWhereVectorsAreTheSame() throws IOException {
    List<String> words =
        List.of(
            "algorithm.name=async-admm",
            "algorithm.step.initial=auto",
            "stop.tolerance=1e-5",
            "stop.disagreement=1e-5",
            "stop.max-ticks=4000");
    String sharing = "privacy.mechanism=function-sharing";
    String secret = "privacy.secret=" + secret("rw-------");
    double shared = converged("shared", words, sharing, secret).get("objective").doubleValue();
    JsonNode again =
        converged("again", words, sharing, secret, "warm-start=" + dir.resolve("shared"));
    assertThat(again.path("ticks").asInt()).isZero();
    assertThat(again.at("/warmStart/links").booleanValue()).isTrue();
    JsonNode plain =
        converged(
            "plain",
            words,
            "privacy.protect=none",
            "warm-start=" + dir.resolve("shared"),
            "output.per-agent=true");
    JsonNode fresh = converged("fresh", words, sharing, "warm-start=" + dir.resolve("shared"));
    JsonNode from = converged("from", words, sharing, secret, "warm-start=" + dir.resolve("plain"));
    for (JsonNode other : List.of(plain, fresh, from)) {
      assertThat(other.at("/warmStart/links").booleanValue()).isFalse();
      assertThat(other.path("objective").doubleValue() / shared - 1).isBetween(-1e-5, 1e-5);
    }
  }

  private JsonNode converged(String output, List<String> words, String... more) {
    Cli.Outcome outcome =
        optimize(output, Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
    assertThat(outcome.code()).as("%s", outcome).isZero();
    JsonNode run = Cli.json(dir.resolve(output), "run.json");
    assertThat(run.path("status").asText()).as("%s", outcome).isEqualTo("converged");
    assertThat(outcome.out().contains("their links start anew"))
        .isEqualTo(run.has("warmStart") && !run.at("/warmStart/links").booleanValue());
    return run;
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
    assertThat(outcome.out())
        .contains("epsilon 4.0, delta 1.0E-6", "hides a row of one agent from all others");
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
        "warm-start=out/yesterday; warm-start is 'out/yesterday'",
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
  }

  @Test
  void whatIsNoSecretIsRefused() throws IOException {
    Path brief = Files.writeString(dir.resolve("brief"), "short");
    Files.setPosixFilePermissions(brief, PosixFilePermissions.fromString("rw-------"));
    refused(brief.toString(), "holds 5 bytes", "16 or more");
    refused(dir.resolve("missing").toString(), "not there", "head -c 32 /dev/urandom");
    refused(dir.toString(), "a folder; name a file");
    refused("nosuch://x/y", "not a valid path");
  }

  private void refused(String path, String... words) {
    Cli.Outcome outcome =
        optimize("none", "privacy.mechanism=private-steps", "privacy.secret=" + path);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("privacy.secret is '" + path + "'").contains(words);
  }

  @Test
  void stepsThatDoNotShrinkAreRefusedByName() {
    Cli.Outcome outcome =
        optimize("none", "privacy.mechanism=private-steps", "algorithm.name=async-admm");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err())
        .contains("'async-admm'", "private steps", "privacy.protect = offsets");
  }
}
