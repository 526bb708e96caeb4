package io.sotto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.AsyncAdam.Moments;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.engine.Pulled;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Parameters;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What async-adam does, and how near it comes under all that it supports. */
class AsyncAdamTest {
  private static final long SEED = 77;
  private static final int AGENTS = 10;
  private static final Moments MOMENTS = new Moments(0.8, 0.95, 1e-8, 0.01);

  /** Curvatures differ, and all agents want the same. */
  private static Quadratics common() {
    Quadratics random = Quadratics.random(AGENTS, 3, SEED);
    double[][] same = new double[AGENTS][];
    Arrays.fill(same, new double[] {1.5, -0.5, 1});
    return new Quadratics(random.curvature(), same);
  }

  /** Two agents who hear each other, against loops that do the same; the last coordinate direct. */
  @Test
  void isAdamAtTheMix() {
    Quadratics costs = Quadratics.random(2, 3, SEED);
    StepSize step = new StepSize(0.1, 1, new StepSize.Course(60, 0.1, 0.1));
    Plan plan =
        Setup.of(new Pulled(costs, 0, 1), 2, 3)
            .coefficients(2)
            .within(new Ball(Coordinates.NONE, 1), Map.of())
            .clock(ActivationModels.always())
            .plan();
    double[][] found = Setup.estimates(plan, new AsyncAdam(IdleRule.MIX, step, MOMENTS), 60);

    double[][] x = new double[2][3];
    double[][] m = new double[2][2];
    double[][] q = new double[2][2];
    double[] g = new double[3];
    for (int k = 1; k <= 60; k++) {
      double[] mix = new double[3];
      for (int j = 0; j < 3; j++) {
        mix[j] = (x[0][j] + x[1][j]) / 2;
      }
      double alpha =
          k < 6 ? 0.1 * k / 6 : 0.1 * (0.1 + 0.45 * (1 + Math.cos(Math.PI * (k - 6) / 54)));
      for (int i = 0; i < 2; i++) {
        costs.subgradient(i, 0, mix, 0, g);
        for (int j = 0; j < 2; j++) {
          m[i][j] = 0.8 * m[i][j] + 0.2 * g[j];
          q[i][j] = 0.95 * q[i][j] + 0.05 * g[j] * g[j];
          double first = m[i][j] / (1 - Math.pow(0.8, k));
          double second = q[i][j] / (1 - Math.pow(0.95, k));
          x[i][j] = mix[j] - alpha * (first / (Math.sqrt(second) + 1e-8) + 0.01 * mix[j]);
        }
        x[i][2] = mix[2] - alpha / 0.1 * g[2]; // comes to rest as steps do
        double length = Math.hypot(x[i][0], x[i][1]);
        for (int j = 0; j < 2 && length > 1; j++) {
          x[i][j] /= length;
        }
      }
    }
    for (int i = 0; i < 2; i++) {
      assertThat(found[i]).as("agent %d", i).containsExactly(x[i], within(1e-10));
    }
  }

  static Stream<Arguments> everyCase() {
    Channel rough =
        new Channel(5, 0.2, 0.8, Schedule.ALWAYS, Delay.of(Delay.Model.UNIFORM, 3), Outages.NONE);
    Channel gone =
        new Channel(
            5, 0, 1, Schedule.ALWAYS, Delay.NONE, Outages.of(5, 0.2, 5, Map.of(1, 0.4), Map.of()));
    return Stream.of(IdleRule.values())
        .flatMap(
            idle ->
                Stream.of(
                    Arguments.of(idle, Channel.CLEAR, 1),
                    Arguments.of(idle, Channel.CLEAR, 8),
                    Arguments.of(idle, rough, 1),
                    Arguments.of(idle, rough, 8),
                    Arguments.of(idle, gone, 1)));
  }

  /** Under stochastic subgradients, a set, clocks that differ, and all that befalls messages. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void endsWhereAllAgentsWant(IdleRule idle, Channel channel, int ticksPerSuperstep) {
    Quadratics costs = common();
    Plan plan =
        Setup.of(new Pulled(costs, 2, 0), AGENTS, 3)
            .cells(3)
            .clock(new Bernoulli(SEED, 0.5, Map.of(2, 0.1, 5, 1.0)))
            .idle(idle)
            .ticksPerSuperstep(ticksPerSuperstep)
            .through(channel)
            .within(new Ball(Coordinates.NONE, 3), Map.of(1, Box.nonnegative()))
            .plan();
    Moments moments = new Moments(0.9, 0.99, 1e-8, 0);
    StepSize step = new StepSize(0.02, 1, new StepSize.Course(8_000, 0.1, 0.01));
    double[] end = Setup.run(plan, new AsyncAdam(idle, step, moments), 8_000).estimate();
    // agent 1 keeps the second coordinate from 0 up, where the others want it at -1/2
    assertThat(end).as("seed %d", SEED).containsExactly(new double[] {1.5, 0, 1}, within(5e-2));
  }

  /** Agent i wants (9 - 1.5 i, i mod 2), and is the faster the larger i. */
  private static double miss(IdleRule idle, IdleRule steps) {
    double[][] one = new double[AGENTS][2];
    double[][] wanted = new double[AGENTS][];
    Map<Integer, Double> rates = new TreeMap<>();
    for (int i = 0; i < AGENTS; i++) {
      Arrays.fill(one[i], 1);
      wanted[i] = new double[] {9 - 1.5 * i, i % 2};
      rates.put(i, Math.pow(0.05, 1 - i / (AGENTS - 1.0)));
    }
    Quadratics costs = new Quadratics(one, wanted);
    Plan plan =
        Setup.of(new Pulled(costs, 100, 0), AGENTS, 2)
            .clock(new Bernoulli(SEED, 1, rates))
            .idle(idle)
            .ticksPerSuperstep(1_000) // in one cell, which has no borders: no delay
            .plan();
    Moments moments = new Moments(0.9, 0.999, 1e-8, 0);
    double initial = idle == IdleRule.MIX ? 3 : 20; // who holds still makes all others slower
    AsyncAdam method = new AsyncAdam(steps, new StepSize(initial, 0.75), moments);
    double[] end = Setup.run(plan, method, 200_000).estimate();
    return Vectors.distance(end, costs.optimum()) / Vectors.norm(costs.optimum());
  }

  /**
   * Where noise is larger than what agents want of each other, all divide by the same, and the
   * plain sum is minimised, however clocks differ. The steps of the other idle rule would not.
   */
  @ParameterizedTest
  @EnumSource
  void unequalClocksWeighAlike(IdleRule idle) {
    IdleRule other = idle == IdleRule.MIX ? IdleRule.HOLD : IdleRule.MIX;
    assertThat(miss(idle, idle)).as("seed %d", SEED).isLessThan(0.15);
    assertThat(miss(idle, other)).as("biased, seed %d", SEED).isGreaterThan(0.6);
  }

  /** Why it is refused for convex costs: two agents outvote one that wants more. */
  @Test
  void theOptimumOfConvexCostsIsMissed() {
    Quadratics costs =
        new Quadratics(new double[][] {{1}, {1}, {1}}, new double[][] {{0}, {0}, {9}});
    Plan plan = Setup.of(costs).clock(ActivationModels.always()).plan();
    Moments moments = new Moments(0.9, 0.99, 1e-8, 0);
    StepSize step = new StepSize(0.05, 1, new StepSize.Course(5_000, 0.1, 0.01));
    double[] end = Setup.run(plan, new AsyncAdam(IdleRule.MIX, step, moments), 5_000).estimate();
    assertThat(costs.optimum()).containsExactly(3);
    assertThat(end[0]).isLessThan(1.5);
    Method method =
        Algorithms.REGISTRY.make("algorithm.name", "async-adam", new Parameters("", Map.of()));
    assertThat(method.fails(EnumSet.of(Condition.CONVEX))).containsExactly(Condition.CONVEX);
  }

  /** A set that is given moves no direct coordinate, and no step does. */
  @ParameterizedTest
  @EnumSource
  void directCoordinatesMoveByTheirSubgradient(IdleRule idle) {
    Quadratics costs =
        new Quadratics(new double[][] {{1, 0.25}, {1, 0.25}}, new double[][] {{5, 8}, {5, 8}});
    Plan plan =
        Setup.of(new Pulled(costs, 0, 1), 2, 2)
            .coefficients(1)
            .within(new Ball(Coordinates.NONE, 1), Map.of())
            .clock(ActivationModels.always())
            .idle(idle)
            .plan();
    StepSize tiny = new StepSize(1e-9, 0.6);
    for (Algorithm method :
        List.of(
            new AsyncAdam(idle, tiny, MOMENTS),
            new ProjectedSubgradient(idle, tiny),
            new OuterMomentum(new AsyncAdam(idle, tiny, MOMENTS), 0.7, 0.9))) {
      double[] end = Setup.estimates(plan, method, 3)[1];
      assertThat(end[0]).as("%s", method).isBetween(0.0, 1e-7);
      assertThat(end[1]).as("%s", method).isEqualTo(8 - 8 * 0.75 * 0.75 * 0.75);
    }
    // whose subgradients are taken where agents were, which is the same here
    assertThat(Setup.estimates(plan, new SynchronousSubgradient(tiny), 3)[0][1])
        .isEqualTo(8 - 8 * 0.75 * 0.75 * 0.75);
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new Moments(1, 0.9, 1e-8, 0)).hasMessageContaining("beta1");
    assertThatThrownBy(() -> new Moments(0.9, 0.9, 0, 0)).hasMessageContaining("epsilon above 0");
    assertThatThrownBy(() -> new StepSize.Course(10, 1, 0)).hasMessageContaining("warm-up");
    AsyncAdam adam = new AsyncAdam(IdleRule.MIX, new StepSize(1, 0.6), MOMENTS);
    assertThatThrownBy(() -> new OuterMomentum(adam, 0.5, 1)).hasMessageContaining("[0, 1)");
    assertThatThrownBy(() -> new OuterMomentum(AsyncAdmm.of(1), 0.5, 0.5))
        .hasMessageContaining("say their estimate");
  }
}
