package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdam;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.OuterMomentum;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.problem.Vectors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents who exchange at every fourth tick. */
class LocalStepsTest {
  private static final long SEED = 4;
  private static final int AGENTS = 6;
  private static final int EVERY = 4;
  private static final StepSize STEP = new StepSize(0.1, 0.6);

  /** Two agents, against loops that do the same, with and without outer steps. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0.7, 0.6"})
  void exchangesLieBetweenLocalSteps(double outer, double momentum) {
    Quadratics costs = Quadratics.random(2, 3, SEED);
    Plan plan = Setup.of(costs).clock(ActivationModels.always()).plan().exchanging(EVERY);
    Algorithm plain = new ProjectedSubgradient(IdleRule.MIX, STEP);
    double[][] found =
        Setup.estimates(plan, outer > 0 ? new OuterMomentum(plain, outer, momentum) : plain, 30);

    double[][] x = new double[2][3];
    double[][] anchor = new double[2][3];
    double[][] velocity = new double[2][3];
    double[] g = new double[3];
    for (int k = 1; k <= 30; k++) {
      if (k % EVERY == 1) {
        for (int j = 0; j < 3; j++) {
          double mix = (x[0][j] + x[1][j]) / 2;
          for (int i = 0; i < 2; i++) {
            double moved = anchor[i][j] - mix;
            velocity[i][j] = momentum * velocity[i][j] + moved;
            x[i][j] = outer > 0 ? anchor[i][j] - outer * (moved + momentum * velocity[i][j]) : mix;
            anchor[i][j] = x[i][j];
          }
        }
      }
      for (int i = 0; i < 2; i++) {
        costs.subgradient(i, 0, x[i], 0, g);
        Vectors.addScaled(-STEP.at(k), g, 0, x[i], 0, 3);
      }
    }
    for (int i = 0; i < 2; i++) {
      assertThat(found[i]).as("agent %d", i).containsExactly(x[i], within(1e-12));
    }
  }

  /** An exchange is the first tick of a superstep, so that nothing is late at borders. */
  @ParameterizedTest
  @EnumSource
  void bordersAreCrossedAtExchangesOnly(IdleRule idle) {
    AsyncAdam adam = new AsyncAdam(idle, STEP, AsyncAdam.Moments.USUAL);
    Channel rough =
        new Channel(
            SEED, 0.2, 1, Schedule.ALWAYS, Delay.NONE, Outages.of(5, 0.2, 5, Map.of(), Map.of()));
    for (Algorithm method : new Algorithm[] {adam, new OuterMomentum(adam, 0.7, 0.6)}) {
      for (Channel channel : new Channel[] {Channel.CLEAR, rough}) {
        double[][] one = Setup.estimates(plan(idle, 1, 1, channel), method, 40);
        assertThat(Setup.estimates(plan(idle, 3, 1, channel), method, 40)).isDeepEqualTo(one);
        assertThat(Setup.estimates(plan(idle, 3, EVERY, channel), method, 40)).isDeepEqualTo(one);
        assertThat(Setup.estimates(plan(idle, 3, 2, channel), method, 40)).isDeepEqualTo(one);
      }
    }
  }

  private static Plan plan(IdleRule idle, int cells, int ticksPerSuperstep, Channel channel) {
    return Setup.of(Quadratics.random(AGENTS, 3, SEED))
        .cells(cells)
        .clock(new Bernoulli(SEED, 0.5, Map.of(2, 0.1)))
        .idle(idle)
        .ticksPerSuperstep(ticksPerSuperstep)
        .through(channel)
        .plan()
        .exchanging(EVERY);
  }

  /** Which leaves the limit of the subgradient method where it is. */
  @ParameterizedTest
  @EnumSource
  void limitIsTheOptimumOfThePlainSum(IdleRule idle) {
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    Channel late =
        new Channel(SEED, 0.1, 1, Schedule.ALWAYS, Delay.of(Delay.Model.UNIFORM, 3), Outages.NONE);
    Algorithm method = new ProjectedSubgradient(idle, new StepSize(0.5, 0.75));
    double[] end = Setup.run(plan(idle, 3, EVERY, late), method, 80_000).estimate();
    assertThat(Vectors.distance(end, costs.optimum())).as("seed %d", SEED).isLessThan(4e-2);
  }

  /** Every agent starts where the function of the seed says, also in other cells. */
  @Test
  void aDrawnPointIsTheSameForAll() {
    DrawnOrigin origin =
        new DrawnOrigin(
            (seed, x, at) -> {
              for (int j = 0; j < 3; j++) {
                x[at + j] = seed + j;
              }
            },
            SEED,
            3);
    for (int cells : new int[] {1, 3}) {
      Plan plan = Setup.of(Quadratics.random(AGENTS, 3, SEED)).cells(cells).plan().from(origin);
      Algorithm still = new ProjectedSubgradient(IdleRule.MIX, new StepSize(1e-300, 1));
      for (double[] x : Setup.estimates(plan, still, 1)) {
        assertThat(x).containsExactly(new double[] {4, 5, 6}, within(1e-12));
      }
    }
  }
}
