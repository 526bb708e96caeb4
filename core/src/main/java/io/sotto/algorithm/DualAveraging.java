package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * Distributed dual averaging. At every tick agent i
 *
 * <pre>
 *   z_i := sum_j w_ij z_j,  t_i := sum_j w_ij t_j
 *   and, if active:
 *   z_i := z_i + g_i / p_i,  t_i := t_i + 1 / p_i,   g_i a subgradient of f_i at x_i
 *   x_i := P_X( -s(t_i) z_i )
 * </pre>
 *
 * <p>and says z_i and t_i; p_i is the rate of its clock, times the share of ticks at which it is
 * online, by which dividing gives all agents the same weight in the mean. t_i estimates the tick;
 * going the same ways as z_i, it is off by what z_i is off, and their ratio by far less.
 *
 * <p>Conditions: f_i convex and Lipschitz on X, one closed convex X for all that contains 0 or is
 * bounded, no message late, network connected and mixing matrix doubly stochastic. With steps of
 * order 1/sqrt(t) the running averages of x_i come within order log(t) / sqrt(t) of the optimum:
 * Duchi, Agarwal and Wainwright 2012, theorems 1 and 2 (all agents active, t_i the tick).
 *
 * <p>Started from an earlier run of t ticks, t_i is t and z_i is -x_i(0) / s(t), as if all
 * subgradients so far had led straight there.
 *
 * <p>Cost for each active agent: one subgradient, one projection, 3 d flops. It says d + 1 numbers,
 * and keeps x_i. What it says is a sum of subgradients, that no projection hides.
 *
 * @param step the schedule s
 */
public record DualAveraging(StepSize step) implements Algorithm, Recursion.Steps {

  @Override
  public int says(int d) {
    return d + 1;
  }

  @Override
  public int keeps(int d) {
    return d;
  }

  @Override
  public void start(Turn turn) {
    double before = turn.ticks();
    if (before > 0) {
      int d = turn.dimension();
      double[] z = turn.said();
      int at = turn.at();
      Vectors.setScaled(-1 / step.at(before), turn.kept(), turn.keptAt(), z, at, d);
      z[at + d] = before;
    }
  }

  @Override
  public void update(Turn turn) {
    double[] x = turn.kept();
    int xAt = turn.keptAt();
    double[] z = turn.said();
    int at = turn.at();
    int d = turn.dimension();
    double[] g = turn.subgradient(x, xAt);
    double weight = 1 / (turn.rate() * turn.availability());
    Vectors.addScaled(weight, g, 0, z, at, d);
    z[at + d] += weight;
    Vectors.setScaled(-step.at(z[at + d]), z, at, x, xAt, d);
    turn.project(x, xAt);
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  /** It says sums of subgradients. */
  @Override
  public boolean saysEstimate() {
    return false;
  }

  /** -1 / p: z_i grows by g_i / p. */
  @Override
  public double length(double k, double p) {
    return -1 / p;
  }

  /** 1 / p is what t_i grows by, at least 1. */
  @Override
  public double told(double[] mix, double[] said, int at) {
    int d = mix.length - 1;
    double grown = said[at + d] - mix[d];
    return grown > 0.5 ? -grown : 0;
  }

  /** -s(t_i) z_i of what it said before, 0 at first. */
  @Override
  public void point(double[] before, int at, double[] mix, double[] point) {
    int d = point.length;
    double t = before[at + d];
    Vectors.setScaled(t > 0 ? -step.at(Math.max(1, t)) : 0, before, at, point, 0, d);
  }

  @Override
  public double averagingWeight(long tick) {
    return 1;
  }
}
