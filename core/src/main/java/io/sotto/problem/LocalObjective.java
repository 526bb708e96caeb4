package io.sotto.problem;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The costs f_i of the agents of a cell, which are numbered from 0. One object serves all of them,
 * so that a million agents are a few flat arrays. It holds private rows and never leaves its cell.
 * A user's own cost implements this.
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
   * The same of a cost that is measured from another point, too, such as a model from which another
   * one is not to go far. By default that point does not matter.
   *
   * @param reference holds that point, from {@code referenceAt} on
   */
  default void subgradient(
      int agent, long key, double[] x, int at, double[] reference, int referenceAt, double[] out) {
    subgradient(agent, key, x, at, out);
  }

  /**
   * Replaces where an agent starts by the point that its cost is measured from at first, if the
   * cost brings one. By default it brings none.
   */
  default void startReference(int agent, double[] x, int at) {}

  /**
   * An estimate of the Lipschitz constant of the gradient of f_i; +infinity if f_i is not smooth.
   * Tolerances and first steps are scaled by it; no guarantee rests on it.
   */
  double smoothness(int agent);

  /**
   * The gradient of the smooth part of f_i: of everything but what {@link #shrink} handles.
   *
   * @param key as in {@link #subgradient}
   * @param out takes the {@link #dimension} coordinates, from 0 on
   */
  default void gradient(int agent, long key, double[] x, int at, double[] out) {
    subgradient(agent, key, x, at, out);
  }

  /**
   * Replaces x by the minimiser of {@code step * r(x') + |x' - x|^2 / 2}, r being the part of f_i
   * that {@link #gradient} leaves out. By default there is no such part, and x stays as it is.
   */
  default void shrink(int agent, double step, double[] x, int at) {}

  /**
   * The penalty. Each f_i contains it {@link #agentWeight} times, and is convex without it, too.
   * {@link #gradient} leaves out all of it but l2. Lower bounds of F* rely on this.
   */
  default Regularizer regularizer() {
    return new Regularizer(0, 0);
  }

  /** Each agent's share of {@link #regularizer}; 0 for costs that have none. */
  default double agentWeight() {
    return 0;
  }

  /**
   * False if subgradients are estimates, such as those of a few rows drawn with the key. Then there
   * is no lower bound of F*. {@link #value} must be exact all the same.
   */
  default boolean exact() {
    return true;
  }

  /** Which numbers are measured beside F. By default the loss of held-out rows. */
  default Measures measures() {
    return Measures.HELD_OUT_SUM;
  }

  /**
   * An agent's {@link #measures} at a point. Their sums or means over agents are reported, and with
   * few agents those of each.
   *
   * @return a number for each name, NaN where the agent has none; by default it has none
   */
  default double[] measure(int agent, double[] x, int at) {
    double[] none = new double[measures().names().size()];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  /** The same of a cost that is measured from another point, too. */
  default double[] measure(int agent, double[] x, int at, double[] reference, int referenceAt) {
    return measure(agent, x, at);
  }

  /**
   * How many of the last coordinates the methods for costs that are not convex move by their
   * subgradient, whatever the first step. They are mixed like all others, and no set or penalty
   * applies to them.
   */
  default int direct() {
    return 0;
  }

  /**
   * These costs as the operator measures them: without random changes that a mechanism makes at
   * each update. By default the costs themselves.
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

  /**
   * The same costs, of which rows that are not chosen count nothing. The share of a row that is
   * chosen stays the same.
   *
   * @throws UnsupportedOperationException if these are not costs of rows
   */
  default LocalObjective only(RowChoice chosen) {
    throw new UnsupportedOperationException(
        "%s cannot leave out rows: let it implement only(RowChoice)."
            .formatted(getClass().getName()));
  }

  /**
   * The costs of the same rows with another loss of one prediction.
   *
   * @throws UnsupportedOperationException if these are not costs of rows with such a loss
   */
  default LocalObjective under(Loss other) {
    throw new UnsupportedOperationException(
        "%s has no loss of one prediction that another one could replace."
            .formatted(getClass().getName()));
  }

  /** A lower bound of f_i without the penalty, over all x; -infinity if none is known. */
  default double lowest(int agent) {
    return Double.NEGATIVE_INFINITY;
  }

  /** The second derivatives of these costs; null if they are not known, or do not exist. */
  default @Nullable Curvature secondOrder() {
    return null;
  }

  /**
   * The second derivatives of what {@link #gradient} is the gradient of; null if they are not
   * known, or do not exist. Only {@link Curvature#addHessian} is asked of it.
   */
  default @Nullable Curvature smoothSecondOrder() {
    return secondOrder();
  }

  /** The rows that these costs are of; null if they are of none, or keep them to themselves. */
  default @Nullable Block block() {
    return null;
  }

  /** What inference wants of the rows; null if these costs have none, or it is not known. */
  default @Nullable Scores scores() {
    return null;
  }

  /** These costs without anything that a mechanism made of them. */
  default LocalObjective plain() {
    return this;
  }

  /** The proximal steps of these costs; by default a few gradient steps each. */
  default Proximal proximal() {
    return new GradientSteps(this);
  }
}
