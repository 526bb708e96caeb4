package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.privacy.judge.DistinguishingGame;
import io.sotto.privacy.mechanism.Offsets;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.Squared;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Swap games of whole runs, on a ring of five, without and with offsets. */
class AuditGameTest {
  private static final int AGENTS = 5;
  private static final int ROWS = 60;

  private static Optimize action(RunSettings.Mechanism mechanism) {
    SplittableRandom random = new SplittableRandom(11);
    String[] agents = new String[ROWS];
    double[][] values = new double[ROWS][2];
    double[] labels = new double[ROWS];
    for (int r = 0; r < ROWS; r++) {
      int agent = r % AGENTS;
      agents[r] = "agent-" + agent;
      Arrays.setAll(values[r], j -> random.nextGaussian());
      labels[r] = values[r][0] * (1 + agent) - values[r][1] + random.nextGaussian();
    }
    Optimize plain =
        Optimize.of(
                RowsProblem.of(
                        MemoryRows.of(List.of("a", "b"), agents, values, labels), new Squared())
                    .l2(0.1))
            .method("async-admm")
            .maxTicks(60)
            .secret(Secret.of(new byte[32]));
    RunSettings settings = plain.settings();
    return plain.settings(settings.privacy(settings.privacy().with(mechanism)));
  }

  private static AuditSettings asked() {
    return new AuditSettings(
        AuditSettings.Adversary.NEIGHBOUR, List.of("agent-0"), 1, 0, 1, 20, 0.1, false, List.of());
  }

  private static DistinguishingGame.Score played(RunSettings.Mechanism mechanism) throws Exception {
    AuditRun runs = new AuditRun(asked(), action(mechanism));
    Prepared prepared = runs.prepare(0, false);
    Recorded first = runs.record(prepared, runs.targets(prepared), 60, text -> {});
    List<AuditGame.Swapped> games = new AuditGame(runs, asked(), Map.of()).swap(first, text -> {});
    assertThat(games).hasSize(1);
    assertThat(games.get(0).exposed()).isFalse();
    return games.get(0).score();
  }

  @Test
  void withoutProtectionTheGameIsWon() throws Exception {
    DistinguishingGame.Score score = played(RunSettings.Mechanism.NONE);
    assertThat(score.games()).isEqualTo(40);
    assertThat(score.wins()).as("%s", score).isGreaterThanOrEqualTo(36);
  }

  /** Offsets bound how often it is won, and that is more than half: so few numbers hide little. */
  @Test
  void withOffsetsItIsNotWon() throws Exception {
    DistinguishingGame.Score score = played(RunSettings.Mechanism.OFFSETS);
    assertThat(score.wins()).as("%s", score).isBetween(10, 32);
  }

  @Test
  void eachGameHasOffsetsOfItsOwn() throws Exception {
    AuditRun runs = new AuditRun(asked(), action(RunSettings.Mechanism.OFFSETS));
    double[] first = shared(runs.prepare(1_000_000, false));
    assertThat(shared(runs.prepare(1_000_001, false))).isNotEqualTo(first);
    assertThat(shared(runs.prepare(1_000_000, false))).isEqualTo(first);
  }

  private static double[] shared(Prepared prepared) {
    try (Prepared.Opened opened = prepared.open()) {
      return ((Offsets) opened.prepared().plan().mechanism()).shared(0, 1);
    }
  }
}
