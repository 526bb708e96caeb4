package io.sotto.cli;

import io.sotto.run.Optimization;
import io.sotto.run.RunState;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells a person how a run goes on: one line that is written over on a terminal, a line every few
 * seconds elsewhere. The pace is that since the last line.
 */
final class Progress implements Optimization.Observer {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LOG_NANOS = 5_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private final long maxTicks;
  private long shown = System.nanoTime();
  private long shownTick;
  private long shownSupersteps;
  private int width;
  private String measured = "";

  Progress(PrintWriter err, boolean terminal, long maxTicks) {
    this.err = err;
    this.terminal = terminal;
    this.maxTicks = maxTicks;
  }

  @Override
  public void measured(RunState now) {
    measured =
        String.format(
            Locale.ROOT,
            ", F %.6g, disagreement %.2g",
            now.last().objective(),
            now.last().disagreement());
  }

  @Override
  public void ticked(long tick, long supersteps) {
    long now = System.nanoTime();
    if (now - shown < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    double pace = (now - shown) / 1e9;
    String line =
        String.format(
            Locale.ROOT,
            "tick %,d of at most %,d, %.0f supersteps/s%s, at most %s left",
            tick,
            maxTicks,
            (supersteps - shownSupersteps) / pace,
            measured,
            Text.seconds(pace / (tick - shownTick) * (maxTicks - tick)));
    shown = now;
    shownTick = tick;
    shownSupersteps = supersteps;
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
