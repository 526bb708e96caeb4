package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A penalty stays the same in whatever units x is, and its proximal steps are minimisers. */
class RegularizerTest {
  private static final long SEED = 2006;
  private static final int N = 6;
  private static final Groups GROUPS = Groups.of(0.3, List.of(List.of(0, 1), List.of(4)), N, 1);
  private static final Coordinates UNITS = Coordinates.of(2, 2, 0.1, 30, 0.5, 1);
  private static final Regularizer PENALTY = new Regularizer(0.7, 0.2, GROUPS);

  private static double[] point(SplittableRandom random) {
    return random.doubles(N, -2, 2).toArray();
  }

  @Test
  void theValueIsThatOfTheCoefficients() {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] x = point(random);
    double[] w = x.clone();
    Arrays.setAll(w, j -> UNITS.at(j) * x[j]);
    assertThat(PENALTY.in(UNITS).value(x, 0, N)).isCloseTo(PENALTY.value(w, 0, N), within(1e-12));
    assertThat(PENALTY.in(UNITS).uniform()).isCloseTo(0.7 * 0.01, within(1e-15));
  }

  /** No point around a proximal step is better, and the uniform part is all that is left out. */
  @Test
  void shrinkRestMinimises() {
    SplittableRandom random = new SplittableRandom(SEED);
    Regularizer penalty = PENALTY.in(UNITS);
    double scale = 0.4;
    for (int k = 0; k < 20; k++) {
      double[] z = point(random);
      double[] x = z.clone();
      penalty.shrinkRest(scale, x, 0, N);
      double least = height(penalty, scale, x, z);
      for (int t = 0; t < 50; t++) {
        double[] other = x.clone();
        Arrays.setAll(other, j -> x[j] + 1e-3 * random.nextDouble(-1, 1));
        assertThat(height(penalty, scale, other, z))
            .as("seed %d", SEED)
            .isGreaterThanOrEqualTo(least - 1e-12);
      }
    }
  }

  private static double height(Regularizer penalty, double scale, double[] x, double[] z) {
    double square = Vectors.dot(x, 0, x, 0, N);
    double away = Vectors.distance(x, z);
    return scale * (penalty.value(x, 0, N) - penalty.uniform() / 2 * square) + away * away / 2;
  }

  @Test
  void gradientAndSubgradientAreThoseOfTheValue() {
    SplittableRandom random = new SplittableRandom(SEED);
    Regularizer penalty = PENALTY.in(UNITS);
    double[] x = point(random);
    double[] g = new double[N];
    penalty.setGradient(1, x, 0, g, N);
    penalty.addPenalty(1, x, 0, g, N);
    for (int j = 0; j < N; j++) {
      double h = 1e-6;
      double[] up = x.clone();
      double[] down = x.clone();
      up[j] += h;
      down[j] -= h;
      double slope = (penalty.value(up, 0, N) - penalty.value(down, 0, N)) / (2 * h);
      assertThat(g[j])
          .as("coordinate %d", j)
          .isCloseTo(slope, within(1e-5 * (1 + Math.abs(slope))));
    }
  }
}
