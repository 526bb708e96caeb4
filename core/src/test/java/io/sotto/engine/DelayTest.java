package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.StepSize;
import io.sotto.algorithm.Turn;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.Bernoulli;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Registry;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages across borders that are up to B - 1 ticks late do not move the limit. Why, in the mean
 * and under {@code mix}: let D be the part of W within cells, and S = I + D + ... + D^(B-1). A
 * superstep conserves 1'S^-1 x, so agents do not count alike in the consensus; but pushes g at each
 * of its ticks have become S g at its end, and 1'S^-1 S g is their plain sum. Under {@code hold},
 * an estimate that no update moves has x = W x - alpha g, however late or rarely an agent looks,
 * and the sum over agents leaves 1'g = 0.
 *
 * <p>Under {@code mix} it takes clocks that know nothing of supersteps; the last test has one that
 * does.
 */
class DelayTest {
  private static final long SEED = 8822;
  private static final int AGENTS = 8;
  private static final StepSize STEP = new StepSize(2, 0.6);

  /** Of (F - F*) / F*; of ten seeds, the worst case of the worst ends at 1.2e-3. */
  private static final double BOUND = 2e-3;

  private static final int TICKS = 20_000;

  /** The longest delays need more: agents in small cells wait for each other most of the time. */
  private static final int TICKS_OF_LONG_DELAYS = 80_000;

  /** Agent i's minimiser is (8 - 2 i, 0 or 4); the slow clocks are on one side. */
  private static final Quadratics COSTS = costs();

  /** Rates 0.2 ... 1 in geometric progression. */
  private static final Bernoulli CLOCK = new Bernoulli(SEED, 1, rates());

  /** Two agents allow no more than 1 where the free optimum, (1, 2), has 2. */
  private static final ConstraintSet LOW =
      new Box(
          Coordinates.of(Double.NEGATIVE_INFINITY), Coordinates.of(Double.POSITIVE_INFINITY, 1));

  private static Quadratics costs() {
    double[][] minimisers = new double[AGENTS][];
    for (int i = 0; i < AGENTS; i++) {
      minimisers[i] = new double[] {8 - 2 * i, i % 2 * 4};
    }
    return Quadratics.around(minimisers);
  }

  private static Map<Integer, Double> rates() {
    Map<Integer, Double> rates = new TreeMap<>();
    for (int i = 0; i < AGENTS; i++) {
      rates.put(i, Math.pow(0.2, 1 - i / (AGENTS - 1.0)));
    }
    return rates;
  }

  private record Case(
      IdleRule idle, String topology, int cells, int ticksPerSuperstep, boolean sets) {

    Set<Condition> asks() {
      Set<Condition> asks =
          EnumSet.of(Condition.IDLE_AGENTS, Condition.BORDER_DELAY, Condition.UNDIRECTED);
      if (idle == IdleRule.HOLD) {
        asks.add(Condition.HOLD);
      }
      if (sets) {
        asks.add(Condition.OWN_SETS);
      }
      return asks;
    }

    double gap(Algorithm algorithm, ActivationModel clock, int ticks) {
      Map<String, ?> parameters = topology.equals("regular") ? Map.of("degree", 4) : Map.of();
      Plan plan =
          Setup.of(COSTS)
              .on(Setup.network(topology, AGENTS, parameters))
              .cells(cells)
              .within(new WholeSpace(), sets ? Map.of(0, LOW, 5, LOW) : Map.of())
              .clock(clock)
              .idle(idle)
              .ticksPerSuperstep(ticksPerSuperstep)
              .plan();
      double best = COSTS.total(new double[] {1, sets ? 1 : 2});
      return Setup.run(plan, algorithm, ticks).objective() / best - 1;
    }
  }

  /** Without delay the partition makes no difference. */
  static Stream<Case> everyCase() {
    return Stream.of(IdleRule.values())
        .flatMap(
            idle ->
                Stream.of(1, 8, 32, 128)
                    .flatMap(
                        ticks ->
                            (ticks == 1 ? Stream.of(3) : Stream.of(3, AGENTS))
                                .flatMap(
                                    cells ->
                                        Stream.of(
                                            new Case(idle, "ring", cells, ticks, false),
                                            new Case(idle, "regular", cells, ticks, false),
                                            new Case(idle, "star", cells, ticks, false),
                                            new Case(idle, "ring", cells, ticks, true)))));
  }

  /** All but one that makes so many rounds with noise, and finds no optimum. */
  static Stream<Arguments> everyAlgorithm() {
    return Algorithms.REGISTRY.entries().stream()
        .filter(entry -> !entry.makeExample().supports().contains(Condition.NOISY_SUMS))
        .filter(entry -> entry.makeExample().supports().contains(Condition.CONVEX))
        .flatMap(
            method ->
                everyCase()
                    .filter(c -> method.makeExample().supports().containsAll(c.asks()))
                    .map(c -> Arguments.of(method, c)));
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void plainSumIsMinimised(Registry.Entry<Method> method, Case c) {
    Algorithm algorithm = method.makeExample().of(c.idle(), STEP);
    int ticks = c.ticksPerSuperstep() > 32 ? TICKS_OF_LONG_DELAYS : TICKS;
    assertThat(c.gap(algorithm, CLOCK, ticks)).as("seed %d", SEED).isBetween(-1e-8, BOUND);
  }

  /** In each case a rule that is biased without any delay, too, fails by far. */
  @ParameterizedTest
  @MethodSource("everyCase")
  void biasShows(Case c) {
    assertThat(c.gap(new Biased(c.idle()), CLOCK, TICKS))
        .as("seed %d", SEED)
        .isGreaterThan(20 * BOUND);
  }

  /**
   * As in {@link UnequalClocksTest}: the same s(k) for all under {@code mix}, s(Gamma) under hold.
   */
  private record Biased(IdleRule idle) implements Algorithm {

    @Override
    public int says(int d) {
      return d;
    }

    @Override
    public void update(Turn turn) {
      double time = idle == IdleRule.MIX ? turn.updates() / turn.rate() : turn.updates();
      double[] g = turn.subgradient(turn.said(), turn.at());
      Vectors.addScaled(-STEP.at(time), g, 0, turn.said(), turn.at(), turn.dimension());
      turn.project(turn.said(), turn.at());
    }

    @Override
    public Recursion recursion() {
      return new ProjectedSubgradient(idle, STEP);
    }

    @Override
    public double averagingWeight(long tick) {
      return STEP.at(tick);
    }
  }

  /**
   * A clock that rings at every eighth tick, for all at once, is unbiased where there is no delay.
   * With eight ticks to a superstep, by its end an update at its first tick is forgotten the faster
   * the more an agent hears across borders: these do not count alike.
   */
  @ParameterizedTest
  @ValueSource(strings = {"regular", "star"})
  void clockTiedToSuperstepsIsBiased(String topology) {
    ActivationModel tied = new EveryEighth();
    Algorithm algorithm = new ProjectedSubgradient(IdleRule.MIX, STEP);
    Case prompt = new Case(IdleRule.MIX, topology, AGENTS, 1, false);
    Case delayed = new Case(IdleRule.MIX, topology, AGENTS, 8, false);
    assertThat(prompt.gap(algorithm, tied, TICKS)).isLessThan(BOUND);
    assertThat(delayed.gap(algorithm, tied, TICKS)).isGreaterThan(20 * BOUND);
  }

  private record EveryEighth() implements ActivationModel {

    @Override
    public double rate(int agent) {
      return 1.0 / 8;
    }

    @Override
    public boolean active(int agent, long tick) {
      return tick % 8 == 1;
    }
  }
}
