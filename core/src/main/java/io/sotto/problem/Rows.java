package io.sotto.problem;

import java.io.Serializable;

/**
 * The private rows of a block of agents, in flat arrays: agent i's rows are {@code first(i) ...
 * first(i + 1) - 1}. Dense or sparse; both give the two kernels that a linear model needs.
 */
public sealed interface Rows extends Serializable permits DenseRows, SparseRows {

  /** The number of agents in the block. */
  int agents();

  /** The number of features of a row. */
  int features();

  /** The position of an agent's first row; for {@code agents()}, the number of rows. */
  int first(int agent);

  /** The label of a row. */
  double label(int row);

  /** The same with another label in one row. */
  Rows relabelled(int row, double label);

  /**
   * How many rows to take at once: enough to touch the output once for all of them, and few enough
   * that the processor already loads the next ones while it works on the slopes of these.
   */
  int BLOCK = 4;

  /**
   * The inner products of rows {@code from ... to - 1} and the features() coordinates of x from
   * {@code at} on, into the first places of {@code out}.
   */
  void dots(int from, int to, double[] x, int at, double[] out);

  /** {@code out += scales[k] * row(from + k)} for rows {@code from ... to - 1}, in this order. */
  void addScaled(int from, int to, double[] scales, double[] out);

  /** The inner product of a row and the features() coordinates of x from {@code at} on. */
  double dot(int row, double[] x, int at);

  /** {@code out += scale * row}, from {@code at} on. */
  void addScaled(int row, double scale, double[] out, int at);

  /** The memory that the arrays take, in bytes. */
  long bytes();
}
