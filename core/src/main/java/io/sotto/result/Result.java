package io.sotto.result;

import io.sotto.engine.StepControl;

/**
 * How a run ended, and what was measured.
 *
 * @param status how it ended
 * @param stopReason the figure that ended it, and its value
 * @param last the measurement that is reported
 * @param trace all measurements
 * @param control the step as it was at the end
 * @param seconds from the first measurement to the last
 */
public record Result(
    Status status,
    String stopReason,
    Measurement last,
    Trace trace,
    StepControl control,
    double seconds) {

  /** What is proven of the result. */
  public Certificate certificate() {
    return Certificate.of(last);
  }

  /** How a run ended. */
  public enum Status {
    /** F is certified to be within the tolerance of its least value. */
    CONVERGED("converged"),
    /** F seems to be within the tolerance, and nothing certifies it. */
    SETTLED("settled"),
    MAX_TICKS("max-ticks"),
    DEADLINE("deadline"),
    BUDGET("privacy-budget");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    /** The name in {@code run.json}. */
    @Override
    public String toString() {
      return text;
    }
  }
}
