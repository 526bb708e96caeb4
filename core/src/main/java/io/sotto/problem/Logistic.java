package io.sotto.problem;

/**
 * Logistic regression: {@code log(1 + e^-m)} with the margin m = y z, computed so that no margin
 * overflows.
 */
public record Logistic() implements Loss {

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
}
