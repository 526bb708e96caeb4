package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Registry;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps are random, and nobody goes farther for it than another in the mean. */
class PrivateStepsTest {
  private static final long SEED = 3001;
  private static final int AGENTS = 10;

  private static Plan steps(Plan plan, double spread, String secret) {
    return plan.under(new PrivateSteps(spread, Under.secret(secret), "run"));
  }

  static Stream<Arguments> everyCase() {
    return Algorithms.REGISTRY.entries().stream()
        .filter(m -> m.makeExample().supports().contains(Condition.PRIVATE_STEPS))
        .flatMap(
            m ->
                Stream.of(IdleRule.values())
                    .filter(
                        idle ->
                            idle == IdleRule.MIX
                                || m.makeExample().supports().contains(Condition.HOLD))
                    .map(idle -> Arguments.of(m, idle)));
  }

  /** Rates 0.05 ... 1 in geometric progression, where agents may be idle. */
  private static ActivationModel clock(Method method) {
    Map<Integer, Double> rates = new TreeMap<>();
    for (int i = 0; i < AGENTS; i++) {
      rates.put(i, Math.pow(0.05, 1 - i / (AGENTS - 1.0)));
    }
    return method.supports().contains(Condition.IDLE_AGENTS)
        ? new Bernoulli(SEED, 1, rates)
        : ActivationModels.always();
  }

  /** Steps from 0 to twice the schedule, minimisers far apart. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void limitIsTheOptimumOfThePlainSumUnderUnequalClocks(
      Registry.Entry<Method> entry, IdleRule idle) {
    Method method = entry.makeExample();
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    Plan plan = steps(Setup.of(costs).clock(clock(method)).idle(idle).plan(), 1, "a");
    double exponent = entry.name().equals("dual-averaging") ? 0.51 : 0.75;
    double[] end =
        Setup.run(plan, method.of(idle, new StepSize(0.5, exponent)), 150_000).estimate();
    double size = Vectors.norm(costs.optimum());
    assertThat(Vectors.distance(end, costs.optimum()) / size)
        .as("seed %d, size %s", SEED, size)
        .isLessThan(4e-2);
  }

  @Test
  void factorsAreUniformAndOfMeanOne() {
    Quadratics costs = Quadratics.random(3, 2, SEED);
    Plan plan = Setup.of(costs).plan();
    LocalObjective drawn = Under.all(steps(plan, 0.5, "a"));
    double[] x = {10, 20};
    int bins = 40;
    long[] counts = new long[bins];
    double[] odds = new double[bins];
    Arrays.fill(odds, 1.0 / bins);
    for (long key = 1; key <= 60_000; key++) {
      int agent = (int) (key % 3);
      double[] plain = Under.subgradient(costs, agent, key, x);
      double[] g = Under.subgradient(drawn, agent, key, x);
      double factor = g[0] / plain[0];
      assertThat(g[1] / plain[1]).isCloseTo(factor, org.assertj.core.api.Assertions.within(1e-12));
      counts[(int) Math.floor((factor - 0.5) * bins)]++;
    }
    assertThat(ChiSquare.excess(counts, odds)).isLessThan(1);
  }

  @Test
  void theyAreThoseOfSecretAgentAndKey() {
    Quadratics costs = Quadratics.random(3, 2, SEED);
    Plan plan = Setup.of(costs).plan();
    double[] x = {10, 20};
    LocalObjective all = Under.all(steps(plan, 1, "a"));
    double[] g = Under.subgradient(all, 1, 7, x);
    LocalObjective alone =
        steps(plan, 1, "a").mechanism().over(new int[] {1}, costs.load(new int[] {1}));
    assertThat(Under.subgradient(alone, 0, 7, x)).containsExactly(g);
    assertThat(Under.subgradient(all, 1, 8, x)).isNotEqualTo(g);
    assertThat(Under.subgradient(Under.all(steps(plan, 1, "b")), 1, 7, x)).isNotEqualTo(g);
    assertThat(Under.subgradient(all.measured(), 1, 7, x))
        .as("the operator's")
        .containsExactly(Under.subgradient(costs, 1, 0, x));
  }
}
