package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.engine.Table;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Losses;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import io.sotto.result.Measurement;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DifferentialPrivacyTest {
  private static final long SEED = 2004;
  private static final int AGENTS = 5;
  private static final int ROWS = 8;
  private static final int D = 5;
  private static final double CLIP = 0.4;

  /** Noise of so small a deviation that it is not seen, or of a given one. */
  private static Budget budget(double deviation) {
    return new Budget(1, 1e-6, CLIP, AGENTS * ROWS, 1, deviation, new Renyi(1), 1);
  }

  private static LocalObjective noisy(Table table, Loss loss, double l2, Budget budget) {
    return Under.all(
        new DifferentialPrivacy(budget, Under.secret("a"), "run"),
        table.shards(loss, new Regularizer(l2, 0.01)),
        AGENTS);
  }

  static Collection<Registry.Entry<Loss>> losses() {
    return Losses.REGISTRY.entries();
  }

  /** Row by row, by hand. */
  @ParameterizedTest
  @MethodSource("losses")
  void rowsAreClippedOneByOne(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    Table table = Table.random(AGENTS, ROWS, D - 1, loss.labels(), SEED);
    LocalObjective costs = noisy(table, loss, 0.3, budget(1e-12));
    SplittableRandom random = new SplittableRandom(SEED);
    int clipped = 0;
    for (int i = 0; i < AGENTS; i++) {
      double[] x = random.doubles(D, -1, 1).toArray();
      double[] expected = new double[D];
      for (int r = 0; r < ROWS; r++) {
        double[] row = java.util.Arrays.copyOf(table.rows()[i][r], D);
        row[D - 1] = 1;
        double slope = loss.derivative(Vectors.dot(row, 0, x, 0, D), table.labels()[i][r]);
        double length = Math.abs(slope) * Vectors.norm(row);
        clipped += length > CLIP ? 1 : 0;
        double scale = length > CLIP ? CLIP / length : 1;
        Vectors.addScaled(scale * slope / (AGENTS * ROWS), row, 0, expected, 0, D);
      }
      for (int j = 0; j < D - 1; j++) {
        expected[j] += (0.3 * x[j] + 0.01 * Math.signum(x[j])) / AGENTS;
      }
      assertThat(Under.subgradient(costs, i, 3, x)).containsExactly(expected, within(1e-9));
    }
    assertThat(clipped).as("rows that are too long").isPositive();
  }

  /** With the same noise, the difference is all that the row makes. */
  @ParameterizedTest
  @MethodSource("losses")
  void oneRowMovesASubgradientByNoMoreThanTheSensitivity(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    Table table = Table.random(AGENTS, ROWS, D - 1, loss.labels(), SEED);
    Table other = Table.random(AGENTS, ROWS, D - 1, loss.labels(), SEED);
    other.rows()[2][4] = new double[] {1e3, -1e3, 50, 0};
    other.labels()[2][4] = -table.labels()[2][4];
    double bound =
        Budget.of(100, 1e-6, CLIP, AGENTS * ROWS, D, OptionalDouble.of(1), 1).sensitivity();
    assertThat(bound).isCloseTo(2 * CLIP / (AGENTS * ROWS), within(1e-12));
    double deviation = 0.01;
    SplittableRandom random = new SplittableRandom(SEED);
    for (int k = 1; k <= 50; k++) {
      double[] x = random.doubles(D, -3, 3).toArray();
      double[] one = Under.subgradient(noisy(table, loss, 0, budget(deviation)), 2, k, x);
      double[] two = Under.subgradient(noisy(other, loss, 0, budget(deviation)), 2, k, x);
      double grid = Math.sqrt(D) * deviation / Budget.GRID;
      assertThat(Vectors.distance(one, two)).isLessThanOrEqualTo(bound + grid + 1e-15);
    }
  }

  @Test
  void noiseHasItsDeviationAndIsTheSameWhenAskedAgain() {
    Table table = Table.random(AGENTS, ROWS, D - 1, Loss.Labels.BINARY, SEED);
    Loss loss = new Logistic();
    LocalObjective costs = noisy(table, loss, 0, budget(2));
    LocalObjective still = noisy(table, loss, 0, budget(1e-12));
    double[] x = new double[D];
    double[] plain = Under.subgradient(still, 1, 1, x);
    double sum = 0;
    double squares = 0;
    int count = 4_000;
    for (int key = 1; key <= count; key++) {
      double[] g = Under.subgradient(costs, 1, key, x);
      for (int j = 0; j < D; j++) {
        double z = (g[j] - plain[j]) / 2;
        sum += z;
        squares += z * z;
      }
    }
    double n = count * (double) D;
    assertThat(sum / Math.sqrt(n)).as("mean, false alarm 1e-6").isBetween(-4.9, 4.9);
    assertThat((squares - n) / Math.sqrt(2 * n)).as("variance, 1e-6").isBetween(-4.9, 4.9);
    double[] g = Under.subgradient(costs, 1, 9, x);
    assertThat(Under.subgradient(noisy(table, loss, 0, budget(2)), 1, 9, x)).containsExactly(g);
    assertThat(Under.subgradient(costs, 2, 9, x)).isNotEqualTo(g);
  }

  @Test
  void theOperatorSeesTheCostsAsTheyAre() {
    Table table = Table.random(AGENTS, ROWS, D - 1, Loss.Labels.BINARY, SEED);
    Loss loss = new Logistic();
    LocalObjective costs = noisy(table, loss, 0.1, budget(2));
    LocalObjective plain =
        Under.all(Mechanism.none(), table.shards(loss, new Regularizer(0.1, 0.01)), AGENTS);
    double[] x = {1, 2, -3, 0, 1};
    assertThat(costs.value(3, x, 0)).isEqualTo(plain.value(3, x, 0));
    assertThat(Under.subgradient(costs.measured(), 3, 7, x))
        .containsExactly(Under.subgradient(plain, 3, 7, x));
  }

  @Test
  void costsWithoutRowsAreRefused() {
    Quadratics costs = Quadratics.random(3, 2, SEED);
    assertThatThrownBy(
            () ->
                new DifferentialPrivacy(budget(1), Under.secret("a"), "run")
                    .over(new int[] {0}, costs.load(new int[] {0})))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("problem.loss");
  }

  /** Noise is spent by subgradient: who asked twice at one update would have the same noise. */
  static Stream<Registry.Entry<Method>> methods() {
    return Algorithms.REGISTRY.entries().stream()
        .filter(m -> m.makeExample().supports().contains(Condition.DIFFERENTIAL_PRIVACY));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void methodsAskForOneSubgradientAnUpdate(Registry.Entry<Method> entry) {
    Method method = entry.makeExample();
    LongAdder asked = new LongAdder();
    Quadratics costs = Quadratics.random(AGENTS, 2, SEED);
    ActivationModel clock =
        method.supports().contains(Condition.IDLE_AGENTS)
            ? new Bernoulli(SEED, 0.5, Map.of())
            : ActivationModels.always();
    Plan plan =
        Setup.of(costs)
            .clock(clock)
            .plan()
            .under(
                (agents, plain) ->
                    new WrappedObjective(plain) {
                      private static final long serialVersionUID = 1;

                      @Override
                      public LocalObjective measured() {
                        return plain;
                      }

                      @Override
                      public LocalObjective with(Regularizer regularizer) {
                        return plain.with(regularizer);
                      }

                      @Override
                      public void subgradient(int i, long key, double[] x, int at, double[] out) {
                        asked.increment();
                        super.subgradient(i, key, x, at, out);
                      }
                    });
    Measurement end = Setup.run(plan, method.of(IdleRule.MIX, new StepSize(0.1, 0.75)), 200);
    assertThat(asked.sum()).isEqualTo(end.updates());
  }

  /** With a budget that nobody would call private, the optimum is near; with less, farther. */
  @Test
  void moreBudgetIsNearer() {
    Table table = Table.random(AGENTS, 200, D - 1, Loss.Labels.BINARY, SEED);
    Loss loss = new Logistic();
    Plan plan =
        Setup.withIntercept(table.shards(loss, new Regularizer(0.1, 0)), AGENTS, D)
            .clock(new Bernoulli(SEED, 0.5, Map.of()))
            .plan();
    Method method = methods().findFirst().orElseThrow().makeExample();
    int ticks = 2_000;
    double best =
        Setup.run(plan, method.of(IdleRule.MIX, new StepSize(10, 0.75)), 20_000).objective();
    double[] gaps = new double[3];
    double[] epsilons = {0.1, 1, 1_000};
    for (int k = 0; k < gaps.length; k++) {
      Budget budget =
          Budget.of(
              epsilons[k],
              1e-6,
              3,
              AGENTS * 200,
              D,
              OptionalDouble.empty(),
              Budget.expected(plan.clock(), AGENTS, ticks));
      Plan noisy = plan.under(new DifferentialPrivacy(budget, Under.secret("a"), "run"));
      gaps[k] =
          Setup.run(noisy, method.of(IdleRule.MIX, new StepSize(2, 0.75)), ticks).objective() / best
              - 1;
    }
    assertThat(gaps[2]).as("seed %d", SEED).isLessThan(5e-3);
    assertThat(gaps[0]).isGreaterThan(gaps[1]).isGreaterThan(3 * gaps[2]);
  }

  @Test
  void budgetsAreSpentAndNotOverspent() {
    ActivationModel clock = new Bernoulli(SEED, 0.5, Map.of(3, 0.9));
    Budget budget = Budget.of(2, 1e-6, 1, 1_000, 10, OptionalDouble.of(40), 1);
    assertThat(budget.spent(budget.updates())).isLessThanOrEqualTo(2);
    assertThat(budget.spent(budget.updates() + 1)).isGreaterThan(2);
    assertThat(budget.deviation()).isCloseTo(40 * 2 / 1_000.0, within(1e-9));

    Budget.Course course = budget.course(clock, AGENTS, 10_000);
    assertThat(course.updates()).isEqualTo(budget.updates());
    long[] counts = new long[AGENTS];
    for (int i = 0; i < AGENTS; i++) {
      for (long tick = 1; tick <= course.lastTick(); tick++) {
        counts[i] += clock.active(i, tick) ? 1 : 0;
      }
    }
    assertThat(java.util.Arrays.stream(counts).max()).hasValue(budget.updates());
    assertThat(clock.active(3, course.lastTick())).as("the fastest, at the last tick").isTrue();
  }

  @Test
  void automaticNoiseLastsForAllTicks() {
    ActivationModel clock = new Bernoulli(SEED, 0.3, Map.of());
    long wanted = Budget.expected(clock, 1_000, 500);
    assertThat(wanted).isBetween(151L, 250L);
    assertThat(Budget.expected(ActivationModels.always(), 3, 500)).isEqualTo(500);
    Budget budget = Budget.of(1, 1e-6, 1, 10_000, 10, OptionalDouble.empty(), wanted);
    Budget.Course course = budget.course(clock, 1_000, 500);
    assertThat(course.lastTick()).isEqualTo(500);
    assertThat(budget.spent(course.updates())).isBetween(0.7, 1.0);
    assertThatThrownBy(() -> Budget.of(1e-6, 1e-6, 1, 10_000, 10, OptionalDouble.of(0.1), wanted))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("privacy.noise = auto");
  }
}
