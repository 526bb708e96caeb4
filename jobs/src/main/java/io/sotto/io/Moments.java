package io.sotto.io;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Mean and squared deviations of each column, over the entries that are stored, by Welford's
 * update; entries that are not stored are zeros, and come in at the end. Two are merged by the
 * formula of Chan, Golub and LeVeque 1983.
 */
final class Moments implements Serializable {
  private static final long serialVersionUID = 1;
  private long[] count = new long[0];
  private double[] mean = new double[0];
  private double[] squares = new double[0];

  void add(int column, double value) {
    if (column >= count.length) {
      grow(Math.max(column + 1, 2 * count.length));
    }
    count[column]++;
    double before = value - mean[column];
    mean[column] += before / count[column];
    squares[column] += before * (value - mean[column]);
  }

  void merge(Moments other) {
    grow(Math.max(count.length, other.count.length));
    for (int j = 0; j < other.count.length; j++) {
      merge(j, other.count[j], other.mean[j], other.squares[j]);
    }
  }

  private void merge(int j, long n, double otherMean, double otherSquares) {
    long total = count[j] + n;
    if (n > 0) {
      double gap = otherMean - mean[j];
      mean[j] += gap * n / total;
      squares[j] += otherSquares + gap * gap * ((double) count[j] * n / total);
      count[j] = total;
    }
  }

  private void grow(int columns) {
    count = Arrays.copyOf(count, columns);
    mean = Arrays.copyOf(mean, columns);
    squares = Arrays.copyOf(squares, columns);
  }

  /**
   * Means and sample deviations (n - 1) of some columns.
   *
   * @param rows how many rows there are, zeros included
   * @param first the first column
   * @param columns how many
   * @return means, then deviations; a constant column has deviation 0
   */
  double[][] over(long rows, int first, int columns) {
    Moments all = new Moments();
    all.merge(this);
    all.grow(Math.max(all.count.length, first + columns));
    double[][] result = new double[2][columns];
    for (int j = 0; j < columns; j++) {
      all.merge(first + j, rows - all.count[first + j], 0, 0);
      result[0][j] = all.mean[first + j];
      double variance = all.squares[first + j] / Math.max(1, rows - 1);
      // rounding of the mean leaves a constant column a variance of this order
      double noise = 1e-30 * rows * result[0][j] * result[0][j];
      result[1][j] = variance > noise ? Math.sqrt(variance) : 0;
    }
    return result;
  }
}
