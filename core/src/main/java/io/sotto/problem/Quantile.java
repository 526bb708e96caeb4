package io.sotto.problem;

/**
 * The loss whose best constant is a quantile of the labels: {@code max(level (y - z), (level - 1)
 * (y - z))} (Koenker and Bassett, "Regression Quantiles", 1978). Its subgradient at z = y is 0.
 *
 * @param level which quantile, between 0 and 1, neither included
 */
public record Quantile(double level) implements Loss {

  /**
   * @throws IllegalArgumentException if the level is not between 0 and 1
   */
  public Quantile {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level " + level);
    }
  }

  /** Reads {@code quantile-level}, which is 0.5, the median, unless given. */
  static Quantile of(Parameters p) {
    double level = p.number("quantile-level", 0.5);
    if (level <= 0 || level >= 1) {
      throw p.bad("quantile-level", level, "it must be above 0 and below 1");
    }
    return new Quantile(level);
  }

  @Override
  public double value(double z, double y) {
    return Math.max(level * (y - z), (level - 1) * (y - z));
  }

  @Override
  public double derivative(double z, double y) {
    return z < y ? -level : z > y ? 1 - level : 0;
  }

  @Override
  public Labels labels() {
    return Labels.REAL;
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
    return Math.max(-level, Math.min(1 - level, (t - y) / eta));
  }

  @Override
  public double conjugate(double u, double y) {
    return u >= -level && u <= 1 - level ? u * y : Double.POSITIVE_INFINITY;
  }
}
