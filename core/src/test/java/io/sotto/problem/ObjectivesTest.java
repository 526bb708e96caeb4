package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every cost of rows promises, with weights, offsets and all penalties. */
class ObjectivesTest {
  private static final long SEED = 2718;
  private static final int ROWS = 14;
  private static final int FEATURES = 4;
  private static final int CLASSES = 3;
  private static final double WEIGHT = 0.4;
  private static final double[] CENTRE = {0.3, -0.2, 0, 0.5};

  static Stream<Arguments> everyCase() {
    return Objectives.REGISTRY.entries().stream()
        .flatMap(
            objective ->
                Stream.of(0.0, 0.05)
                    .flatMap(
                        penalty ->
                            Stream.of(true, false)
                                .map(dense -> Arguments.of(objective, penalty, dense))));
  }

  static Stream<Arguments> casesInSets() {
    List<ConstraintSet> sets =
        List.of(new WholeSpace(), new Ball(Coordinates.NONE, 0.3), new SecondOrderCone());
    return everyCase()
        .flatMap(c -> sets.stream().map(s -> Arguments.of(c.get()[0], c.get()[1], s, c.get()[2])));
  }

  /** Two agents; dense rows as they are, sparse ones centred. */
  private static Block block(Objective objective, double penalty, boolean dense) {
    SplittableRandom random = new SplittableRandom(SEED);
    boolean classes = objective.labels() == Loss.Labels.CLASSES;
    double[] labels = new double[ROWS];
    Arrays.setAll(
        labels,
        r ->
            switch (objective.labels()) {
              case REAL -> random.nextDouble(-3, 3);
              case BINARY -> random.nextBoolean() ? 1 : -1;
              case COUNT -> random.nextInt(10);
              case CLASSES -> r % CLASSES;
              case TIME -> random.nextDouble(0.01, 9);
            });
    double[] values = new double[ROWS * FEATURES];
    Arrays.setAll(values, e -> random.nextDouble() < 0.5 ? 0 : random.nextDouble(-2, 2));
    int[] first = {0, ROWS / 2, ROWS};
    int outputs = objective.shape(FEATURES, CLASSES, true).outputs();
    Groups groups = Groups.of(penalty, List.of(List.of(2), List.of(0, 3)), FEATURES, outputs);
    return new Block(
        dense ? new DenseRows(FEATURES, first, labels, values) : sparse(first, labels, values),
        random.doubles(ROWS, 0.1, 3).toArray(),
        objective.offsets() ? random.doubles(ROWS, -1, 1).toArray() : null,
        0.2,
        0.5,
        new Regularizer(0.1, penalty, groups),
        true,
        dense ? null : CENTRE,
        classes ? CLASSES : 0);
  }

  private static SparseRows sparse(int[] first, double[] labels, double[] values) {
    int[] kept = IntStream.range(0, values.length).filter(e -> values[e] != 0).toArray();
    int[] offset =
        IntStream.rangeClosed(0, labels.length)
            .map(r -> (int) Arrays.stream(kept).filter(e -> e < r * FEATURES).count())
            .toArray();
    return new SparseRows(
        FEATURES,
        first,
        labels,
        offset,
        Arrays.stream(kept).map(e -> e % FEATURES).toArray(),
        Arrays.stream(kept).mapToDouble(e -> values[e]).toArray());
  }

  private static double[] random(int n, double size, SplittableRandom random) {
    return random.doubles(n, -size, size).toArray();
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void subgradientsAreBelowAndAgreeWithDifferences(
      Registry.Entry<Objective> entry, double penalty, boolean dense) {
    Objective objective = entry.makeExample();
    LocalObjective f = objective.over(block(objective, penalty, dense));
    int d = f.dimension();
    SplittableRandom random = new SplittableRandom(SEED);
    double[] g = new double[d];
    for (int k = 0; k < 200; k++) {
      double[] x = random(d, 1, random);
      double[] y = random(d, 1, random);
      Arrays.fill(g, 99);
      f.subgradient(1, 0, x, 0, g);
      double line = f.value(1, x, 0);
      for (int j = 0; j < d; j++) {
        line += g[j] * (y[j] - x[j]);
      }
      assertThat(f.value(1, y, 0)).as("seed %d", SEED).isGreaterThanOrEqualTo(line - 1e-10);
      double h = 1e-6;
      int j = random.nextInt(d);
      double[] above = x.clone();
      above[j] += h;
      double[] below = x.clone();
      below[j] -= h;
      double slope = (f.value(1, above, 0) - f.value(1, below, 0)) / (2 * h);
      if (objective.smooth()) {
        assertThat(g[j]).as("seed %d", SEED).isCloseTo(slope, within(1e-6 * (1 + Math.abs(slope))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void anotherPenaltyIsAsIfMadeWithIt(
      Registry.Entry<Objective> entry, double penalty, boolean dense) {
    Objective objective = entry.makeExample();
    Block block = block(objective, penalty, dense);
    Regularizer other = new Regularizer(0.7, 0.3);
    LocalObjective moved = objective.over(block).with(other);
    LocalObjective fresh = objective.over(block.with(other));
    double[] x = random(fresh.dimension(), 1, new SplittableRandom(SEED));
    double[] g = new double[fresh.dimension()];
    double[] expected = new double[fresh.dimension()];
    moved.subgradient(1, 0, x, 0, g);
    fresh.subgradient(1, 0, x, 0, expected);
    assertThat(g).containsExactly(expected);
    assertThat(moved.value(1, x, 0))
        .isEqualTo(fresh.value(1, x, 0))
        .isNotEqualTo(objective.over(block).value(1, x, 0));
    assertThat(moved.regularizer()).isEqualTo(other);
  }

  /** Methods are chosen by what the objective says, before there are costs. */
  @Test
  void costsMustBeAsExactAsTheObjectiveSays() {
    Objective plain = Objectives.of(new Squared());
    Objective promises =
        new Objective() {
          @Override
          public Loss.Labels labels() {
            return plain.labels();
          }

          @Override
          public boolean smooth() {
            return true;
          }

          @Override
          public boolean exact() {
            return false;
          }

          @Override
          public LocalObjective over(Block block) {
            return plain.over(block);
          }
        };
    Block block = block(plain, 0, true);
    assertThat(Objectives.over(plain, block)).isEqualTo(plain.over(block));
    assertThatThrownBy(() -> Objectives.over(promises, block))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("problem.objective is " + promises.getClass().getName())
        .hasMessageEndingWith(
            "whose exact() is false; exact() of the costs that it makes is true. Let both say the"
                + " same.");
  }

  /** As a row of weight 2 is two rows, and one of weight 0 none. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void weightsCountRows(Registry.Entry<Objective> entry, double penalty, boolean dense) {
    Objective objective = entry.makeExample();
    Block block = block(objective, penalty, dense);
    double[] weights = IntStream.range(0, ROWS).mapToDouble(r -> r % 3).toArray();
    LocalObjective weighted = objective.over(with(block, weights));
    double[] x = random(weighted.dimension(), 1, new SplittableRandom(SEED));
    double regularizer = value(objective.over(with(block, new double[ROWS])), x);
    double expected = regularizer;
    for (int r = 0; r < ROWS; r++) {
      double[] alone = new double[ROWS];
      alone[r] = 1;
      expected += (r % 3) * (value(objective.over(with(block, alone)), x) - regularizer);
    }
    assertThat(value(weighted, x)).isCloseTo(expected, within(1e-12 * (1 + Math.abs(expected))));
  }

  private static Block with(Block block, double[] weights) {
    return new Block(
        block.rows(),
        weights,
        block.offsets(),
        block.rowWeight(),
        block.agentWeight(),
        block.regularizer(),
        block.intercept(),
        block.centre(),
        block.classes());
  }

  private static double value(LocalObjective f, double[] x) {
    return f.value(0, x, 0) + f.value(1, x, 0);
  }

  @ParameterizedTest
  @MethodSource("casesInSets")
  void proximalStepsComeToTheMinimiser(
      Registry.Entry<Objective> entry, double penalty, ConstraintSet set, boolean dense) {
    Objective objective = entry.makeExample();
    LocalObjective f = objective.over(block(objective, penalty, dense));
    int d = f.dimension();
    int n = objective.shape(FEATURES, CLASSES, true).coefficients();
    Proximal steps = f.proximal();
    SplittableRandom random = new SplittableRandom(SEED);
    double[] target = random(d, 1, random);
    double[] duals = new double[steps.duals(1, set) + 3];
    double[] work = new double[steps.scratch(set)];
    double[] x = new double[d];
    double[] before = x;
    for (int k = 0; k < 3_000; k++) {
      before = x.clone();
      steps.step(1, 0, x, 0, target.clone(), WEIGHT, set, n, duals, 3, work);
      assertThat(set.distance(x, n)).isLessThan(1e-9);
    }
    assertThat(Vectors.distance(x, before)).as("it has come to rest").isLessThan(1e-9);
    double best = f.value(1, x, 0) + WEIGHT / 2 * square(x, target);
    for (int k = 0; k < 1_000; k++) {
      double[] other = x.clone();
      double reach = Math.pow(10, random.nextDouble(-4, 0.5));
      for (int j = 0; j < d; j++) {
        other[j] += reach * random.nextDouble(-1, 1);
      }
      set.project(other, 0, n, new double[set.scratch(n)], 0);
      assertThat(f.value(1, other, 0) + WEIGHT / 2 * square(other, target))
          .as("seed %d", SEED)
          .isGreaterThanOrEqualTo(best - 1e-9 * (1 + Math.abs(best)));
    }
  }

  private static double square(double[] x, double[] y) {
    double distance = Vectors.distance(x, y);
    return distance * distance;
  }

  /** At any time, not only at the end. */
  @ParameterizedTest
  @MethodSource("casesInSets")
  void cutsAreBelowTheLosses(
      Registry.Entry<Objective> entry, double penalty, ConstraintSet set, boolean dense) {
    Objective objective = entry.makeExample();
    Block block = block(objective, penalty, dense);
    LocalObjective f = objective.over(block);
    int d = f.dimension();
    int n = objective.shape(FEATURES, CLASSES, true).coefficients();
    Proximal steps = f.proximal();
    SplittableRandom random = new SplittableRandom(SEED);
    double[] duals = new double[steps.duals(0, set)];
    double[] work = new double[steps.scratch(set)];
    double[] x = new double[d];
    for (int k = 0; k < 20; k++) {
      steps.step(0, 0, x, 0, random(d, 1, random), WEIGHT, set, n, duals, 0, work);
      double[] slope = new double[d];
      double constant = steps.addMinorant(0, duals, 0, slope);
      assertThat(constant).isFinite();
      for (int i = 0; i < 50; i++) {
        double[] y = i == 0 ? x : random(d, 3, random);
        double losses = f.value(0, y, 0) - block.agentWeight() * block.regularizer().value(y, 0, n);
        assertThat(Vectors.dot(slope, 0, y, 0, d) + constant)
            .isLessThanOrEqualTo(losses + 1e-9 * (1 + Math.abs(losses)));
      }
    }
  }
}
