package io.sotto.result;

/**
 * A lower bound of F*, the least value of F.
 *
 * @param kind how the best bound was found
 * @param value F* is at least this; -infinity if there is none
 * @param reason why there is none; empty if there is one
 * @param distance how far the minimiser is at most from the estimate that is reported, in the norm
 *     of the second derivatives there; NaN if that is not known
 */
public record LowerBound(Kind kind, double value, String reason, double distance) {
  /** The reason why there is none where nothing can be known. */
  static final String NOT_CONVEX = "the costs are not convex";

  /** How a bound was found. */
  public enum Kind {
    /** There is none. */
    NONE("none"),
    /**
     * A minorant at one point, or a mixture of those at two points that differ in the intercept.
     */
    TANGENT("tangent"),
    /** The average of minorants at the points that were measured. */
    AVERAGE("average"),
    /** A minorant made of the duals of the agents' proximal steps. */
    DUAL("dual"),
    /** What a step of Newton's method would gain, with a bound on how second derivatives change. */
    NEWTON("newton");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The name in {@code run.json}. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * The gap: how far an objective can be above F*, divided by its absolute value. NaN if there is
   * no bound.
   */
  public double gap(double objective) {
    if (kind == Kind.NONE) {
      return Double.NaN;
    }
    double behind = Math.max(0, objective - value);
    return behind == 0 ? 0 : behind / Math.abs(objective);
  }
}
