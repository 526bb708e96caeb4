package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code privacy.protect = sums}, from the configuration to the result. */
class SumsTest {
  @TempDir Path dir;

  private Cli.Outcome command(String command, String output, String... more) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            command,
            "../conf/hospitals.conf",
            "data.path=" + Cli.HOSPITALS,
            "output.path=" + dir.resolve(output),
            "stop.check-every=10",
            "stop.tolerance=1e-9"));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  private JsonNode run(String output) {
    return Cli.json(dir.resolve(output), "run.json");
  }

  @ParameterizedTest
  @CsvSource({
    "problem.l2=1e-3", // in the ball
    "problem.constraints=[]",
    "problem.constraints=[] problem.l1=1e-3",
    "network.topology=complete clock.model=always"
  })
  void twelveRoundsAreEnough(String settings) {
    List<String> words = new ArrayList<>(List.of(settings.split(" ")));
    words.add("privacy.protect=sums");
    Cli.Outcome outcome = command("optimize", "sums", words.toArray(String[]::new));
    assertThat(outcome.code()).as("%s", outcome).isZero();
    JsonNode run = run("sums");
    assertThat(run.path("status").asText()).isEqualTo("converged");
    assertThat(run.at("/certificate/gap").doubleValue()).isLessThanOrEqualTo(1e-9);
    assertThat(run.at("/rounds/closed").intValue()).isBetween(3, 12);
    assertThat(run.at("/rounds/bytesOfARound").intValue())
        .isEqualTo(8 * 7 * (2 + 1 + 31 + 31 * 32 / 2 + 4 + 2 * 31));
  }

  @Test
  void masksMoveNoBitAndNeitherDoesTheEngine() {
    assertThat(command("optimize", "sums", "privacy.protect=sums").out())
        .contains("algorithm secure-newton", "privacy sums: agents add up their numbers");
    command("optimize", "fresh", "privacy.protect=sums", "privacy.secret=fresh");
    command("optimize", "named", "algorithm.name=secure-newton");
    command("optimize", "spark", "privacy.protect=sums", "engine.name=graphx");
    Cli.Outcome plain =
        command("optimize", "plain", "privacy.protect=none", "algorithm.name=secure-newton");
    assertThat(plain.out()).contains("privacy none");
    String solution = Cli.read(dir.resolve("sums").resolve("solution.json"));
    for (String other : List.of("fresh", "named", "spark", "plain")) {
      assertThat(Cli.read(dir.resolve(other).resolve("solution.json")))
          .as(other)
          .isEqualTo(solution);
    }
    JsonNode privacy = run("sums").path("privacy");
    assertThat(privacy.path("protect").asText()).isEqualTo("sums");
    assertThat(privacy.path("statement").asText()).contains("sums over the other agents");
    assertThat(privacy.at("/honestParts/neighbour/smallest").intValue()).isEqualTo(7);
    assertThat(privacy.at("/honestParts/neighbourhood/count").intValue()).isEqualTo(1);
    assertThat(privacy.at("/honestParts/eavesdropper/smallest").intValue()).isEqualTo(8);
    assertThat(privacy.path("disclosed").toString()).contains("traces of their second derivatives");
    assertThat(run("fresh").at("/privacy/keys").asText()).isEqualTo("agreed by X25519");
    assertThat(run("named").at("/privacy/protect").asText()).isEqualTo("sums");
    assertThat(run("plain").at("/privacy/protect").asText()).isEqualTo("none");
    assertThat(run("sums").at("/step/from").asText()).isEqualTo("none");
    assertThat(dir.resolve("sums").resolve("links")).doesNotExist();
  }

  @Test
  void aRoundThatWaitsSaysForHowMany() {
    Cli.Outcome outcome =
        command(
            "optimize",
            "waits",
            "privacy.protect=sums",
            "stop.max-ticks=300",
            "clock.offline.intervals={riverside=[[2,100000]]}");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(run("waits").path("stopReason").asText())
        .contains("stop.max-ticks was reached")
        .contains("waited for the parts of 1 agent(s), and no sum is made without them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "privacy.protect=sums algorithm.name=nids | set algorithm.name = auto",
        "privacy.protect=sums problem.loss=hinge | does not support a loss that is not smooth",
        "privacy.protect=sums problem.loss=squared-hinge | set algorithm.max-coordinates = 0",
        "privacy.protect=sums problem.l1=1e-3 | a penalty that is not smooth within constraint sets",
        "privacy.protect=offsets algorithm.name=secure-newton | set privacy.protect = sums or none"
      })
  void whatDoesNotFitIsRefusedWithTheRemedy(String settings, String remedy) {
    Cli.Outcome outcome = command("optimize", "refused", settings.split(" "));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains(remedy);
  }

  @Test
  void whatIsNotUsedIsSaidAndValidateSaysWhatIsSeen() {
    Cli.Outcome outcome =
        command(
            "validate",
            "checked",
            "--no-calibration",
            "privacy.protect=sums",
            "algorithm.step.initial=3");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.err())
        .contains("algorithm.step.initial is '3', and privacy.protect = sums does not use it");
    assertThat(outcome.out())
        .contains("A neighbour: one group of 7 agents")
        .contains("an eavesdropper: one group of 8 agents");
  }
}
