package io.sotto.privacy.evidence;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Recursion;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an adversary who heard a victim and all whom it hears computes of each of its updates: the
 * method's {@link Recursion}, with what it takes to see who was active and to count.
 */
public final class Updates {
  private final Knowledge knowledge;
  private final Setting setting;
  private final Transcript transcript;
  private final int d;

  /** Those that an adversary can compute of what it knows and received. */
  public Updates(Knowledge knowledge, Transcript transcript) {
    this.knowledge = knowledge;
    this.setting = knowledge.setting();
    this.transcript = transcript;
    this.d = setting.dimension();
  }

  /** The victim's updates; null if not all around it is heard, or there are none. */
  public @Nullable Samples of(int victim) {
    Samples samples =
        setting.recursion() instanceof Recursion.Links
            ? new LinkUpdates(knowledge, transcript).of(victim)
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
    Samples samples = new Samples(d);
    if (setting.recursion() instanceof Recursion.Exact exact) {
      exact.solve(voices.of(victim, voices.ticks()), samples);
    } else if (setting.recursion() instanceof Recursion.Steps steps) {
      step(steps, victim, voices, samples);
    }
    return samples.size() == 0 ? null : samples;
  }

  /** (v - x) / alpha of each update. */
  private void step(Recursion.Steps steps, int victim, Voices voices, Samples samples) {
    double[] mixed = new double[transcript.stride()];
    double[] moved = new double[d];
    double[] point = new double[d];
    double[] lengths = lengths(steps, victim, voices);
    for (int t = 1; t <= voices.ticks(); t++) {
      if (lengths[t] != 0) {
        moved(victim, t, voices, mixed, moved);
        point(steps, knowledge, voices.said(t - 1), voices.at(victim), mixed, point);
        samples.add(t, point, 0, 1 / lengths[t], moved);
      }
    }
  }

  /** Where an agent took its subgradient, as far as the adversary's own set tells. */
  public static void point(
      Recursion.Steps steps,
      Knowledge knowledge,
      double[] before,
      int at,
      double[] mixed,
      double[] point) {
    steps.point(before, at, mixed, point);
    if (!steps.saysEstimate() && !knowledge.sets().isEmpty()) {
      double[] own = knowledge.sets().get(0).projected(point, knowledge.setting().coefficients());
      System.arraycopy(own, 0, point, 0, point.length);
    }
  }

  /** alpha by tick, 0 where the victim was idle: as it is told, or else by the count of updates. */
  private double[] lengths(Recursion.Steps steps, int victim, Voices voices) {
    double[] lengths = new double[voices.ticks() + 1];
    double[] sizes = new double[voices.ticks()];
    double[] mixed = new double[transcript.stride()];
    double[] moved = new double[d];
    for (int t = 1; t <= voices.ticks(); t++) {
      moved(victim, t, voices, mixed, moved);
      lengths[t] = steps.told(mixed, voices.said(t), voices.at(victim));
      boolean idle = transcript.settling(t) || (holds() && stood(victim, t, voices));
      sizes[t - 1] = idle ? 0 : Vectors.norm(moved) / Math.abs(steps.length(t, 1));
    }
    if (!Double.isNaN(lengths[1])) {
      return lengths;
    }
    double least = setting.synchronous() ? 0 : ClockReading.split(sizes);
    long active = Arrays.stream(sizes).filter(s -> s > least).count();
    double rate =
        setting.synchronous()
            ? 1
            : ClockReading.rate(knowledge, active, transcript.updatingTicks());
    long count = 0;
    for (int t = 1; t <= voices.ticks(); t++) {
      boolean moves = sizes[t - 1] > least;
      count += moves ? 1 : 0;
      lengths[t] = moves ? steps.length(count / rate, rate) : 0;
    }
    return lengths;
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
}
