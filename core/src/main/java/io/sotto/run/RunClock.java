package io.sotto.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/**
 * The one clock of a run. It starts when the program does, and loading, trials, solving, certifying
 * and writing all ask it how much time is left. It also knows how long each phase took.
 */
public final class RunClock {
  private static final double NANOS = 1e9;

  private final LongSupplier nanos;
  private final long begin;
  private final double deadline;
  private final Map<String, Double> phases;

  private RunClock(LongSupplier nanos, long begin, double deadline, Map<String, Double> phases) {
    this.nanos = nanos;
    this.begin = begin;
    this.deadline = deadline;
    this.phases = phases;
  }

  /** A clock that starts now, without a deadline. */
  public static RunClock start() {
    return start(System::nanoTime);
  }

  /** The same by another source of time, in nanoseconds; for tests. */
  static RunClock start(LongSupplier nanos) {
    return new RunClock(nanos, nanos.getAsLong(), Double.POSITIVE_INFINITY, new LinkedHashMap<>());
  }

  /**
   * The same clock with a deadline.
   *
   * @param after this long after the clock started
   */
  public RunClock withDeadline(Duration after) {
    return new RunClock(nanos, begin, after.toNanos() / NANOS, phases);
  }

  /** Seconds since the clock started. */
  public double seconds() {
    return (nanos.getAsLong() - begin) / NANOS;
  }

  /** Seconds until the deadline; below 0 after it, +infinity where there is none. */
  public double left() {
    return deadline - seconds();
  }

  /**
   * True if work that takes this long would not be done by the deadline.
   *
   * @param reserve seconds
   */
  public boolean expired(double reserve) {
    return left() <= reserve;
  }

  /**
   * Goes on only before the deadline.
   *
   * @param doing what is being done, for the message, such as "choosing the first step"
   * @throws DeadlineException after it
   */
  public void requireLeft(String doing) {
    if (expired(0)) {
      throw new DeadlineException(
          String.format(
              Locale.ROOT,
              "stop.deadline of %.4g s passed while %s, before there was an estimate to report;"
                  + " nothing was written. Raise stop.deadline.",
              deadline,
              doing));
    }
  }

  /** Does a phase, and remembers how long it took. */
  public <T> T time(String phase, Callable<T> work) throws Exception {
    long from = nanos.getAsLong();
    try {
      return work.call();
    } finally {
      phases.merge(phase, (nanos.getAsLong() - from) / NANOS, Double::sum);
    }
  }

  /** Seconds by phase, in the order in which the phases began. */
  public Map<String, Double> phases() {
    return new LinkedHashMap<>(phases);
  }
}
