package io.sotto.result;

import io.sotto.engine.Plan;
import io.sotto.engine.Position;
import io.sotto.problem.Vectors;

/**
 * The state of a run as the operator sees it, at the end of a superstep.
 *
 * @param tick ticks so far
 * @param superstep supersteps so far
 * @param candidate which candidate has the lowest objective once it is projected onto X
 * @param estimate that candidate, projected: d coordinates, the intercept last
 * @param objective F at exactly that estimate; NaN if it may not be measured
 * @param infeasibility the largest distance of the unprojected candidate from any X_i, relative to
 *     max(1, |mean|)
 * @param disagreement the largest |x_i - mean|, intercept included, relative to max(1, |mean|)
 * @param stationarity where F is smooth and its gradient exact, {@code L |x - P_X(x - grad F(x) /
 *     L)|} at the projected mean; else NaN
 * @param active agents that were active at the last tick
 * @param updates all updates so far
 * @param mean the network mean, unprojected
 * @param measured what agents measured beside F at the estimate
 * @param lower what is known of F* so far
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Measurement(
    long tick,
    long superstep,
    Candidate candidate,
    double[] estimate,
    double objective,
    double infeasibility,
    double disagreement,
    double stationarity,
    int active,
    long updates,
    double[] mean,
    Measured measured,
    LowerBoundSearch lower) {

  /** A checkpoint of an earlier version may have nothing here. */
  public Measurement {
    measured = measured == null ? Measured.NONE : measured;
  }

  /**
   * Of a run in which nothing may be measured: where it stands, and NaN for all that rows tell.
   *
   * @param distance the largest distance of an estimate from the mean
   */
  public static Measurement unmeasured(Plan plan, Position at, double[] estimate, double distance) {
    LeastValue least = new LeastValue(plan.constraints().distinct(), plan.coefficients());
    return new Measurement(
        at.tick(),
        at.superstep(),
        Candidate.ROOT,
        estimate,
        Double.NaN,
        0,
        distance / Math.max(1, Vectors.norm(at.mean())),
        Double.NaN,
        at.active(),
        at.updates(),
        at.mean(),
        Measured.NONE,
        new LowerBoundSearch(plan.dimension(), plan.coefficients(), false, least.start()));
  }

  /** False if nothing may be measured that rows tell. */
  public boolean isMeasured() {
    return candidate != Candidate.ROOT;
  }

  /** The same measurement with more known of F*. */
  Measurement with(LowerBoundSearch other) {
    return with(candidate, estimate, objective, other);
  }

  /** The same with another estimate and another bound. */
  Measurement with(Candidate other, double[] point, double value, LowerBoundSearch bound) {
    return new Measurement(
        tick,
        superstep,
        other,
        point,
        value,
        infeasibility,
        disagreement,
        stationarity,
        active,
        updates,
        mean,
        measured,
        bound);
  }

  /** The best lower bound of F* so far. */
  public LowerBound bound() {
    return lower.bound();
  }

  /**
   * The gap: how far the objective can be above F*, divided by its absolute value. NaN if there is
   * no bound.
   */
  public double gap() {
    return bound().gap(objective);
  }

  /**
   * The gap under the assumption that the optimum is not much larger than the estimate ({@link
   * LowerBoundSearch#nearby}); NaN if costs give no exact subgradients.
   */
  public double nearbyGap() {
    if (lower.isInexact()) {
      return Double.NaN;
    }
    double behind = Math.max(0, objective - lower.nearby());
    return behind == 0 ? 0 : behind / Math.abs(objective);
  }

  /** Which of the estimates that could be reported. */
  public enum Candidate {
    /** The mean of all agents' estimates at the last tick. */
    LAST_MEAN,
    /** The average of means, weighted by the step, since the last power of two of the tick. */
    CURRENT_WINDOW,
    /** The same between the last two powers of two. */
    FINISHED_WINDOW,
    /**
     * A few proximal steps from one of these, which make coefficients 0 that the optimum has at 0.
     */
    PROXIMAL_STEP,
    /** Some steps of Newton's method from one of these, on sums over all agents. */
    NEWTON_STEP,
    /** That of the root of the tree, where nothing may be measured to compare it with. */
    ROOT
  }
}
