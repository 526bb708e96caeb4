package io.sotto.run;

import io.sotto.engine.StepControl;
import io.sotto.result.Measurement;
import io.sotto.result.Trace;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the operator knows of a run at the end of a superstep. With the states of the cells there it
 * is enough to go on, to the same bits.
 *
 * @param step the first step, and how it was chosen
 * @param tick the last tick of that superstep
 * @param superstep its number
 * @param control the step as it stood there
 * @param measured the step as it stood at the last measurement
 * @param last that measurement
 * @param trace all measurements so far
 * @param mixing see {@link RunState}
 * @param settled see {@link RunState}
 * @param looked where the mean was when it was last looked whether there is an optimum; empty if
 *     that was not yet
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record SavedRun(
    StepSearch.Choice step,
    long tick,
    long superstep,
    StepControl control,
    StepControl measured,
    Measurement last,
    List<Trace.Point> trace,
    boolean mixing,
    long settled,
    double[] looked) {

  /** Refuses what lacks a part, as a file may that somebody else has written. */
  public SavedRun {
    Stream.of(step, control, measured, last, trace, looked).forEach(Objects::requireNonNull);
  }

  /** What was known at the last measurement. */
  RunState state() {
    return new RunState(measured, last, Trace.of(trace), mixing, settled);
  }
}
