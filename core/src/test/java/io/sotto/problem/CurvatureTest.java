package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Second derivatives against differences, how fast they change, and directions of recession. */
class CurvatureTest {
  private static final long SEED = 1847;
  private static final int ROWS = 12;
  private static final int N = 3;

  /** All costs that have second derivatives, on dense and sparse rows, centred and not. */
  static List<LocalObjective> costs() {
    List<LocalObjective> all = new ArrayList<>();
    for (boolean sparse : new boolean[] {false, true}) {
      for (boolean centred : new boolean[] {false, true}) {
        for (Loss loss : List.of(new Squared(), new Logistic(), new Poisson())) {
          all.add(new LinearModel(block(loss.labels(), sparse, centred, 0), loss));
        }
        all.add(new Softmax().over(block(Loss.Labels.CLASSES, sparse, centred, 3)));
      }
    }
    return all;
  }

  private static Block block(Loss.Labels kind, boolean sparse, boolean centred, int classes) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] values = random.doubles(ROWS * N, -1, 1).map(a -> a < -0.5 ? 0 : a).toArray();
    double[] labels = new double[ROWS];
    Arrays.setAll(
        labels,
        r ->
            kind == Loss.Labels.BINARY
                ? r % 2 * 2 - 1
                : kind == Loss.Labels.CLASSES ? r % 3 : r % 4);
    int[] first = {0, 5, ROWS};
    Rows dense = new DenseRows(N, first, labels, values);
    double[] weights = random.doubles(ROWS, 0.5, 2).toArray();
    return new Block(
        sparse ? sparse(values, labels, first) : dense,
        weights,
        null,
        1.0 / ROWS,
        0.5,
        new Regularizer(0.1, 0).in(Coordinates.of(repeated(Math.max(1, classes)))),
        true,
        centred ? new double[] {0.3, -0.2, 0.1} : null,
        classes);
  }

  private static double[] repeated(int outputs) {
    double[] units = new double[N * outputs];
    Arrays.setAll(units, j -> new double[] {1, 2, 0.5}[j % N]);
    return units;
  }

  private static SparseRows sparse(double[] values, double[] labels, int[] first) {
    int[] offset = new int[ROWS + 1];
    List<Integer> index = new ArrayList<>();
    List<Double> kept = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < N; j++) {
        if (values[r * N + j] != 0) {
          index.add(j);
          kept.add(values[r * N + j]);
        }
      }
      offset[r + 1] = index.size();
    }
    return new SparseRows(
        N,
        first,
        labels,
        offset,
        index.stream().mapToInt(j -> j).toArray(),
        kept.stream().mapToDouble(a -> a).toArray());
  }

  private static Curvature of(LocalObjective costs) {
    return Objects.requireNonNull(costs.secondOrder());
  }

  private static double[] hessian(LocalObjective costs, double[] x) {
    double[] packed = new double[Curvature.size(x.length)];
    for (int i = 0; i < costs.agents(); i++) {
      of(costs).addHessian(i, x, packed);
    }
    return packed;
  }

  private static double[] gradient(LocalObjective costs, double[] x) {
    double[] sum = new double[x.length];
    double[] g = new double[x.length];
    for (int i = 0; i < costs.agents(); i++) {
      costs.gradient(i, 0, x, 0, g);
      Vectors.addScaled(1, g, 0, sum, 0, g.length);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("costs")
  void secondDerivativesAreDifferencesOfGradients(LocalObjective costs) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] x = random.doubles(costs.dimension(), -1, 1).toArray();
    double[] packed = hessian(costs, x);
    double h = 1e-5;
    for (int j = 0; j < x.length; j++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[j] += h;
      down[j] -= h;
      double[] gUp = gradient(costs, up);
      double[] gDown = gradient(costs, down);
      for (int i = j; i < x.length; i++) {
        double second = (gUp[i] - gDown[i]) / (2 * h);
        assertThat(packed[Curvature.at(i, j)])
            .as("%s, seed %d, %d and %d", costs, SEED, i, j)
            .isCloseTo(second, within(1e-7));
      }
    }
  }

  /** D^2 F along a line never falls faster than the bound that certificates rest on. */
  @ParameterizedTest
  @MethodSource("costs")
  void secondDerivativesChangeNoFasterThanIsSaid(LocalObjective costs) {
    SplittableRandom random = new SplittableRandom(SEED);
    int d = costs.dimension();
    double[] identity = new double[Curvature.size(d)];
    for (int i = 0; i < d; i++) {
      identity[Curvature.at(i, i)] = 1;
    }
    double steepness = 0;
    for (int i = 0; i < costs.agents(); i++) {
      steepness = Math.max(steepness, of(costs).steepness(i, identity));
    }
    for (int k = 0; k < 50; k++) {
      double[] x = random.doubles(d, -1, 1).toArray();
      double[] v = random.doubles(d, -1, 1).toArray();
      double length = random.nextDouble(0.1, 2) / Vectors.norm(v);
      double[] y = x.clone();
      Vectors.addScaled(length, v, 0, y, 0, d);
      double away = length * Vectors.norm(v);
      assertThat(along(hessian(costs, y), v))
          .as("%s, seed %d", costs, SEED)
          .isGreaterThanOrEqualTo(
              along(hessian(costs, x), v) * Math.exp(-steepness * away) * (1 - 1e-9));
    }
  }

  private static double along(double[] packed, double[] v) {
    double sum = 0;
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j <= i; j++) {
        sum += (i == j ? 1 : 2) * packed[Curvature.at(i, j)] * v[i] * v[j];
      }
    }
    return sum;
  }

  @Test
  void recessionIsWhatEveryRowSays() {
    double[] values = {1, 0, 2, 0, -1, 5};
    int[] first = {0, 3};
    Regularizer none = new Regularizer(0, 0);
    LinearModel classes =
        new LinearModel(
            new DenseRows(2, first, new double[] {1, 1, -1}, values),
            new Logistic(),
            none,
            1,
            1,
            true,
            null);
    assertThat(of(classes).recession(0, new double[] {1, 0, 0})).isPositive();
    assertThat(of(classes).recession(0, new double[] {-1, 0, 0})).isNegative();
    assertThat(of(classes).recession(0, new double[] {0, 1, 0})).as("a row of -1").isNegative();
    assertThat(of(classes).recession(0, new double[] {0, -1, 0})).as("two stay").isPositive();
    assertThat(of(classes).recession(0, new double[] {0, 0, 0})).isZero();
    LinearModel counts =
        new LinearModel(
            new DenseRows(2, first, new double[] {3, 0, 0}, values),
            new Poisson(),
            none,
            1,
            1,
            true,
            null);
    assertThat(of(counts).recession(0, new double[] {0, -1, 0})).isPositive();
    assertThat(of(counts).recession(0, new double[] {0, 0, -1})).as("a count of 3").isNegative();
  }
}
