package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.Setup;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The price of bundled ticks, against what can be worked out by hand. */
class BorderDelayTest {

  @Test
  void isOneWithoutBordersOrDelay() {
    Network ring = Setup.network("ring", 12, Map.of());
    assertThat(BorderDelay.slowdown(ring, CellPartition.contiguous(12, 1), 8)).isEqualTo(1);
    assertThat(BorderDelay.slowdown(ring, CellPartition.contiguous(12, 3), 1)).isEqualTo(1);
  }

  /** Alone in its cell an agent of a ring keeps a third: S is the geometric sum of 1/3. */
  @Test
  void agentsAlone() {
    Network ring = Setup.network("ring", 12, Map.of());
    for (int ticks : new int[] {2, 8, 32}) {
      double sum = (1 - Math.pow(1.0 / 3, ticks)) / (1 - 1.0 / 3);
      assertThat(BorderDelay.slowdown(ring, CellPartition.contiguous(12, 12), ticks))
          .isCloseTo(ticks / sum, within(1e-3 * ticks));
    }
  }

  /** Arcs of two on a ring: each hears a third of itself and of the other, so D keeps 2/3 of 1. */
  @Test
  void pairsOnARing() {
    Network ring = Setup.network("ring", 8, Map.of());
    double sum = 1 + 2.0 / 3;
    assertThat(BorderDelay.slowdown(ring, CellPartition.contiguous(8, 4), 2))
        .isCloseTo(2 / sum, within(1e-3));
  }

  @Test
  void growsWithTicksAndFallsWithTheSizeOfCells() {
    Network ring = Setup.network("ring", 1000, Map.of());
    CellPartition few = CellPartition.contiguous(1000, 4);
    CellPartition many = CellPartition.contiguous(1000, 100);
    assertThat(BorderDelay.slowdown(ring, few, 32)).isBetween(1.0, 1.1);
    assertThat(BorderDelay.slowdown(ring, many, 32))
        .isGreaterThan(BorderDelay.slowdown(ring, many, 8))
        .isGreaterThan(BorderDelay.slowdown(ring, few, 32));
  }
}
