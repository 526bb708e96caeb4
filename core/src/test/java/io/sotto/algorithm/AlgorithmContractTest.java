package io.sotto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.network.CellPartition;
import io.sotto.network.Links;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import io.sotto.result.Measurement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every algorithm promises, under both idle rules and with delayed borders. */
class AlgorithmContractTest {
  private static final long SEED = 77;
  private static final int AGENTS = 10;
  private static final List<String> LINEAR =
      List.of("async-admm", "gradient-tracking", "nids", "pg-extra");

  static Stream<Arguments> everyCase() {
    return Algorithms.REGISTRY.entries().stream()
        .flatMap(
            method ->
                Stream.of(IdleRule.values())
                    .flatMap(
                        idle ->
                            Stream.of(1, 8, 32)
                                .filter(ticks -> supports(method.makeExample(), idle, ticks))
                                .map(ticks -> Arguments.of(method, idle, ticks))));
  }

  /** Of a method that does not support idle agents, all are active; how they idle is no matter. */
  /** True for a method that makes so many rounds with noise, and finds no optimum. */
  private static boolean ofNoise(Method method) {
    return method.supports().contains(Condition.NOISY_SUMS);
  }

  private static boolean supports(Method method, IdleRule idle, int ticks) {
    Set<Condition> asked = EnumSet.of(Condition.CONVEX);
    if (idle == IdleRule.HOLD) {
      asked.add(Condition.HOLD);
    }
    if (ticks > 1) {
      asked.add(Condition.BORDER_DELAY);
    }
    return method.fails(asked).isEmpty() && !ofNoise(method);
  }

  private static ActivationModel clock(Method method) {
    return method.supports().contains(Condition.IDLE_AGENTS)
        ? new Bernoulli(SEED, 0.5, Map.of(2, 0.1, 5, 1.0))
        : ActivationModels.always();
  }

  /** A ring of ten in three cells; costs whose minimisers are up to 8 apart. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void limitIsTheOptimumOfThePlainSum(
      Registry.Entry<Method> entry, IdleRule idle, int ticksPerSuperstep) {
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    Method method = entry.makeExample();
    Plan plan =
        Setup.of(costs)
            .cells(3)
            .clock(clock(method))
            .idle(idle)
            .ticksPerSuperstep(ticksPerSuperstep)
            .plan();
    // dual averaging is behind by t^(exponent - 1), the others are the noisier the lower it is
    double exponent = entry.name().equals("dual-averaging") ? 0.51 : 0.75;
    Algorithm algorithm = method.of(idle, new StepSize(1, exponent));
    if (LINEAR.contains(entry.name())) {
      algorithm = Setup.searched(plan, step -> method.of(idle, new StepSize(step, 0.75)));
    }
    Measurement end = Setup.run(plan, algorithm, 40_000);
    double miss = Vectors.distance(end.estimate(), costs.optimum());
    assertThat(miss).as("seed %d, %s", SEED, end).isLessThan(2e-2);
    if (!entry.name().equals("dual-averaging")) { // which promises the averages only
      assertThat(end.disagreement()).as("seed %d", SEED).isLessThan(1e-2);
    }
  }

  /** Linear rates on smooth and strongly convex costs, as their theorems say. */
  @ParameterizedTest
  @FieldSource("LINEAR")
  void smoothOnesGetToTheLastDigits(String name) {
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    Method method = Algorithms.REGISTRY.make("algorithm.name", name, new Parameters("", Map.of()));
    Plan plan = Setup.of(costs).cells(3).clock(clock(method)).plan();
    Algorithm algorithm =
        Setup.searched(plan, step -> method.of(IdleRule.MIX, new StepSize(step, 0.75)));
    Measurement end = Setup.run(plan, algorithm, 2_000);
    assertThat(end.estimate()).containsExactly(costs.optimum(), within(1e-10));
  }

  static Stream<Registry.Entry<Method>> stochastic() {
    return Algorithms.REGISTRY.entries().stream()
        .filter(
            method ->
                method
                    .makeExample()
                    .fails(EnumSet.of(Condition.STOCHASTIC, Condition.CONVEX))
                    .isEmpty());
  }

  /** Subgradients as noisy as they are long. */
  @ParameterizedTest
  @MethodSource("stochastic")
  void estimatesOfSubgradientsDoNotMoveTheLimit(Registry.Entry<Method> entry) {
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    Method method = entry.makeExample();
    Plan plan =
        Setup.of(agents -> new Noisy(costs.load(agents)), AGENTS, 3).clock(clock(method)).plan();
    double exponent = entry.name().equals("dual-averaging") ? 0.51 : 0.75;
    Measurement end = Setup.run(plan, method.of(IdleRule.MIX, new StepSize(1, exponent)), 40_000);
    assertThat(end.stationarity()).as("which nobody can tell").isNaN();
    assertThat(end.gap()).isNaN();
    assertThat(Vectors.distance(end.estimate(), costs.optimum()))
        .as("seed %d, %s", SEED, end)
        .isLessThan(4e-2);
  }

  /** Costs whose subgradients are off by chance. */
  private record Noisy(Quadratics plain) implements LocalObjective {
    @Override
    public int agents() {
      return plain.agents();
    }

    @Override
    public int dimension() {
      return plain.dimension();
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return plain.value(agent, x, at);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      plain.subgradient(agent, key, x, at, out);
      SplittableRandom random = new SplittableRandom(key);
      for (int j = 0; j < out.length; j++) {
        out[j] += random.nextDouble(-2, 2);
      }
    }

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public double smoothness(int agent) {
      return plain.smoothness(agent);
    }
  }

  /** Agents, with all that is theirs, in another order: the same numbers in that order. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void namesOfAgentsDoNotMatter(
      Registry.Entry<Method> entry, IdleRule idle, int ticksPerSuperstep) {
    Method method = entry.makeExample();
    int[] renamed = {7, 2, 9, 0, 4, 8, 1, 6, 3, 5}; // agent i is called renamed[i]
    int[] original = new int[AGENTS];
    IntStream.range(0, AGENTS).forEach(i -> original[renamed[i]] = i);
    int[] a = {0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 2, 1};
    int[] b = {1, 2, 3, 4, 5, 6, 7, 8, 9, 5, 8, 9};
    int[] cell = {0, 0, 0, 1, 1, 1, 2, 2, 2, 2};
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    ActivationModel clock = clock(method);
    boolean sets = method.supports().contains(Condition.SETS);
    ConstraintSet common = sets ? new Ball(Coordinates.NONE, 1) : new WholeSpace();
    ConstraintSet own = method.supports().contains(Condition.OWN_SETS) ? Box.nonnegative() : common;
    double step = LINEAR.contains(entry.name()) ? 0.05 : 0.3;
    Algorithm algorithm = method.of(idle, new StepSize(step, 0.6));

    double[][] before =
        Setup.estimates(
            Setup.of(costs)
                .on(network(a, b))
                .in(new CellPartition(cell))
                .within(common, Map.of(3, own))
                .clock(clock)
                .idle(idle)
                .ticksPerSuperstep(ticksPerSuperstep)
                .plan(),
            algorithm,
            300);
    double[][] after =
        Setup.estimates(
            Setup.of(costs.load(original))
                .on(network(pick(renamed, a), pick(renamed, b)))
                .in(new CellPartition(pick(cell, original)))
                .within(common, Map.of(renamed[3], own))
                .clock(new Renamed(clock, original))
                .idle(idle)
                .ticksPerSuperstep(ticksPerSuperstep)
                .plan(),
            algorithm,
            300);
    for (int i = 0; i < AGENTS; i++) {
      assertThat(after[renamed[i]])
          .as("agent %d, seed %d", i, SEED)
          .containsExactly(before[i], within(1e-12));
    }
  }

  private static Network network(int[] a, int[] b) {
    return Network.of(Links.of(AGENTS, a, b), MixingRules.METROPOLIS);
  }

  private static int[] pick(int[] from, int[] which) {
    return IntStream.of(which).map(i -> from[i]).toArray();
  }

  /** The clocks of agents that go by other numbers. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Renamed(ActivationModel clock, int[] original) implements ActivationModel {
    @Override
    public double rate(int agent) {
      return clock.rate(original[agent]);
    }

    @Override
    public boolean active(int agent, long tick) {
      return clock.active(original[agent], tick);
    }
  }
}
