package io.sotto.cli;

import io.sotto.engine.DivergedException;
import io.sotto.engine.Plan;
import io.sotto.model.PolicyCosts;
import io.sotto.problem.Printable;
import io.sotto.result.Measured;
import io.sotto.result.Measurement;
import io.sotto.run.Optimize;
import io.sotto.run.PenaltyPath;
import io.sotto.run.Prepared;
import io.sotto.run.RunState;
import io.sotto.run.SavedRun;
import io.sotto.run.StepSearch;
import io.sotto.run.Text;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prints what was decided, and the progress of a run: on a terminal one line that is overwritten,
 * elsewhere a line every few seconds. The pace is measured since the last line.
 */
final class Console implements Optimize.Listener {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LOG_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean verbose;
  private final boolean progress;
  private final boolean terminal = System.console() != null;
  private @Nullable Prepared prepared;
  private volatile boolean measured;
  private long shown;
  private long shownTick;
  private long shownSupersteps;
  private int width;
  private String figures = "";

  /**
   * @param verbose whether to say why each choice was made
   * @param progress whether to print lines of progress
   */
  Console(PrintWriter out, PrintWriter err, boolean verbose, boolean progress) {
    this.out = out;
    this.err = err;
    this.verbose = verbose;
    this.progress = progress;
  }

  /** Whether an estimate was measured after tick 0. */
  boolean hasEstimate() {
    return measured;
  }

  private void say(String format, Object... arguments) {
    out.println(Printable.of(String.format(Locale.ROOT, format, arguments)));
    out.flush();
  }

  @Override
  public void warned(String sentence) {
    err.println("Warning: " + Printable.of(sentence));
  }

  @Override
  public void prepared(Prepared run) {
    prepared = run;
    Plan plan = run.plan();
    InputLines.print(run, this::say);
    if (verbose) {
      say("algorithm %s: %s", run.settings().algorithm().name(), run.because("algorithm"));
      say("engine %s: %s", run.engine().name(), run.because("engine"));
      say("memory: about %s", run.memory());
      say("cells %d: %s", plan.partition().cells(), run.because("cells"));
      say("ticks per superstep %d: %s", plan.ticksPerSuperstep(), run.because("ticksPerSuperstep"));
      if (run.why().containsKey("tolerance")) {
        say("tolerance %s", run.because("tolerance"));
      }
      if (run.why().containsKey("scale")) {
        say("scale: %s", run.because("scale"));
      }
    } else {
      say(
          "algorithm %s, engine %s, %d cells, ticks per superstep %d (--verbose says why)",
          run.settings().algorithm().name(),
          run.engine().name(),
          plan.partition().cells(),
          plan.ticksPerSuperstep());
    }
    say("privacy %s: %s", run.protection().name(), run.protection().words());
    run.warmStart().ifPresent(start -> say("warm start: %s", start.words()));
  }

  @Override
  public void tried(PenaltyPath.Trial trial) {
    say("%s", trial.words());
  }

  @Override
  public void selected(PenaltyPath path) {
    path.lines().forEach(line -> say("%s", line));
  }

  @Override
  public void stepChosen(StepSearch.Choice step) {
    if (!step.trials().isEmpty()) {
      say("first step %.4g, the best of %d trials", step.initial(), step.trials().size());
    } else if (step.from().equals("warm-start")) {
      say("first step %.4g, as in the run that this one starts from", step.initial());
    }
    shown = System.nanoTime();
  }

  @Override
  public void resumed(SavedRun from) {
    say("resumed from tick %d", from.tick());
    measured |= from.last().superstep() > 0;
    explainRewards(from.last());
    shown = System.nanoTime();
    shownTick = from.tick();
    shownSupersteps = from.superstep();
  }

  @Override
  public void measured(RunState now) {
    measured |= now.superstep() > 0; // x(0) is no estimate
    if (now.superstep() == 0) {
      explainRewards(now.last());
    }
    if (!now.last().isMeasured()) {
      return;
    }
    figures =
        String.format(
            Locale.ROOT,
            "; at tick %,d %s, disagreement %.2g",
            now.last().tick(),
            isPaid(now.last())
                ? reward(now.last(), "was")
                : String.format(Locale.ROOT, "F was %.6g", now.last().objective()),
            now.last().disagreement());
  }

  /** Whether a model learns from rewards. */
  static boolean isPaid(Measurement last) {
    return last.measured().names().contains(PolicyCosts.REWARD);
  }

  /** What it got. */
  static String reward(Measurement last, String is) {
    Measured measured = last.measured();
    return String.format(
        Locale.ROOT,
        "reward %1$s %2$.4g, accuracy %1$s %3$.3f, format %1$s %4$.3f, live groups %5$.2f",
        is,
        measured.of(PolicyCosts.REWARD),
        measured.of(PolicyCosts.ACCURACY),
        measured.of(PolicyCosts.FORMAT),
        measured.of(PolicyCosts.LIVE_GROUPS));
  }

  /** What the numbers of a run by rewards mean, and how old responses are that it learns from. */
  private void explainRewards(Measurement first) {
    if (prepared == null || !first.isMeasured() || !isPaid(first)) {
      return;
    }
    say(
        "an update learns from responses that the model which it changes wrote at the same tick: they are"
            + " 0 ticks old");
    if (prepared.plan().agents() > 1) {
      say(
          "ticks that what neighbours said is old in that model, at most: %d",
          oldest(prepared.plan()));
    }
    say(
        "live groups: the share of prompts whose responses differ in reward; the others teach nothing."
            + " core/docs/OUTPUT.md explains the columns of trace/");
  }

  /** How many ticks ago the neighbours may have said what is in an agent's mix. */
  private static int oldest(Plan plan) {
    boolean late =
        plan.partition().cells() > 1 && plan.exchangeEvery() % plan.ticksPerSuperstep() > 0;
    return (late ? plan.ticksPerSuperstep() : 1)
        + plan.channel().delay().longest()
        + plan.exchangeEvery()
        - 1;
  }

  @Override
  public void ticked(long tick, long supersteps) {
    long now = System.nanoTime();
    if (!progress || prepared == null || now - shown < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    long last = prepared.protection().lastTick(prepared.settings().stop().maxTicks());
    double pace = (now - shown) / 1e9;
    String line =
        String.format(
            Locale.ROOT,
            "tick %,d of at most %,d, at most %s left, %.0f supersteps/s%s",
            tick,
            last,
            Text.seconds(pace / (tick - shownTick) * (last - tick)),
            (supersteps - shownSupersteps) / pace,
            figures);
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

  /** A message for a run that diverged, with what to do. */
  String explain(DivergedException e) {
    return prepared == null ? String.valueOf(e.getMessage()) : prepared.explain(e);
  }

  /** Clears the line on a terminal. */
  void end() {
    if (width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
      width = 0;
    }
  }
}
