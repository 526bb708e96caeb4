package io.sotto.run;

import io.sotto.engine.StepControl;
import io.sotto.result.Measurement;
import io.sotto.result.Trace;

/**
 * What the operator knows of a run at a measurement. Together with the cells at that moment it is
 * enough to continue the run, to the same bits. It is a value.
 *
 * @param control the step, and when and how it may change
 * @param last the measurement, with what is known of the optimum
 * @param trace all measurements, this one the last
 * @param mixing whether agents only mixed before this measurement
 * @param settled the first tick at which the run seemed to be done; 0 if it did not yet
 */
public record RunState(
    StepControl control, Measurement last, Trace trace, boolean mixing, long settled) {

  /** Ticks so far. */
  public long tick() {
    return last.tick();
  }

  /** Supersteps so far. */
  public long superstep() {
    return last.superstep();
  }
}
