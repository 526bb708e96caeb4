package io.sotto.result;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is proven of a result: {@code lowerBound <= F* <= objective}, if the estimate is taken to
 * lie in X (the result says how far outside it was). This is the record that {@code run.json} and
 * {@code solution.json} hold.
 *
 * <p>It holds whatever the method did. It rests on costs that are convex, on exact subgradients and
 * on the sets' projections. It does not rest on clocks, steps, networks or convergence. {@link
 * LowerBoundSearch} says how the bound is found.
 *
 * @param kind how the bound was found
 * @param lowerBound F* is at least this; -infinity where kind is none
 * @param gap {@code (objective - lowerBound) / |objective|}; NaN where kind is none
 * @param reason why there is none; empty if there is one
 * @param distance how far the estimate is at most from the optimum, as the second derivatives of F
 *     measure it; NaN if that is not known
 */
public record Certificate(
    LowerBound.Kind kind, double lowerBound, double gap, String reason, double distance) {

  /** The certificate of a measurement. */
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

  /** The fields in {@code run.json} and {@code solution.json}, by name. */
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

  /** One line for the console. */
  @Override
  public String toString() {
    return holds()
        ? String.format(Locale.ROOT, "F* >= %.9g, relative gap %.2g (%s)", lowerBound, gap, kind)
        : "none: " + reason;
  }
}
