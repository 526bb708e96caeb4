package io.sotto.problem;

import java.io.Serializable;

/**
 * {@code l2/2 |w|^2 + l1 |w|_1 + groups} on the coefficients, never on the intercept. The elastic
 * net with regParam and elasticNetParam is {@code l2 = regParam (1 - elasticNetParam)}, {@code l1 =
 * regParam elasticNetParam}.
 *
 * @param l2 weight of the squared norm, at least 0
 * @param l1 weight of the sum of absolute values, at least 0
 * @param groups the group lasso
 */
public record Regularizer(double l2, double l1, Groups groups) implements Serializable {

  /** Without groups. */
  public Regularizer(double l2, double l1) {
    this(l2, l1, Groups.NONE);
  }

  /** True if there is a penalty that is not smooth: absolute values or groups. */
  public boolean penalises() {
    return l1 > 0 || groups.penalise();
  }

  /** The value at the n coefficients of x from {@code at} on. */
  public double value(double[] x, int at, int n) {
    double absolute = 0;
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        absolute += Math.abs(x[at + j]);
      }
    }
    double smooth = l2 / 2 * (l2 > 0 ? Vectors.dot(x, at, x, at, n) : 0);
    return smooth + l1 * absolute + (groups.penalise() ? groups.value(x, at) : 0);
  }

  /** Adds {@code scale} times a subgradient of what is not smooth. */
  public void addPenalty(double scale, double[] x, int at, double[] out, int n) {
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        out[j] += scale * l1 * Math.signum(x[at + j]);
      }
    }
    if (groups.penalise()) {
      groups.addSubgradient(scale, x, at, out);
    }
  }

  /**
   * The proximal step of {@code scale} times what is not smooth: each coordinate moves towards 0 by
   * {@code scale * l1} and not past it, then each group.
   */
  public void shrink(double scale, double[] x, int at, int n) {
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        double left = Math.abs(x[at + j]) - scale * l1;
        x[at + j] = left > 0 ? Math.copySign(left, x[at + j]) : 0;
      }
    }
    if (groups.penalise()) {
      groups.shrink(scale, x, at);
    }
  }
}
