package io.sotto.problem;

/**
 * Support vector machines: {@code max(0, 1 - m)} with the margin m = y z. Its subgradient at m = 1
 * is 0.
 */
public record Hinge() implements Loss {

  @Override
  public double value(double z, double y) {
    return Math.max(0, 1 - y * z);
  }

  @Override
  public double derivative(double z, double y) {
    return y * z < 1 ? -y : 0;
  }

  @Override
  public Labels labels() {
    return Labels.BINARY;
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
    return -y * Math.max(0, Math.min(1, (1 - y * t) / eta));
  }

  @Override
  public double conjugate(double u, double y) {
    double s = -y * u;
    return s >= 0 && s <= 1 ? -s : Double.POSITIVE_INFINITY;
  }
}
