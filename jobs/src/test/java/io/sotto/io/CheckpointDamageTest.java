package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Coordinator;
import io.sotto.run.Checkpoints;
import io.sotto.run.InterruptedRunException;
import io.sotto.run.Prepared;
import io.sotto.run.RunIdentity;
import io.sotto.run.SavedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint that is not as it was written is passed over, whatever is wrong with it. */
class CheckpointDamageTest {
  private static final long SEED = new SplittableRandom().nextLong();
  private static final List<String> SETTINGS =
      List.of("engine.cells=2", "stop.max-ticks=30", "algorithm.step.initial=10");
  private static final List<String> FRESH =
      List.of("engine.cells=2", "privacy.mechanism=function-sharing", "privacy.secret=fresh");

  /** Of a file with more bytes, so many are tried. */
  private static final int TRIED = 200;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<String> bits = new ArrayList<>();
  private SmallRun last = new SmallRun(Path.of("nowhere"), SETTINGS);

  @TempDir Path dir;

  @BeforeEach
  void dies() throws Exception {
    bits.addAll(run().figures());
    last = run();
    die(last);
    assertThat(folders(run())).hasSize(2);
  }

  private static void die(SmallRun run) throws Exception {
    try {
      run.every(6).interruptedWhen(SmallRun.killedAt(24)).run();
      throw new AssertionError("it came to its end");
    } catch (SmallRun.Died e) {
      assertThat(run.supersteps).isBetween(12L, 17L);
    }
  }

  private SmallRun run() {
    return new SmallRun(dir, SETTINGS);
  }

  private static List<Path> folders(SmallRun of) throws IOException {
    try (Stream<Path> all = Files.list(of.root())) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String at(Path file, String what) {
    return "seed %dL, %s %s".formatted(SEED, file, what);
  }

  /** That the latest of two is passed over, and its name said. */
  private void isPassedOver(RunIdentity identity, Coordinator cells, String when)
      throws IOException {
    SmallRun run = run();
    CheckpointFolder folder = run.folder();
    folder.open(identity);
    Checkpoints.Found found = folder.latest(cells).orElseThrow();
    assertThat(found.run().superstep()).as(when).isEqualTo(6);
    assertThat(run.warnings).as(when).hasSize(1);
    assertThat(run.warnings.get(0)).as(when).contains("/000002 ", "passed over");
  }

  /** Every byte of a short file, and some of a long one; and every length, or some. */
  @Test
  void eachByteAndEachLengthCounts() throws Exception {
    RunIdentity identity = Objects.requireNonNull(last.identity);
    try (Prepared.Opened opened = run().prepare().open()) {
      Path latest = folders(run()).get(1);
      assertThat(files(latest)).hasSize(4);
      for (Path file : files(latest)) {
        byte[] whole = Files.readAllBytes(file);
        int[] positions =
            whole.length <= TRIED
                ? IntStream.range(0, whole.length).toArray()
                : random.ints(TRIED, 0, whole.length).toArray();
        for (int at : positions) {
          byte[] flipped = whole.clone();
          flipped[at] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, flipped);
          isPassedOver(identity, opened.cells(), at(file, "flipped at " + at));
        }
        for (int length : random.ints(TRIED / 10, 0, whole.length).toArray()) {
          Files.write(file, Arrays.copyOf(whole, length));
          isPassedOver(identity, opened.cells(), at(file, "cut to " + length));
        }
        Files.delete(file);
        isPassedOver(identity, opened.cells(), at(file, "removed"));
        Files.write(file, whole);
      }
      SmallRun run = run();
      CheckpointFolder folder = run.folder();
      folder.open(identity);
      assertThat(folder.latest(opened.cells()).orElseThrow().run().superstep()).isEqualTo(12);
      assertThat(run.warnings).isEmpty();
    }
  }

  private void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, bytes);
  }

  /** Whichever file it is of the latest, the run goes on from the one before. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theOneBeforeGivesTheSameBits(int number) throws Exception {
    flip(files(folders(run()).get(1)).get(number));
    SmallRun resumed = run();
    assertThat(resumed.figures()).as("seed %dL", SEED).isEqualTo(bits);
    assertThat(resumed.resumed).extracting(SavedRun::superstep).containsExactly(6L);
    assertThat(resumed.warnings).hasSize(1);
    assertThat(resumed.root()).doesNotExist();
  }

  /** A damaged one does not count among those that are kept. */
  @Test
  void aDamagedOneIsNotKept() throws Exception {
    flip(folders(run()).get(1).resolve("operator/part-00000.parquet"));
    try {
      run().every(6).interruptedWhen(SmallRun.interruptedAt(8)).run();
      throw new AssertionError("it came to its end");
    } catch (InterruptedRunException e) {
      assertThat(folders(run())).extracting(f -> f.getFileName().toString()).contains("000001");
      assertThat(folders(run()))
          .extracting(f -> f.getFileName().toString())
          .doesNotContain("000002");
    }
    assertThat(run().figures()).isEqualTo(bits);
  }

  /** Where none is whole the run begins anew. */
  @ParameterizedTest
  @ValueSource(
      strings = {"manifest.json", "operator/part-00000.parquet", "cells/part-00001.parquet"})
  void withoutAnyTheRunBeginsAnew(String file) throws Exception {
    for (Path folder : folders(run())) {
      flip(folder.resolve(file));
    }
    SmallRun anew = run();
    assertThat(anew.figures()).as("seed %dL", SEED).isEqualTo(bits);
    assertThat(anew.resumed).isEmpty();
    assertThat(anew.warnings).hasSize(3);
    assertThat(anew.warnings.get(0)).contains("/000002 is damaged");
    assertThat(anew.warnings.get(1)).contains("/000001 is damaged");
    assertThat(anew.warnings.get(2)).isEqualTo("No checkpoint is whole; the run begins anew");
    assertThat(anew.root()).doesNotExist();
  }

  /** Nothing can be done with checkpoints of a secret that is lost. */
  @ParameterizedTest
  @ValueSource(strings = {"flipped", "cut", "removed"})
  void aLostSecretIsDamageToAll(String how) throws Exception {
    Path place = Files.createDirectory(dir.resolve("fresh"));
    SmallRun died = new SmallRun(place, FRESH).withoutSecret();
    die(died);
    Path secret = died.root().resolve("secret");
    if (how.equals("flipped")) {
      flip(secret);
    } else if (how.equals("cut")) {
      Files.write(secret, Arrays.copyOf(Files.readAllBytes(secret), 20));
    } else {
      Files.delete(secret);
    }
    SmallRun anew = new SmallRun(place, FRESH).withoutSecret();
    die(anew);
    assertThat(anew.resumed).isEmpty();
    assertThat(anew.warnings).hasSize(1);
    assertThat(anew.warnings.get(0)).contains("is damaged or gone; the run begins anew");
    SmallRun after = new SmallRun(place, FRESH).withoutSecret();
    after.run();
    assertThat(after.resumed).as("the new secret is kept").hasSize(1);
    assertThat(after.warnings).isEmpty();
  }
}
