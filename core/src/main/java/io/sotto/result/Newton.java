package io.sotto.result;

import io.sotto.problem.PivotedCholesky;
import org.jspecify.annotations.Nullable;

/**
 * The second derivatives H of F at a point, factored: what Newton's step there would gain. With the
 * decrement {@code lambda = sqrt(g.H^-1 g)}, and r such that {@code |D^3 F[v,v,v]| <= r |v|_H D^2
 * F[v,v]}, F is everywhere at least
 *
 * <pre>
 *   F(x) - ( t + (1 - t) log(1 - t) ) / r^2,   t = lambda r,   as long as t &lt; 1,
 * </pre>
 *
 * <p>which is {@code F(x) - lambda^2 / 2} where r is 0, and its minimisers have {@code |y - x|_H <=
 * -log(1 - t) / r}. Both follow from second derivatives that fall by no more than {@code exp(-r
 * |v|_H)} along v (Bach 2010, "Self-concordant analysis for logistic regression", proposition 1),
 * the worst direction being that of Newton's step.
 *
 * <p>Along flat directions F does not change, which its gradient must confirm.
 *
 * @param factor of H
 */
record Newton(PivotedCholesky factor) {
  /** What is left of a gradient along flat directions, relative to sqrt |F|, is rounding. */
  private static final double LEFT = 1e-10;

  private static final double SMALL = 1e-3;

  /** Factors a packed matrix; null if it is not finite. */
  static @Nullable Newton of(double[] packed, int d) {
    PivotedCholesky factor = PivotedCholesky.of(packed, d);
    return factor == null ? null : new Newton(factor);
  }

  int rank() {
    return factor.rank();
  }

  /** True if F has one minimiser at most, for no direction is flat. */
  boolean isUnique() {
    return factor.isUnique();
  }

  /**
   * The decrement of a gradient; NaN if that has a part along which H is flat.
   *
   * @param size of F, which says how much of the gradient is rounding
   */
  double decrement(double[] gradient, double size) {
    return factor.decrement(gradient, LEFT * Math.sqrt(Math.abs(size)));
  }

  /** Where Newton's step leads from x; coordinates without a pivot stay. */
  double[] step(double[] x, double[] gradient) {
    return factor.step(x, gradient);
  }

  /** How far two points are from each other, as H measures it; flat directions do not count. */
  double distance(double[] x, double[] y) {
    return factor.distance(x, y);
  }

  /** An inverse of H on its range, packed: 0 for coordinates without a pivot. */
  double[] inverse() {
    return factor.inverse();
  }

  /** By how much F can be above its least value at most; NaN if nothing is known. */
  static double gap(double decrement, double steepness) {
    double t = decrement * steepness;
    if (!(t < 1)) {
      return Double.NaN;
    }
    if (t < SMALL) { // the series; what is left out is less than its last term
      return decrement * decrement * (0.5 + t / 6 + t * t / 12 + t * t * t / 10);
    }
    return (t + (1 - t) * StrictMath.log1p(-t)) / (steepness * steepness);
  }

  /** How far its minimisers are at most, as H measures it. */
  static double distance(double decrement, double steepness) {
    double t = decrement * steepness;
    return t < SMALL ? decrement * (1 + t) : -StrictMath.log1p(-t) / steepness;
  }
}
