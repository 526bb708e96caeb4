package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.StepSize;
import io.sotto.algorithm.Turn;
import io.sotto.clock.Bernoulli;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten agents on a ring whose clocks ring at rates from 0.05 to 1, the slow ones with their
 * minimisers on one side: the limit must be the optimum of the plain sum all the same. Two rules
 * that look as good and are biased show that this could fail.
 */
class UnequalClocksTest {
  private static final long SEED = 8822;
  private static final int AGENTS = 10;
  private static final int TICKS = 300_000;
  private static final StepSize STEP = new StepSize(0.5, 0.75);

  /** Rates 0.05 ... 1 in geometric progression. */
  private static Map<Integer, Double> rates() {
    Map<Integer, Double> rates = new TreeMap<>();
    for (int i = 0; i < AGENTS; i++) {
      rates.put(i, Math.pow(0.05, 1 - i / (AGENTS - 1.0)));
    }
    return rates;
  }

  /** Agent i's minimiser is (9 - 1.5 i, i mod 2). */
  private static Quadratics costs() {
    double[][] minimisers = new double[AGENTS][];
    for (int i = 0; i < AGENTS; i++) {
      minimisers[i] = new double[] {9 - 1.5 * i, i % 2};
    }
    return Quadratics.around(minimisers);
  }

  /** How far from the optimum of the plain sum a run ends, relative to the size of that point. */
  private static double miss(Algorithm algorithm, IdleRule idle) {
    return miss(algorithm, idle, Channel.CLEAR);
  }

  private static double miss(Algorithm algorithm, IdleRule idle, Channel channel) {
    Plan plan =
        Setup.of(costs())
            .clock(new Bernoulli(SEED, 1, rates()))
            .idle(idle)
            .ticksPerSuperstep(1_000) // in one cell, which has no borders: no delay
            .through(channel)
            .plan();
    double[] optimum = costs().optimum();
    return Vectors.distance(Setup.run(plan, algorithm, TICKS).estimate(), optimum)
        / Vectors.norm(optimum);
  }

  @ParameterizedTest
  @CsvSource({"MIX", "HOLD"})
  void plainSumIsMinimised(IdleRule idle) {
    double right = miss(new ProjectedSubgradient(idle, STEP), idle);
    double biased =
        switch (idle) {
          case MIX -> miss(new Biased(turn -> turn.updates() / turn.rate()), idle);
          case HOLD -> miss(new Biased(Turn::updates), idle);
        };
    assertThat(right).as("seed %d", SEED).isLessThan(1e-2);
    assertThat(biased).as("the biased rule, seed %d", SEED).isGreaterThan(20 * right);
  }

  /** Agents that are offline up to 0.7 of the time, those most whose clocks are fast. */
  @ParameterizedTest
  @CsvSource({"MIX", "HOLD"})
  void agentsThatAreOfflineCountAlike(IdleRule idle) {
    Map<Integer, Double> rates = new TreeMap<>();
    for (int i = 0; i < AGENTS; i++) {
      rates.put(i, 0.7 * i / (AGENTS - 1));
    }
    Outages outages = Outages.of(SEED, 0, 5, rates, Map.of());
    Channel channel = new Channel(SEED, 0, 1, Schedule.ALWAYS, Delay.NONE, outages);
    double right = miss(new ProjectedSubgradient(idle, STEP), idle, channel);
    double biased = miss(new Offline(idle), idle, channel);
    assertThat(right).as("seed %d", SEED).isLessThan(2e-2);
    assertThat(biased).as("the biased rule, seed %d", SEED).isGreaterThan(10 * right);
  }

  /** The right step for an agent that is always online. */
  private record Offline(IdleRule idle) implements Algorithm {

    @Override
    public int says(int d) {
      return d;
    }

    @Override
    public void update(Turn turn) {
      double[] g = turn.subgradient(turn.said(), turn.at());
      double s = STEP.at(turn.updates() / turn.rate());
      double alpha = idle == IdleRule.MIX ? s / turn.rate() : s;
      Vectors.addScaled(-alpha, g, 0, turn.said(), turn.at(), turn.dimension());
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
   * Under {@code mix}, the same step s(k) for all, without division by the rate, weighs agents by
   * their rates; under {@code hold}, a step s(Gamma) that forgets how slowly Gamma grows does not
   * weigh them alike either.
   */
  private record Biased(Clock time) implements Algorithm {

    @Override
    public int says(int d) {
      return d;
    }

    @Override
    public void update(Turn turn) {
      double[] g = turn.subgradient(turn.said(), turn.at());
      Vectors.addScaled(
          -STEP.at(time.applyAsDouble(turn)), g, 0, turn.said(), turn.at(), turn.dimension());
      turn.project(turn.said(), turn.at());
    }

    @Override
    public Recursion recursion() {
      return new ProjectedSubgradient(IdleRule.MIX, STEP);
    }

    @Override
    public double averagingWeight(long tick) {
      return STEP.at(tick);
    }
  }

  /** What an agent takes for the time. */
  private interface Clock extends ToDoubleFunction<Turn>, Serializable {}
}
