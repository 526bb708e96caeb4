package io.sotto.engine;

import io.sotto.engine.Superstep.Compare;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The step of a run, and how it changes on the way, where the method allows that.
 *
 * <p>With the step 1 / rho of a method of multipliers, estimates and the duals of links move to
 * their limits at the same pace where {@code step = |moves of estimates| / |moves of duals|}: with
 * a shorter one estimates lag behind, with a longer one duals do. Spectral methods estimate rho
 * from the same figures (Xu, Figueiredo and Goldstein 2017, "Adaptive ADMM with spectral penalty
 * parameter selection"). So both are compared every few ticks. As they swing past their limits in
 * turn, one comparison says little, and
 *
 * <pre>
 *   step := {@value #LONGER} times the geometric mean of the comparisons since half the ticks
 * </pre>
 *
 * <p>where the first ones, as long as they are far from the step, count one at a time. Where agents
 * hold too few rows to say anything of some direction, estimates move along it whatever the step
 * is, and the balance has no end: so a step stays within {@value #LONGEST} times the first and 1 /
 * {@value #SHORTEST} of it, beyond which none was found best. A change is announced with a
 * superstep and made by all agents at its end; duals and estimates stay as they are. There are
 * finitely many, none announced after tick {@value #LAST} (or two comparisons, if these take
 * longer): the rest is the method with a fixed penalty from another start, which converges.
 *
 * <p>It is a value, and a function of the plan: when to compare follows from ticks alone, and what
 * comes out is a sum over cells in their order.
 *
 * @param step the step that agents have now
 * @param announced the one that they are told with the next superstep; 0 for none
 * @param first the one that the run began with
 * @param changes how many there were
 * @param next the tick from which to compare; {@link Long#MAX_VALUE} for a step that is fixed
 * @param every ticks between two comparisons, at least
 * @param seen the comparisons that count
 */
public record StepControl(
    double step, double announced, double first, int changes, long next, int every, List<Seen> seen)
    implements Serializable {

  /** No change is announced later. */
  public static final long LAST = 1000;

  /** How many updates an agent makes, in the mean, between two comparisons. */
  private static final int UPDATES = 4;

  /** Measured: with it fewer ticks are needed than with 1, 1.5 or 2. */
  private static final double LONGER = 1.25;

  /** A comparison this many times off is far from the step, for the first so many of them. */
  private static final double FAR = 2.5;

  private static final int FIRST = 12;

  /** How many times as long, or as short, as the first one a step may become. */
  private static final double LONGEST = 1000;

  private static final double SHORTEST = 3000;
  private static final long NEVER = Long.MAX_VALUE;

  /** A comparison: when it was, and the logarithm of the step that it would have. */
  public record Seen(long tick, double log) implements Serializable {}

  /** A step that does not change. */
  public static StepControl fixed(double step) {
    return new StepControl(step, 0, step, 0, NEVER, 0, List.of());
  }

  /** A first step that changes on the way, for a method that allows it. */
  public static StepControl balanced(double step, Plan plan) {
    double rate = 0;
    for (int i = 0; i < plan.agents(); i++) {
      rate += plan.clock().rate(i) * plan.channel().availability(i) / plan.agents();
    }
    int late = plan.ticksPerSuperstep() - 1 + plan.channel().delay().longest();
    double every = (UPDATES / rate + 2.0 * late) * plan.mechanism().trialLengthFactor();
    return new StepControl(step, 0, step, 0, 1, (int) Math.min(Math.ceil(every), LAST), List.of());
  }

  /** The superstep from a tick on. */
  Superstep superstep(long first, int ticks, boolean mixOnly, boolean report) {
    long end = first + ticks - 1;
    Compare compare =
        end < next ? Compare.NO : end < Math.max(LAST, every) ? Compare.YES : Compare.LAST;
    return new Superstep(first, ticks, mixOnly, report, compare, announced);
  }

  /** What it is after a superstep. */
  StepControl after(Superstep superstep, CellSummary[] summaries) {
    StepControl now =
        superstep.step() > 0
            ? new StepControl(superstep.step(), 0, first, changes + 1, next, every, seen)
            : this;
    return switch (superstep.compare()) {
      case NO -> now;
      case YES -> now.compared(superstep.last(), superstep.last() + every, moved(summaries));
      case LAST -> now.compared(superstep.last(), NEVER, moved(summaries));
    };
  }

  private StepControl compared(long tick, long then, @Nullable Movement moved) {
    double balance = moved == null ? 0 : Math.sqrt(moved.estimates() / moved.duals());
    if (!(balance > 0 && balance < Double.POSITIVE_INFINITY)) { // not both have moved
      return new StepControl(step, 0, first, changes, then, every, seen);
    }
    boolean far = tick <= (long) FIRST * every && Math.max(balance / step, step / balance) > FAR;
    List<Seen> kept = new ArrayList<>();
    double sum = 0;
    for (Seen before : seen) {
      if (!far && 2 * before.tick() >= tick) {
        kept.add(before);
        sum += before.log();
      }
    }
    Seen now = new Seen(tick, StrictMath.log(balance));
    kept.add(now);
    double better = LONGER * StrictMath.exp((sum + now.log()) / kept.size());
    double within = Math.max(first / SHORTEST, Math.min(first * LONGEST, better));
    return new StepControl(step, within, first, changes, then, every, List.copyOf(kept));
  }

  /** The sum over cells; null if there is none to be had. */
  private static @Nullable Movement moved(CellSummary[] summaries) {
    return Arrays.stream(summaries).anyMatch(s -> s.movement() == null)
        ? null
        : Arrays.stream(summaries)
            .map(s -> Objects.requireNonNull(s.movement()))
            .reduce(new Movement(0, 0), Movement::plus);
  }
}
