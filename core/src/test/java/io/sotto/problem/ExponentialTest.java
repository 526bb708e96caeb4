package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialTest {
  private static final int COUNT = 1_000_000;

  @Test
  void isWithinTwoUlpOfTheStandardOne() {
    SplittableRandom random = new SplittableRandom(44);
    for (double range : new double[] {1e-9, 1, 30, 750}) {
      for (int i = 0; i < COUNT; i++) {
        double x = random.nextDouble(-range, range);
        double expected = StrictMath.exp(x);
        if (!(Math.abs(Exponential.of(x) - expected) <= 2 * Math.ulp(expected))
            && Exponential.of(x) != expected) {
          assertThat(Exponential.of(x)).as("e^%s", x).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void theEndsAreThoseOfTheStandardOne() {
    for (double x :
        new double[] {0, -0.0, 710, -750, 1e300, -1e300, 1 / 0.0, -1 / 0.0, 699.999, -699.999}) {
      assertThat(Exponential.of(x)).as("e^%s", x).isEqualTo(StrictMath.exp(x));
    }
    assertThat(Exponential.of(Double.NaN)).isNaN();
  }
}
