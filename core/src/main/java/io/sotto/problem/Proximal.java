package io.sotto.problem;

/**
 * Approximate proximal steps of the costs of the agents of a cell. A call begins with the duals
 * that the last one left, and so gets nearer each time.
 */
public interface Proximal {

  /** How many numbers are kept for an agent from one step to the next; all 0 before the first. */
  int duals(int agent, ConstraintSet set);

  /** How many numbers of scratch space a step wants. */
  int scratch(ConstraintSet set);

  /**
   * Replaces x by an approximation of the minimiser over the set of {@code f_i(x) + proxWeight / 2
   * |x - target|^2}, which lies in the set and gets better with each call while target and
   * proxWeight stay.
   *
   * @param agent which agent of the block
   * @param key as in {@link LocalObjective#subgradient}: all the randomness that the step may use
   * @param x holds the d coordinates from {@code at} on
   * @param target d coordinates; may be overwritten
   * @param proxWeight above 0
   * @param set X_i, of the coefficients
   * @param n how many of the d coordinates, from the first on, are coefficients
   * @param duals holds the agent's {@link #duals} from {@code dualsAt} on
   * @param work at least {@link #scratch} numbers
   */
  void step(
      int agent,
      long key,
      double[] x,
      int at,
      double[] target,
      double proxWeight,
      ConstraintSet set,
      int n,
      double[] duals,
      int dualsAt,
      double[] work);

  /**
   * Before the first step, from a point near the solution: sets the duals so that a step to that
   * target stays at x, as far as it can. Parameters as in {@link #step}.
   */
  default void start(
      int agent,
      double[] x,
      int at,
      double[] target,
      double proxWeight,
      ConstraintSet set,
      int n,
      double[] duals,
      int dualsAt,
      double[] work) {}

  /**
   * A minorant of the losses from the duals: adds s to {@code slope} and returns k, such that
   * f_i(y) without its regularizer is at least s.y + k for all y.
   *
   * @return -infinity if there is none
   */
  double addMinorant(int agent, double[] duals, int dualsAt, double[] slope);
}
