package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Proximal steps come to the minimiser, and their duals bound the losses from below. */
class DualAscentTest {
  private static final long SEED = 515;
  private static final int ROWS = 12;
  private static final int FEATURES = 4;
  private static final double WEIGHT = 0.4;

  static Stream<Arguments> everyCase() {
    List<ConstraintSet> sets =
        List.of(
            new WholeSpace(),
            new Ball(Coordinates.NONE, 0.3),
            new Box(Coordinates.of(-0.1), Coordinates.of(0.2)),
            new Simplex(1));
    return Losses.REGISTRY.entries().stream()
        .flatMap(
            loss ->
                sets.stream()
                    .flatMap(
                        set ->
                            Stream.of(0.0, 0.05)
                                .flatMap(
                                    l1 ->
                                        Stream.of(true, false)
                                            .map(dense -> Arguments.of(loss, set, l1, dense)))));
  }

  /** Two agents; dense rows as they are, sparse ones centred. */
  private static LinearModel model(Loss loss, double l1, boolean dense) {
    SplittableRandom random = new SplittableRandom(SEED);
    int[] first = {0, ROWS / 2, ROWS};
    double[] labels = new double[ROWS];
    double[] values = new double[ROWS * FEATURES];
    Arrays.setAll(labels, r -> LossesTest.label(loss, random));
    Arrays.setAll(values, e -> random.nextDouble() < 0.5 ? 0 : random.nextDouble(-2, 2));
    int[] kept = IntStream.range(0, values.length).filter(e -> values[e] != 0).toArray();
    int[] offset =
        IntStream.rangeClosed(0, ROWS)
            .map(r -> (int) Arrays.stream(kept).filter(e -> e < r * FEATURES).count())
            .toArray();
    Rows rows =
        dense
            ? new DenseRows(FEATURES, first, labels, values)
            : new SparseRows(
                FEATURES,
                first,
                labels,
                offset,
                Arrays.stream(kept).map(e -> e % FEATURES).toArray(),
                Arrays.stream(kept).mapToDouble(e -> values[e]).toArray());
    double @Nullable [] centre = dense ? null : new double[] {0.3, -0.2, 0, 0.5};
    return new LinearModel(rows, loss, new Regularizer(0.1, l1), 0.2, 0.5, true, centre);
  }

  /** What is minimised. */
  private static double value(LinearModel model, double[] x, double[] target) {
    double distance = Vectors.distance(x, target);
    return model.value(1, x, 0) + WEIGHT / 2 * distance * distance;
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void stepsComeToTheMinimiser(
      Registry.Entry<Loss> loss, ConstraintSet set, double l1, boolean dense) {
    LinearModel model = model(loss.makeExample(), l1, dense);
    Proximal steps = model.proximal();
    SplittableRandom random = new SplittableRandom(SEED);
    double[] target = random.doubles(FEATURES + 1, -1, 1).toArray();
    double[] duals = new double[steps.duals(1, set) + 3];
    double[] work = new double[steps.scratch(set)];
    double[] x = new double[FEATURES + 1];
    double[] before = x;
    for (int k = 0; k < 3_000; k++) {
      before = x.clone();
      steps.step(1, 0, x, 0, target.clone(), WEIGHT, set, FEATURES, duals, 3, work);
      assertThat(set.distance(x, FEATURES)).isLessThan(1e-9);
    }
    assertThat(Vectors.distance(x, before)).as("it has come to rest").isLessThan(1e-9);
    double best = value(model, x, target);
    for (int k = 0; k < 2_000; k++) {
      double reach = Math.pow(10, random.nextDouble(-4, 0.5));
      double[] other = x.clone();
      for (int j = 0; j < other.length; j++) {
        other[j] += reach * random.nextDouble(-1, 1);
      }
      set.project(other, 0, FEATURES, new double[set.scratch(FEATURES)], 0);
      assertThat(value(model, other, target))
          .as("%s, seed %d", Arrays.toString(other), SEED)
          .isGreaterThanOrEqualTo(best - 1e-9 * (1 + Math.abs(best)));
    }
  }

  /** At any time, not only at the end. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void cutIsBelowTheLosses(Registry.Entry<Loss> loss, ConstraintSet set, double l1, boolean dense) {
    LinearModel model = model(loss.makeExample(), l1, dense);
    Proximal steps = model.proximal();
    SplittableRandom random = new SplittableRandom(SEED);
    double[] duals = new double[steps.duals(0, set)];
    double[] work = new double[steps.scratch(set)];
    double[] x = new double[FEATURES + 1];
    for (int k = 0; k < 20; k++) {
      double[] target = random.doubles(FEATURES + 1, -1, 1).toArray();
      steps.step(0, 0, x, 0, target, WEIGHT, set, FEATURES, duals, 0, work);
      double[] slope = new double[FEATURES + 1];
      double constant = steps.addMinorant(0, duals, 0, slope);
      assertThat(constant).isFinite();
      for (int i = 0; i < 50; i++) {
        double[] y = random.doubles(FEATURES + 1, -3, 3).toArray();
        double losses =
            model.value(0, y, 0) - model.agentWeight() * model.regularizer().value(y, 0, FEATURES);
        assertThat(Vectors.dot(slope, 0, y, 0, y.length) + constant)
            .isLessThanOrEqualTo(losses + 1e-9 * (1 + Math.abs(losses)));
      }
    }
  }

  /** A subgradient of Poisson's loss grows without bound, so that subgradient steps run away. */
  static Stream<Arguments> tameCases() {
    return everyCase()
        .filter(
            c ->
                !(((Registry.Entry<?>) c.get()[0]).name().equals("poisson")
                    && (double) c.get()[2] > 0));
  }

  /** The same minimiser, without duals, by those who know nothing of the model. */
  @ParameterizedTest
  @MethodSource("tameCases")
  void gradientStepsComeThereToo(
      Registry.Entry<Loss> loss, ConstraintSet set, double l1, boolean dense) {
    LinearModel model = model(loss.makeExample(), l1, dense);
    double[][] found = new double[2][];
    double[] target = {0.4, -0.3, 0.8, 0.1, -0.5};
    Proximal[] both = {model.proximal(), new GradientSteps(model)};
    for (int which = 0; which < 2; which++) {
      double[] x = new double[FEATURES + 1];
      double[] duals = new double[both[which].duals(1, set)];
      double[] work = new double[both[which].scratch(set)];
      for (int k = 0; k < 500; k++) {
        both[which].step(1, 0, x, 0, target.clone(), WEIGHT, set, FEATURES, duals, 0, work);
      }
      found[which] = x;
    }
    boolean smooth = Double.isFinite(model.smoothness(1)) && loss.makeExample().smooth();
    double miss = value(model, found[1], target) - value(model, found[0], target);
    assertThat(miss).isBetween(-1e-9, smooth ? 1e-6 : 2e-2);
  }
}
