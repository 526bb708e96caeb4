package io.sotto.result;

import io.sotto.engine.Checks;
import io.sotto.engine.Measurement;
import java.time.Duration;
import java.util.Locale;

/**
 * When a run may stop. Where F is smooth, progress is the gradient mapping at the mean, relative to
 * its value at P_X(0), also where a run starts from an earlier one; where it is not, it is what the
 * best objective gained since half the ticks, relative to itself, and not before tick {@value
 * #EARLIEST}. Whichever it is, a certified gap within the tolerance is as good.
 *
 * @param maxTicks the last tick
 * @param tolerance bounds progress or the certified gap; 0 means never
 * @param disagreement bounds disagreement and infeasibility; 0 means never
 * @param checkEvery ticks between measurements, at least 1
 * @param deadline on the wall clock, from the start of the run
 */
public record StoppingRule(
    long maxTicks, double tolerance, double disagreement, long checkEvery, Duration deadline) {
  private static final long EARLIEST = 1000;

  /** When to measure. */
  Checks checks() {
    return new Checks(checkEvery, maxTicks);
  }

  /** The figure that tolerance bounds; NaN where it cannot be told yet. */
  double progress(Trace trace, Measurement now) {
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
  boolean isDone(Trace trace, Measurement now) {
    return tolerance > 0 && (progress(trace, now) <= tolerance || isCertain(now));
  }

  /** True if the objective is certain to be near enough to the optimum. */
  private boolean isCertain(Measurement now) {
    return now.gap() <= tolerance;
  }

  /** True if the agents agree well enough. */
  boolean agrees(Measurement now) {
    return disagreement > 0 && now.disagreement() <= disagreement;
  }

  /** True if what is reported was near enough to X before it was projected. */
  boolean isFeasible(Measurement now) {
    return disagreement > 0 && now.infeasibility() <= disagreement;
  }

  /** Why a converged run stopped, with the figures. */
  String converged(Trace trace, Measurement now) {
    return String.format(
        Locale.ROOT,
        "%s is %.3g (stop.tolerance %.3g), disagreement %.3g and infeasibility %.3g"
            + " (stop.disagreement %.3g)",
        isCertain(now)
            ? "the certified gap (%s)".formatted(now.bound().kind())
            : Double.isNaN(now.stationarity())
                ? "the gain of the objective since half the ticks"
                : "the gradient mapping relative to its first value",
        isCertain(now) ? now.gap() : progress(trace, now),
        tolerance,
        now.disagreement(),
        now.infeasibility(),
        disagreement);
  }

  /** Why a run stopped that did not converge, with the figures. */
  String unfinished(String limit, Trace trace, Measurement now) {
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
