package io.sotto.cli;

import io.sotto.engine.Measurement;
import io.sotto.result.Optimization;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells a person how a run goes on: one line that is written over on a terminal, a line every few
 * seconds elsewhere.
 */
final class Progress implements Optimization.Observer {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LOG_NANOS = 5_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private final long maxTicks;
  private final long begin = System.nanoTime();
  private long shown = begin;
  private int width;
  private String measured = "";

  Progress(PrintWriter err, boolean terminal, long maxTicks) {
    this.err = err;
    this.terminal = terminal;
    this.maxTicks = maxTicks;
  }

  @Override
  public void measured(Measurement now) {
    measured =
        String.format(
            Locale.ROOT, ", F %.6g, disagreement %.2g", now.objective(), now.disagreement());
  }

  @Override
  public void ticked(long tick, long supersteps) {
    long now = System.nanoTime();
    if (now - shown < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    shown = now;
    double seconds = (now - begin) / 1e9;
    String line =
        String.format(
            Locale.ROOT,
            "tick %,d of at most %,d, %.0f supersteps/s%s, at most %s left",
            tick,
            maxTicks,
            supersteps / seconds,
            measured,
            Text.seconds(seconds / tick * (maxTicks - tick)));
    if (terminal) {
      err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Clears the line on a terminal. */
  void end() {
    if (width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
    }
  }
}
