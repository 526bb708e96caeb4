package io.sotto.problem;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Weighted mean and squared deviations of each column, over the entries that are stored, by
 * Welford's update; entries that are not stored are zeros, and come in at the end. Two are merged
 * by the formula of Chan, Golub and LeVeque 1983. Squares neither overflow nor underflow: a column
 * is counted in units of a power of 2 that suits its largest value, which is 1 for usual values,
 * and changes no digit.
 */
public final class Moments implements Serializable {
  private static final long serialVersionUID = 1;

  /** Numbers of one size are within a factor of 2 to this of each other. */
  private static final int STEP = 512;

  /** The size of 0, below that of all other numbers. */
  public static final int LEAST = -3;

  private double[] count = new double[0]; // the sum of weights
  private double[] mean = new double[0]; // in units of 2^(STEP size)
  private double[] squares = new double[0]; // in units of the square of that
  private byte[] size = new byte[0];

  /** The size of a number: 0 from 2^-256 to 2^256, and one more for each factor of 2^512. */
  public static int size(double value) {
    return value == 0 ? LEAST : Math.floorDiv(exponent(value) + STEP / 2, STEP);
  }

  private static int exponent(double value) {
    int exponent = Math.getExponent(value);
    return exponent >= Double.MIN_EXPONENT
        ? exponent
        : Math.getExponent(value * 0x1p60) - 60; // of numbers with fewer digits
  }

  /** A number in units of the numbers of that size: times 2 to -512 for each size above 0. */
  public static double scaled(double value, int size) {
    return size == 0 ? value : Math.scalb(value, -STEP * size);
  }

  /** Adds an entry of a column. */
  public void add(int column, double value, double weight) {
    if (weight == 0) {
      return;
    }
    if (column >= count.length) {
      grow(Math.max(column + 1, 2 * count.length));
    }
    raise(column, size(value));
    double own = scaled(value, size[column]);
    count[column] += weight;
    double before = own - mean[column];
    mean[column] += before * weight / count[column];
    squares[column] += before * weight * (own - mean[column]);
  }

  /** Takes larger units for a column, if a number of that size is to come. */
  private void raise(int j, int to) {
    if (to > size[j]) {
      int from = Math.max(size[j], LEAST + 1);
      mean[j] = Math.scalb(mean[j], STEP * (from - to));
      squares[j] = Math.scalb(squares[j], 2 * STEP * (from - to));
      size[j] = (byte) to;
    }
  }

  /** Adds all entries of another one. */
  public void merge(Moments other) {
    merge(other, 0);
  }

  /** The same, with weights of the other that are in units of so many sizes more. */
  public void merge(Moments other, int weights) {
    grow(Math.max(count.length, other.count.length));
    for (int j = 0; j < other.count.length; j++) {
      merge(
          j,
          scaled(other.count[j], -weights),
          other.mean[j],
          scaled(other.squares[j], -weights),
          other.size[j]);
    }
  }

  /** All weights in units of so many sizes more than now. */
  public void inWeights(int more) {
    for (int j = 0; j < count.length; j++) {
      count[j] = scaled(count[j], more);
      squares[j] = scaled(squares[j], more);
    }
  }

  private void merge(int j, double n, double otherMean, double otherSquares, int otherSize) {
    double total = count[j] + n;
    if (n > 0) {
      raise(j, otherSize);
      int less = Math.max(otherSize, LEAST + 1) - Math.max(size[j], LEAST + 1);
      double gap = Math.scalb(otherMean, STEP * less) - mean[j];
      mean[j] += gap * n / total;
      squares[j] += Math.scalb(otherSquares, 2 * STEP * less) + gap * gap * (count[j] * n / total);
      count[j] = total;
    }
  }

  private void grow(int columns) {
    int before = count.length;
    count = Arrays.copyOf(count, columns);
    mean = Arrays.copyOf(mean, columns);
    squares = Arrays.copyOf(squares, columns);
    size = Arrays.copyOf(size, columns);
    Arrays.fill(size, before, columns, (byte) LEAST);
  }

  /**
   * Means and sample deviations of some columns. With weights w the variance is {@code sum w (a -
   * mean)^2 / (sum w - sum w^2 / sum w)}, as Spark MLlib has it: n - 1 below where all are 1.
   *
   * @param weight the sum of all rows' weights, zeros included, in units of those that were added
   * @param weightSquares the sum of their squares
   * @param first the first column
   * @param columns how many
   * @return means, then deviations; a constant column has deviation 0
   */
  public double[][] over(double weight, double weightSquares, int first, int columns) {
    double below = weight - weightSquares / weight;
    Moments all = new Moments();
    all.merge(this);
    if (first + columns > all.count.length) {
      all.grow(first + columns);
    }
    double[][] result = new double[2][columns];
    for (int j = 0; j < columns; j++) {
      int at = first + j;
      all.merge(at, weight - all.count[at], 0, 0, LEAST);
      double mean = all.mean[at];
      double variance = below > 0 ? all.squares[at] / below : 0;
      // rounding of the mean leaves a constant column a variance of this order, with some n rows
      double noise = 1e-30 * (weight * weight / weightSquares) * mean * mean;
      int own = Math.max(all.size[at], LEAST + 1);
      result[0][j] = Math.scalb(mean, STEP * own);
      result[1][j] = variance > noise ? Math.scalb(Math.sqrt(variance), STEP * own) : 0;
    }
    return result;
  }
}
