package io.sotto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A baseline that computed something else would be none. */
class PlainLoopTest {
  private static final int TICKS = 50;

  @Test
  void standsWhereTheEngineStands() {
    DenseProblem problem = DenseProblem.of(60, 20, 12);
    PlainLoop plain = new PlainLoop(problem);
    plain.run(TICKS);
    double[] found = plain.estimates();
    try (LocalTicks local = new LocalTicks(problem, 1)) {
      local.run(TICKS);
      assertThat(found)
          .as("seed %d", DenseProblem.SEED)
          .containsExactly(local.estimates(), within(1e-9));
    }
    assertThat(Arrays.stream(found).map(Math::abs).max().orElseThrow())
        .as("it went somewhere, seed %d", DenseProblem.SEED)
        .isBetween(0.1, 10.0);
  }
}
