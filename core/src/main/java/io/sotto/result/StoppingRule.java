package io.sotto.result;

import io.sotto.engine.Checks;
import java.util.Locale;

/**
 * When a run may stop. Where F is smooth, progress is the gradient mapping at the mean, relative to
 * its value at P_X(0), also where a run starts from an earlier one; where it is not, or where
 * subgradients are estimates, it is what the best objective gained since half the ticks, relative
 * to itself, and not before tick {@value #EARLIEST}. Whichever it is, a certified gap within the
 * tolerance is as good.
 *
 * @param maxTicks the last tick
 * @param tolerance bounds progress or the certified gap; 0 means never
 * @param disagreement bounds disagreement and infeasibility; 0 means never
 * @param checkEvery ticks between measurements, at least 1
 */
public record StoppingRule(long maxTicks, double tolerance, double disagreement, long checkEvery) {
  private static final long EARLIEST = 1000;

  /** When to measure. */
  public Checks checks() {
    return new Checks(checkEvery, maxTicks);
  }

  /** The figure that tolerance bounds; NaN where it cannot be told yet. */
  public double progress(Trace trace, Measurement now) {
    if (!Double.isNaN(now.stationarity())) {
      double first = trace.reference();
      return first == 0 ? 0 : now.stationarity() / first;
    }
    if (now.tick() < EARLIEST) {
      return Double.NaN;
    }
    double best = trace.best(now.tick());
    double gained = trace.best(now.tick() / 2) - best;
    double behind = now.objective() - best;
    return best == 0 ? 0 : Math.max(gained, behind) / Math.abs(best);
  }

  /** True if progress is small enough, or the certified gap. */
  public boolean isDone(Trace trace, Measurement now) {
    return tolerance > 0 && (progress(trace, now) <= tolerance || isCertain(now));
  }

  /** True if the objective is certain to be near enough to the optimum. */
  private boolean isCertain(Measurement now) {
    return now.gap() <= tolerance;
  }

  /** True if the agents agree well enough. */
  public boolean agrees(Measurement now) {
    return disagreement > 0 && now.disagreement() <= disagreement;
  }

  /** True if what is reported was near enough to X before it was projected. */
  public boolean isFeasible(Measurement now) {
    return disagreement > 0 && now.infeasibility() <= disagreement;
  }

  /**
   * True if nobody should update and everybody mix until agents agree, which shrinks the
   * disagreement geometrically and leaves the mean where it is: once all but the agreement is good
   * enough, and while the pace so far promises to get there within the ticks that are left.
   *
   * @param mixing whether the measurement came of mixing alone
   */
  public boolean settles(Trace trace, Measurement now, boolean mixing) {
    if (agrees(now)) {
      return false;
    }
    Trace.Point before = trace.beforeLast();
    if (!mixing || before == null) {
      return isDone(trace, now) && isFeasible(now);
    }
    double blocks =
        Math.log(disagreement / now.disagreement())
            / Math.log(now.disagreement() / before.disagreement());
    return now.disagreement() < before.disagreement()
        && !(blocks * (now.tick() - before.tick()) > maxTicks - now.tick());
  }

  /** Why a converged run stopped, with the figures. */
  public String converged(Trace trace, Measurement now) {
    return String.format(
        Locale.ROOT,
        "%s is %.3g (stop.tolerance %.3g), disagreement %.3g and infeasibility %.3g"
            + " (stop.disagreement %.3g)%s",
        isCertain(now)
            ? "the certified gap (%s)".formatted(now.bound().kind())
            : Double.isNaN(now.stationarity())
                ? "the gain of the objective since half the ticks"
                : "the gradient mapping relative to its first value",
        isCertain(now) ? now.gap() : progress(trace, now),
        tolerance,
        now.disagreement(),
        now.infeasibility(),
        disagreement,
        Double.isNaN(now.stationarity()) && Double.isNaN(now.gap())
            ? "; how far the optimum is below is not known: " + now.bound().reason()
            : "");
  }

  /** Why a run stopped that did not converge, with the figures. */
  public String unfinished(String limit, Trace trace, Measurement now) {
    return String.format(
        Locale.ROOT,
        "%s; progress is %.3g (stop.tolerance %.3g), disagreement %.3g and infeasibility %.3g"
            + " (stop.disagreement %.3g)",
        limit,
        progress(trace, now),
        tolerance,
        now.disagreement(),
        now.infeasibility(),
        disagreement);
  }
}
