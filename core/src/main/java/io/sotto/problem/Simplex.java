package io.sotto.problem;

/**
 * Shares of a total: {@code x >= 0} and {@code x_1 + ... + x_n = total}. The projection subtracts
 * one number from all coordinates and clips at 0; {@link #threshold} finds the number.
 *
 * @param total what they sum to, above 0
 */
public record Simplex(double total) implements ConstraintSet {

  /**
   * @throws IllegalArgumentException if the total is not above 0
   */
  public Simplex {
    if (!(total > 0)) {
      throw new IllegalArgumentException("total " + total);
    }
  }

  /** Reads {@code total}. */
  static Simplex of(Parameters p) {
    double total = p.number("total");
    if (total <= 0) {
      throw p.bad("total", total, "it must be above 0");
    }
    return new Simplex(total);
  }

  @Override
  public int scratch(int n) {
    return n;
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    double top = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      top = Math.max(top, x[at + j]);
    }
    for (int j = 0; j < n; j++) {
      work[workAt + j] = x[at + j] - top;
    }
    double threshold = threshold(work, workAt, n, total);
    for (int j = 0; j < n; j++) {
      x[at + j] = Math.max(0, x[at + j] - top - threshold);
    }
  }

  /**
   * The t for which the parts of the numbers above t sum to the total: the mean of the candidates
   * less their share of the total, where who is below it is no candidate, until none drops out
   * (Michelot, "A finite algorithm for finding the projection of a point onto the canonical simplex
   * of R^n", 1986). A pass is linear and a handful of them do: a candidate that drops out alone
   * lies far below all the others, and that cannot happen often between -total and 0.
   *
   * @param v n numbers from {@code at} on, the greatest of which is 0: so t loses no digits where
   *     the points are large. They are overwritten.
   * @param total 0 or more
   */
  static double threshold(double[] v, int at, int n, double total) {
    double threshold = -total; // a lower bound, since 0 is among the numbers
    int candidates = n;
    while (true) {
      double sum = 0;
      int kept = 0;
      for (int j = 0; j < candidates; j++) {
        double value = v[at + j];
        if (value >= threshold) {
          v[at + kept++] = value;
          sum += value;
        }
      }
      double next = (sum - total) / kept;
      if (kept == candidates && !(next > threshold)) { // so said that NaN ends the loop, too
        return next;
      }
      candidates = kept;
      threshold = Math.max(next, threshold);
    }
  }

  @Override
  public double reach(int n) {
    return total;
  }
}
