package io.sotto.problem;

/**
 * One side of a hyperplane: {@code normal.x <= offset}. A point on the other side moves along the
 * normal until it touches.
 *
 * @param normal one number for each coordinate, not all 0
 * @param offset in units of normal.x
 */
public record Halfspace(Coordinates normal, double offset) implements ConstraintSet {

  /**
   * @throws IllegalArgumentException if the squared length of the normal is 0 or overflows
   */
  public Halfspace {
    if (!normal.isDirection() || Double.isNaN(offset)) {
      throw new IllegalArgumentException("normal %s, offset %s".formatted(normal, offset));
    }
  }

  /** Reads {@code normal} and {@code offset}. */
  static Halfspace of(Parameters p) {
    return new Halfspace(direction(p), p.number("offset"));
  }

  /** Reads {@code normal}. */
  static Coordinates direction(Parameters p) {
    Coordinates normal = Coordinates.of(p.numbers("normal"));
    if (!normal.isDirection()) {
      throw p.bad("normal", normal, "its squared length must be above 0 and finite");
    }
    return normal;
  }

  @Override
  public void requireDimension(int n) {
    normal.requireSize("The normal of a halfspace", n);
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    double excess = Vectors.dot(normal.values, 0, x, at, n) - offset;
    if (excess > 0) {
      Vectors.addScaled(-excess / normal.squaredNorm, normal.values, 0, x, at, n);
    }
  }

  @Override
  public ConstraintSet in(Coordinates units) {
    return new Halfspace(normal.times(units), offset);
  }
}
