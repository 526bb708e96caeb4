package io.sotto.privacy.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.Vectors;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The axes of points that spread along two directions, one of them three times as far. */
class JumpModelTest {
  private static final long SEED = 5;

  @ParameterizedTest
  @ValueSource(ints = {30, 900})
  void findsTheAxesOfFewAndOfManyCoordinates(int d) {
    SplittableRandom random = new SplittableRandom(SEED);
    int ticks = 300;
    double[] points = new double[ticks * d];
    double square = 0;
    for (int t = 0; t < ticks; t++) {
      double far = 3 * random.nextGaussian();
      points[t * d + 4] = far;
      points[t * d + 7] = random.nextGaussian();
      square += far * far / ticks;
    }

    JumpModel.Eigen eigen = JumpModel.Eigen.principal(points, d);

    assertThat(eigen.values()[0]).as("seed %d", SEED).isCloseTo(square, within(0.1));
    assertThat(Math.abs(eigen.vectors()[0][4])).isGreaterThan(0.99);
    assertThat(Math.abs(eigen.vectors()[1][7])).isGreaterThan(0.99);
    assertThat(Vectors.norm(eigen.vectors()[1])).isCloseTo(1, within(1e-9));
    assertThat(eigen.values()[2]).isCloseTo(0, within(1e-9));
  }
}
