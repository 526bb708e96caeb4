package io.sotto.problem;

/** Least absolute deviations: {@code |r|} with r = z - y. Its subgradient at r = 0 is 0. */
public record Absolute() implements Loss {

  @Override
  public double value(double z, double y) {
    return Math.abs(z - y);
  }

  @Override
  public double derivative(double z, double y) {
    return Math.signum(z - y);
  }

  @Override
  public Labels labels() {
    return Labels.REAL;
  }

  @Override
  public boolean smooth() {
    return false;
  }

  @Override
  public double curvature(double y) {
    return 0;
  }

  @Override
  public double dual(double t, double y, double eta, double near) {
    return Math.max(-1, Math.min(1, (t - y) / eta));
  }

  @Override
  public double conjugate(double u, double y) {
    return Math.abs(u) <= 1 ? u * y : Double.POSITIVE_INFINITY;
  }
}
