package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of two runs on the same place one wins; a dead one keeps nobody out. */
class OutputLockTest {
  private static final String ELSEWHERE = "elsewhere.12.1.abc";

  @TempDir Path folder;

  private OutputFolder output(String place) throws IOException {
    return new OutputFolder(folder.resolve(place).toString(), true, Heard.HADOOP);
  }

  private static void lock(OutputFolder output) throws IOException {
    output.lock(Duration.ZERO, text -> {});
  }

  private List<String> beside() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void leave(String name, String content, long silent) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - silent));
  }

  private void assertRefused(String... parts) throws IOException {
    List<String> before = beside();
    try (OutputFolder output = output("out")) {
      assertThatThrownBy(() -> lock(output))
          .isInstanceOf(BadInputException.class)
          .hasMessageContainingAll(parts);
    }
    assertThat(beside()).isEqualTo(before);
  }

  private void assertTaken() throws IOException {
    try (OutputFolder output = output("out")) {
      lock(output);
      assertThat(output.holdsLock()).isTrue();
      assertRefused("process " + ProcessHandle.current().pid());
      assertThat(output.holdsLock()).isTrue();
    }
    assertThat(beside()).noneMatch(name -> name.endsWith(".lock") || name.contains(".taken."));
  }

  /** As somebody may have put them there. */
  @Test
  @Timeout(60)
  void locksThatNameEachOtherInACircleEnd() throws IOException {
    String other = ELSEWHERE + "d";
    leave(".out.lock", ELSEWHERE, 0);
    leave(".out.taken." + ELSEWHERE, other, 0);
    leave(".out.taken." + other, ELSEWHERE, 0);
    assertRefused("process 12 on host elsewhere");
  }

  @Test
  void aRunElsewhereIsDeadWhenItHasNotBeenHeardOfForLong() throws IOException {
    leave(".out.lock", ELSEWHERE, OutputLock.DEAD_MILLIS - 30_000);
    assertRefused("output.path", "process 12 on host elsewhere", "last heard of 9", "another");
    leave(".out.lock", ELSEWHERE, 2 * OutputLock.DEAD_MILLIS);
    leave(".out.beat." + ELSEWHERE, "", OutputLock.DEAD_MILLIS - 30_000);
    assertRefused("process 12 on host elsewhere", "last heard of 9");
    leave(".out.beat." + ELSEWHERE, "", 2 * OutputLock.DEAD_MILLIS);
    assertTaken();
  }

  @Test
  void aRunHereIsDeadWhenItsProcessIsGone() throws IOException {
    String here = WritingFolder.newRun();
    leave(".out.lock", here, 2 * OutputLock.DEAD_MILLIS);
    assertRefused("process " + ProcessHandle.current().pid());
    leave(".out.lock", here.replaceFirst("\\d+(\\.\\w+)$", "7$1"), 0);
    assertTaken();
  }

  @Test
  void whoTookItOverMayBeDeadToo() throws IOException {
    leave(".out.lock", ELSEWHERE, 2 * OutputLock.DEAD_MILLIS);
    leave(".out.taken." + ELSEWHERE, "other.13.1.abc", 0);
    assertRefused("process 13 on host other");
    leave(".out.taken." + ELSEWHERE, "other.13.1.abc", 2 * OutputLock.DEAD_MILLIS);
    assertTaken();
  }

  @Test
  void aLockThatSaysNothingIsThatOfARunThatHasJustBegunOrIsDead() throws IOException {
    leave(".out.lock", "", 0);
    assertRefused("has not said its name");
    leave(".out.lock", "elsewh", 2 * OutputLock.DEAD_MILLIS);
    assertTaken();
  }

  /** A run that sleeps for long may come back. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunThatLostItsLockPublishesNothingAndKeepsItsResult(boolean deleted) throws IOException {
    String late;
    try (OutputFolder slow = output("out")) {
      lock(slow);
      slow.open();
      write(slow, "slow");
      assertThat(slow.holdsLock()).isTrue();
      late = folder.resolve("out.late." + slow.run()).toString();
      if (deleted) {
        Files.delete(folder.resolve(".out.lock"));
      } else {
        leave(".out.taken." + slow.run(), ELSEWHERE, 0);
      }
      assertThat(slow.holdsLock()).isFalse();
      assertThatThrownBy(slow::publish)
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("output.path", "lock", late, "run again");
    }
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(Path.of(late).resolve("run.json")).content().contains("slow");
    assertThat(Path.of(late).resolve("_SUCCESS")).exists();
    assertThat(Files.exists(folder.resolve(".out.lock")))
        .as("the lock is not its own")
        .isEqualTo(!deleted);
  }

  private static void write(OutputFolder output, String status) throws IOException {
    output.json("run.json", Map.of("formatVersion", 1, "status", status));
  }

  @Test
  void foldersMadeForTheLockGoWithIt() throws IOException {
    try (OutputFolder output = output("a/b/out")) {
      lock(output);
      assertThat(folder.resolve("a/b/.out.lock")).content().isEqualTo(output.run());
    }
    assertThat(beside()).isEmpty();
    Files.createDirectory(folder.resolve("a"));
    try (OutputFolder output = output("a/b/out")) {
      lock(output);
      Files.createFile(folder.resolve("a/b/another's"));
    }
    assertThat(folder.resolve("a/b/another's")).exists();
    Files.delete(folder.resolve("a/b/another's"));
    try (OutputFolder output = output("a/b/out")) {
      lock(output);
    }
    assertThat(folder.resolve("a/b")).as("it was there before").exists();
  }

  /**
   * Several runs begin at once, over and over, at first beside the lock of a dead one: at no time
   * have two the lock, and in the end nothing is left.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void ofManyThatBeginAtOnceOneHasTheLock(boolean dead) throws Exception {
    int threads = 4;
    int rounds = 25;
    AtomicInteger holding = new AtomicInteger();
    AtomicInteger won = new AtomicInteger();
    CyclicBarrier start = new CyclicBarrier(threads);
    CyclicBarrier end =
        new CyclicBarrier(
            threads,
            () -> {
              assertThat(won.getAndSet(0)).isPositive();
              assertThat(folder.resolve("sub/.out.lock")).doesNotExist();
              assertThat(folder.resolve("sub"))
                  .satisfiesAnyOf(
                      sub -> assertThat(sub).doesNotExist(),
                      sub -> assertThat(sub).isEmptyDirectory());
            });
    Callable<Void> one =
        () -> {
          try {
            for (int round = 0; round < rounds; round++) {
              if (start.await() == 0 && dead) {
                Files.createDirectories(folder.resolve("sub"));
                leave("sub/.out.lock", ELSEWHERE + round, 2 * OutputLock.DEAD_MILLIS);
              }
              start.await();
              try (OutputFolder output = output("sub/out")) {
                lock(output);
                assertThat(holding.incrementAndGet()).isOne();
                assertThat(output.holdsLock()).isTrue();
                holding.decrementAndGet();
                won.incrementAndGet();
              } catch (BadInputException e) {
                assertThat(e).hasMessageContaining("another run has locked");
              }
              end.await();
            }
          } catch (BrokenBarrierException e) {
            return null; // another has failed, and says why
          } finally {
            start.reset();
            end.reset();
          }
          return null;
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(pool.submit(one));
      }
      for (Future<Void> each : all) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
