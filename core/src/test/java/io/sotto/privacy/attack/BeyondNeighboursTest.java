package io.sotto.privacy.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModels;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Trial;
import io.sotto.privacy.judge.Truth;
import io.sotto.problem.Constraints;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import io.sotto.problem.WholeSpace;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeyondNeighboursTest {
  private static final long SEED = 43;
  private static final int AGENTS = 6;
  private static final int D = 8;
  private static final Adversary CURIOUS = new Adversary.Coalition(new int[] {1, 3});

  /** A path of six, all curvatures 1, nearly always active: masks hide little. */
  private static Trial trial(long seed) {
    Quadratics all = Quadratics.random(AGENTS, D, seed);
    double[][] curvature = all.curvature();
    double[][] minimiser = all.minimiser();
    Arrays.stream(curvature).forEach(h -> Arrays.fill(h, 1));
    return new Trial(
        Setup.network("path", AGENTS, Map.of()),
        new Quadratics(curvature, minimiser),
        new Squared(),
        new Regularizer(0, 0),
        AGENTS,
        D,
        "async-projected-subgradient",
        0.9,
        IdleRule.MIX,
        new StepSize(0.5, 0.51),
        new WholeSpace(),
        800,
        seed);
  }

  /** Agents 1 and 3 of a path hear 0, 2 and 4; agent 5, behind 4, is two links away. */
  @Test
  void hearsThroughOthers() {
    double leak = 0;
    for (long seed = SEED; seed < SEED + 5; seed++) {
      Trial.Watched watched = trial(seed).watchedBy(CURIOUS);
      leak += watched.leak(new BeyondNeighbours(), 5) / 5;
    }
    assertThat(leak).as("seed %d, mean of five", SEED).isGreaterThan(0.1);
  }

  /** The truth is another problem's: false alarms, leaks above 0.1, are stated as 1 in 20. */
  @Test
  void findsNothingInAnothersRun() {
    int alarms = 0;
    int trials = 0;
    for (long seed = SEED; seed < SEED + 10; seed++) {
      Trial.Watched watched = trial(seed).watchedBy(CURIOUS);
      int[] victims = watched.truth().victims();
      Truth never =
          new Truth(
              victims,
              Quadratics.random(AGENTS, D, seed + 1000).load(victims),
              new Constraints(new WholeSpace(), Map.of()),
              ActivationModels.always(),
              io.sotto.network.Channel.CLEAR,
              Map.of());
      Attack attack = new BeyondNeighbours();
      for (int victim : victims) {
        trials++;
        alarms += watched.leak(attack, victim, never) > 0.1 ? 1 : 0;
      }
    }
    assertThat(alarms).as("of %d, seed %d", trials, SEED).isLessThanOrEqualTo(5);
  }
}
