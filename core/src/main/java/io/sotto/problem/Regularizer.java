package io.sotto.problem;

import java.io.Serializable;

/**
 * {@code l2/2 |w|^2 + l1 |w|_1} on the coefficients, never on the intercept.
 *
 * @param l2 weight of the squared norm, at least 0
 * @param l1 weight of the sum of absolute values, at least 0
 */
public record Regularizer(double l2, double l1) implements Serializable {

  /** The value at the n coefficients of x from {@code at} on. */
  public double value(double[] x, int at, int n) {
    double absolute = 0;
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        absolute += Math.abs(x[at + j]);
      }
    }
    return l2 / 2 * (l2 > 0 ? Vectors.dot(x, at, x, at, n) : 0) + l1 * absolute;
  }

  /** Adds {@code scale} times a subgradient of the penalty on absolute values. */
  void addAbsolute(double scale, double[] x, int at, double[] out, int n) {
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        out[j] += scale * l1 * Math.signum(x[at + j]);
      }
    }
  }

  /** Moves each coordinate towards 0 by {@code scale * l1}, and not past it. */
  void shrink(double scale, double[] x, int at, int n) {
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        double left = Math.abs(x[at + j]) - scale * l1;
        x[at + j] = left > 0 ? Math.copySign(left, x[at + j]) : 0;
      }
    }
  }
}
