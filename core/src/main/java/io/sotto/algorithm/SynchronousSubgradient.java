package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * The synchronous distributed subgradient method, the baseline that leaks. At tick k agent i sets
 *
 * <pre>
 *   x_i := P_X( sum_j w_ij x_j - s(k) g_i ),   g_i a subgradient of f_i at the x_i before
 * </pre>
 *
 * <p>Conditions: all agents active at every tick, f_i convex with bounded subgradients on X, one
 * closed convex X for all, network connected and mixing matrix doubly stochastic, s square-summable
 * and not summable. Then all estimates converge to one optimum: Nedic and Ozdaglar 2009 for a
 * constant step, to within its size; Nedic, Ozdaglar and Parrilo 2010, proposition 5, for a set and
 * diminishing ones, with g_i at the mix.
 *
 * <p>Started from an earlier run, k goes on from there.
 *
 * <p>Cost for each agent: one subgradient, one projection, 2 d flops. It says d numbers, and keeps
 * what it said. Who hears all of i's neighbours and i knows g_i outright.
 *
 * @param step the schedule s
 */
public record SynchronousSubgradient(StepSize step) implements Algorithm, Recursion.Steps {

  @Override
  public int says(int d) {
    return d;
  }

  @Override
  public void update(Turn turn) {
    double[] g = turn.subgradient(turn.before(), turn.beforeAt());
    double[] x = turn.said();
    int at = turn.at();
    int d = turn.dimension();
    int n = d - turn.direct();
    Vectors.addScaled(-step.at(turn) / turn.availability(), g, 0, x, at, n);
    Vectors.addScaled(-step.direct(turn), g, n, x, at + n, d - n);
    turn.project(x, at);
  }

  @Override
  public double usualStep(int agents) {
    return ProjectedSubgradient.USUAL * agents;
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public boolean saysEstimate() {
    return true;
  }

  /** s(k) / p, p being 1 but where agents are offline. */
  @Override
  public double length(double k, double p) {
    return step.at(k) / p;
  }

  /** The x_i before. */
  @Override
  public void point(double[] before, int at, double[] mix, double[] point) {
    System.arraycopy(before, at, point, 0, point.length);
  }

  @Override
  public double averagingWeight(long tick) {
    return step.at(tick);
  }
}
