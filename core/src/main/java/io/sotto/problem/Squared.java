package io.sotto.problem;

/** Least squares: {@code r^2 / 2} with r = z - y. */
public record Squared() implements Loss {

  @Override
  public double value(double z, double y) {
    double r = z - y;
    return r * r / 2;
  }

  @Override
  public double derivative(double z, double y) {
    return z - y;
  }

  @Override
  public Labels labels() {
    return Labels.REAL;
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
    return (t - y) / (1 + eta);
  }

  @Override
  public double conjugate(double u, double y) {
    return u * y + u * u / 2;
  }

  @Override
  public double second(double z, double y) {
    return 1;
  }

  @Override
  public double selfConcordance() {
    return 0;
  }
}
