package io.sotto.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The clock of a run. It starts with the program. All phases (loading, trials, solving, certifying,
 * writing) ask it how much time is left until the deadline. It also records how long each phase
 * took.
 */
public final class RunClock {
  private static final double NANOS = 1e9;

  private final LongSupplier nanos;
  private final long begin;
  private final double deadline;
  private final Map<String, Double> phases;
  private final AtomicReference<String> phase;
  private final AtomicReference<Consumer<String>> told;

  private RunClock(
      LongSupplier nanos,
      long begin,
      double deadline,
      Map<String, Double> phases,
      AtomicReference<String> phase,
      AtomicReference<Consumer<String>> told) {
    this.nanos = nanos;
    this.begin = begin;
    this.deadline = deadline;
    this.phases = phases;
    this.phase = phase;
    this.told = told;
  }

  /** A clock that starts now, without a deadline. */
  public static RunClock start() {
    return start(System::nanoTime);
  }

  /** The same by another source of time, in nanoseconds; for tests. */
  static RunClock start(LongSupplier nanos) {
    return new RunClock(
        nanos,
        nanos.getAsLong(),
        Double.POSITIVE_INFINITY,
        new LinkedHashMap<>(),
        new AtomicReference<>("start"),
        new AtomicReference<>(name -> {}));
  }

  /**
   * The same clock with a deadline.
   *
   * @param after this long after the clock started
   */
  public RunClock withDeadline(Duration after) {
    return new RunClock(nanos, begin, after.toNanos() / NANOS, phases, phase, told);
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
   * Does nothing before the deadline, and throws after it.
   *
   * @throws DeadlineException after it
   */
  public void requireLeft() {
    if (expired(0)) {
      throw passed();
    }
  }

  /** An exception that says that the deadline passed before there was an estimate to report. */
  public DeadlineException passed() {
    return new DeadlineException(
        String.format(
            Locale.ROOT,
            "stop.deadline of %s passed before there was an estimate to report (in the phase '%s',"
                + " %s after the start); nothing was written. Raise stop.deadline.",
            Text.seconds(deadline),
            phase.get(),
            Text.seconds(seconds())));
  }

  /** From now on tells the name of each phase as it begins, on the thread that runs it. */
  public void onPhase(Consumer<String> listener) {
    told.set(listener);
  }

  /** Runs a phase, and records how long it took. */
  public <T> T time(String name, Callable<T> work) throws Exception {
    long from = nanos.getAsLong();
    phase.set(name);
    Objects.requireNonNull(told.get()).accept(name);
    try {
      return work.call();
    } finally {
      phases.merge(name, (nanos.getAsLong() - from) / NANOS, Double::sum);
    }
  }

  /** Seconds by phase, in the order in which the phases began. */
  public Map<String, Double> phases() {
    return new LinkedHashMap<>(phases);
  }
}
