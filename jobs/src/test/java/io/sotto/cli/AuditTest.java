package io.sotto.cli;

import static io.sotto.cli.Cli.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Audits of the hospitals: what they say, how they end, and what they write. */
class AuditTest {
  @TempDir Path dir;
  private Path conf;
  private Path audit;

  @BeforeEach
  void configure() {
    audit = dir.resolve("out-audit");
    conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", label = diagnosis, agent = hospital }
            problem { loss = logistic, l2 = 1e-3 }
            network.topology = complete
            algorithm { name = async-projected-subgradient, step.initial = 11 }
            stop { max-ticks = 1000, check-every = 500, tolerance = 0 }
            engine { cells = 4, ticks-per-superstep = 1 }
            output { path = "%s", overwrite = true }
            audit { seeds = 2, games = 0, baseline = false }
            privacy.protect = none
            """
                .formatted(Cli.HOSPITALS, dir.resolve("out")));
  }

  private Cli.Outcome audit(String... overrides) {
    List<String> words = new ArrayList<>(List.of("audit", conf.toString()));
    words.addAll(List.of(overrides));
    return Cli.run(words);
  }

  @Test
  void theSynchronousRunOnACompleteNetworkLeaksAll() throws IOException {
    Cli.Outcome outcome = audit("clock.model=always", "audit.seeds=1");

    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.LEAK);
    JsonNode figures = json(audit, "audit.json");
    assertThat(figures.at("/best/exposed/median").doubleValue()).isGreaterThan(0.99);
    assertThat(figures.at("/best/unexposed").isNull()).isTrue();
    assertThat(figures.at("/victims").size()).isEqualTo(8);
    assertThat(figures.at("/victims/0/leak/median").doubleValue()).isGreaterThan(0.99);
    assertThat(figures.at("/exposure/exposedPairs").intValue()).isEqualTo(56);
    assertThat(figures.at("/exposure/exposedAgents").intValue()).isEqualTo(8);
    try (Stream<Path> files = Files.walk(audit)) {
      assertThat(files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("audit.json", "report.html", "_SUCCESS");
    }
    assertThat(dir.resolve("out")).doesNotExist();
  }

  @Test
  void theThresholdDecides() {
    String[] words = {"audit.attacks=[consensus-inversion]"};
    audit(words);
    double found = json(audit, "audit.json").at("/best/leak/median").doubleValue();
    assertThat(found).isBetween(0.05, 0.95);
    for (double off : new double[] {-0.01, 0.01}) {
      List<String> more = new ArrayList<>(List.of(words));
      more.add("audit.threshold=" + (found + off));
      assertThat(audit(more.toArray(String[]::new)).code())
          .as("leak %s, threshold %s", found, found + off)
          .isEqualTo(off < 0 ? ExitCode.LEAK : ExitCode.DONE);
    }
  }

  @Test
  void anAuditThatFindsNothingSaysSo() {
    Cli.Outcome outcome = audit("network.topology=ring", "audit.attacks=[inversion]");

    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out()).contains("found by these attacks").doesNotContain("private");
    assertThat(json(audit, "audit.json").at("/attacks/0/leak").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"neighbour, 14", "coalition, 6", "eavesdropper, 8"})
  void everyAdversaryOnBothEngines(String adversary, int pairs) {
    String[] words = {
      "audit.adversary=" + adversary,
      "audit.agents=" + (adversary.equals("neighbour") ? "[st-anna, county]" : "[]"),
      "audit.seeds=1",
      "stop.max-ticks=60",
      "stop.check-every=30"
    };
    audit(words);
    JsonNode local = json(audit, "audit.json");
    List<String> spark = new ArrayList<>(List.of(words));
    spark.add("engine.name=graphx");
    audit(spark.toArray(String[]::new));

    assertThat(json(audit, "audit.json")).isEqualTo(local);
    assertThat(local.get("pairs").intValue()).isEqualTo(pairs);
  }

  @Test
  void theBaselineStandsBesideIt() {
    audit("audit.baseline=true", "audit.seeds=1", "stop.max-ticks=200", "stop.check-every=100");

    JsonNode baseline = json(audit, "audit.json").get("baseline");
    assertThat(baseline.at("/attacks").size()).isPositive();
    assertThat(baseline.at("/best/exposed/median").doubleValue()).isGreaterThan(0.5);
  }

  @Test
  void aLabelOfAnExposedAgentIsGuessedRight() {
    audit("audit.games=6", "audit.seeds=1", "audit.attacks=[inversion]");

    JsonNode game = json(audit, "audit.json").at("/attacks/1");
    assertThat(game.get("name").textValue()).isEqualTo("distinguishing-game");
    assertThat(game.at("/exposed/median").doubleValue()).as("%s", game).isGreaterThan(0.8);
    assertThat(game.at("/unexposed").isNull()).isTrue();
    assertThat(game.at("/games/0/epsilon").doubleValue()).as("%s", game).isGreaterThan(0.1);
  }

  @Test
  void theSwapGameAndOtherProtocolsStandBesideIt() {
    Cli.Outcome outcome =
        audit(
            "--protocol=irls",
            "--protocol=fedavg",
            "privacy.protect=none",
            "audit.games=6",
            "audit.seeds=1",
            "audit.attacks=[inversion]",
            "stop.max-ticks=60",
            "stop.check-every=30");

    assertThat(outcome.out()).as("%s", outcome).contains("swap-game", "irls, server");
    JsonNode figures = json(audit, "audit.json");
    assertThat(figures.at("/swapGame/games").intValue()).isEqualTo(12);
    assertThat(figures.at("/swapGame/wins").intValue()).isGreaterThanOrEqualTo(11);
    assertThat(figures.at("/swapGame/played/0/exposed").booleanValue()).isTrue();
    assertThat(figures.at("/protocols").size()).isEqualTo(4);
    assertThat(figures.at("/protocols/0/name").textValue()).isEqualTo("irls");
    assertThat(figures.at("/protocols/0/leak/median").doubleValue()).isEqualTo(1);
    assertThat(figures.at("/attacks/1/games/0/control").isInt()).isTrue();
  }

  @Test
  void namesThatAreNotThereAreRefused() {
    Cli.Outcome protocol = audit("--protocol=fedvag");
    assertThat(protocol.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(protocol.err()).contains("--protocol", "'fedvag'", "'fedavg'");

    Cli.Outcome agent = audit("audit.agents=[st-ana]");
    assertThat(agent.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(agent.err()).contains("audit.agents", "'st-ana'", "'st-anna'");

    Cli.Outcome attack = audit("audit.attacks=[inverson]");
    assertThat(attack.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(attack.err()).contains("audit.attacks", "'inverson'", "'inversion'");
  }

  @Test
  void validateSaysWhoIsExposed() {
    Cli.Outcome outcome = Cli.run("validate", conf.toString(), "--no-calibration");

    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out())
        .contains("8 of 8 agents are exposed", "56 pairs", "groups have 1 member(s)")
        .contains("privacy.protect = offsets");
  }

  @Test
  void underOffsetsNoLinkHasToChange() {
    Cli.Outcome outcome =
        Cli.run(
            "validate",
            conf.toString(),
            "--no-calibration",
            "algorithm.name=async-admm",
            "privacy.protect=offsets",
            "privacy.secret=fresh");

    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out())
        .contains("8 of 8 agents are exposed", "no link has to change")
        .doesNotContain("sparser");
  }

  /** The first message of async-admm tells it but for what an unheard neighbour had said. */
  @Test
  void theFirstUpdateIsAFigureOfItsOwn() throws IOException {
    Path secret = dir.resolve("secret");
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, "a secret of sixteen bytes or more");
    String[] words = {
      "algorithm.name=async-admm",
      "network.topology=ring",
      "audit.attacks=[first-message]",
      "stop.max-ticks=40",
      "stop.check-every=20"
    };
    Cli.Outcome plain = audit(words);
    JsonNode figures = json(audit, "audit.json");
    assertThat(figures.at("/firstUpdate/median").doubleValue())
        .as("%s", plain)
        .isGreaterThan(0.999);
    assertThat(figures.at("/firstMessage/accuracyOnVictim").doubleValue()).isGreaterThan(0.8);
    assertThat(plain.code()).isEqualTo(ExitCode.LEAK);

    List<String> offsets = new ArrayList<>(List.of(words));
    offsets.add("privacy.protect=offsets");
    offsets.add("privacy.secret=" + secret);
    Cli.Outcome hidden = audit(offsets.toArray(String[]::new));
    assertThat(json(audit, "audit.json").at("/firstUpdate/median").doubleValue())
        .as("%s", hidden)
        .isLessThan(0.3);
  }

  /** The root of a star hears all others: each alone, but for its mask. */
  @Test
  void underSumsOnlyMasksStandBetweenTheRootAndEachAgent() {
    String[] words = {
      "algorithm.name=secure-newton",
      "audit.seeds=1",
      "audit.games=2",
      "stop.max-ticks=100",
      "stop.check-every=50"
    };
    Cli.Outcome plain = audit(words);
    JsonNode figures = json(audit, "audit.json");
    assertThat(plain.code()).as("%s", plain).isEqualTo(ExitCode.LEAK);
    assertThat(figures.at("/best/name").textValue()).isEqualTo("subtree-sums");
    assertThat(figures.at("/best/exposed/median").doubleValue()).isGreaterThan(0.999);
    assertThat(figures.at("/firstUpdate").isNull()).isTrue();

    List<String> masked = new ArrayList<>(List.of(words));
    masked.addAll(List.of("privacy.protect=sums", "privacy.secret=fresh"));
    Cli.Outcome hidden = audit(masked.toArray(String[]::new));
    figures = json(audit, "audit.json");
    assertThat(figures.at("/best/leak/median").doubleValue()).as("%s", hidden).isLessThan(0.02);
    assertThat(figures.at("/limits/inversion").textValue()).contains("sums over several agents");
    assertThat(figures.at("/swapGame/games").intValue()).isPositive();
  }

  @Test
  void theBoundOfASwapGameIsThatOfItsTilt() {
    Cli.Outcome outcome =
        audit(
            "algorithm.name=async-admm",
            "privacy.protect=offsets",
            "privacy.secret=fresh",
            "audit.games=2",
            "audit.seeds=1",
            "audit.attacks=[inversion]",
            "stop.max-ticks=20",
            "stop.check-every=10");

    assertThat(outcome.out()).as("%s", outcome).contains("with offsets nobody is right in more");
    JsonNode figures = json(audit, "audit.json");
    assertThat(figures.at("/swapGame/played/0/bound").doubleValue())
        .as("%s", figures)
        .isStrictlyBetween(0.0, 1.0);
  }
}
