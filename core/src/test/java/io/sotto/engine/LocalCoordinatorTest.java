package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalCoordinatorTest {
  private static final long PATIENCE_MILLIS = 30_000;

  @Test
  void threadsEndIfACellDoesNotLoad() throws InterruptedException {
    Shards none =
        agents -> {
          throw new IllegalStateException("no rows");
        };
    Plan plan = Setup.of(none, 4, 2).cells(4).plan();
    Set<Thread> before = threads();
    assertThatThrownBy(() -> new LocalCoordinator(plan, 3)).hasMessageContaining("no rows");
    Set<Thread> left = threads();
    left.removeAll(before);
    for (Thread thread : left) {
      thread.join(PATIENCE_MILLIS);
      assertThat(thread.isAlive()).as("%s has ended", thread.getName()).isFalse();
    }
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }
}
