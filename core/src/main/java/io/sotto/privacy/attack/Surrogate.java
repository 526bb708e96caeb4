package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.problem.LocalObjective;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Others' costs are taken to be like the adversary's own: its rows, as many times as they have
 * rows, and an unknown linear term for each agent outside, fitted through the whole network to the
 * first {@value #TICKS} ticks ({@link NetworkFit}). Which agents were active is given: this is an
 * oracle's bound, not an attack that anybody could make. Agents that are not heard are found, too.
 *
 * <p>Without a message it says the blind guess. Says nothing of more than {@value #MOST} unknowns
 * or {@value #MOST_WORK} of unknowns times links, of costs that are not smooth, or where
 * subgradients are noisy.
 */
final class Surrogate implements Attack {
  private static final int TICKS = 10;
  static final int MOST = 500;

  /** Unknowns times links: with more an adversary takes minutes. */
  private static final int MOST_WORK = 4_000;

  private final AtomicReference<@Nullable Last> last = new AtomicReference<>();

  /** The last that was fitted: victims are asked about one after the other. */
  private record Last(Knowledge knowledge, Transcript transcript, @Nullable NetworkFit fit) {}

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Last known = last.get();
    if (known == null || known.knowledge != knowledge || known.transcript != transcript) {
      known = new Last(knowledge, transcript, fit(knowledge, transcript, TICKS, false));
      last.set(known);
    }
    NetworkFit fit = known.fit;
    boolean silent = transcript.ticks() == 0;
    double[] guess = fit == null || !(silent || fit.heard()) ? null : fit.atOptimum(victim);
    return guess == null ? null : Finding.Subgradient.of(guess);
  }

  /** Null if there are too many unknowns, or the costs are none that can be fitted. */
  static @Nullable NetworkFit fit(
      Knowledge knowledge, Transcript transcript, int ticks, boolean curved) {
    LocalObjective own = knowledge.own();
    Setting setting = knowledge.setting();
    boolean exact =
        !setting.mechanism().contains("differential") && !setting.mechanism().contains("steps");
    if (own == null
        || !exact
        || setting.regularizer().penalises()
        || LikelyCosts.unknowns(knowledge, curved) > MOST
        || (long) LikelyCosts.unknowns(knowledge, curved) * setting.network().links() > MOST_WORK) {
      return null;
    }
    for (int m = 0; m < own.agents(); m++) {
      if (!Double.isFinite(own.smoothness(m))) {
        return null;
      }
    }
    return new NetworkFit(knowledge, own, transcript, ticks, curved);
  }
}
