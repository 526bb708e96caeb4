package io.sotto.privacy;

import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import org.hipparchus.special.Beta;

/**
 * The game that differential privacy is defined by: two problems differ in one row of the victim,
 * one of them is run, and the adversary, who knows both and all else that an adversary knows, says
 * which. Its test is of the likelihood ratio: of the updates that it can solve for ({@link
 * Recursion}), or, of a victim that is not exposed, of the first step that it heard ({@link
 * FirstStep}), how far they are from the subgradients of the one and of the other,
 *
 * <pre>
 *   sum of |pull - g_0(point)|^2 - |pull - g_1(point)|^2,   above 0: it is problem 1
 * </pre>
 *
 * <p>which is the logarithm of the ratio, but for a factor, where all errors are normal and alike.
 * Ties are lost. Of a mechanism with privacy (epsilon, delta), P(says 1 | 1) is at most e^epsilon
 * P(says 1 | 0) + delta, and the same of 0: what epsilon is at least, at 95 % confidence, follows
 * from bounds of both chances (Clopper and Pearson 1934). So few games bound epsilon only so far:
 * 20 of each, all won, by 1.6.
 *
 * <p>Costs two runs and a subgradient of both for each update and game.
 */
public final class DistinguishingGame {
  private static final double TAIL = 0.025;

  private final Runs runs;
  private final LocalObjective zero;
  private final LocalObjective one;
  private final double delta;

  /** What an adversary makes of a run. */
  public record Heard(Knowledge knowledge, Transcript transcript) {}

  /** Runs one of the two problems. */
  @FunctionalInterface
  public interface Runs {
    /**
     * Runs it, and listens.
     *
     * @param other which of the two
     * @param seed of the run; no two runs share one
     */
    Heard run(boolean other, long seed);
  }

  /**
   * @param runs the two problems
   * @param zero the victim's cost in the one
   * @param one and in the other
   * @param delta what may go wrong for privacy to hold nonetheless
   */
  public DistinguishingGame(Runs runs, LocalObjective zero, LocalObjective one, double delta) {
    this.runs = runs;
    this.zero = zero;
    this.one = one;
    this.delta = delta;
  }

  /** Plays so many games with each of the two. */
  public Finding.Game play(int victim, int each, long seed) {
    int falsely = 0;
    int rightly = 0;
    int lost = 0;
    for (int k = 0; k < each; k++) {
      double first = evidence(victim, runs.run(false, seed + 2L * k));
      double second = evidence(victim, runs.run(true, seed + 2L * k + 1));
      falsely += first > 0 ? 1 : 0;
      rightly += second > 0 ? 1 : 0;
      lost += first == 0 ? 1 : 0;
    }
    int wins = each - falsely - lost + rightly;
    double says = epsilon(lower(rightly, each), upper(falsely, each));
    double denies = epsilon(lower(each - falsely, each), upper(each - rightly, each));
    return new Finding.Game(2 * each, wins, Math.max(0, Math.max(says, denies)));
  }

  private double epsilon(double right, double wrong) {
    return right > delta ? Math.log((right - delta) / wrong) : 0;
  }

  /** How much more a run looks like the second problem's; 0 if it says nothing. */
  private double evidence(int victim, Heard heard) {
    int d = heard.knowledge().setting().dimension();
    Samples samples = new Recursion(heard.knowledge(), heard.transcript()).of(victim);
    if (samples != null) {
      double sum = 0;
      for (int k = 0; k < samples.size(); k++) {
        sum += evidence(samples.points(), samples.pulls(), samples.at(k), d);
      }
      return sum;
    }
    Finding first = new FirstStep().on(victim, heard.knowledge(), heard.transcript());
    return first instanceof Finding.Subgradient g && g.ticks().length > 0
        ? evidence(g.points(), g.alongRun(), 0, d)
        : 0;
  }

  private double evidence(double[] points, double[] pulls, int at, int d) {
    double[] g = new double[d];
    zero.subgradient(0, 0, points, at, g);
    double off = Vectors.distance(pulls, at, g, 0, d);
    one.subgradient(0, 0, points, at, g);
    double other = Vectors.distance(pulls, at, g, 0, d);
    return off * off - other * other;
  }

  /** No chance above this fits so few of so many, at 97.5 %. */
  static double upper(int hits, int of) {
    return hits == of ? 1 : quantile(1 - TAIL, hits + 1, of - hits);
  }

  /** No chance below this fits so many, at 97.5 %. */
  static double lower(int hits, int of) {
    return hits == 0 ? 0 : quantile(TAIL, hits, of - hits + 1);
  }

  private static double quantile(double at, double a, double b) {
    double low = 0;
    double high = 1;
    for (int k = 0; k < 60; k++) {
      double middle = (low + high) / 2;
      if (Beta.regularizedBeta(middle, a, b) < at) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
