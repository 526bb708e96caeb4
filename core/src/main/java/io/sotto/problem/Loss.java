package io.sotto.problem;

import java.io.Serializable;

/**
 * The loss of one row: convex in the prediction z = w.a + b, given the label y. {@link Losses} is
 * the registry. A contract test checks for each loss in it the subgradient inequality, its
 * derivative against differences where it is {@link #smooth}, and that it is finite or +infinity,
 * never NaN.
 */
public interface Loss extends Serializable {

  /** What the labels of a loss are. */
  enum Labels {
    /** Any finite number. */
    REAL,
    /** Two classes, said as -1 and +1. */
    BINARY,
    /** Numbers from 0 on. */
    COUNT,
    /** Two classes or more, said as 0, 1, ... */
    CLASSES,
    /** Numbers above 0: the time until an event, or until a row was last seen without it. */
    TIME
  }

  /** The loss at prediction z; +infinity where it overflows, never NaN. */
  double value(double z, double y);

  /** A subgradient with respect to z. */
  double derivative(double z, double y);

  /** What the labels are. */
  Labels labels();

  /** True if it is differentiable everywhere. */
  boolean smooth();

  /**
   * The curvature that steps and tolerances are scaled by: the least upper bound of the second
   * derivative where there is one, a typical one where not, 0 for a loss of straight pieces.
   */
  double curvature(double y);

  /** The second derivative with respect to z; NaN if it is not known. */
  default double second(double z, double y) {
    return Double.NaN;
  }

  /**
   * What the loss lacks to be the negative log-likelihood of a label. It does not depend on the
   * prediction.
   */
  default double base(double y) {
    return 0;
  }

  /**
   * A number R such that the third derivative is at most R times the second, everywhere: the
   * generalised self-concordance of Bach 2010, "Self-concordant analysis for logistic regression".
   *
   * @return NaN if there is none, or none is known
   */
  default double selfConcordance() {
    return Double.NaN;
  }

  /**
   * What happens to the loss if its prediction moves in the direction dz for ever. Below 0: it
   * rises without bound, or reaches its least value on the way. 0: it stays the same. Above 0: it
   * falls for ever towards a value that it never reaches.
   */
  default int recession(double dz, double y) {
    return dz == 0 ? 0 : -1;
  }

  /**
   * The dual of a proximal step: the u that is a subgradient of the loss at z = t - eta u, so that
   * z minimises {@code loss(z, y) + (z - t)^2 / (2 eta)}. By default found by bisection.
   *
   * @param eta above 0
   * @param near a guess of u
   */
  default double dual(double t, double y, double eta, double near) {
    double low = t;
    double high = t;
    double width = Math.max(1e-3 * Math.abs(t), eta * Math.abs(derivative(t, y)));
    while (low + eta * derivative(low, y) > t) {
      low -= width;
      width *= 2;
    }
    while (high + eta * derivative(high, y) < t) {
      high += width;
      width *= 2;
    }
    for (int k = 0; k < 200 && Math.nextUp(low) < high; k++) {
      double middle = low / 2 + high / 2;
      if (middle + eta * derivative(middle, y) > t) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return (t - low) / eta;
  }

  /**
   * The convex conjugate, the supremum of {@code u z - loss(z, y)} over z, which lower bounds of F*
   * are made of; +infinity where there is none. By default it is +infinity everywhere, so that no
   * bound is claimed.
   */
  default double conjugate(double u, double y) {
    return Double.POSITIVE_INFINITY;
  }
}
