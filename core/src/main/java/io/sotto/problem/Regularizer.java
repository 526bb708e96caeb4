package io.sotto.problem;

import java.io.Serializable;

/**
 * {@code l2/2 |w|^2 + l1 |w|_1 + groups} on the coefficients, never on the intercept. The elastic
 * net with regParam and elasticNetParam is {@code l2 = regParam (1 - elasticNetParam)}, {@code l1 =
 * regParam elasticNetParam}.
 *
 * <p>Where x is in coordinates of the solver's own ({@link Scaling}), a coefficient is {@code w_j =
 * units_j x_j}, and the penalty, which stays the same, is another function of x: {@code l2
 * units_j^2 / 2} for the square of x_j, {@code l1 units_j} for its absolute value.
 *
 * @param l2 weight of the squared norm, at least 0
 * @param l1 weight of the sum of absolute values, at least 0
 * @param groups the group lasso; units are the same within a group
 * @param units by coordinate, the coefficient that a coordinate of 1 stands for; no numbers at all
 *     if all are 1
 */
public record Regularizer(double l2, double l1, Groups groups, Coordinates units)
    implements Serializable {

  /** A penalty on coefficients in their own units. */
  public Regularizer(double l2, double l1, Groups groups) {
    this(l2, l1, groups, Coordinates.NONE);
  }

  /** Without groups. */
  public Regularizer(double l2, double l1) {
    this(l2, l1, Groups.NONE);
  }

  /** The same penalty of the same coefficients, in other units. */
  public Regularizer in(Coordinates other) {
    return new Regularizer(l2, l1, groups, other);
  }

  /** True if there is a penalty that is not smooth: absolute values or groups. */
  public boolean penalises() {
    return l1 > 0 || groups.penalise();
  }

  /** True if the penalty is more than {@link #uniform} times half the squared norm of x. */
  public boolean hasRest() {
    return penalises() || (l2 > 0 && units.size() > 0);
  }

  /** How much of half the squared norm of x the penalty is at least, whatever its units. */
  public double uniform() {
    double least = leastUnit();
    return l2 == 0 ? 0 : l2 * least * least;
  }

  /** The largest curvature of the penalty. */
  double ridge() {
    double largest = units.size() == 0 ? 1 : 0;
    for (double unit : units.values) {
      largest = Math.max(largest, unit);
    }
    return l2 == 0 ? 0 : l2 * largest * largest;
  }

  private double leastUnit() {
    double least = units.size() == 0 ? 1 : Double.POSITIVE_INFINITY;
    for (double unit : units.values) {
      least = Math.min(least, unit);
    }
    return least;
  }

  /** The coefficient that a coordinate j of 1 stands for. */
  public double unit(int j) {
    return units.size() == 0 ? 1 : units.values[j];
  }

  /** The value at the n coefficients of x from {@code at} on. */
  public double value(double[] x, int at, int n) {
    double absolute = 0;
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        absolute += Math.abs(unit(j) * x[at + j]);
      }
    }
    double square = 0;
    if (l2 > 0 && units.size() == 0) {
      square = Vectors.dot(x, at, x, at, n);
    } else if (l2 > 0) {
      for (int j = 0; j < n; j++) {
        double w = units.values[j] * x[at + j];
        square += w * w;
      }
    }
    double smooth = l2 / 2 * square;
    return smooth + l1 * absolute + (groups.penalise() ? groups.value(x, at, units) : 0);
  }

  /** Puts {@code scale} times the gradient of the smooth part into {@code out}. */
  public void setGradient(double scale, double[] x, int at, double[] out, int n) {
    Vectors.setScaled(scale * l2, x, at, out, 0, n);
    if (l2 > 0 && units.size() > 0) {
      for (int j = 0; j < n; j++) {
        out[j] *= units.values[j] * units.values[j];
      }
    }
  }

  /** Adds {@code scale} times a subgradient of what is not smooth. */
  public void addPenalty(double scale, double[] x, int at, double[] out, int n) {
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        out[j] += scale * l1 * unit(j) * Math.signum(x[at + j]);
      }
    }
    if (groups.penalise()) {
      groups.addSubgradient(scale, x, at, out, units);
    }
  }

  /**
   * The proximal step of {@code scale} times what is not smooth: each coordinate moves towards 0 by
   * {@code scale * l1} and not past it, then each group.
   */
  public void shrink(double scale, double[] x, int at, int n) {
    if (l1 > 0) {
      for (int j = 0; j < n; j++) {
        double left = Math.abs(x[at + j]) - scale * l1 * unit(j);
        x[at + j] = left > 0 ? Math.copySign(left, x[at + j]) : 0;
      }
    }
    if (groups.penalise()) {
      groups.shrink(scale, x, at, units);
    }
  }

  /** The proximal step of {@code scale} times all but {@link #uniform}. */
  public void shrinkRest(double scale, double[] x, int at, int n) {
    shrink(scale, x, at, n);
    if (l2 > 0 && units.size() > 0) {
      double uniform = uniform();
      for (int j = 0; j < n; j++) {
        x[at + j] /= 1 + scale * (l2 * units.values[j] * units.values[j] - uniform);
      }
    }
  }
}
