package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * Asynchronous relaxed alternating directions (ADMM) on the links of the network. Agent i, active,
 * with h_j what it heard last from neighbour j, q_j what it said last to j, and x_i where it
 * stands, sets
 *
 * <pre>
 *   z_j := (1 - a) (2 x_i - q_j) + a h_j       on each of its n_i links
 *   x_i := argmin over X_i of f_i(x) + rho n_i / 2 |x - mean of z_j|^2
 *   q_j := 2 x_i - z_j,                        which it says to j and to nobody else
 * </pre>
 *
 * <p>and does nothing when idle; on a link on which it hears nothing, a is 0 at that tick. This is
 * Peaceman-Rachford splitting, relaxed, of the dual of the problem with one copy of x for each
 * agent; z_j is {@code 2 x_i - q_j}, so nobody keeps it.
 *
 * <p>Conditions: f_i convex, X_i closed convex, an optimum at which the dual is attained (the
 * interiors of the X_i meet, or they are polyhedra), network connected and undirected, every rate
 * positive, any rho above 0, 0 &lt; a &lt; 1. Then the estimates converge almost surely to one
 * optimum, also when messages are lost at random: Bastianello, Carli, Schenato and Todescato
 * (arXiv:1901.09252), on "almost sure convergence"; linearly where the f_i are smooth and strongly
 * convex. Randomized activation goes back to Iutzeler, Bianchi, Ciblat and Hachem 2013. Where
 * nothing moves, h_j + q_j = 2 x_i on all links, however late they are heard: delay moves no limit.
 *
 * <p>Cost for each active agent: one proximal step, 6 d n_i flops. It says d numbers on each link,
 * and keeps d besides the duals of its proximal step.
 *
 * @param rho the penalty, above 0
 * @param relaxation a
 */
public record AsyncAdmm(double rho, double relaxation) implements Algorithm, Recursion.Links {
  /** The first step 1 / rho that was chosen, and the relaxation that needs fewest ticks. */
  public static AsyncAdmm of(double step) {
    return new AsyncAdmm(1 / step, 0.9);
  }

  @Override
  public int says(int d) {
    return d;
  }

  @Override
  public int keeps(int d) {
    return d;
  }

  @Override
  public boolean perLink() {
    return true;
  }

  @Override
  public boolean proximal() {
    return true;
  }

  /**
   * As if z_j were x_i(0) + l_j / rho, l_j the link's dual in the run that this one starts from, 0
   * without one and on new links. Where nothing moves, the l_j of an agent sum to a subgradient of
   * f_i at x_i, and those of the two ends of a link to 0, whatever rho is.
   */
  @Override
  public void start(Turn turn) {
    int d = turn.dimension();
    int links = turn.links();
    double[] x = turn.kept();
    int xAt = turn.keptAt();
    double[] said = turn.said();
    double[] target = turn.scratch();
    System.arraycopy(x, xAt, target, 0, d);
    for (int link = 0; link < links; link++) {
      int at = turn.at() + link * d;
      for (int j = 0; j < d; j++) {
        double move = said[at + j] / rho;
        target[j] += move / links;
        said[at + j] = x[xAt + j] - move;
      }
    }
    turn.startProx(x, xAt, target, rho * Math.max(1, links));
  }

  @Override
  public AsyncAdmm stepped(double step) {
    return new AsyncAdmm(1 / step, relaxation);
  }

  /** Duals of links and estimate stay: z_j is x_i + l_j / rho with the new rho. */
  @Override
  public void resume(Turn turn, Algorithm before) {
    AsyncAdmm as = (AsyncAdmm) before;
    double[] x = turn.kept();
    double[] said = turn.said();
    for (int link = 0; link < turn.links(); link++) {
      int at = turn.at() + link * turn.dimension();
      for (int j = 0; j < turn.dimension(); j++) {
        said[at + j] = resumed(x[turn.keptAt() + j], said[at + j], as);
      }
    }
  }

  @Override
  public double dual(double estimate, double said) {
    return rho * (estimate - said);
  }

  @Override
  public void update(Turn turn) {
    int d = turn.dimension();
    int links = turn.links();
    double[] x = turn.kept();
    int xAt = turn.keptAt();
    double[] said = turn.said();
    double[] target = turn.scratch();
    Vectors.setScaled(links == 0 ? 1 : 0, x, xAt, target, 0, d);
    for (int link = 0; link < links; link++) {
      int at = turn.at() + link * d;
      double a = turn.hears(link) ? relaxation : 0;
      // minus z_j, to which twice the new estimate is added below
      Vectors.setCombined(
          2 * (a - 1),
          x,
          xAt,
          1 - a,
          turn.before(),
          turn.beforeAt() + link * d,
          -a,
          turn.heard(link),
          turn.heardAt(link),
          said,
          at,
          d);
      Vectors.addScaled(-1.0 / links, said, at, target, 0, d);
    }
    turn.prox(x, xAt, target, rho * Math.max(1, links));
    for (int link = 0; link < links; link++) {
      Vectors.addScaled(2, x, xAt, said, turn.at() + link * d, d);
    }
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public double z(double x, double q, double heard) {
    return (1 - relaxation) * (2 * x - q) + relaxation * heard;
  }

  @Override
  public double x(double z, double q) {
    return (q + z) / 2;
  }

  @Override
  public double q(double x, double z) {
    return 2 * x - z;
  }

  @Override
  public double resumed(double x, double q, Recursion.Links before) {
    return x - before.rho() / rho * (x - q);
  }

  @Override
  public double xResumed(double z, double q, Recursion.Links before) {
    double shrink = before.rho() / rho;
    return (q + shrink * z) / (1 + shrink);
  }

  @Override
  public double averagingWeight(long tick) {
    return 1;
  }

  @Override
  public int trialTicks() {
    return 60;
  }
}
