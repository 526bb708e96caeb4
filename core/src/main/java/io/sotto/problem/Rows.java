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

  /** The inner product of a row and the features() coordinates of x from {@code at} on. */
  double dot(int row, double[] x, int at);

  /** {@code out += scale * row}, from coordinate 0 on. */
  void addScaled(int row, double scale, double[] out);

  /** The memory that the arrays take, in bytes. */
  long bytes();
}
