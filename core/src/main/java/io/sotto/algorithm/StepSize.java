package io.sotto.algorithm;

import java.io.Serializable;

/**
 * The step schedule s(t) = initial / t^exponent: with 1/2 &lt; exponent &lt;= 1 its squares are
 * summable and it is not, as the convergence proof asks.
 *
 * @param initial the step at t = 1, above 0
 * @param exponent in (1/2, 1]
 */
public record StepSize(double initial, double exponent) implements Serializable {

  /** Refuses steps for which nothing is proved. */
  public StepSize {
    if (!(initial > 0 && initial < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the first step must be a number above 0, not " + initial);
    }
    if (!(exponent > 0.5 && exponent <= 1)) {
      throw new IllegalArgumentException("the exponent must lie in (1/2, 1], not " + exponent);
    }
  }

  /** s(t), t at least 1. */
  public double at(double t) {
    return initial / StrictMath.pow(t, exponent);
  }
}
