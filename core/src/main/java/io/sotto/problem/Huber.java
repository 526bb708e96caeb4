package io.sotto.problem;

/**
 * Least squares near, least absolute deviations far: {@code r^2 / 2} where {@code |r| <= delta},
 * else {@code delta (|r| - delta / 2)}, with r = z - y (Huber, "Robust Estimation of a Location
 * Parameter", 1964).
 *
 * @param delta where the pieces meet, in units of the label, above 0
 */
public record Huber(double delta) implements Loss {

  /**
   * @throws IllegalArgumentException if delta is not above 0
   */
  public Huber {
    if (!(delta > 0)) {
      throw new IllegalArgumentException("delta " + delta);
    }
  }

  /** Reads {@code huber-delta}, which is 1.35 unless given. */
  static Huber of(Parameters p) {
    double delta = p.number("huber-delta", 1.35);
    if (delta <= 0) {
      throw p.bad("huber-delta", delta, "it must be above 0, in units of the label");
    }
    return new Huber(delta);
  }

  @Override
  public double value(double z, double y) {
    double r = Math.abs(z - y);
    return r <= delta ? r * r / 2 : delta * (r - delta / 2);
  }

  @Override
  public double derivative(double z, double y) {
    return Math.max(-delta, Math.min(delta, z - y));
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

  /** At the two points where there is none, that of the squares. */
  @Override
  public double second(double z, double y) {
    return Math.abs(z - y) <= delta ? 1 : 0;
  }

  @Override
  public double dual(double t, double y, double eta, double near) {
    return Math.max(-delta, Math.min(delta, (t - y) / (1 + eta)));
  }

  @Override
  public double conjugate(double u, double y) {
    return Math.abs(u) <= delta ? u * y + u * u / 2 : Double.POSITIVE_INFINITY;
  }
}
