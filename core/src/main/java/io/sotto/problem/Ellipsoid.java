package io.sotto.problem;

/**
 * A ball of coefficients {@code w_j = units_j x_j}, as a set of x: {@code |units x - center| <=
 * radius}. With y = x - center / units, the projection of a point outside is
 *
 * <pre>
 *   y_j / (1 + k units_j^2),   k > 0 such that  g(k) = |units y / (1 + k units^2)| = radius
 * </pre>
 *
 * <p>found by Newton's method on 1 / g, which is concave, so that from 0 it comes up to k and never
 * passes it (Conn, Gould and Toint 2000, "Trust-region methods", 7.3). A step costs 10 n flops.
 *
 * @param ball of the coefficients
 * @param units above 0, one for each coordinate
 */
record Ellipsoid(Ball ball, Coordinates units) implements ConstraintSet {
  private static final int STEPS = 100;
  private static final double ENOUGH = 1e-15;

  @Override
  public void requireDimension(int n) {
    ball.requireDimension(n);
    units.requireSize("The units of a ball", n);
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    double radius = ball.radius();
    double k = 0;
    for (int step = 0; step < STEPS; step++) {
      double square = 0;
      double slope = 0;
      for (int j = 0; j < n; j++) {
        double u = units.values[j];
        double shrunk = (u * x[at + j] - center(j)) / (1 + k * u * u);
        square += shrunk * shrunk;
        slope += shrunk * shrunk * u * u / (1 + k * u * u);
      }
      double length = Math.sqrt(square);
      if (length <= radius * (1 + ENOUGH)) {
        break;
      }
      if (radius == 0) {
        k = Double.POSITIVE_INFINITY;
        break;
      }
      k += square / slope * (length / radius - 1);
    }
    if (k == 0) {
      return;
    }
    for (int j = 0; j < n; j++) {
      double u = units.values[j];
      double middle = center(j) / u;
      x[at + j] = middle + (x[at + j] - middle) / (1 + k * u * u);
    }
  }

  private double center(int j) {
    return ball.center().size() == 0 ? 0 : ball.center().values[j];
  }

  @Override
  public ConstraintSet in(Coordinates others) {
    return new Ellipsoid(ball, units.times(others));
  }

  @Override
  public double reach(int n) {
    double least = Double.POSITIVE_INFINITY;
    for (double unit : units.values) {
      least = Math.min(least, unit);
    }
    return ball.reach(n) / least;
  }
}
