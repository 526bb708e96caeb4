package io.sotto.run;

import io.sotto.engine.StepControl;
import io.sotto.result.Measurement;
import io.sotto.result.Trace;
import java.io.Serializable;

/**
 * All that the operator knows of a run at a measurement: together with the cells as they stand
 * there it is enough to go on, to the same bits. It is a value: it can be stored, and gone on from
 * again.
 *
 * @param control the step, and how it goes on to change
 * @param last the measurement, with what is known of the optimum
 * @param trace all measurements, this one the last
 * @param mixing whether the measurement came of mixing alone
 * @param settled the first tick at which the run seemed to be done; 0 if it did not yet
 */
public record RunState(
    StepControl control, Measurement last, Trace trace, boolean mixing, long settled)
    implements Serializable {

  /** Ticks so far. */
  public long tick() {
    return last.tick();
  }

  /** Supersteps so far. */
  public long superstep() {
    return last.superstep();
  }
}
