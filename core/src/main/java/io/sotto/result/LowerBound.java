package io.sotto.result;

import java.io.Serializable;

/**
 * A lower bound on the optimum.
 *
 * @param kind what the best one came from
 * @param value F* is at least this; -infinity if there is none
 * @param reason why there is none, or else empty
 * @param distance how far the minimiser is at most from the estimate that is reported, in the norm
 *     of the second derivatives there; NaN if that is not known
 */
public record LowerBound(Kind kind, double value, String reason, double distance)
    implements Serializable {

  /** What a bound comes from. */
  public enum Kind {
    /** There is none. */
    NONE("none"),
    /** Minorants at one point, or at two that differ in the intercept. */
    TANGENT("tangent"),
    /** The average of minorants at the points that were measured. */
    AVERAGE("average"),
    /** The duals of the agents' proximal steps. */
    DUAL("dual"),
    /** What a step of Newton's method would gain, with a bound on how second derivatives change. */
    NEWTON("newton");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As {@code run.json} says it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** By how much an objective can be above the optimum, relative to itself; NaN if unknown. */
  public double gap(double objective) {
    if (kind == Kind.NONE) {
      return Double.NaN;
    }
    double behind = Math.max(0, objective - value);
    return behind == 0 ? 0 : behind / Math.abs(objective);
  }
}
