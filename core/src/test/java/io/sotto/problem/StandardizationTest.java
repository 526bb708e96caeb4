package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardizationTest {
  private static final double[] MEAN = {3, -1};
  private static final double[] DEVIATION = {2, 0.5};
  private static final Standardization UNITS = new Standardization(MEAN, DEVIATION);

  @Test
  void predictionsAreThoseOfTheStandardisedColumns() {
    double[] x = {0.5, -2, 7};
    double[] row = {5, 4};
    double solved = x[2];
    double original = UNITS.intercept(x);
    for (int j = 0; j < row.length; j++) {
      solved += x[j] * (row[j] - MEAN[j]) / DEVIATION[j];
      original += UNITS.coefficients(x)[j] * row[j];
    }
    assertThat(original).isCloseTo(solved, within(1e-12));
    assertThat(UNITS.centre()).containsExactly(1.5, -2);
    assertThat(Standardization.none(2).centre()).isNull();
    assertThat(Standardization.none(2).coefficients(x)).containsExactly(0.5, -2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theWayBackLeadsBackOfEstimatesAndOfDuals(int outputs) {
    Objective.Shape shape = Objective.Shape.linear(outputs, MEAN.length, true);
    double[] x = new double[shape.dimension()];
    double[] g = new double[shape.dimension()];
    for (int j = 0; j < x.length; j++) {
      x[j] = 1.5 - j;
      g[j] = 0.25 * j + 1;
    }
    double[] original = new double[x.length];
    System.arraycopy(UNITS.coefficients(x, shape), 0, original, 0, shape.coefficients());
    System.arraycopy(UNITS.intercepts(x, shape), 0, original, shape.coefficients(), outputs);
    double[] back = original.clone();
    UNITS.solve(back, 0, shape);
    assertThat(back).containsExactly(x, within(1e-12));

    double[] dual = g.clone();
    UNITS.originalDual(dual, 0, shape);
    assertThat(Vectors.dot(dual, 0, original, 0, x.length))
        .as("a dual is worth the same in both units")
        .isCloseTo(Vectors.dot(g, 0, x, 0, x.length), within(1e-12));
    UNITS.solveDual(dual, 0, shape);
    assertThat(dual).containsExactly(g, within(1e-12));
  }
}
