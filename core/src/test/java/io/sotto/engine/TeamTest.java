package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every task once, whoever does it, however long the team had nothing to do before. */
@Timeout(60)
class TeamTest {

  @Test
  void everyTaskIsDoneOnceInEachOfManyRounds() {
    try (Team team = new Team(3)) {
      for (int round = 0; round < 20_000; round++) {
        AtomicIntegerArray done = new AtomicIntegerArray(round % 7);
        team.run(done.length(), done::incrementAndGet);
        for (int task = 0; task < done.length(); task++) {
          assertThat(done.get(task)).as("round %d, task %d", round, task).isEqualTo(1);
        }
      }
    }
  }

  /** Long tasks and long pauses, so that callers and helpers fall asleep in between. */
  @Test
  void sleepersAreWoken() {
    try (Team team = new Team(2)) {
      for (int round = 0; round < 20; round++) {
        AtomicIntegerArray done = new AtomicIntegerArray(2);
        team.run(
            2,
            task -> {
              pause(task * 5);
              done.incrementAndGet(task);
            });
        assertThat(done.get(0) + done.get(1)).isEqualTo(2);
        pause(5);
      }
    }
  }

  private static void pause(int millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Test
  void whatATaskThrowsReachesTheCallerAfterTheOthersAreDone() {
    try (Team team = new Team(2)) {
      AtomicIntegerArray done = new AtomicIntegerArray(8);
      assertThatThrownBy(
              () ->
                  team.run(
                      8,
                      task -> {
                        done.incrementAndGet(task);
                        if (task == 3) {
                          throw new IllegalStateException("task 3");
                        }
                      }))
          .hasMessage("task 3");
      for (int task = 0; task < 8; task++) {
        assertThat(done.get(task)).isEqualTo(1);
      }
    }
  }
}
