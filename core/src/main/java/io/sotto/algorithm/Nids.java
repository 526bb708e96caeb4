package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * NIDS, whose step does not depend on the network, for f_i = s_i + r_i with s_i smooth and r_i the
 * l1 penalty or the set X_i. At every tick but the first agent i sets
 *
 * <pre>
 *   z_i := z_i - x_i + (u_i + sum_j w_ij u_j) / 2
 *   x_i := prox of a r_i at z_i
 *   u_i := 2 x_i - (x_i before) - a grad s_i(x_i) + a grad s_i(x_i before)
 * </pre>
 *
 * <p>and says u_i; at the first tick z_i := x_i(0) - a grad s_i(x_i(0)) instead.
 *
 * <p>Conditions: all agents active at every tick, no message late or lost, s_i convex and
 * L_i-smooth, r_i convex, network connected, mixing matrix symmetric, a &lt; 2 / L_i for all i.
 * Then all estimates converge to one optimum: Li, Shi and Yan 2019, theorem 1; linearly for
 * strongly convex s_i without r_i, theorem 2 there.
 *
 * <p>Started from an earlier run, only x_i(0) is from there: what all have gathered does not sum to
 * what it must once agents come and go.
 *
 * <p>Cost for each agent: one gradient, one prox, 10 d flops. It says d numbers, and keeps 3 d.
 *
 * @param step a, above 0
 */
public record Nids(double step) implements Algorithm, Recursion.Exact {

  @Override
  public int says(int d) {
    return d;
  }

  /** x_i, z_i, and grad s_i at x_i. */
  @Override
  public int keeps(int d) {
    return 3 * d;
  }

  @Override
  public void start(Turn turn) {
    int d = turn.dimension();
    double[] g = turn.gradient(turn.kept(), turn.keptAt());
    System.arraycopy(g, 0, turn.kept(), turn.keptAt() + 2 * d, d);
  }

  @Override
  public void update(Turn turn) {
    int d = turn.dimension();
    double[] u = turn.said();
    int at = turn.at();
    double[] before = turn.before();
    int beforeAt = turn.beforeAt();
    double[] kept = turn.kept();
    int x = turn.keptAt();
    int z = x + d;
    int g = z + d;
    boolean first = turn.updates() == 1;
    for (int j = 0; j < d; j++) {
      kept[z + j] =
          first
              ? kept[x + j] - step * kept[g + j]
              : kept[z + j] - kept[x + j] + (before[beforeAt + j] + u[at + j]) / 2;
      u[at + j] = step * kept[g + j] - kept[x + j];
      kept[x + j] = kept[z + j];
    }
    turn.proxRest(kept, x, step);
    double[] gradient = turn.gradient(kept, x);
    for (int j = 0; j < d; j++) {
      kept[g + j] = gradient[j];
      u[at + j] += 2 * kept[x + j] - step * gradient[j];
    }
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  /** It says u_i. */
  @Override
  public boolean saysEstimate() {
    return false;
  }

  /**
   * Without r_i, x_i is the mean of u_i before and its mix from the second tick on, and a g(x_i) -
   * a g(x_i before) = 2 x_i - (x_i before) - u_i; at the second tick, a g(x_i) = 2 x_i - (u_i
   * before) - u_i.
   */
  @Override
  public void solve(Heard heard, Solved to) {
    int d = heard.dimension();
    int at = heard.at();
    double[] before = new double[d];
    double[] x = new double[d];
    double[] pull = new double[d];
    for (int t = 2; t <= heard.ticks(); t++) {
      double[] mix = heard.mix(t);
      double[] last = heard.said(t - 1);
      double[] u = heard.said(t);
      for (int j = 0; j < d; j++) {
        x[j] = (last[at + j] + mix[j]) / 2;
        pull[j] =
            t == 2
                ? 2 * x[j] - last[at + j] - u[at + j]
                : pull[j] + 2 * x[j] - before[j] - u[at + j];
      }
      System.arraycopy(x, 0, before, 0, d);
      to.add(t, x, 0, 1 / step, pull);
    }
  }

  /** 2 a: of two gradients, one step apart. */
  @Override
  public double first() {
    return 2 * step;
  }

  /** Minus the sum of all u_i but the first and the last, over 2 a. */
  @Override
  public void potential(Heard heard, double[] phi) {
    for (int t = 1; t < heard.ticks(); t++) {
      Vectors.addScaled(-1 / (2 * step), heard.said(t), heard.at(), phi, 0, phi.length);
    }
  }

  @Override
  public double averagingWeight(long tick) {
    return 1;
  }
}
