package io.sotto.result;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is certain of a result whatever the method did: {@code lowerBound <= F* <= objective}, X
 * being met as far as the result says it is.
 *
 * <p>It rests on the costs being convex and their subgradients exact, and on the sets' projections;
 * not on clocks, steps, networks, or on anything having converged. {@link LowerBoundSearch} says
 * how it is made.
 *
 * @param kind what the bound came from: minorant, average, dual, or none
 * @param lowerBound F* is at least this; -infinity where kind is none
 * @param gap {@code (objective - lowerBound) / |objective|}; NaN where kind is none
 * @param reason why there is none, or else empty
 * @param distance how far the estimate is at most from the optimum, as the second derivatives of F
 *     measure it; NaN if that is not known
 */
public record Certificate(
    LowerBound.Kind kind, double lowerBound, double gap, String reason, double distance) {

  /** That of a measurement. */
  public static Certificate of(Measurement now) {
    return new Certificate(
        now.bound().kind(),
        now.bound().value(),
        now.gap(),
        now.bound().reason(),
        now.bound().distance());
  }

  /**
   * How far each coefficient is at most from its maximum likelihood estimate on the rows of all, in
   * its standard errors: {@code |a_j| <= |a|_H sqrt(H^-1_jj)}, and the standard error is {@code
   * sqrt(dispersion H^-1_jj / weight)}.
   *
   * @param weight the sum of the rows' weights, by which F is divided
   * @param dispersion the variance of the rows' residuals where that is a parameter, else 1
   */
  public double standardErrors(double weight, double dispersion) {
    return distance * Math.sqrt(weight / dispersion);
  }

  /** True if there is a bound. */
  public boolean holds() {
    return kind != LowerBound.Kind.NONE;
  }

  /** For {@code run.json} and {@code solution.json}. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", kind.toString());
    if (holds()) {
      map.put("lowerBound", lowerBound);
      map.put("gap", gap);
    } else {
      map.put("reason", reason);
    }
    return map;
  }

  /** For a person. */
  @Override
  public String toString() {
    return holds()
        ? String.format(Locale.ROOT, "F* >= %.9g, relative gap %.2g (%s)", lowerBound, gap, kind)
        : "none: " + reason;
  }
}
