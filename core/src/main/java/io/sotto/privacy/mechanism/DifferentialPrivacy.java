package io.sotto.privacy.mechanism;

import io.sotto.engine.Mechanism;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Rows;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  private static final double UNIT = 1e-9;

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
    if (!(costs instanceof LinearModel model)) {
      throw new BadInputException(
          "privacy.mechanism = differential-privacy knows how to clip the rows of linear models"
              + " only: choose another problem.loss, or another mechanism.");
    }
    if (model.block().weights() != null || model.block().offsets() != null) {
      throw new BadInputException(
          "privacy.mechanism = differential-privacy is for rows that all count the same: leave out"
              + " data.weight, data.offset and problem.class-weights.");
    }
    if (Math.abs(model.rowWeight() * budget.rows() - 1) > UNIT) {
      throw new IllegalStateException("the budget is for %d rows".formatted(budget.rows()));
    }
    return new Noisy(model, agents.clone(), limits(model), budget.deviation() / Budget.GRID, key);
  }

  /** By row, the slope at which its subgradient is as long as it may be, or a little less. */
  private double[] limits(LinearModel model) {
    Rows rows = model.rows();
    int n = rows.features();
    double[] limits = new double[rows.first(rows.agents())];
    double[] row = new double[n];
    double @Nullable [] shift = model.centre();
    double[] centre = shift == null ? new double[n] : shift;
    double centreSquare = Vectors.dot(centre, 0, centre, 0, n);
    for (int r = 0; r < limits.length; r++) {
      rows.addScaled(r, 1, row, 0);
      double own = rows.dot(r, row, 0);
      rows.addScaled(r, -1, row, 0);
      double square = Math.max(0, own - 2 * rows.dot(r, centre, 0) + centreSquare);
      square += UNIT * (own + centreSquare) + (model.intercept() ? 1 : 0); // more than it lost
      limits[r] = budget.clip() / Math.sqrt(square);
    }
    return limits;
  }

  /** Clipped and noisy subgradients; those that the operator measures are as they are. */
  private static final class Noisy extends WrappedObjective {
    private static final long serialVersionUID = 1;
    private static final DiscreteGaussian NOISE = new DiscreteGaussian(Budget.GRID);

    private final LinearModel model;
    private final int[] agents;
    private final double[] limits;
    private final double unit;
    private final byte[] secret;

    Noisy(LinearModel model, int[] agents, double[] limits, double unit, byte[] secret) {
      super(model);
      this.model = model;
      this.agents = agents;
      this.limits = limits;
      this.unit = unit;
      this.secret = secret;
    }

    @Override
    public LocalObjective measured() {
      return model;
    }

    @Override
    public LocalObjective with(Regularizer regularizer) {
      return new Noisy(model.with(regularizer), agents, limits, unit, secret);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      clipped(agent, x, at, out);
      Keystream bits = new Keystream(secret, agents[agent], key);
      for (int j = 0; j < dimension(); j++) {
        out[j] = unit * (Math.rint(out[j] / unit) + NOISE.next(bits));
      }
      regularize(x, at, out);
    }

    private void clipped(int agent, double[] x, int at, double[] out) {
      Rows rows = model.rows();
      int n = rows.features();
      double @Nullable [] centre = model.centre();
      double shift = model.intercept() ? x[at + n] : 0;
      shift -= centre == null ? 0 : Vectors.dot(centre, 0, x, at, n);
      double[] slope = new double[Rows.BLOCK]; // first the margins, then what becomes of them
      double total = 0;
      Arrays.fill(out, 0, dimension(), 0);
      int end = rows.first(agent + 1);
      for (int from = rows.first(agent); from < end; from += slope.length) {
        int to = Math.min(end, from + slope.length);
        rows.dots(from, to, x, at, slope);
        for (int r = from; r < to; r++) {
          double derivative = model.loss().derivative(slope[r - from] + shift, rows.label(r));
          double clipped = Math.max(-limits[r], Math.min(limits[r], derivative));
          total += slope[r - from] = model.rowWeight() * clipped;
        }
        rows.addScaled(from, to, slope, out);
      }
      if (centre != null) {
        Vectors.addScaled(-total, centre, 0, out, 0, n);
      }
      if (model.intercept()) {
        out[n] = total;
      }
    }

    private void regularize(double[] x, int at, double[] out) {
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
