package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.Table;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cost of rows, for every loss: its subgradient, and that storing and dealing are no matter.
 */
class LinearModelTest {
  private static final long SEED = 313;
  private static final int FEATURES = 11; // one chain of eight and a rest
  private static final int AGENTS = 4;
  private static final double[] CENTRE =
      IntStream.range(0, FEATURES).mapToDouble(j -> 0.1 * j - 0.4).toArray();

  static Stream<Arguments> everyCase() {
    return Losses.REGISTRY.entries().stream()
        .flatMap(
            loss ->
                Stream.of(true, false)
                    .flatMap(
                        intercept ->
                            Stream.of(true, false)
                                .map(centred -> Arguments.of(loss, intercept, centred))));
  }

  private static LinearModel model(
      Rows rows, Loss loss, boolean intercept, double @Nullable [] centre) {
    return new LinearModel(
        rows, loss, new Regularizer(0.2, 0.1), 1.0 / 40, 1.0 / AGENTS, intercept, centre);
  }

  private static Table table(Loss loss) {
    return Table.random(AGENTS, 10, FEATURES, loss.labels(), SEED);
  }

  private static double[] point(int size, int at, SplittableRandom random) {
    return IntStream.range(0, size + at).mapToDouble(j -> random.nextDouble(-1, 1)).toArray();
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void subgradientAgreesWithDifferences(
      Registry.Entry<Loss> entry, boolean intercept, boolean centred) {
    Loss loss = entry.makeExample();
    LinearModel f = model(table(loss).sparse(0, 1, 2, 3), loss, intercept, centred ? CENTRE : null);
    int at = 3;
    double h = 1e-6;
    double[] x = point(f.dimension(), at, new SplittableRandom(SEED));
    double[] g = new double[f.dimension()];
    Arrays.fill(g, 99); // what was there is overwritten
    for (int agent = 0; agent < AGENTS; agent++) {
      f.subgradient(agent, 0, x, at, g);
      for (int j = 0; j < g.length; j++) {
        double middle = x[at + j];
        x[at + j] = middle + h;
        double above = f.value(agent, x, at);
        x[at + j] = middle - h;
        double below = f.value(agent, x, at);
        x[at + j] = middle;
        assertThat(g[j])
            .as("coordinate %d of agent %d, seed %d", j, agent, SEED)
            .isCloseTo((above - below) / (2 * h), within(1e-6));
      }
    }
  }

  /** Dense rows from which the centre was subtracted are the reference of sparse centred ones. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void sparseAndDenseAgree(Registry.Entry<Loss> entry, boolean intercept, boolean centred) {
    Loss loss = entry.makeExample();
    Table table = table(loss);
    double[][][] moved =
        Arrays.stream(table.rows())
            .map(
                rows ->
                    Arrays.stream(rows).map(row -> minus(row, centred)).toArray(double[][]::new))
            .toArray(double[][][]::new);
    LinearModel dense =
        model(new Table(moved, table.labels()).dense(0, 1, 2, 3), loss, intercept, null);
    LinearModel sparse = model(table.sparse(0, 1, 2, 3), loss, intercept, centred ? CENTRE : null);
    double[] x = point(dense.dimension(), 0, new SplittableRandom(SEED));
    double[] g = new double[x.length];
    double[] other = new double[x.length];
    for (int agent = 0; agent < AGENTS; agent++) {
      dense.subgradient(agent, 0, x, 0, g);
      sparse.subgradient(agent, 0, x, 0, other);
      assertThat(other).as("agent %d, seed %d", agent, SEED).containsExactly(g, within(1e-12));
      assertThat(sparse.value(agent, x, 0)).isCloseTo(dense.value(agent, x, 0), within(1e-12));
      if (loss.smooth()) {
        assertThat(
                new LinearModel(
                        sparse.rows(),
                        loss,
                        new Regularizer(0.2, 0),
                        1,
                        1,
                        intercept,
                        sparse.centre())
                    .smoothness(agent))
            .isCloseTo(
                new LinearModel(dense.rows(), loss, new Regularizer(0.2, 0), 1, 1, intercept, null)
                    .smoothness(agent),
                within(1e-9));
      }
    }
  }

  private static double[] minus(double[] row, boolean centred) {
    return IntStream.range(0, row.length)
        .mapToDouble(j -> row[j] - (centred ? CENTRE[j] : 0))
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void sumDoesNotDependOnTheDeal(Registry.Entry<Loss> entry, boolean intercept, boolean centred) {
    Loss loss = entry.makeExample();
    Table even = table(loss);
    Table uneven = even.dealt(IntStream.range(0, 40).map(r -> r < 36 ? 0 : r - 36).toArray());
    double @Nullable [] centre = centred ? CENTRE : null;
    LinearModel one = model(even.dense(0, 1, 2, 3), loss, intercept, centre);
    LinearModel other = model(uneven.dense(0, 1, 2, 3), loss, intercept, centre);
    double[] x = point(one.dimension(), 0, new SplittableRandom(SEED));
    double sum = total(one, x);
    assertThat(total(other, x)).isCloseTo(sum, within(1e-12 * Math.abs(sum)));
  }

  private static double total(LinearModel f, double[] x) {
    return IntStream.range(0, AGENTS).mapToDouble(agent -> f.value(agent, x, 0)).sum();
  }

  /** Rows (1, 2) and (3, 0), labels 1 and -1, squared loss at w = (1, -1), b = 1/2. */
  @Test
  void aCaseByHand() {
    DenseRows rows =
        new DenseRows(2, new int[] {0, 2}, new double[] {1, -1}, new double[] {1, 2, 3, 0});
    LinearModel f = new LinearModel(rows, new Squared(), new Regularizer(2, 3), 0.5, 1, true, null);
    double[] x = {1, -1, 0.5};
    // residuals -1/2 - 1 = -3/2 and 7/2 + 1 = 9/2; half of their half squares; 2/2 * 2 + 3 * 2
    assertThat(f.value(0, x, 0)).isCloseTo((2.25 + 20.25) / 4 + 8, within(1e-12));
    double[] g = new double[3];
    f.subgradient(0, 0, x, 0, g);
    // half of (-3/2 (1, 2, 1) + 9/2 (3, 0, 1)), and 2 w + 3 sign(w), not on the intercept
    assertThat(g).containsExactly(new double[] {6 + 5, -1.5 - 5, 1.5}, within(1e-12));
  }

  /** The greatest eigenvalue of the scatter of rows (3, 0) and (0, 1) is 9. */
  @Test
  void smoothnessIsTheGreatestCurvature() {
    DenseRows rows =
        new DenseRows(2, new int[] {0, 2}, new double[] {1, -1}, new double[] {3, 0, 0, 1});
    Regularizer l2 = new Regularizer(2, 0);
    assertThat(new LinearModel(rows, new Squared(), l2, 0.5, 0.25, false, null).smoothness(0))
        .isCloseTo(0.5 * 9 + 0.25 * 2, within(1e-9));
    assertThat(new LinearModel(rows, new Absolute(), l2, 1, 1, false, null).smoothness(0))
        .isInfinite();
    assertThat(
            new LinearModel(rows, new Squared(), new Regularizer(0, 1), 1, 1, false, null)
                .smoothness(0))
        .isInfinite();
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void anAgentWithoutRowsHasItsShareOfTheRegularizer(
      Registry.Entry<Loss> entry, boolean intercept, boolean centred) {
    Loss loss = entry.makeExample();
    Table table = table(loss).dealt(IntStream.range(0, 40).map(r -> r % 2 * 2).toArray());
    LinearModel f = model(table.sparse(0, 1, 2), loss, intercept, centred ? CENTRE : null);
    double[] x = point(f.dimension(), 0, new SplittableRandom(SEED));
    double[] g = new double[x.length];
    f.subgradient(1, 0, x, 0, g);
    for (int j = 0; j < x.length; j++) {
      double expected = j < FEATURES ? (0.2 * x[j] + 0.1 * Math.signum(x[j])) / AGENTS : 0;
      assertThat(g[j]).as("coordinate %d, seed %d", j, SEED).isCloseTo(expected, within(1e-15));
    }
  }
}
