package io.sotto.problem;

import org.hipparchus.special.Gamma;

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

  @Override
  public double dual(double t, double y, double eta, double near) {
    double target = t + eta * y; // solves z + eta e^z = target
    // z <= target; and where z >= 0, eta e^z <= target
    double high =
        target <= eta ? Math.min(target, 0) : Math.min(target, StrictMath.log(target / eta));
    double low = high - 1;
    while (low + eta * Exponential.of(low) > target) {
      low -= 2 * (high - low);
    }
    double z = Math.max(low, Math.min(high, t - eta * near));
    double last = Double.POSITIVE_INFINITY; // moves at least halve, or the bracket does
    for (int k = 0; ; k++) {
      double mean = Exponential.of(z);
      double excess = z + eta * mean - target;
      double move = -excess / (1 + eta * mean);
      if (Math.abs(move) <= Logistic.NEWTON || k == Logistic.MOST) {
        return mean * (1 + move) - y;
      }
      low = excess < 0 ? z : low;
      high = excess > 0 ? z : high;
      boolean newton = z + move > low && z + move < high && Math.abs(move) < last / 2;
      double next = newton ? z + move : low / 2 + high / 2;
      last = Math.abs(next - z);
      z = next;
    }
  }

  @Override
  public double conjugate(double u, double y) {
    return u + y >= 0 ? Logistic.xLogX(u + y) - u - y : Double.POSITIVE_INFINITY;
  }

  @Override
  public double second(double z, double y) {
    return StrictMath.exp(z);
  }

  /** log y!. */
  @Override
  public double base(double y) {
    return Gamma.logGamma(y + 1);
  }

  @Override
  public double selfConcordance() {
    return 1;
  }

  @Override
  public int recession(double dz, double y) {
    return dz == 0 ? 0 : dz < 0 && y == 0 ? 1 : -1;
  }
}
