package io.sotto.problem;

/**
 * Logistic regression: {@code log(1 + e^-m)} with the margin m = y z, computed so that no margin
 * overflows.
 */
public record Logistic() implements Loss {
  /** A Newton step of this length leaves an error of its square. */
  static final double NEWTON = 1e-3;

  static final int MOST = 100;

  @Override
  public double value(double z, double y) {
    double m = y * z;
    return StrictMath.log1p(StrictMath.exp(-Math.abs(m))) + Math.max(0, -m);
  }

  @Override
  public double derivative(double z, double y) {
    return -y / (1 + StrictMath.exp(y * z)); // where e^m overflows this is -y / infinity = 0
  }

  @Override
  public Labels labels() {
    return Labels.BINARY;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  @Override
  public double curvature(double y) {
    return 0.25;
  }

  @Override
  public double dual(double t, double y, double eta, double near) {
    double target = y * t; // solves m = target + eta s(m) for the margin m, s(m) = 1 / (1 + e^m)
    double low = target;
    double high = target + eta;
    double m = Math.max(low, Math.min(high, target - eta * y * near));
    double last = Double.POSITIVE_INFINITY; // moves at least halve, or the bracket does
    for (int k = 0; ; k++) {
      double s = 1 / (1 + Exponential.of(m));
      double excess = m - eta * s - target;
      double slope = s * (1 - s);
      double move = -excess / (1 + eta * slope);
      if (Math.abs(move) <= NEWTON || k == MOST) {
        return -y * Math.max(0, Math.min(1, s - slope * move));
      }
      low = excess < 0 ? m : low;
      high = excess > 0 ? m : high;
      boolean newton = m + move > low && m + move < high && Math.abs(move) < last / 2;
      double next = newton ? m + move : low / 2 + high / 2;
      last = Math.abs(next - m);
      m = next;
    }
  }

  @Override
  public double conjugate(double u, double y) {
    double s = -y * u;
    return s >= 0 && s <= 1 ? xLogX(s) + xLogX(1 - s) : Double.POSITIVE_INFINITY;
  }

  static double xLogX(double x) {
    return x == 0 ? 0 : x * StrictMath.log(x);
  }

  @Override
  public double second(double z, double y) {
    double s = 1 / (1 + StrictMath.exp(-Math.abs(z)));
    return s * (1 - s);
  }

  @Override
  public double selfConcordance() {
    return 1;
  }

  @Override
  public int recession(double dz, double y) {
    return (int) Math.signum(y * dz);
  }
}
