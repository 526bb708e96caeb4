package io.sotto.privacy.attack;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Recursion;
import io.sotto.privacy.evidence.ClockReading;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.LinkUpdates;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Voices;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which ticks a victim was active at, and at what rate. Under {@code hold}, and on links, who is
 * idle says the same again. Under {@code mix}, who is idle says the mix: to the last bit where all
 * around it is heard; where not, what is not heard is taken to be what the victim itself said, and
 * ticks fall into those at which the victim moved along its usual direction by a step, and those at
 * which it did not (two groups of least variance).
 *
 * <p>Says nothing where all agents are active at all ticks.
 */
record ClockInference() implements Attack {
  @Override
  public String about() {
    return "clock";
  }

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    if (knowledge.setting().synchronous()) {
      return null;
    }
    BitSet active =
        knowledge.setting().recursion() instanceof Recursion.Links
            ? onLinks(victim, knowledge, transcript)
            : said(victim, knowledge, transcript);
    if (active == null) {
      return null;
    }
    for (int t = 1; t <= transcript.ticks(); t++) {
      active.set(t, active.get(t) && !transcript.settling(t));
    }
    return new Finding.Clock(
        active, ClockReading.rate(knowledge, active.cardinality(), transcript.updatingTicks()));
  }

  private static @Nullable BitSet onLinks(int victim, Knowledge knowledge, Transcript transcript) {
    double[][] x = new LinkUpdates(knowledge, transcript).estimates(victim);
    if (x == null) {
      return null;
    }
    BitSet active = new BitSet();
    for (int t = 1; t < x.length; t++) {
      active.set(t, x[t] != x[t - 1]);
    }
    return active;
  }

  private static @Nullable BitSet said(int victim, Knowledge knowledge, Transcript transcript) {
    Voices voices = new Voices(knowledge, transcript);
    if (!voices.hears(victim)) {
      return null;
    }
    Setting setting = knowledge.setting();
    int stride = transcript.stride();
    int at = voices.at(victim);
    BitSet active = new BitSet();
    double[] mixed = new double[stride];
    double[] sizes = new double[voices.ticks()];
    double[] usual = new double[stride];
    double[][] moved = new double[voices.ticks()][];
    for (int t = 1; t <= voices.ticks(); t++) {
      double[] x = voices.said(t);
      double[] before = voices.said(t - 1);
      if (setting.idle() == IdleRule.HOLD) {
        active.set(t, !Arrays.equals(x, at, at + stride, before, at, at + stride));
        continue;
      }
      double missing = voices.mix(victim, t, mixed);
      Vectors.addScaled(missing, before, at, mixed, 0, stride);
      Vectors.addScaled(-1, x, at, mixed, 0, stride);
      moved[t - 1] = mixed.clone();
      sizes[t - 1] = Vectors.norm(mixed);
      Vectors.addScaled(1 / setting.step().at(t), mixed, 0, usual, 0, stride);
    }
    if (setting.idle() == IdleRule.MIX) {
      if (!voices.hearsAround(victim)) {
        for (int t = 1; t <= voices.ticks(); t++) {
          double along = Vectors.dot(moved[t - 1], 0, usual, 0, stride);
          sizes[t - 1] = along / setting.step().at(t);
        }
      }
      double least = voices.hearsAround(victim) ? 0 : ClockReading.Groups.of(sizes).between();
      for (int t = 1; t <= voices.ticks(); t++) {
        active.set(t, sizes[t - 1] > least);
      }
    }
    return active;
  }
}
