package io.sotto.problem;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The costs f_i of a block of agents, which count from 0 within it. One object serves all of them,
 * so that a million agents are a few flat arrays. It holds private rows and never leaves the cell
 * that owns it. A user's own cost implements this.
 *
 * <p>Several threads may call one object at once: no state is kept between calls.
 */
public interface LocalObjective extends Serializable {

  /** The number of agents in the block. */
  int agents();

  /** The number of coordinates of x, the intercept included. */
  int dimension();

  /**
   * f_i at a point.
   *
   * @param agent which agent of the block
   * @param x holds the point
   * @param at where in x its first coordinate stands
   * @return a finite number or +infinity, never NaN for finite x
   */
  double value(int agent, double[] x, int at);

  /**
   * A subgradient of f_i at a point.
   *
   * @param key 64 bits that are a function of (seed, agent, tick): all the randomness that a
   *     stochastic subgradient may use, so that it is as reproducible as a full one
   * @param out takes the {@link #dimension} coordinates, from 0 on; what was there is overwritten
   */
  void subgradient(int agent, long key, double[] x, int at, double[] out);

  /**
   * An estimate of the Lipschitz constant of the gradient of f_i; +infinity if f_i is not smooth.
   * Tolerances and first steps are scaled by it; no guarantee rests on it.
   */
  double smoothness(int agent);

  /**
   * The gradient of the smooth part of f_i: of all that {@link #shrink} does not take care of.
   *
   * @param key as in {@link #subgradient}
   * @param out takes the {@link #dimension} coordinates, from 0 on
   */
  default void gradient(int agent, long key, double[] x, int at, double[] out) {
    subgradient(agent, key, x, at, out);
  }

  /**
   * Replaces x by the minimiser of {@code step * r(x') + |x' - x|^2 / 2}, r being the part of f_i
   * that {@link #gradient} leaves out; nothing, as a rule.
   */
  default void shrink(int agent, double step, double[] x, int at) {}

  /**
   * The penalty that each f_i has {@link #agentWeight} times, its rest being convex without it;
   * {@link #gradient} then leaves out the penalty but for l2. Bounds on the optimum rest on this.
   */
  default Regularizer regularizer() {
    return new Regularizer(0, 0);
  }

  /** Each agent's share of {@link #regularizer}; 0 for costs that have none. */
  default double agentWeight() {
    return 0;
  }

  /**
   * False if subgradients are estimates, such as those of a few rows drawn with the key: then there
   * is no bound on the optimum. {@link #value} is f_i itself also then.
   */
  default boolean exact() {
    return true;
  }

  /**
   * The loss of agent i's held-out rows at a point, which is measured beside F and plays no part in
   * it; as with F, what is reported is the sum over agents.
   *
   * @return NaN if the agent holds none out
   */
  default double heldOut(int agent, double[] x, int at) {
    return Double.NaN;
  }

  /**
   * These costs as the operator measures them: without what a mechanism draws at random at each
   * update; themselves, as a rule.
   */
  default LocalObjective measured() {
    return this;
  }

  /**
   * The same costs of the same rows, which are not loaded again, with another penalty.
   *
   * @throws UnsupportedOperationException if these costs cannot
   */
  default LocalObjective with(Regularizer regularizer) {
    throw new UnsupportedOperationException(
        ("%s keeps the penalty that it was made with: load its rows again with the other one, or let"
                + " it implement with(Regularizer).")
            .formatted(getClass().getName()));
  }

  /** A number that f_i without the penalty is nowhere below; -infinity if none is known. */
  default double lowest(int agent) {
    return Double.NEGATIVE_INFINITY;
  }

  /** Its second derivatives; null if they are not known, or do not exist. */
  default @Nullable Curvature secondOrder() {
    return null;
  }

  /** Its proximal steps; in general a few gradient steps each. */
  default Proximal proximal() {
    return new GradientSteps(this);
  }
}
