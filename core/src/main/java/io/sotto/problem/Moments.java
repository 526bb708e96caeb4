package io.sotto.problem;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Weighted mean and squared deviations of each column, over the entries that are stored, by
 * Welford's update; entries that are not stored are zeros, and come in at the end. Two are merged
 * by the formula of Chan, Golub and LeVeque 1983.
 */
public final class Moments implements Serializable {
  private static final long serialVersionUID = 1;
  private double[] count = new double[0]; // the sum of weights
  private double[] mean = new double[0];
  private double[] squares = new double[0];

  /** Adds an entry of a column. */
  public void add(int column, double value, double weight) {
    if (weight == 0) {
      return;
    }
    if (column >= count.length) {
      grow(Math.max(column + 1, 2 * count.length));
    }
    count[column] += weight;
    double before = value - mean[column];
    mean[column] += before * weight / count[column];
    squares[column] += before * weight * (value - mean[column]);
  }

  /** Adds all entries of another one. */
  public void merge(Moments other) {
    grow(Math.max(count.length, other.count.length));
    for (int j = 0; j < other.count.length; j++) {
      merge(j, other.count[j], other.mean[j], other.squares[j]);
    }
  }

  private void merge(int j, double n, double otherMean, double otherSquares) {
    double total = count[j] + n;
    if (n > 0) {
      double gap = otherMean - mean[j];
      mean[j] += gap * n / total;
      squares[j] += otherSquares + gap * gap * (count[j] * n / total);
      count[j] = total;
    }
  }

  private void grow(int columns) {
    count = Arrays.copyOf(count, columns);
    mean = Arrays.copyOf(mean, columns);
    squares = Arrays.copyOf(squares, columns);
  }

  /**
   * Means and sample deviations of some columns. With weights w the variance is {@code sum w (a -
   * mean)^2 / (sum w - sum w^2 / sum w)}, as Spark MLlib has it: n - 1 below where all are 1.
   *
   * @param weight the sum of all rows' weights, zeros included
   * @param weightSquares the sum of their squares
   * @param first the first column
   * @param columns how many
   * @return means, then deviations; a constant column has deviation 0
   */
  public double[][] over(double weight, double weightSquares, int first, int columns) {
    double below = weight - weightSquares / weight;
    Moments all = new Moments();
    all.merge(this);
    all.grow(Math.max(all.count.length, first + columns));
    double[][] result = new double[2][columns];
    for (int j = 0; j < columns; j++) {
      all.merge(first + j, weight - all.count[first + j], 0, 0);
      result[0][j] = all.mean[first + j];
      double variance = below > 0 ? all.squares[first + j] / below : 0;
      // rounding of the mean leaves a constant column a variance of this order, with some n rows
      double noise = 1e-30 * (weight * weight / weightSquares) * result[0][j] * result[0][j];
      result[1][j] = variance > noise ? Math.sqrt(variance) : 0;
    }
    return result;
  }
}
