package io.sotto.formula;

import java.util.List;

/**
 * The basis that {@code ns} of R has: cubic splines that are lines beyond the outer knots, without
 * the constant. It is that of B-splines, without the first, turned by the Householder reflections
 * that bring the second derivatives at the outer knots to the first two coordinates, which are then
 * left out.
 */
final class NaturalSpline {
  private static final int ORDER = 4;

  private final double low;
  private final double high;
  private final double[] knots;
  private final double[][] turn;
  private final double[] atLow;
  private final double[] atHigh;
  private final double[] slopeLow;
  private final double[] slopeHigh;
  private final double[] scratch;

  /**
   * @param inner the inner knots, ascending
   * @param outer the outer two
   */
  NaturalSpline(List<Double> inner, List<Double> outer) {
    this.low = outer.get(0);
    this.high = outer.get(1);
    int m = inner.size();
    this.knots = new double[m + 2 * ORDER];
    for (int k = 0; k < ORDER; k++) {
      knots[k] = low;
      knots[m + ORDER + k] = high;
    }
    for (int k = 0; k < m; k++) {
      knots[ORDER + k] = inner.get(k);
    }
    int all = m + ORDER;
    this.scratch = new double[all];
    double[][] curved = {new double[all - 1], new double[all - 1]};
    for (int end = 0; end < 2; end++) {
      derivative(end == 0 ? low : high, 2, scratch);
      System.arraycopy(scratch, 1, curved[end], 0, all - 1);
    }
    this.turn = rest(curved);
    this.atLow = turned(low, 0);
    this.atHigh = turned(high, 0);
    this.slopeLow = turned(low, 1);
    this.slopeHigh = turned(high, 1);
  }

  /** How many functions there are. */
  int size() {
    return turn.length;
  }

  /** The basis at a point. */
  void at(double x, double[] out, int from) {
    if (x >= low && x <= high) {
      derivative(x, 0, scratch);
      for (int j = 0; j < turn.length; j++) {
        out[from + j] = product(turn[j], scratch);
      }
      return;
    }
    double[] value = x < low ? atLow : atHigh;
    double[] slope = x < low ? slopeLow : slopeHigh;
    double beyond = x - (x < low ? low : high);
    for (int j = 0; j < turn.length; j++) {
      out[from + j] = value[j] + beyond * slope[j];
    }
  }

  private double[] turned(double x, int order) {
    double[] basis = new double[scratch.length];
    derivative(x, order, basis);
    double[] out = new double[turn.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = product(turn[j], basis);
    }
    return out;
  }

  private static double product(double[] row, double[] basis) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += row[i] * basis[i + 1];
    }
    return sum;
  }

  /** A derivative of all B-splines of order 4 at a point between the outer knots. */
  private void derivative(double x, int order, double[] out) {
    int last = knots.length - ORDER - 1;
    int span = ORDER - 1;
    while (span < last && x >= knots[span + 1]) {
      span++;
    }
    double[] basis = new double[knots.length - 1];
    basis[span] = 1;
    for (int k = 2; k <= ORDER; k++) {
      boolean derived = k > ORDER - order;
      for (int i = 0; i + k < knots.length; i++) {
        double left = knots[i + k - 1] - knots[i];
        double right = knots[i + k] - knots[i + 1];
        double a = left > 0 ? (derived ? k - 1 : x - knots[i]) / left * basis[i] : 0;
        double b = right > 0 ? (derived ? 1 - k : knots[i + k] - x) / right * basis[i + 1] : 0;
        basis[i] = a + b;
      }
    }
    System.arraycopy(basis, 0, out, 0, out.length);
  }

  /** The rows but the first two of Q' in the QR decomposition of two columns, as LINPACK has it. */
  private static double[][] rest(double[][] columns) {
    int n = columns[0].length;
    double[][] all = new double[n][n];
    for (int i = 0; i < n; i++) {
      all[i][i] = 1; // row i is the image of coordinate i, of which each reflection is applied
    }
    double[][] work = {columns[0].clone(), columns[1].clone()};
    for (int l = 0; l < 2; l++) {
      double norm = 0;
      for (int i = l; i < n; i++) {
        norm = StrictMath.hypot(norm, work[l][i]);
      }
      if (norm == 0) {
        continue;
      }
      norm = work[l][l] < 0 ? -norm : norm;
      double[] v = new double[n];
      for (int i = l; i < n; i++) {
        v[i] = work[l][i] / norm;
      }
      v[l] += 1;
      for (int c = l + 1; c < 2; c++) {
        reflect(v, l, work[c]);
      }
      for (double[] image : all) {
        reflect(v, l, image);
      }
    }
    double[][] rows = new double[n - 2][n];
    for (int j = 0; j < n - 2; j++) {
      for (int i = 0; i < n; i++) {
        rows[j][i] = all[i][j + 2];
      }
    }
    return rows;
  }

  private static void reflect(double[] v, int l, double[] y) {
    double t = 0;
    for (int i = l; i < y.length; i++) {
      t -= v[i] * y[i];
    }
    t /= v[l];
    for (int i = l; i < y.length; i++) {
      y[i] += t * v[i];
    }
  }
}
