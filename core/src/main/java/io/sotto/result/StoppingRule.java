package io.sotto.result;

import io.sotto.engine.Checks;
import java.util.Locale;

/**
 * Decides when a run may stop. A run has converged when its gap is certified to be within the
 * tolerance. A run has settled when it seems to be as near, and no certificate proves it: when the
 * gap is within the tolerance if the optimum is at most {@value LowerBoundSearch#NEAR} times as
 * large as the estimate ({@link LowerBoundSearch#nearby}). If the optimum is k times as far as
 * that, the gap is at most k times as large, since F is convex. Where costs give only estimates of
 * subgradients, a run has settled when the best objective has gained no more than the tolerance
 * since half the ticks, from tick {@value #EARLIEST} on. None of this depends on the units of
 * columns, or on how a run began.
 *
 * @param maxTicks the last tick
 * @param tolerance bounds the gap; 0 means never
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
    if (!Double.isNaN(now.nearbyGap())) {
      return now.nearbyGap();
    }
    if (now.tick() < EARLIEST) {
      return Double.NaN;
    }
    double best = trace.best(now.tick());
    double gained = trace.best(now.tick() / 2) - best;
    double behind = now.objective() - best;
    return best == 0 ? 0 : Math.max(gained, behind) / Math.abs(best);
  }

  /** True if the objective is near enough to the optimum, or seems to be. */
  public boolean isDone(Trace trace, Measurement now) {
    return tolerance > 0 && progress(trace, now) <= tolerance;
  }

  /** True if the objective is certain to be near enough to the optimum, and agents agree. */
  public boolean isCertain(Measurement now) {
    return tolerance > 0 && now.gap() <= tolerance && agrees(now) && isFeasible(now);
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
   * True if agents should only mix from now on, without updates, until they agree. That shrinks the
   * disagreement geometrically and leaves the mean where it is. It is wanted once everything but
   * the agreement is good enough, as long as the pace so far promises to get there within the ticks
   * that are left.
   *
   * @param mixing whether the measurement came of mixing alone
   */
  public boolean wantsMixing(Trace trace, Measurement now, boolean mixing) {
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

  /** Why a run stopped that is certified, with the figures. */
  public String converged(Measurement now) {
    return "the certified gap (%s) is %s".formatted(now.bound().kind(), figures(now.gap(), now));
  }

  /** Why a run stopped that seems to be done, with the figures. */
  public String settled(Trace trace, Measurement now) {
    String what =
        Double.isNaN(now.nearbyGap())
            ? "the gain of the objective since half the ticks"
            : "F seems to be near its least value, but that is not certified: the estimated gap";
    String why =
        Double.isNaN(now.gap())
            ? "there is no certificate, because " + now.bound().reason()
            : String.format(Locale.ROOT, "the certified gap is %.3g", now.gap());
    return "%s is %s; %s".formatted(what, figures(progress(trace, now), now), why);
  }

  /** Why a run stopped that is not done, with the figures. */
  public String unfinished(String limit, Trace trace, Measurement now) {
    if (now.bound().reason().equals(LowerBound.NOT_CONVEX)) {
      double half = trace.best(now.tick() / 2);
      return String.format(
          Locale.ROOT,
          "%s; F is %.5g, and was %.5g or more up to half the ticks; the costs are not convex, so that"
              + " nothing tells how low it can get",
          limit,
          now.objective(),
          half);
    }
    return "%s; the gap seems to be %s".formatted(limit, figures(progress(trace, now), now));
  }

  private String figures(double gap, Measurement now) {
    return String.format(
        Locale.ROOT,
        "%.3g (stop.tolerance %.3g), disagreement %.3g and infeasibility %.3g"
            + " (stop.disagreement %.3g)",
        gap,
        tolerance,
        now.disagreement(),
        now.infeasibility(),
        disagreement);
  }
}
