package io.sotto.privacy.mechanism;

import io.sotto.engine.Mechanism;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;

/**
 * Differential privacy: at each update agent i uses, in place of a subgradient of f_i at v,
 *
 * <pre>
 *   g = 1/M sum over i's rows of clip( subgradient of the row's loss at v )  +  regularizer's  +  noise
 *   clip(h) = h min(1, C / |h|),   noise: discrete Gaussian of deviation s in each coordinate
 * </pre>
 *
 * <p>Guarantee. Two tables are neighbours if they differ in one row of one agent. Then one g moves
 * by at most D = 2 C / M, so it has Renyi divergence at most a D^2 / (2 s^2) of order a (Canonne,
 * Kamath and Steinke 2020, theorem 14). All that agent i says, at all ticks, on all links, whatever
 * others say, is computed from its g's and from what it hears: adaptive composition adds up its
 * updates (Mironov 2017, proposition 1), and mixing, steps, projections, idle ticks and the final
 * estimate are post-processing. That is no weaker than noise on the messages themselves: whoever
 * saw the g's outright could compute all messages, so what holds of the g's holds of these, and of
 * whatever is said in them however often and to whomever. So after G updates every coalition of
 * other agents has seen of a row no more than G D^2 / (2 s^2) says, and {@link Budget} ends the run
 * before that exceeds (epsilon, delta). Agents hold different rows, so each has a budget of its
 * own. Whoever holds k rows of one person protects that person k times less. Public are, and stay:
 * who holds how many rows, the clocks, the network. Not covered is what the operator measures: F,
 * and which of three candidates is the lowest.
 *
 * <p>Convergence. For linear models a clipped subgradient is one of another convex cost, in which
 * the row's loss goes on straight where its slope reaches C / |row|; with noise it is unbiased for
 * that. Noise enters by the step, so what an agent says is off by alpha s, which shrinks as the
 * schedule does: where sum alpha^2 is finite, estimates would converge almost surely to the optimum
 * of the clipped cost (Ram, Nedic and Veeravalli 2010). Wang and Nedic (arXiv:2202.01113) put noise
 * on the estimates instead, which adds up in the mixing, so they weaken the mixing in time; that is
 * not needed here. Within a finite budget nobody converges: two neighbouring tables have different
 * optima, and who could see both to the last digit could tell the tables apart. A finite number of
 * updates leaves an error of the order of s sqrt(d / updates). Noise s that grows in time, so that
 * the budget lasts for ever (sum 1/s^2 finite), makes sum alpha^2 s^2 infinite for every schedule
 * that is not summable.
 *
 * <p>Cost: the subgradient's, and about 0.3 microseconds for each coordinate.
 */
public final class DifferentialPrivacy implements Mechanism {
  private static final long serialVersionUID = 1;

  private final Budget budget;
  private final byte[] key;

  /**
   * @param budget noise and clipping
   * @param secret of the noise
   * @param run names all that messages depend on; with the same noise, two runs must say the same
   */
  public DifferentialPrivacy(Budget budget, Secret secret, String run) {
    this.budget = budget;
    this.key = secret.key("differential-privacy", run);
  }

  @Override
  public LocalObjective over(int[] agents, LocalObjective costs) {
    ClippedRows rows =
        ClippedRows.of(
            costs, budget.clip(), budget.rows(), "privacy.mechanism = differential-privacy");
    return new Noisy(rows, agents.clone(), budget.deviation() / Budget.GRID, key);
  }

  /** Clipped and noisy subgradients; those that the operator measures are as they are. */
  private static final class Noisy extends WrappedObjective {
    private static final long serialVersionUID = 1;
    private static final DiscreteGaussian NOISE = new DiscreteGaussian(Budget.GRID);

    private final ClippedRows rows;
    private final int[] agents;
    private final double unit;
    private final byte[] secret;

    Noisy(ClippedRows rows, int[] agents, double unit, byte[] secret) {
      super(rows.model());
      this.rows = rows;
      this.agents = agents;
      this.unit = unit;
      this.secret = secret;
    }

    @Override
    public LocalObjective measured() {
      return rows.model();
    }

    @Override
    public LocalObjective with(Regularizer regularizer) {
      return new Noisy(rows.with(regularizer), agents, unit, secret);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      rows.sum(agent, x, at, out);
      Keystream bits = new Keystream(secret, agents[agent], key);
      for (int j = 0; j < dimension(); j++) {
        out[j] = unit * (Math.rint(out[j] / unit) + NOISE.next(bits));
      }
      regularize(x, at, out);
    }

    private void regularize(double[] x, int at, double[] out) {
      LinearModel model = rows.model();
      int n = model.rows().features();
      Vectors.addScaled(model.agentWeight() * model.regularizer().l2(), x, at, out, 0, n);
      model.regularizer().addPenalty(model.agentWeight(), x, at, out, n);
    }

    /** No method that wants one supports this mechanism. */
    @Override
    public void gradient(int agent, long key, double[] x, int at, double[] out) {
      throw new IllegalStateException("this method does not go with differential privacy");
    }

    /** Nobody who wants it supports this mechanism. */
    @Override
    public Proximal proximal() {
      throw new IllegalStateException("this method does not go with differential privacy");
    }
  }
}
