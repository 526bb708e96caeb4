package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * The subgradient-push method, for directed networks. At every tick, with w_ij the share of what j
 * has that it passes to i, agent i
 *
 * <pre>
 *   v_i := sum_j w_ij x_j,   y_i := sum_j w_ij y_j,   z_i := v_i / y_i
 *   active:  x_i := v_i - s(Gamma_i / p_i) / p_i g_i,   g_i a subgradient of f_i at z_i
 *   idle:    x_i := v_i
 * </pre>
 *
 * <p>and says x_i and y_i, which is 1 at first. What agents have is passed on whole, so z_i tends
 * to the mean of all x, however unevenly the network passes it on. Gamma_i counts i's updates and
 * p_i is the rate of its clock.
 *
 * <p>Conditions: no sets, f_i convex with bounded subgradients, network strongly connected, each
 * column of the mixing matrix sums to 1, s square-summable and not summable. Then all z_i converge
 * to one optimum: Nedic and Olshevsky 2015, theorem 1 (all agents active).
 *
 * <p>Started from an earlier run, x_i is its estimate, y_i is 1, and the count of ticks goes on.
 *
 * <p>Cost for each active agent: one subgradient, 3 d flops. It says d + 1 numbers, and keeps z_i.
 *
 * @param step the schedule s
 */
public record SubgradientPush(StepSize step) implements Algorithm, Recursion.Steps {

  @Override
  public int says(int d) {
    return d + 1;
  }

  /** z_i. */
  @Override
  public int keeps(int d) {
    return d;
  }

  @Override
  public void start(Turn turn) {
    int d = turn.dimension();
    System.arraycopy(turn.kept(), turn.keptAt(), turn.said(), turn.at(), d);
    turn.said()[turn.at() + d] = 1;
  }

  @Override
  public void update(Turn turn) {
    mix(turn);
    double[] g = turn.subgradient(turn.kept(), turn.keptAt());
    double rate = turn.rate() * turn.availability();
    double alpha = step.at(turn.ticks()) / rate;
    Vectors.addScaled(-alpha, g, 0, turn.said(), turn.at(), turn.dimension());
  }

  @Override
  public void mix(Turn turn) {
    int d = turn.dimension();
    double y = turn.said()[turn.at() + d];
    Vectors.setScaled(1 / y, turn.said(), turn.at(), turn.kept(), turn.keptAt(), d);
  }

  /** Without updates, passing on makes all agents agree on the mean. */
  @Override
  public boolean agreesByMixing() {
    return true;
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  /** It says x_i and y_i; its estimate is z_i. */
  @Override
  public boolean saysEstimate() {
    return false;
  }

  /** s(k) / p. */
  @Override
  public double length(double k, double p) {
    return step.at(k) / p;
  }

  /** v_i / y_i. */
  @Override
  public void point(double[] before, int at, double[] mix, double[] point) {
    int d = point.length;
    Vectors.setScaled(1 / mix[d], mix, 0, point, 0, d);
  }

  @Override
  public double averagingWeight(long tick) {
    return step.at(tick);
  }
}
