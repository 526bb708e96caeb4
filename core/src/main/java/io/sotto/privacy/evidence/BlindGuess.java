package io.sotto.privacy.evidence;

import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Vectors;

/**
 * The best estimate of another agent's subgradient from public knowledge and the adversary's own
 * rows, without a single message:
 *
 * <pre>
 *   g_i(x) = r(x) + (n_i / rows of others) (G(x) - g_A(x) - (N - |A|) r(x)),
 *   G(x) = G + (all rows / rows of A) (g_A(x) - g_A(x*))
 * </pre>
 *
 * <p>where g_A is the sum of the members' own subgradients, r an agent's share of the regularizer's
 * gradient, x* the published solution, and G the sum of all subgradients there: 0 without sets,
 * with them the part of -(all rows / rows of A) g_A that is normal to the adversary's own set, by
 * sign. What others have left is shared in proportion to their rows where it is public who holds
 * how many, else equally; away from x* all rows are taken to be as curved as the adversary's own.
 * Without members it is 0.
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
    double share = knowledge.setting().times(knowledge.adversary().members());
    for (int j = 0; j < n; j++) {
      sum[j] = -share * (beyond[j] - back[j]) / far;
    }
    return sum;
  }

  /** That of an agent at the published solution. */
  public double[] atOptimum(int victim) {
    return of(victim, knowledge.setting().published(), own);
  }

  /** That of an agent at any point. */
  public double[] at(int victim, double[] x) {
    return of(victim, x, knowledge.ownSubgradient(x));
  }

  /** Another guess at the published solution: the agent's rows are like the adversary's own. */
  public double[] likeOwn(int victim) {
    Setting setting = knowledge.setting();
    int[] members = knowledge.adversary().members();
    double[] penalty = knowledge.penalty(setting.published());
    double ratio = setting.ratio(victim, members);
    double[] guess = penalty.clone();
    for (int j = 0; j < guess.length; j++) {
      guess[j] += ratio * (own[j] - members.length * penalty[j]);
    }
    return guess;
  }

  private double[] of(int victim, double[] x, double[] ownThere) {
    Setting setting = knowledge.setting();
    int[] members = knowledge.adversary().members();
    double[] guess = new double[own.length];
    if (members.length == 0) {
      return guess;
    }
    int others = setting.agents() - members.length;
    double[] penalty = knowledge.penalty(x);
    double share = setting.share(victim, members);
    double times = setting.times(members);
    double[] shrunk = knowledge.penalty(setting.published());
    for (int j = 0; j < guess.length; j++) {
      // the penalty's part is known, and the same for all
      double rows = ownThere[j] - own[j] - members.length * (penalty[j] - shrunk[j]);
      double total = sum[j] + times * rows + setting.agents() * (penalty[j] - shrunk[j]);
      guess[j] = penalty[j] + share * (total - ownThere[j] - others * penalty[j]);
    }
    return guess;
  }
}
