package io.sotto.privacy;

import io.sotto.algorithm.IdleRule;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The recursions of the methods, solved for the subgradient: what an adversary who heard a victim
 * and all whom it hears can compute of each of its updates.
 */
final class Recursion {
  private final Knowledge knowledge;
  private final Setting setting;
  private final Transcript transcript;
  private final int d;

  Recursion(Knowledge knowledge, Transcript transcript) {
    this.knowledge = knowledge;
    this.setting = knowledge.setting();
    this.transcript = transcript;
    this.d = setting.dimension();
  }

  /** The victim's updates; null if not all around it is heard, or there are none. */
  @Nullable Samples of(int victim) {
    Samples samples =
        transcript.addressed()
            ? new LinkRecursion(knowledge, transcript).of(victim)
            : voiced(victim);
    if (samples != null) {
      samples.less(knowledge.told(victim));
    }
    return samples;
  }

  private @Nullable Samples voiced(int victim) {
    Voices voices = new Voices(knowledge, transcript);
    if (!voices.hearsAround(victim) || voices.ticks() < 2) {
      return null;
    }
    Samples samples =
        switch (setting.method()) {
          case "dual-averaging" -> sums(victim, voices);
          case "gradient-tracking" -> tracked(victim, voices);
          case "nids" -> nids(victim, voices);
          case "pg-extra" -> extra(victim, voices);
          default -> steps(victim, voices);
        };
    return samples.size() == 0 ? null : samples;
  }

  /** (v - x) / alpha, where v - x is not 0; alpha from the count of such ticks. */
  private Samples steps(int victim, Voices voices) {
    boolean push = setting.method().equals("subgradient-push");
    boolean before = setting.method().equals("synchronous-subgradient");
    double[] mixed = new double[transcript.stride()];
    double[] moved = new double[d];
    double[] sizes = new double[voices.ticks()];
    for (int t = 1; t <= voices.ticks(); t++) {
      moved(victim, t, voices, mixed, moved);
      sizes[t - 1] = Vectors.norm(moved) / setting.step().at(t);
      if (transcript.settling(t) || (holds() && stood(victim, t, voices))) {
        sizes[t - 1] = 0;
      }
    }
    double least = setting.synchronous() ? 0 : ClockReading.split(sizes);
    long active = Arrays.stream(sizes).filter(s -> s > least).count();
    double rate =
        setting.synchronous()
            ? 1
            : ClockReading.rate(knowledge, active, transcript.updatingTicks());
    Samples samples = new Samples(d);
    long count = 0;
    for (int t = 1; t <= voices.ticks(); t++) {
      if (sizes[t - 1] > least) {
        count++;
        moved(victim, t, voices, mixed, moved);
        double s = setting.step().at(count / rate);
        double alpha = holds() && !push ? s : s / rate;
        if (push) {
          Vectors.setScaled(1 / mixed[d], mixed, 0, mixed, 0, d);
        }
        if (before) {
          samples.add(t, voices.said(t - 1), voices.at(victim), 1 / alpha, moved);
        } else {
          samples.add(t, mixed, 0, 1 / alpha, moved);
        }
      }
    }
    return samples;
  }

  private boolean holds() {
    return setting.idle() == IdleRule.HOLD && !setting.synchronous();
  }

  private boolean stood(int victim, int t, Voices voices) {
    int at = voices.at(victim);
    int end = at + transcript.stride();
    return Arrays.equals(voices.said(t), at, end, voices.said(t - 1), at, end);
  }

  /** The mix of a tick, and by how much less the victim then said. */
  private void moved(int victim, int t, Voices voices, double[] mixed, double[] moved) {
    voices.mix(victim, t, mixed);
    System.arraycopy(mixed, 0, moved, 0, d);
    Vectors.addScaled(-1, voices.said(t), voices.at(victim), moved, 0, d);
  }

  /** Dual averaging: z - mix(z) = g / p, and t - mix(t) = 1 / p. */
  private Samples sums(int victim, Voices voices) {
    Samples samples = new Samples(d);
    double[] mixed = new double[d + 1];
    double[] moved = new double[d];
    double[] point = new double[d];
    for (int t = 1; t <= voices.ticks(); t++) {
      moved(victim, t, voices, mixed, moved);
      int at = voices.at(victim);
      double jump = voices.said(t)[at + d] - mixed[d];
      if (jump > 0.5) { // rates are at most 1
        double[] said = voices.said(t - 1);
        double s = said[at + d] > 0 ? setting.step().at(Math.max(1, said[at + d])) : 0;
        Vectors.setScaled(-s, said, at, point, 0, d);
        if (!knowledge.sets().isEmpty()) { // its own set, until it knows better
          double[] own = knowledge.sets().get(0).projected(point, setting.coefficients());
          System.arraycopy(own, 0, point, 0, d);
        }
        samples.add(t, point, 0, -1 / jump, moved);
      }
    }
    return samples;
  }

  /** Gradient tracking: g = y, and what mixing has taken from y so far. */
  private Samples tracked(int victim, Voices voices) {
    Samples samples = new Samples(d);
    double[] mixed = new double[2 * d];
    double[] g =
        Arrays.copyOfRange(voices.said(0), voices.at(victim) + d, voices.at(victim) + 2 * d);
    samples.add(0, voices.said(0), voices.at(victim), 1, g);
    for (int t = 1; t <= voices.ticks(); t++) {
      voices.mix(victim, t, mixed);
      Vectors.addScaled(1, voices.said(t), voices.at(victim) + d, g, 0, d);
      Vectors.addScaled(-1, mixed, d, g, 0, d);
      samples.add(t, voices.said(t), voices.at(victim), 1, g);
    }
    return samples;
  }

  /** PG-EXTRA: a g(x) = v + c - (x after), c the sum of (v - x) / 2 of all ticks before. */
  private Samples extra(int victim, Voices voices) {
    Samples samples = new Samples(d);
    double[] mixed = new double[d];
    double[] c = new double[d];
    double[] pull = new double[d];
    int at = voices.at(victim);
    for (int t = 1; t <= voices.ticks(); t++) {
      voices.mix(victim, t, mixed);
      double[] x = voices.said(t - 1);
      double[] after = voices.said(t);
      for (int j = 0; j < d; j++) {
        pull[j] = mixed[j] + c[j] - after[at + j];
        c[j] += (mixed[j] - x[at + j]) / 2;
      }
      samples.add(t, x, at, 1 / setting.step().initial(), pull);
    }
    return samples;
  }

  /**
   * NIDS: with m the mean of u and its mix a tick before, x = m from the second tick on, and a g(x)
   * - a g(x before) = 2 x - (x before) - u; at the second tick, a g = 2 x - (u before) - u.
   */
  private Samples nids(int victim, Voices voices) {
    Samples samples = new Samples(d);
    double[] mixed = new double[d];
    double[] before = new double[d];
    double[] x = new double[d];
    double[] pull = new double[d];
    int at = voices.at(victim);
    for (int t = 2; t <= voices.ticks(); t++) {
      voices.mix(victim, t, mixed);
      double[] last = voices.said(t - 1);
      double[] u = voices.said(t);
      for (int j = 0; j < d; j++) {
        x[j] = (last[at + j] + mixed[j]) / 2;
        pull[j] =
            t == 2
                ? 2 * x[j] - last[at + j] - u[at + j]
                : pull[j] + 2 * x[j] - before[j] - u[at + j];
      }
      System.arraycopy(x, 0, before, 0, d);
      samples.add(t, x, 0, 1 / setting.step().initial(), pull);
    }
    return samples;
  }
}
