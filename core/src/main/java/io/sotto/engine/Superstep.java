package io.sotto.engine;

import java.io.Serializable;

/**
 * The ticks that all cells run between two exchanges of messages.
 *
 * @param first its first tick; ticks count from 1
 * @param ticks how many, at least 1
 * @param mixOnly true if nobody updates and everybody mixes, whatever the clocks say
 * @param report true if the cells are asked for sums over their agents
 * @param compare whether cells say how far their agents have moved since they were last asked
 * @param step the step that all agents take from its end on, which is announced with it; 0 to keep
 *     the one they have
 */
public record Superstep(
    long first, int ticks, boolean mixOnly, boolean report, Compare compare, double step)
    implements Serializable {

  /** Whether movements are compared at the end of a superstep. */
  public enum Compare {
    /** Not now. */
    NO,
    /** Now, and again later: cells remember where their agents stand. */
    YES,
    /** Now, and never again. */
    LAST
  }

  /** One that compares nothing, and after which agents keep the step that they have. */
  public Superstep(long first, int ticks, boolean mixOnly, boolean report) {
    this(first, ticks, mixOnly, report, Compare.NO, 0);
  }

  /** Its last tick. */
  public long last() {
    return first + ticks - 1;
  }

  /** True if it does the same as another one, apart from its first tick and what it reports. */
  public boolean isLike(Superstep other) {
    return ticks == other.ticks
        && mixOnly == other.mixOnly
        && compare == other.compare
        && step == other.step;
  }

  /** The same at another time, without a report. */
  public Superstep from(long tick) {
    return new Superstep(tick, ticks, mixOnly, false, compare, step);
  }
}
