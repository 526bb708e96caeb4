package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** E4M3 against the list of all its numbers. */
class Fp8Test {

  /** All numbers from 0 on: 4 bits of exponent, 3 of mantissa; the last pattern is no number. */
  private static TreeSet<Float> numbers() {
    TreeSet<Float> all = new TreeSet<>();
    for (int bits = 0; bits < 127; bits++) {
      int exponent = bits >> 3;
      int mantissa = bits & 7;
      all.add(
          exponent == 0
              ? Math.scalb((float) mantissa, -9)
              : Math.scalb(8f + mantissa, exponent - 10));
    }
    return all;
  }

  @Test
  void roundsToTheNearestOfAllNumbers() {
    TreeSet<Float> all = numbers();
    assertThat(all).hasSize(127);
    assertThat(all.last()).isEqualTo(448);
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < 100_000; k++) {
      float x = (float) (448 * Math.pow(2, -18 * random.nextDouble()));
      float near = Fp8.rounded(x);
      assertThat(all).contains(near);
      float below = all.floor(x);
      Float above = all.ceiling(x);
      float least = Math.min(x - below, above == null ? Float.MAX_VALUE : above - x);
      assertThat(Math.abs(near - x)).isEqualTo(least);
      assertThat(Fp8.rounded(-x)).isEqualTo(-near);
    }
    all.forEach(x -> assertThat(Fp8.rounded(x)).isEqualTo(x));
    assertThat(Fp8.rounded(17)).as("ties go to the even one").isEqualTo(16);
    assertThat(Fp8.rounded(19)).isEqualTo(20);
    assertThat(Fp8.rounded(1e9f)).isEqualTo(448);
  }

  @Test
  void eachTileHasItsOwnScale() {
    PlainKernels kernels = new PlainKernels();
    Tensor from = kernels.tensor(4, 300);
    SplittableRandom random = new SplittableRandom(2);
    double[] numbers = new double[1200];
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] = (random.nextDouble() - 0.5) * (k % 300 < 128 ? 1e-3 : 1e3);
    }
    kernels.write(numbers, 0, from);
    Tensor to = kernels.tensor(4, 300);
    kernels.quantize(from, 1, 128, to);
    double[] rounded = new double[1200];
    kernels.read(to, rounded, 0);
    double error = 0;
    double size = 0;
    for (int k = 0; k < numbers.length; k++) {
      if (k % 300 < 128) {
        error += (rounded[k] - numbers[k]) * (rounded[k] - numbers[k]);
        size += numbers[k] * numbers[k];
      }
    }
    assertThat(Math.sqrt(error / size)).as("small tiles, too").isCloseTo(0.025, within(0.005));
  }
}
