package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.bench.KilledRuns;
import io.sotto.bench.StandaloneCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills drivers, executors and a worker for real, at moments that are drawn anew each time from a
 * seed that is printed, and goes on. {@code ./submit.sh bench --only K} does it sixty times.
 */
class KillsIT {
  private static final long SEED = new SplittableRandom().nextLong(1_000_000);

  @TempDir Path dir;

  private KilledRuns runs(List<String> options, String... settings) {
    List<String> words = new ArrayList<>(List.of("conf/hospitals.conf"));
    words.addAll(List.of(settings));
    words.add("stop.tolerance=0");
    return new KilledRuns(Submit.ROOT, options, words, dir, SEED, System.out::println);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void driversGoOnFromTheirCheckpoints() throws Exception {
    KilledRuns runs =
        runs(
            List.of(),
            "algorithm.name=async-projected-subgradient", // which makes trials of its step
            "stop.max-ticks=40000",
            "network.delay.model=uniform",
            "network.delay.ticks=3",
            "checkpoint.every=300ms");
    Path whole = runs.undisturbed();
    KilledRuns.Outcome killed = runs.drivers("killed", 3, KilledRuns.By.SIGKILL);
    KilledRuns.Outcome ended = runs.drivers("ended", 2, KilledRuns.By.SIGTERM);
    for (KilledRuns.Outcome outcome : List.of(killed, ended)) {
      same(outcome, whole);
      assertThat(outcome.kills()).isPositive();
    }
    assertThat(ended.ending()).as("seconds to end").isLessThan(KilledRuns.TERM_SECONDS);
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .as("neither checkpoints nor locks are left")
          .containsExactlyInAnyOrder("undisturbed", "killed", "ended");
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aClusterThatLosesExecutorsAndAWorkerEndsWithTheSameBits() throws Exception {
    try (StandaloneCluster cluster =
        new StandaloneCluster(Submit.SPARK, Files.createDirectory(dir.resolve("work")))) {
      KilledRuns runs =
          runs(
              cluster.options(), "engine.name=graphx", "stop.max-ticks=200", "checkpoint.every=3s");
      Path whole = runs.undisturbed();
      KilledRuns.Outcome outcome = runs.executors("disturbed", 3, cluster, true);
      same(outcome, whole);
      // where all fall into the loading of rows, Spark tries its tasks again, and nothing is said
      assertThat(outcome.kills()).isEqualTo(4);
    }
  }

  private static void same(KilledRuns.Outcome outcome, Path whole) {
    assertThat(outcome.same()).as("seed %d%n%s", SEED, outcome.said()).isTrue();
    for (String table : List.of("estimates", "links")) {
      if (Files.exists(whole.resolve(table))) {
        assertThat(Cli.table(outcome.output().resolve(table)))
            .as("%s, seed %d", table, SEED)
            .containsExactlyInAnyOrderElementsOf(Cli.table(whole.resolve(table)));
      }
    }
  }
}
