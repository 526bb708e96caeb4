package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.problem.Ball;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a projection leaves. Where a set holds a victim back, inversion gives its subgradient plus
 * something normal to the set, so only the part along the set is known. This attack supposes a set
 * (the adversary's own ones, then the ball around 0 that just holds all that the victim said), and
 *
 * <ul>
 *   <li>takes the updates after which the victim stood inside the set: there nothing was added;
 *   <li>carries the subgradients of those nearest to the optimum on to it, {@code g_i(v) + k
 *       (g_A(x*) - g_A(v))}, with the k that fits best along the set, where the truth is known;
 *   <li>completes the part along the set by the normal part of that, or, if there were no such
 *       updates, of the blind guess.
 * </ul>
 *
 * <p>Says nothing about victims that are not exposed, or where nobody has a set.
 */
record Projection() implements Attack {
  private static final double OUTSIDE = 1e-6;
  private static final double INSIDE = 1e-9;
  private static final int FREE = 20;

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    if (setting.sets().isEmpty()) {
      return null;
    }
    Samples samples = new Updates(knowledge, transcript).of(victim);
    if (samples == null) {
      return null;
    }
    double[] optimum = setting.published();
    double[][] stood = stood(victim, samples, knowledge, transcript);
    ConstraintSet set = supposed(stood, knowledge);
    int n = setting.coefficients();
    int[] free = set == null ? new int[0] : inside(stood, set, n);
    double[] pull = samples.pullAt(optimum);
    NormalSpace normal = set == null ? null : new NormalSpace(set, optimum, n);
    if (normal == null || normal.isEmpty()) {
      return samples.finding(pull, free);
    }
    double[] along = minus(pull, normal.part(pull));
    double[] guess =
        free.length == 0
            ? new BlindGuess(knowledge).atOptimum(victim)
            : carried(samples, nearest(samples, free, optimum), along, normal, knowledge);
    double[] completed = along.clone();
    Vectors.addScaled(1, normal.part(guess), 0, completed, 0, completed.length);
    return samples.finding(completed, spread(free));
  }

  private static int[] spread(int[] free) {
    int shown = Math.min(free.length, FREE);
    int[] some = new int[shown];
    for (int k = 0; k < shown; k++) {
      some[k] = free[(int) ((long) k * free.length / shown)];
    }
    return some;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] c = a.clone();
    Vectors.addScaled(-1, b, 0, c, 0, c.length);
    return c;
  }

  /** Where the victim stood after each of its updates. */
  private static double[][] stood(
      int victim, Samples samples, Knowledge knowledge, Transcript transcript) {
    int d = knowledge.setting().dimension();
    boolean estimate = knowledge.setting().recursion().saysEstimate();
    int at = estimate ? transcript.message(victim) * transcript.stride() : 0;
    double[][] stood = new double[samples.size()][];
    for (int k = 0; k < stood.length; k++) {
      stood[k] =
          estimate
              ? Arrays.copyOfRange(transcript.at(samples.tick(k)), at, at + d)
              : Arrays.copyOfRange(samples.points(), samples.at(k), samples.at(k) + d);
    }
    return stood;
  }

  /** A set of the adversary's own in which the victim always stood, or a ball. */
  private static @Nullable ConstraintSet supposed(double[][] stood, Knowledge knowledge) {
    int n = knowledge.setting().coefficients();
    for (ConstraintSet own : knowledge.sets()) {
      if (Arrays.stream(stood).allMatch(x -> own.distance(x, n) <= OUTSIDE * size(x, n))) {
        return own;
      }
    }
    double most = Arrays.stream(stood).mapToDouble(x -> size(x, n)).max().orElse(0);
    long there = Arrays.stream(stood).filter(x -> size(x, n) >= most * (1 - INSIDE)).count();
    boolean ball = knowledge.setting().sets().contains("ball") && there > 1;
    return ball ? new Ball(Coordinates.NONE, most) : null;
  }

  private static double size(double[] x, int n) {
    return Math.sqrt(Vectors.dot(x, 0, x, 0, n));
  }

  /** The updates after which the victim stood inside the set, so that nothing held it back. */
  private static int[] inside(double[][] stood, ConstraintSet set, int n) {
    List<Integer> inside = new ArrayList<>();
    for (int k = 0; k < stood.length; k++) {
      if (isInside(stood[k], set, n)) {
        inside.add(k);
      }
    }
    return inside.stream().mapToInt(Integer::intValue).toArray();
  }

  /** True if small steps outwards and inwards, of the vector and of all coordinates, stay in it. */
  static boolean isInside(double[] x, ConstraintSet set, int n) {
    double size = Math.max(OUTSIDE, size(x, n));
    double[] probe = x.clone();
    for (int sign = -1; sign <= 1; sign += 2) {
      for (int j = 0; j < n; j++) {
        probe[j] = x[j] * (1 + sign * OUTSIDE);
      }
      if (set.distance(probe, n) > INSIDE * size) {
        return false;
      }
      for (int j = 0; j < n; j++) {
        probe[j] = x[j] + sign * OUTSIDE * size;
      }
      if (set.distance(probe, n) > INSIDE * size) {
        return false;
      }
    }
    return true;
  }

  private static int[] nearest(Samples samples, int[] free, double[] to) {
    return Arrays.stream(free)
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                k -> Vectors.distance(samples.points(), samples.at(k), to, 0, to.length)))
        .limit(FREE)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The mean of free subgradients, each carried on to the optimum. */
  private static double[] carried(
      Samples samples, int[] free, double[] along, NormalSpace normal, Knowledge knowledge) {
    int d = along.length;
    double[] optimum = knowledge.setting().published();
    double[] own = knowledge.ownSubgradient(optimum);
    double[] mean = new double[d];
    double total = 0;
    for (int k : free) {
      double[] point = Arrays.copyOfRange(samples.points(), samples.at(k), samples.at(k) + d);
      double[] g = Arrays.copyOfRange(samples.pulls(), samples.at(k), samples.at(k) + d);
      double[] change = minus(own, knowledge.ownSubgradient(point));
      double[] flat = minus(change, normal.part(change));
      double[] gap = minus(minus(along, g), normal.part(minus(along, g)));
      double square = Vectors.dot(flat, 0, flat, 0, d);
      double by = square == 0 ? 0 : Math.max(0, Vectors.dot(flat, 0, gap, 0, d) / square);
      Vectors.addScaled(by, change, 0, g, 0, d);
      double far = Vectors.distance(point, optimum);
      double weight = 1 / (far * far + OUTSIDE * OUTSIDE);
      Vectors.addScaled(weight, g, 0, mean, 0, d);
      total += weight;
    }
    Vectors.setScaled(1 / total, mean, 0, mean, 0, d);
    return mean;
  }
}
