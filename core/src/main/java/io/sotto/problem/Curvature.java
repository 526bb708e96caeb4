package io.sotto.problem;

/**
 * The second derivatives of the costs of a block of agents, and what there is to know of them for a
 * certificate. Symmetric matrices of d x d are packed: row i holds the columns 0 ... i, one row
 * after the other ({@link #at}).
 */
public interface Curvature {

  /** Where in a packed matrix an element stands, of a row that is not before its column. */
  static int at(int row, int column) {
    return row * (row + 1) / 2 + column;
  }

  /** How many numbers a packed matrix of d x d has. */
  static int size(int d) {
    return Math.multiplyExact(d, d + 1) / 2;
  }

  /** Adds the second derivatives of f_i at x, its penalty's included, to a packed matrix. */
  void addHessian(int agent, double[] x, double[] packed);

  /**
   * How fast second derivatives change: the least r known such that {@code |D^3 f_i[v,v,v]| <= r
   * |v| D^2 f_i[v,v]} for all v, with the norm whose dual the packed matrix gives: a row a moves by
   * at most {@code |v| sqrt(a.inverse a)}.
   */
  double steepness(int agent, double[] inverse);

  /**
   * What becomes of the agent's losses along a direction, as {@link Loss#recession} says it of one.
   *
   * @return below 0 if any of them does not fall or stay, above 0 if any falls, else 0
   */
  int recession(int agent, double[] direction);

  /** The most by which a prediction of one of the agent's rows changes along a direction. */
  double change(int agent, double[] direction);

  /**
   * Adds {@code a a^T} of those of the agent's rows, with the constant, whose predictions change by
   * at most so much along a direction, or whose losses rise whichever way they change.
   */
  void addStill(int agent, double[] direction, double most, double[] packed);
}
