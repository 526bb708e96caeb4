package io.sotto.privacy.evidence;

import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Vectors;

/**
 * The best estimate of another agent's subgradient from public knowledge and the adversary's own
 * rows, without a single message:
 *
 * <pre>
 *   (G(x) - g_A(x)) / (N - |A|),   G(x) = G + N / |A| (g_A(x) - g_A(x*))
 * </pre>
 *
 * <p>where g_A is the sum of the members' own subgradients, x* the published solution, and G the
 * sum of all subgradients there: 0 without sets, with them the part of -N / |A| g_A that is normal
 * to the adversary's own set, by sign. What others have left is shared equally among them, since
 * nobody knows who holds how many rows; away from x* all costs are taken to be as curved as the
 * adversary's own. Without members it is 0.
 */
public final class BlindGuess {
  private static final double TINY = 1e-4;

  private final Knowledge knowledge;
  private final double[] own;
  private final double[] sum;

  /** That of an adversary. */
  public BlindGuess(Knowledge knowledge) {
    this.knowledge = knowledge;
    this.own = knowledge.ownSubgradient(knowledge.setting().published());
    this.sum = sum(knowledge, own);
  }

  private static double[] sum(Knowledge knowledge, double[] own) {
    double[] sum = new double[own.length];
    double size = Vectors.norm(own);
    if (knowledge.setting().sets().isEmpty() || knowledge.sets().isEmpty() || size == 0) {
      return sum;
    }
    ConstraintSet set = knowledge.sets().get(0);
    int n = knowledge.setting().coefficients();
    double[] x = set.projected(knowledge.setting().published(), n);
    double far = TINY * Math.max(1, Vectors.norm(x)) / size;
    double[] beyond = x.clone();
    Vectors.addScaled(-far, own, 0, beyond, 0, own.length);
    double[] back = set.projected(beyond, n);
    double share = knowledge.setting().agents() / (double) knowledge.adversary().members().length;
    for (int j = 0; j < n; j++) {
      sum[j] = -share * (beyond[j] - back[j]) / far;
    }
    return sum;
  }

  /** At the published solution. */
  public double[] atOptimum() {
    return of(own);
  }

  /** At any point. */
  public double[] at(double[] x) {
    return of(knowledge.ownSubgradient(x));
  }

  private double[] of(double[] ownThere) {
    int members = knowledge.adversary().members().length;
    int others = knowledge.setting().agents() - members;
    double[] guess = new double[own.length];
    for (int j = 0; j < guess.length; j++) {
      double total = sum[j];
      if (members > 0) {
        total += knowledge.setting().agents() / (double) members * (ownThere[j] - own[j]);
      }
      guess[j] = (total - ownThere[j]) / others;
    }
    return guess;
  }
}
