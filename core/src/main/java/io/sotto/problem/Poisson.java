package io.sotto.problem;

/**
 * Counts whose mean is e^z: {@code e^z - y z}, the negative log-likelihood without the term that
 * does not depend on z. It is +infinity from about z = 709.8 on, where e^z overflows.
 */
public record Poisson() implements Loss {

  @Override
  public double value(double z, double y) {
    double mean = StrictMath.exp(z);
    // An infinite mean decides, whatever y z is; and 0 times an infinite z would be NaN.
    return mean == Double.POSITIVE_INFINITY || y == 0 ? mean : mean - y * z;
  }

  @Override
  public double derivative(double z, double y) {
    return StrictMath.exp(z) - y;
  }

  @Override
  public Labels labels() {
    return Labels.COUNT;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  /** The second derivative is e^z, without a bound; at a fitted z it is about y. */
  @Override
  public double curvature(double y) {
    return Math.max(1, y);
  }
}
