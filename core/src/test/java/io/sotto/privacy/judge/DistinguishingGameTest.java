package io.sotto.privacy.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Setup;
import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.attack.Attacks;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Parameters;
import io.sotto.problem.Regularizer;
import io.sotto.problem.WholeSpace;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

  private static DistinguishingGame.Score played(Tables one, Tables runs) throws Exception {
    LocalObjective zero = tables().load(new int[] {1});
    return new DistinguishingGame(
            (other, seed) -> {
              Trial.Watched watched =
                  new Trial(
                          Setup.network("complete", 4, Map.of()),
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
            zero,
            one.load(new int[] {1}),
            0,
            Map.of("inversion", attack("inversion"), "first-step", attack("first-step")))
        .play(new int[] {1}, 20, SEED);
  }

  @Test
  void oneRowOfAnExposedAgentIsSeen() throws Exception {
    DistinguishingGame.Score game = played(changed(), changed());
    assertThat(game.wins()).as("seed %d", SEED).isGreaterThanOrEqualTo(38);
    assertThat(game.epsilon()).isGreaterThan(1.2);
  }

  /** Both runs are the first problem's: half of the games are won, and no epsilon is ruled out. */
  @Test
  void nothingIsWonWhereNothingDiffers() throws Exception {
    DistinguishingGame.Score game = played(changed(), tables());
    assertThat(game.wins()).as("seed %d", SEED).isBetween(10, 30);
    assertThat(game.epsilon()).as("at most 1 in 20 times above 0; seed %d", SEED).isZero();
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
