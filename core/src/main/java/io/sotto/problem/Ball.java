package io.sotto.problem;

/**
 * All points within a Euclidean distance of a center: {@code |x - center| <= radius}. A point
 * outside moves straight towards the center until it touches.
 *
 * @param center one number for each coordinate; none at all is the origin
 * @param radius in the units of the coefficients, 0 or more
 */
public record Ball(Coordinates center, double radius) implements ConstraintSet {

  /**
   * @throws IllegalArgumentException if the radius is below 0
   */
  public Ball {
    if (!(radius >= 0)) {
      throw new IllegalArgumentException("radius " + radius);
    }
  }

  /** Around the origin. */
  public Ball(double radius) {
    this(Coordinates.NONE, radius);
  }

  /** Reads {@code radius} and, if given, {@code center}. */
  static Ball of(Parameters p) {
    double radius = p.number("radius");
    if (radius < 0) {
      throw p.bad("radius", radius, "it must be 0 or more");
    }
    return new Ball(
        p.has("center") ? Coordinates.of(p.numbers("center")) : Coordinates.NONE, radius);
  }

  @Override
  public void requireDimension(int n) {
    if (center.size() > 0) {
      center.requireSize("The center of a ball", n);
    }
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    double[] c = center.values;
    double distance =
        c.length == 0 ? Math.sqrt(Vectors.dot(x, at, x, at, n)) : Vectors.distance(x, at, c, 0, n);
    if (distance <= radius) {
      return;
    }
    double shrink = radius / distance;
    if (c.length == 0) {
      Vectors.setScaled(shrink, x, at, x, at, n);
      return;
    }
    for (int j = 0; j < n; j++) {
      x[at + j] = c[j] + shrink * (x[at + j] - c[j]);
    }
  }

  @Override
  public double reach(int n) {
    return radius + Math.sqrt(center.squaredNorm);
  }

  @Override
  public ConstraintSet in(Coordinates units) {
    return new Ellipsoid(this, units);
  }
}
