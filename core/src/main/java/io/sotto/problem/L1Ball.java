package io.sotto.problem;

/**
 * All points whose absolute coordinates sum to at most the radius: {@code |x|_1 <= radius}. Outside
 * it, the absolute values are projected onto the simplex of that total and keep their signs (Duchi
 * and others, "Efficient Projections onto the l1-Ball", 2008).
 *
 * @param radius in the units of the coefficients, 0 or more
 */
public record L1Ball(double radius) implements ConstraintSet {

  /**
   * @throws IllegalArgumentException if the radius is below 0
   */
  public L1Ball {
    if (!(radius >= 0)) {
      throw new IllegalArgumentException("radius " + radius);
    }
  }

  /** Reads {@code radius}. */
  static L1Ball of(Parameters p) {
    double radius = p.number("radius");
    if (radius < 0) {
      throw p.bad("radius", radius, "it must be 0 or more");
    }
    return new L1Ball(radius);
  }

  @Override
  public int scratch(int n) {
    return n;
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    double top = 0;
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double size = Math.abs(x[at + j]);
      top = Math.max(top, size);
      sum += size;
    }
    if (sum <= radius) {
      return;
    }
    for (int j = 0; j < n; j++) {
      work[workAt + j] = Math.abs(x[at + j]) - top;
    }
    double threshold = Simplex.threshold(work, workAt, n, radius);
    for (int j = 0; j < n; j++) {
      double size = Math.max(0, Math.abs(x[at + j]) - top - threshold);
      x[at + j] = Math.copySign(size, x[at + j]);
    }
  }

  @Override
  public double reach(int n) {
    return radius;
  }
}
