package io.sotto.privacy.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Setup;
import io.sotto.engine.Shards;
import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.attack.Attacks;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Parameters;
import io.sotto.problem.Regularizer;
import io.sotto.problem.WholeSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinguishingGameTest {
  private static final long SEED = 53;
  private static final int[] ROWS = {10, 10, 10, 10};
  private static final Regularizer REGULARIZER = new Regularizer(0.01, 0);

  private static Tables tables() {
    return Tables.random(ROWS, 4, new Logistic(), REGULARIZER, SEED);
  }

  /** The victim's first row has another label. */
  private static Tables changed() {
    Tables tables = tables();
    tables.labels()[1][0] *= -1;
    return tables;
  }

  private static Attack attack(String name) {
    return Attacks.REGISTRY.make("attack", name, new Parameters("attack", Map.of()));
  }

  private static DistinguishingGame.Score played(
      Shards one, Shards runs, String topology, int... victims) throws Exception {
    return new DistinguishingGame(
            (other, seed) -> {
              Trial.Watched watched =
                  new Trial(
                          Setup.network(topology, 4, Map.of()),
                          other ? runs : tables(),
                          new Logistic(),
                          REGULARIZER,
                          40,
                          4,
                          "async-projected-subgradient",
                          0.5,
                          IdleRule.MIX,
                          new StepSize(1, 0.51),
                          new WholeSpace(),
                          60,
                          seed)
                      .watchedBy(new Adversary.Neighbour(0));
              return new DistinguishingGame.Heard(watched.knowledge(), watched.transcript());
            },
            tables().load(victims),
            one.load(victims),
            0,
            Map.of("inversion", attack("inversion"), "first-step", attack("first-step")))
        .play(victims, 20, SEED);
  }

  /** A tilt as large as subgradients, from agent 2 to agent 1. */
  private static Swap swapped() {
    double[] tilt = new double[5];
    tables().load(new int[] {1}).subgradient(0, 0, new double[5], 0, tilt);
    return new Swap(tables(), 1, 2, tilt);
  }

  @Test
  void oneRowOfAnExposedAgentIsSeen() throws Exception {
    DistinguishingGame.Score game = played(changed(), changed(), "complete", 1);
    assertThat(game.wins()).as("seed %d", SEED).isGreaterThanOrEqualTo(36);
    assertThat(game.epsilon()).isGreaterThan(1.2);
    assertThat(game.control()).as("the solution tells as well").isGreaterThanOrEqualTo(36);
  }

  /** Both runs are the first problem's: half of the games are won, and no epsilon is ruled out. */
  @Test
  void nothingIsWonWhereNothingDiffers() throws Exception {
    DistinguishingGame.Score game = played(changed(), tables(), "complete", 1);
    assertThat(game.wins()).as("seed %d", SEED).isBetween(12, 28);
    assertThat(game.epsilon()).as("at most 1 in 20 times above 0; seed %d", SEED).isZero();
  }

  /** Also where not all around the victim is heard. */
  @ParameterizedTest
  @ValueSource(strings = {"complete", "ring"})
  void aTiltThatMovedIsSeen(String topology) throws Exception {
    DistinguishingGame.Score game = played(swapped(), swapped(), topology, 1, 2);
    assertThat(game.wins()).as("%s", game).isGreaterThanOrEqualTo(36);
    assertThat(game.control()).as("%s", game).isLessThan(game.wins());
  }

  /** 12 to 28 of 40: within chance at 99 %. */
  @Test
  void noTiltIsSeenWhereNoneMoved() throws Exception {
    DistinguishingGame.Score game = played(swapped(), tables(), "ring", 1, 2);
    assertThat(game.wins()).as("%s", game).isBetween(12, 28);
  }

  /** A player that knows nothing stays at chance, though it sees pairs of the same noise. */
  @Test
  void noiseIsNoEvidence() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Clues> zeros = new ArrayList<>();
    List<Clues> ones = new ArrayList<>();
    for (int k = 0; k < 30; k++) {
      zeros.add(new Clues(Map.of(), Map.of("noise", random.doubles(20).toArray())));
      ones.add(new Clues(Map.of(), Map.of("noise", random.doubles(20).toArray())));
    }
    Practice.Rule rule =
        new Practice(zeros.subList(0, 10), ones.subList(0, 10)).rule(player -> true);
    int wins = 20 - rule.says(zeros.subList(10, 30)) + rule.says(ones.subList(10, 30));
    assertThat(wins).as("%s", rule).isBetween(12, 28);
  }

  @Test
  void aSwapKeepsTheSum() {
    double[] x = {0.3, -1, 2, 0.5, 1};
    int[] all = {0, 1, 2, 3};
    LocalObjective plain = tables().load(all);
    LocalObjective other = swapped().load(all);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += other.value(i, x, 0) - plain.value(i, x, 0);
    }
    assertThat(sum).isCloseTo(0, within(1e-12));
    assertThat(other.value(1, x, 0)).isNotCloseTo(plain.value(1, x, 0), within(1e-3));
    assertThat(swapped().load(new int[] {2}).value(0, x, 0)).isEqualTo(other.value(2, x, 0));
  }

  /** 1 - 0.025^(1/20), as in any table. */
  @Test
  void boundsAreThoseOfClopperAndPearson() {
    assertThat(DistinguishingGame.upper(0, 20)).isCloseTo(0.16843, within(1e-5));
    assertThat(DistinguishingGame.lower(20, 20)).isCloseTo(0.83157, within(1e-5));
    assertThat(DistinguishingGame.lower(5, 10)).isCloseTo(0.18709, within(1e-5));
    assertThat(DistinguishingGame.upper(5, 10)).isCloseTo(0.81291, within(1e-5));
  }
}
