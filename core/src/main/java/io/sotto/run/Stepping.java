package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdam;
import io.sotto.algorithm.OuterMomentum;
import io.sotto.algorithm.StepSize;

/**
 * How steps go on after the first, and how many there are between two exchanges.
 *
 * @param schedule how steps shrink
 * @param warmUp with cosine, the part of the run in which steps grow
 * @param floor with cosine, the last step as a part of the longest
 * @param localSteps agents exchange at every so many ticks
 * @param outerStep the step of an exchange; 0 to take the mix as it is
 * @param outerMomentum of exchanges
 * @param adam the averages of async-adam
 */
public record Stepping(
    Schedule schedule,
    double warmUp,
    double floor,
    int localSteps,
    double outerStep,
    double outerMomentum,
    AsyncAdam.Moments adam) {

  /** How steps shrink. */
  public enum Schedule {
    /** By powers of the tick; for costs that are not convex as a cosine. */
    AUTO,
    /** By powers of the tick. */
    POWER,
    /** As a cosine, over the ticks of the run. */
    COSINE
  }

  /** What stands in {@code sotto-reference.conf}. */
  public static Stepping usual() {
    return new Stepping(Schedule.AUTO, 0.1, 0.1, 1, 0, 0, AsyncAdam.Moments.USUAL);
  }

  /** The same with so many local steps. */
  public Stepping localSteps(int steps) {
    return new Stepping(schedule, warmUp, floor, steps, outerStep, outerMomentum, adam);
  }

  /** The steps of a run. */
  StepSize size(double initial, double exponent, long lastTick, boolean convex) {
    return schedule == Schedule.COSINE || (schedule == Schedule.AUTO && !convex)
        ? new StepSize(initial, exponent, new StepSize.Course(lastTick, warmUp, floor))
        : new StepSize(initial, exponent);
  }

  /** The method with these averages and exchanges. */
  Algorithm around(Algorithm method) {
    Algorithm made = method.with(adam);
    return outerStep > 0 ? new OuterMomentum(made, outerStep, outerMomentum) : made;
  }

  /** Adds to the digest of a run what is not as usual. */
  void addTo(RunDigest digest) {
    if (!equals(usual())) {
      digest.text("stepping", toString());
    }
  }
}
