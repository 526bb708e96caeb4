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
}
