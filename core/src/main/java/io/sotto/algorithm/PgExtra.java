package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * PG-EXTRA, for f_i = s_i + r_i with s_i smooth and r_i the l1 penalty or the set X_i. At every
 * tick, with v_i = sum_j w_ij x_j, agent i sets
 *
 * <pre>
 *   z_i := v_i - a grad s_i(x_i) + c_i
 *   c_i := c_i + (v_i - x_i) / 2,                    at first 0
 *   x_i := prox of a r_i at z_i
 * </pre>
 *
 * <p>and says x_i. This is the published recursion with the second mixing matrix (I + W) / 2,
 * summed over ticks: c_i is the sum of all that agreement has asked for so far.
 *
 * <p>Conditions: all agents active at every tick, no message late or lost, s_i convex and
 * L_i-smooth, r_i convex, network connected, mixing matrix symmetric with least eigenvalue l, a
 * &lt; (1 + l) / max L_i. Then all estimates converge to one optimum: Shi, Ling, Wu and Yin 2015,
 * "A proximal gradient algorithm for decentralized composite optimization", theorem 1.
 *
 * <p>Started from an earlier run, only x_i(0) is from there, and c_i is 0: the sum of all c_i must
 * be 0, also once agents have come and gone.
 *
 * <p>Cost for each agent: one gradient, one prox, 6 d flops. It says d numbers, and keeps 2 d.
 *
 * @param step a, above 0
 */
public record PgExtra(double step) implements Algorithm, Recursion.Exact {

  @Override
  public int says(int d) {
    return d;
  }

  /** x_i and c_i. */
  @Override
  public int keeps(int d) {
    return 2 * d;
  }

  @Override
  public void start(Turn turn) {
    System.arraycopy(turn.kept(), turn.keptAt(), turn.said(), turn.at(), turn.dimension());
  }

  @Override
  public void update(Turn turn) {
    int d = turn.dimension();
    double[] v = turn.said();
    int at = turn.at();
    double[] kept = turn.kept();
    int x = turn.keptAt();
    int c = x + d;
    double[] g = turn.gradient(kept, x);
    for (int j = 0; j < d; j++) {
      double z = v[at + j] - step * g[j] + kept[c + j];
      kept[c + j] += (v[at + j] - kept[x + j]) / 2;
      kept[x + j] = z;
    }
    turn.proxRest(kept, x, step);
    System.arraycopy(kept, x, v, at, d);
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public boolean saysEstimate() {
    return true;
  }

  /** a g(x_i) = v_i + c_i - (x_i after). */
  @Override
  public void solve(Heard heard, Solved to) {
    int d = heard.dimension();
    int at = heard.at();
    double[] c = new double[d];
    double[] pull = new double[d];
    for (int t = 1; t <= heard.ticks(); t++) {
      double[] v = heard.mix(t);
      double[] x = heard.said(t - 1);
      double[] after = heard.said(t);
      for (int j = 0; j < d; j++) {
        pull[j] = v[j] + c[j] - after[at + j];
        c[j] += (v[j] - x[at + j]) / 2;
      }
      to.add(t, x, at, 1 / step, pull);
    }
  }

  /** a. */
  @Override
  public double first() {
    return step;
  }

  /** Minus the sum of all x_i over 2 a, the last one counted twice. */
  @Override
  public void potential(Heard heard, double[] phi) {
    int last = heard.ticks();
    for (int t = 0; t < last; t++) {
      Vectors.addScaled(-1 / (2 * step), heard.said(t), heard.at(), phi, 0, phi.length);
    }
    Vectors.addScaled(-1 / step, heard.said(last), heard.at(), phi, 0, phi.length);
  }

  @Override
  public double averagingWeight(long tick) {
    return 1;
  }
}
