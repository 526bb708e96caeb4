package io.sotto.problem;

/** Smooth support vector machines: {@code max(0, 1 - m)^2 / 2} with the margin m = y z. */
public record SquaredHinge() implements Loss {

  @Override
  public double value(double z, double y) {
    double shortfall = Math.max(0, 1 - y * z);
    return shortfall * shortfall / 2;
  }

  @Override
  public double derivative(double z, double y) {
    return -y * Math.max(0, 1 - y * z);
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
    return 1;
  }

  @Override
  public double dual(double t, double y, double eta, double near) {
    return -y * Math.max(0, (1 - y * t) / (1 + eta));
  }

  @Override
  public double conjugate(double u, double y) {
    double s = -y * u;
    return s >= 0 ? s * s / 2 - s : Double.POSITIVE_INFINITY;
  }
}
