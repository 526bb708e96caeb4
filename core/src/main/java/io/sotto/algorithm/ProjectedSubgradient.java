package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * The distributed subgradient projection asynchronous algorithm. At every tick, with v_i = sum_j
 * w_ij x_j, agent i
 *
 * <pre>
 *   active:      x_i := P_Xi( v_i - alpha_i g_i ),   g_i a subgradient of f_i at v_i
 *   idle, mix:   x_i := v_i
 *   idle, hold:  x_i stays
 *
 *   mix:   alpha_i = s(Gamma_i / (p_i u_i)) / (p_i u_i)
 *   hold:  alpha_i = s(Gamma_i / (p_i u_i)) / u_i
 * </pre>
 *
 * <p>Gamma_i counts i's own updates, p_i is the rate of its own clock and u_i the share of ticks at
 * which it is online, so Gamma_i / (p_i u_i) is its estimate of the tick, which it does not know.
 * Under {@code mix} dividing the step by p_i u_i makes the mean step per tick s for everybody.
 * Under {@code hold} i hears j at p_i u_i u_j of all ticks and j hears i at p_j u_j u_i, so a
 * rarely active agent's share of the limit is proportional to 1 / p_i, which makes up for its rarer
 * steps; being offline keeps both from hearing, and changes no share. Either way the limit is the
 * optimum of the plain sum of the f_i.
 *
 * <p>Conditions: f_i convex with bounded subgradients on X_i, X_i closed convex with a common
 * point, network connected and mixing matrix doubly stochastic, s square-summable and not summable.
 * Then all estimates converge almost surely to one optimum: Lou, Yu and Wang 2018
 * (arXiv:1512.08822). With all agents always active: Nedic, Ozdaglar and Parrilo 2010, proposition
 * 5; without sets, Nedic and Ozdaglar 2009.
 *
 * <p>Started from an earlier run, the count of ticks goes on from there, and with it s, unless s
 * has a course, which begins anew.
 *
 * <p>Where costs are not convex, nothing is proved of the optimum; the run ends near a stationary
 * point. Coordinates that are {@link Turn#direct} are moved by g_i, whatever the first step.
 *
 * <p>Cost for each active agent: one subgradient, one projection, 2 d flops. It says d numbers.
 *
 * @param idle what idle agents do
 * @param step the schedule s
 */
public record ProjectedSubgradient(IdleRule idle, StepSize step)
    implements Algorithm, Recursion.Steps {

  /** For subgradients of models, which are shortened to a length of about 1. */
  static final double USUAL = 0.5;

  @Override
  public int says(int d) {
    return d;
  }

  @Override
  public void update(Turn turn) {
    double[] x = turn.said();
    int at = turn.at();
    double rate = turn.rate() * turn.availability();
    double s = step.at(turn);
    double alpha = s / (idle == IdleRule.MIX ? rate : turn.availability());
    double[] g = turn.subgradient(x, at);
    int d = turn.dimension();
    int n = d - turn.direct();
    Vectors.addScaled(-alpha, g, 0, x, at, n);
    Vectors.addScaled(-step.direct(turn), g, n, x, at + n, d - n);
    turn.project(x, at);
  }

  @Override
  public double usualStep(int agents) {
    return USUAL * agents;
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public boolean saysEstimate() {
    return true;
  }

  /** s(k) / p under {@code mix}, s(k) under {@code hold}. */
  @Override
  public double length(double k, double p) {
    return idle == IdleRule.MIX ? step.at(k) / p : step.at(k);
  }

  /** v_i. */
  @Override
  public void point(double[] before, int at, double[] mix, double[] point) {
    System.arraycopy(mix, 0, point, 0, point.length);
  }

  @Override
  public double averagingWeight(long tick) {
    return step.at(tick);
  }
}
