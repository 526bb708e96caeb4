package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import io.sotto.run.EarlierResult;
import io.sotto.run.RunIdentity;
import io.sotto.run.RunResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint is of one run, and of no other. */
class CheckpointIdentityTest {
  private static final String OTHER = "another one, and long enough";
  private static final String STEP = "algorithm.step.initial=10";

  @TempDir Path dir;

  private SmallRun run(String... settings) {
    List<String> all = new ArrayList<>(List.of(STEP));
    all.addAll(List.of(settings));
    return new SmallRun(dir, all);
  }

  private SmallRun died(String... settings) throws Exception {
    SmallRun run = run(settings);
    try {
      run.every(6).interruptedWhen(SmallRun.killedAt(32)).run();
      throw new AssertionError("it came to its end");
    } catch (SmallRun.Died e) {
      assertThat(run.root()).isDirectory();
    }
    return run;
  }

  private static void isRefused(SmallRun run, String... words) throws Exception {
    assertThatThrownBy(run::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("--fresh");
    assertThat(run.root()).as("it stays").isDirectory();
    assertThat(run.warnings).isEmpty();
  }

  private static void beginsAnew(SmallRun run, String... words) throws Exception {
    run.run();
    assertThat(run.resumed).isEmpty();
    if (words.length == 0) {
      assertThat(run.warnings).isEmpty();
    } else {
      assertThat(run.warnings).hasSize(1);
      assertThat(run.warnings.get(0)).contains(words);
    }
    assertThat(run.root()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "problem.l2=2e-2 | problem.l2 was 0.01, and is 0.02",
        "problem.loss=hinge | problem.loss was logistic, and is hinge",
        "problem.constraints=[{set=ball,radius=2}] | problem.constraints[0].radius was not set",
        "seed=8 | seed was 7, and is 8",
        "stop.tolerance=1e-8 | stop.tolerance was 1.0E-9, and is 1.0E-8",
        "stop.max-ticks=70 | stop.max-ticks was 60, and is 70",
        "stop.check-every=20 | stop.check-every was 10, and is 20",
        "engine.cells=2 | engine.cells was 3, and is 2",
        "engine.ticks-per-superstep=2 | engine.ticks-per-superstep was 1, and is 2",
        "clock.rate=0.4 | clock.rate was 0.5, and is 0.4",
        "clock.rates={agent-1=0.4} | clock.rates.agent-1 was not set, and is 0.4",
        "network.topology=complete | network.topology was ring, and is complete",
        "network.loss=0.1 | network.loss was 0.0, and is 0.1",
        "algorithm.name=async-admm | algorithm.name was auto: async-projected-subgradient",
        "algorithm.step.initial=11 | algorithm.step.initial was 10.0, and is 11.0",
        "privacy.protect=offsets | privacy.protect was not set, and is offsets",
        "data.standardize=false | data.standardize was true, and is false"
      })
  void otherSettingsAreRefusedByName(String setting, String words) throws Exception {
    died();
    isRefused(run(setting), words);
    isRefused(run(setting, "checkpoint.on-mismatch=refuse"), words);
    beginsAnew(run(setting, "checkpoint.on-mismatch=fresh"), words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop.deadline=1h",
        "stop.deadline-exit-code=0",
        "stop.require-certificate=true",
        "output.per-agent=false",
        "output.overwrite=true",
        "output.wait=1m",
        "checkpoint.keep=3",
        "checkpoint.every=1h",
        "checkpoint.on-mismatch=refuse",
        "engine.name=auto",
        "algorithm.name=async-projected-subgradient", // which auto had chosen
        "zone=Europe/Berlin",
        "audit.seeds=2"
      })
  void whatDecidesNoNumberMayChange(String setting) throws Exception {
    List<String> bits = run(setting).figures();
    died();
    SmallRun resumed = run(setting);
    assertThat(resumed.figures()).isEqualTo(bits);
    assertThat(resumed.resumed).hasSize(1);
    assertThat(resumed.warnings).isEmpty();
  }

  /** So that a run that died never blocks the next night. */
  @Test
  void otherInputsAreTakenAnew() throws Exception {
    died();
    isRefused(run("checkpoint.on-mismatch=refuse").rows(2), "rows and their cost changed");
    beginsAnew(run().rows(2), "rows and their cost changed", "is removed");
    died();
    beginsAnew(run("data.path=other.csv"), "data.path was rows.csv, and is other.csv");
    RunResult before = run().run();
    died();
    beginsAnew(
        run().from(EarlierResult.of(before.solution(), before.record())), "warm-start changed");
  }

  /** What was chosen may follow from the rows; that is no other setting. */
  @Test
  void whatInputsChoseIsNoOtherSetting() {
    Map<String, String> then =
        Map.of("engine.cells", "auto: 3", "seed", "7", "network.schedule[0].path", "a");
    Map<String, String> now =
        Map.of("engine.cells", "auto: 4", "seed", "7", "network.schedule[0].path", "b");
    RunDifference night = difference(then, now);
    assertThat(night.ofInputsOnly()).isTrue();
    assertThat(night).hasToString("network.schedule[0].path was a, and is b");
    RunDifference program =
        difference(Map.of("engine.cells", "auto: 3"), Map.of("engine.cells", "auto: 4"));
    assertThat(program.ofInputsOnly()).isFalse();
    assertThat(program).hasToString("engine.cells was chosen as 3, and is 4");
    assertThat(difference(Map.of("a", "auto: 3"), Map.of("a", "3")).isNone()).isTrue();
    assertThat(difference(Map.of("a", "auto: 3"), Map.of("a", "4")).ofInputsOnly()).isFalse();
  }

  private static RunDifference difference(Map<String, String> then, Map<String, String> now) {
    Manifest manifest = Manifest.of(Manifest.RUNNING, 1, Map.of(), identity(then), null, List.of());
    return RunDifference.of(manifest, identity(now));
  }

  private static RunIdentity identity(Map<String, String> configuration) {
    return new RunIdentity(configuration, Map.of(), "", "digest", Optional.empty());
  }

  @Test
  void anotherSecretIsRefused() throws Exception {
    died("privacy.protect=offsets", "privacy.secret=fresh");
    isRefused(
        run("privacy.protect=offsets", "privacy.secret=fresh").secret(OTHER),
        "the secret of privacy.secret is another one");
    isRefused(
        run("privacy.protect=offsets", "privacy.secret=fresh").withoutSecret(),
        "the secret of privacy.secret is another one");
    beginsAnew(run("privacy.protect=offsets", "privacy.secret=fresh").secret(OTHER).fresh());
  }

  private void version(SmallRun of, int version) throws IOException {
    try (Stream<Path> all = Files.walk(of.root())) {
      for (Path file : all.filter(f -> f.endsWith(Manifest.NAME)).toList()) {
        String text = Files.readString(file).replace("Version\" : 1", "Version\" : " + version);
        String body = text.substring(0, text.indexOf(",\n  \"checksum\""));
        Files.writeString(file, Manifest.signed(body), StandardCharsets.UTF_8);
      }
    }
  }

  @Test
  void anotherVersionOfTheFormatIsRefused() throws Exception {
    SmallRun died = died();
    version(died, 2);
    isRefused(run(), "/000003 cannot be used", "is of version 2 of the format", "reads version 1");
    isRefused(run("checkpoint.on-mismatch=refuse"), "is of version 2 of the format");
    beginsAnew(run().fresh());
    version(died(), 2);
    SmallRun anew = run("checkpoint.on-mismatch=fresh");
    anew.run();
    assertThat(anew.resumed).isEmpty();
    assertThat(anew.warnings).hasSize(3);
    assertThat(anew.root()).doesNotExist();
  }

  @Test
  void freshBeginsAnewWithoutAWord() throws Exception {
    died();
    beginsAnew(run().fresh());
  }

  /** It holds what agents know, and nobody else may see it. */
  @Test
  void nobodyButTheOwnerSeesIt() throws Exception {
    SmallRun died = run("privacy.protect=sums", "privacy.secret=fresh").withoutSecret();
    try {
      died.every(6).interruptedWhen(SmallRun.killedAt(20)).run();
      throw new AssertionError("it came to its end");
    } catch (SmallRun.Died e) {
      try (Stream<Path> all = Files.walk(died.root())) {
        for (Path path : all.toList()) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
              .as("%s", path)
              .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
          assertThat(path.getFileName().toString())
              .matches("secret|\\.out\\.checkpoint|\\d{6}|cells|operator|manifest.json|part-.*t");
        }
      }
    }
  }

  /** Also not of what the owner may have: the manifest is what people would send around. */
  @Test
  void aManifestShowsNeitherRowsNorSecret() throws Exception {
    SmallRun died = died("privacy.protect=offsets", "privacy.secret=fresh");
    try (Stream<Path> all = Files.walk(died.root())) {
      for (Path file : all.filter(f -> f.endsWith(Manifest.NAME)).toList()) {
        String text = Files.readString(file);
        assertThat(text).doesNotContain(SmallRun.SECRET);
        for (double[] row : died.values()) {
          for (double value : row) {
            assertThat(text).doesNotContain(Double.toString(value).substring(0, 10));
          }
        }
      }
    }
    assertThat(died.root().resolve("secret")).doesNotExist();
  }
}
