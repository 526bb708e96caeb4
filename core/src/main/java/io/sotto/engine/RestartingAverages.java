package io.sotto.engine;

import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Weighted sums of a cell's estimates over agents and ticks. They restart at each power of two of
 * the tick; the sums between two restarts are a window. Kept are the present window and the one
 * before it.
 */
final class RestartingAverages implements Serializable {
  private static final long serialVersionUID = 1;
  private double[] current;
  private double currentWeight;
  private double[] finished;
  private double finishedWeight;

  RestartingAverages(int dimension) {
    this.current = new double[dimension];
    this.finished = new double[dimension];
  }

  /** Sums as they stood; takes the arrays. */
  static RestartingAverages of(
      double[] current, double currentWeight, double[] finished, double finishedWeight) {
    RestartingAverages averages = new RestartingAverages(0);
    averages.current = current;
    averages.currentWeight = currentWeight;
    averages.finished = finished;
    averages.finishedWeight = finishedWeight;
    return averages;
  }

  RestartingAverages copy() {
    return of(current.clone(), currentWeight, finished.clone(), finishedWeight);
  }

  /** The sum of the weights of all ticks of the present window. */
  double weight() {
    return currentWeight;
  }

  /** Adds an estimate. */
  void add(double weight, double[] x, int at) {
    Vectors.addScaled(weight, x, at, current, 0, current.length);
  }

  /** Ends a tick, which counts with that weight. */
  void advance(double weight) {
    currentWeight += weight;
  }

  /** Begins a new window. */
  void restart() {
    double[] before = finished;
    finished = current;
    finishedWeight = currentWeight;
    current = before;
    Arrays.fill(current, 0);
    currentWeight = 0;
  }

  boolean isFinite() {
    return isFinite(current, 0, current.length);
  }

  static boolean isFinite(double[] x, int at, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += x[at + j] * 0; // 0, or NaN for what is not finite
    }
    return sum == 0;
  }

  static double largest(double[] x, int at, int n) {
    double largest = 0;
    for (int j = 0; j < n; j++) {
      largest = Math.max(largest, Math.abs(x[at + j]));
    }
    return largest;
  }

  /**
   * Shares the arrays of a copy that nobody will add to any more.
   *
   * @param last the sum of the estimates as they stand
   */
  CellSummary.Sums sums(double[] last) {
    return new CellSummary.Sums(last, current, currentWeight, finished, finishedWeight);
  }
}
