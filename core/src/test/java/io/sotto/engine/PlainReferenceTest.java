package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.Bernoulli;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Box;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Vectors;
import io.sotto.result.Measurement;
import io.sotto.result.Measurement.Candidate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Cells against twenty plain lines. */
class PlainReferenceTest {
  private static final long SEED = 41;
  private static final double BOUND = 0.3;
  private static final StepSize STEP = new StepSize(0.4, 0.6);

  /** Messages lost and late, links and agents that come and go. */
  private static final Channel ROUGH =
      new Channel(
          SEED,
          0.2,
          0.8,
          Schedule.ALWAYS,
          Delay.of(Delay.Model.UNIFORM, 7),
          Outages.of(SEED, 0.1, 5, Map.of(2, 0.5), Map.of(4, List.of(new Outages.Span(20, 60)))));

  private static Setup setup(Quadratics costs) {
    return Setup.of(costs)
        .within(new Box(Coordinates.of(-BOUND), Coordinates.of(BOUND)), Map.of())
        .clock(new Bernoulli(SEED, 0.5, Map.of(0, 0.1, 1, 1.0)));
  }

  @ParameterizedTest
  @CsvSource({
    "MIX,1,false",
    "MIX,8,false",
    "MIX,32,false",
    "HOLD,1,false",
    "HOLD,8,false",
    "HOLD,32,false",
    "MIX,1,true",
    "MIX,3,true",
    "MIX,32,true",
    "HOLD,1,true",
    "HOLD,3,true",
    "HOLD,32,true"
  })
  void sameAsPlainArrays(IdleRule idle, int ticksPerSuperstep, boolean rough) {
    Quadratics costs = Quadratics.random(14, 3, SEED);
    Plan plan =
        setup(costs)
            .on(Setup.network("small-world", 14, Map.of("degree", 4, "rewire", 0.3)))
            .cells(4)
            .idle(idle)
            .ticksPerSuperstep(ticksPerSuperstep)
            .through(rough ? ROUGH : Channel.CLEAR)
            .plan();
    double[][] found = Setup.estimates(plan, new ProjectedSubgradient(idle, STEP), 200);
    double[][] expected = PlainNetwork.run(plan, costs, STEP, BOUND, 200);
    boolean tight = false;
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i])
          .as("agent %d, seed %d", i, SEED)
          .containsExactly(expected[i], within(1e-12));
      for (double coordinate : expected[i]) {
        tight |= Math.abs(coordinate) == BOUND;
      }
    }
    assertThat(tight).as("the box is felt, seed %d", SEED).isTrue();
  }

  /** The delay of a border must show, or the test above would not see it. */
  @ParameterizedTest
  @EnumSource
  void delaysChangeWhatIsComputed(IdleRule idle) {
    Setup setup = setup(Quadratics.random(14, 3, SEED)).cells(4).idle(idle);
    ProjectedSubgradient algorithm = new ProjectedSubgradient(idle, STEP);
    double[][] prompt = Setup.estimates(setup.plan(), algorithm, 200);
    double[][] delayed = Setup.estimates(setup.ticksPerSuperstep(8).plan(), algorithm, 200);
    assertThat(Math.abs(prompt[3][0] - delayed[3][0])).isGreaterThan(1e-6);
  }

  /**
   * The lowest of: the last mean; the mean of means since the last power of two, weighted by the
   * step; and the same between the last two powers of two.
   */
  @Test
  void reportIsTheBestOfThreeMeans() {
    Quadratics costs = Quadratics.random(14, 3, SEED);
    Plan plan = setup(costs).cells(4).clock(new Bernoulli(SEED, 0.1, Map.of())).plan();
    double[][] means = new double[200][];
    for (int tick = 0; tick < means.length; tick++) {
      double[][] x = PlainNetwork.run(plan, costs, STEP, BOUND, tick);
      int every = x.length;
      means[tick] =
          IntStream.range(0, 3)
              .mapToDouble(j -> Arrays.stream(x).mapToDouble(row -> row[j]).sum() / every)
              .toArray();
    }
    Set<Candidate> chosen = EnumSet.noneOf(Candidate.class);
    for (int tick = 1; tick < means.length; tick++) {
      int power = Integer.highestOneBit(tick);
      double[][] options =
          tick == 1
              ? new double[][] {means[1], means[1]}
              : new double[][] {
                means[tick], average(means, power, tick + 1), average(means, power / 2, power)
              };
      int best = 0;
      for (int k = 1; k < options.length; k++) {
        best = costs.total(options[k]) < costs.total(options[best]) - 1e-12 ? k : best;
      }
      Measurement found = Setup.run(plan, new ProjectedSubgradient(IdleRule.MIX, STEP), tick);
      assertThat(found.estimate())
          .as("tick %d, %s, seed %d", tick, found.candidate(), SEED)
          .containsExactly(options[best], within(1e-9));
      chosen.add(found.candidate());
    }
    assertThat(chosen)
        .containsExactlyInAnyOrder(
            Candidate.LAST_MEAN, Candidate.CURRENT_WINDOW, Candidate.FINISHED_WINDOW);
  }

  private static double[] average(double[][] means, int from, int to) {
    double[] sum = new double[3];
    double weights = 0;
    for (int tick = from; tick < to; tick++) {
      double weight = STEP.at(tick);
      weights += weight;
      Vectors.addScaled(weight, means[tick], 0, sum, 0, 3);
    }
    Vectors.setScaled(1 / weights, sum, 0, sum, 0, 3);
    return sum;
  }

  /** An agent alone is projected subgradient descent, to the bit. */
  @ParameterizedTest
  @EnumSource
  void oneAgentAloneIsProjectedSubgradientDescent(IdleRule idle) {
    Quadratics costs = Quadratics.random(1, 5, SEED);
    double rate = 0.5; // a power of two, so that the divisions below round as the algorithm's do
    Plan plan = setup(costs).clock(new Bernoulli(SEED, rate, Map.of())).idle(idle).plan();
    double[] x = new double[5];
    double[] g = new double[5];
    int updates = 0;
    for (int tick = 1; tick <= 300; tick++) {
      if (plan.clock().active(0, tick)) {
        updates++;
        double alpha = STEP.initial() / StrictMath.pow(updates / rate, STEP.exponent());
        alpha = idle == IdleRule.MIX ? alpha / rate : alpha;
        costs.subgradient(0, 0, x, 0, g);
        for (int j = 0; j < x.length; j++) {
          x[j] = Math.min(Math.max(x[j] - alpha * g[j], -BOUND), BOUND);
        }
      }
    }
    assertThat(updates).isBetween(100, 200);
    assertThat(Setup.estimates(plan, new ProjectedSubgradient(idle, STEP), 300)[0])
        .as("seed %d", SEED)
        .containsExactly(x);
  }
}
