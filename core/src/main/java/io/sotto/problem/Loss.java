package io.sotto.problem;

import java.io.Serializable;

/**
 * The loss of one row: convex in the prediction z = w.a + b, given the label y. {@link Losses} is
 * the registry; whoever is in it is tested for the subgradient inequality, for its derivative
 * against differences where {@link #smooth}, and to be finite or +infinity, never NaN.
 */
public interface Loss extends Serializable {

  /** What the labels of a loss are. */
  enum Labels {
    /** Any finite number. */
    REAL,
    /** Two classes, said as -1 and +1. */
    BINARY,
    /** Numbers from 0 on. */
    COUNT
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
}
