package io.sotto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.clock.ActivationModel;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Measurement;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.network.Cut;
import io.sotto.network.Links;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Registry;
import io.sotto.problem.Vectors;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every algorithm promises, under both idle rules and with delayed borders. */
class AlgorithmContractTest {
  private static final long SEED = 77;
  private static final int AGENTS = 10;

  static Stream<Arguments> everyCase() {
    return Algorithms.REGISTRY.entries().stream()
        .flatMap(
            family ->
                Stream.of(IdleRule.values())
                    .flatMap(
                        idle ->
                            Stream.of(1, 8, 32).map(ticks -> Arguments.of(family, idle, ticks))));
  }

  /** A ring of ten in three cells; costs whose minimisers are up to 8 apart. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void limitIsTheOptimumOfThePlainSum(
      Registry.Entry<Algorithms.Family> family, IdleRule idle, int ticksPerSuperstep) {
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    Setup setup = Setup.of(costs).cells(3).idle(idle).ticksPerSuperstep(ticksPerSuperstep);
    Algorithm algorithm = family.makeExample().of(idle, new StepSize(1, 0.75));
    Measurement end = Setup.run(setup.plan(), algorithm, 40_000);
    double miss = Vectors.distance(end.estimate(), costs.optimum());
    assertThat(miss).as("seed %d, %s", SEED, end).isLessThan(2e-2);
    assertThat(end.disagreement()).as("seed %d", SEED).isLessThan(1e-2);
  }

  /** Agents, with all that is theirs, in another order: the same numbers in that order. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void namesOfAgentsDoNotMatter(
      Registry.Entry<Algorithms.Family> family, IdleRule idle, int ticksPerSuperstep) {
    int[] renamed = {7, 2, 9, 0, 4, 8, 1, 6, 3, 5}; // agent i is called renamed[i]
    int[] original = new int[AGENTS];
    IntStream.range(0, AGENTS).forEach(i -> original[renamed[i]] = i);
    int[] a = {0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 2, 1};
    int[] b = {1, 2, 3, 4, 5, 6, 7, 8, 9, 5, 8, 9};
    int[] cell = {0, 0, 0, 1, 1, 1, 2, 2, 2, 2};
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    ActivationModel clock = new Bernoulli(SEED, 0.5, Map.of(2, 0.1, 5, 1.0));
    Ball ball = new Ball(Coordinates.NONE, 1);
    Box box = Box.nonnegative();
    Algorithm algorithm = family.makeExample().of(idle, new StepSize(0.3, 0.6));

    double[][] before =
        Setup.estimates(
            Setup.of(costs)
                .on(network(a, b))
                .in(new Cut(cell))
                .within(ball, Map.of(3, box))
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
                .in(new Cut(pick(cell, original)))
                .within(ball, Map.of(renamed[3], box))
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
