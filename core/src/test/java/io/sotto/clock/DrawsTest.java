package io.sotto.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.clock.Draws.Purpose;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds are 6 deviations, about 2e-9 each, were the seed not fixed. */
class DrawsTest {
  private static final long SEED = 2018;
  private static final int COUNT = 100_000;

  @ParameterizedTest
  @EnumSource
  void uniformFillsTheUnitInterval(Purpose purpose) {
    int[] bins = new int[16];
    for (int tick = 0; tick < COUNT; tick++) {
      double u = Draws.uniform(SEED, 3, tick, purpose);
      if (!(u >= 0 && u < 1)) {
        throw new AssertionError("%s at tick %d, seed %d".formatted(u, tick, SEED));
      }
      bins[(int) (u * bins.length)]++;
    }
    double share = 1.0 / bins.length;
    double bound = 6 * Math.sqrt(COUNT * share * (1 - share));
    for (int bin = 0; bin < bins.length; bin++) {
      assertThat(Math.abs(bins[bin] - COUNT * share))
          .as("bin %d of %s, seed %d", bin, purpose, SEED)
          .isLessThan(bound);
    }
  }

  @Test
  void purposesSeedsAgentsAndTicksAreUncorrelated() {
    LongToDoubleFunction base = tick -> Draws.uniform(SEED, 3, tick, Purpose.ACTIVATION);
    for (Purpose other : Purpose.values()) {
      if (other != Purpose.ACTIVATION) {
        assertUncorrelated(base, tick -> Draws.uniform(SEED, 3, tick, other), other.name());
      }
    }
    assertUncorrelated(
        tick -> Draws.uniform(SEED, 3, tick, Purpose.SUBGRADIENT),
        tick -> Draws.uniform(SEED, 3, tick, Purpose.DEAL),
        "the other two");
    assertUncorrelated(
        base, tick -> Draws.uniform(SEED + 1, 3, tick, Purpose.ACTIVATION), "next seed");
    assertUncorrelated(
        base, tick -> Draws.uniform(SEED, 4, tick, Purpose.ACTIVATION), "next agent");
    assertUncorrelated(
        base, tick -> Draws.uniform(SEED, 3, tick + 1, Purpose.ACTIVATION), "next tick");
    assertUncorrelated(
        base, tick -> Draws.uniform(SEED, tick, 3, Purpose.ACTIVATION), "agent and tick swapped");
  }

  private static void assertUncorrelated(
      LongToDoubleFunction a, LongToDoubleFunction b, String what) {
    double sum = 0;
    for (int tick = 0; tick < COUNT; tick++) {
      sum += (a.applyAsDouble(tick) - 0.5) * (b.applyAsDouble(tick) - 0.5);
    }
    assertThat(Math.abs(12 * sum / COUNT))
        .as("correlation, %s, seed %d", what, SEED)
        .isLessThan(6 / Math.sqrt(COUNT));
  }

  /**
   * The bits are part of what a run is: a change of them changes every result. From ten lines of
   * Python.
   */
  @Test
  void bitsAreFixed() {
    assertThat(Draws.bits(0, 0, 0, Purpose.ACTIVATION)).isEqualTo(0x238275bc38fcbe91L);
    assertThat(Draws.bits(7, 3, 1, Purpose.ACTIVATION)).isEqualTo(0x7312ebabfd6be2bdL);
    assertThat(Draws.bits(7, 3, 1, Purpose.SUBGRADIENT)).isEqualTo(0xef2513702028c362L);
    assertThat(Draws.bits(-1, 999_999, 20_000, Purpose.DEAL)).isEqualTo(0xf9dc843709783e8eL);
  }
}
