package io.sotto.privacy.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.judge.Staged;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An adversary has what came to it when it came, and no more. */
class TranscriptTest {
  private static final long SEED = 12;
  private static final int AGENTS = 6;
  private static final int DIMENSION = 3;
  private static final int TICKS = 60;
  private static final Quadratics COSTS = Quadratics.random(AGENTS, DIMENSION, SEED);

  private static Staged staged(Channel channel) {
    Plan plan = Setup.of(COSTS).on(Setup.network("ring", AGENTS, Map.of())).plan().through(channel);
    return Staged.run(plan, COSTS, "async-projected-subgradient", 0.5, TICKS, List.of());
  }

  private static double[] words(Transcript transcript, int agent, int tick) {
    int at = transcript.message(agent) * transcript.stride();
    return Arrays.copyOfRange(transcript.at(tick), at, at + DIMENSION);
  }

  @Test
  void messagesThatAreLostOrLateAreNotReceivedBefore() {
    Channel channel =
        new Channel(SEED, 0.4, 1, Schedule.ALWAYS, Delay.of(Delay.Model.CONSTANT, 2), Outages.NONE);
    Staged staged = staged(channel);
    Transcript all = staged.transcript(new Adversary.Eavesdropper());
    Transcript one = staged.transcript(new Adversary.Neighbour(0));
    int newest = 0;
    int lost = 0;
    for (int t = 1; t < TICKS; t++) {
      int late = channel.late(0, 1, t + 1L);
      newest = late == Channel.UNHEARD ? newest : Math.max(newest, t - late);
      lost += late == Channel.UNHEARD ? 1 : 0;
      assertThat(words(one, 1, t))
          .as("tick %d, seed %d", t, SEED)
          .containsExactly(words(all, 1, newest));
      assertThat(words(one, 0, t)).as("its own").containsExactly(words(all, 0, t));
    }
    assertThat(lost).as("of %d, seed %d", TICKS, SEED).isBetween(12, 36);
    assertThat(one.message(2)).as("agent 2 is two links away").isNegative();
  }

  /** Nobody else knows what was lost, but the mean is known, and errors average out. */
  @Test
  void exposedVictimsLeakThroughLossyLinks() {
    Channel channel = new Channel(SEED, 0.2, 1, Schedule.ALWAYS, Delay.NONE, Outages.NONE);
    Plan plan =
        Setup.of(COSTS).on(Setup.network("complete", AGENTS, Map.of())).plan().through(channel);
    Staged staged = Staged.run(plan, COSTS, "async-projected-subgradient", 0.5, 2000, List.of());
    Leak leak = staged.audited("inversion", COSTS, 0.1).exposed().atOptimum();
    assertThat(leak == null ? 0 : leak.median()).as("seed %d", SEED).isGreaterThan(0.3);
  }
}
