package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Registers and plain Java give the same bits, for every length up to a few registers and more. */
class VectorsTest {
  private static final long SEED = 31;
  private static final int LONGEST = 70;

  @Test
  void wideRegistersGiveTheBitsOfPlainJava() {
    assumeThat(WideVectors.fitsMachine()).as("this machine has 256-bit registers").isTrue();
    Random random = new Random(SEED);
    for (int n = 0; n <= LONGEST; n++) {
      double[] a = numbers(random, 4 * n + 3);
      double[] b = numbers(random, n + 5);
      double[] scales = numbers(random, 6);
      int at = n % 4;
      assertThat(WideVectors.dot(a, at, b, 1, n))
          .as("dot of %d, seed %d", n, SEED)
          .isEqualTo(Vectors.plainDot(a, at, b, 1, n));

      double[] plain = b.clone();
      double[] wide = b.clone();
      Vectors.plainAddScaled(scales[0], a, at, plain, 2, n);
      WideVectors.addScaled(scales[0], a, at, wide, 2, n);
      assertThat(wide).as("addScaled of %d, seed %d", n, SEED).containsExactly(plain);

      Vectors.plainSetScaled(scales[0], a, at, plain, 2, n);
      WideVectors.setScaled(scales[0], a, at, wide, 2, n);
      assertThat(wide).as("setScaled of %d, seed %d", n, SEED).containsExactly(plain);

      for (int v = 0; v < 4; v++) {
        Vectors.plainAddScaled(scales[2 + v], a, v * n, plain, 2, n);
      }
      WideVectors.addFour(scales, 2, a, 0, wide, 2, n);
      assertThat(wide).as("addFour of %d, seed %d", n, SEED).containsExactly(plain);

      Vectors.plainSetCombined(scales[0], a, at, scales[1], a, n, scales[2], b, 3, plain, 2, n);
      WideVectors.setCombined(scales[0], a, at, scales[1], a, n, scales[2], b, 3, wide, 2, n);
      assertThat(wide).as("setCombined of %d, seed %d", n, SEED).containsExactly(plain);
    }
  }

  /** Of many sizes, so that the order of additions shows in the last bits. */
  private static double[] numbers(Random random, int n) {
    double[] x = new double[n];
    for (int j = 0; j < n; j++) {
      x[j] = random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4);
    }
    return x;
  }
}
