package io.sotto.algorithm;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A distributed method, from the perspective of one agent. The engine carries what agents say, the
 * algorithm updates.
 *
 * <p>Most methods say the same to all neighbours, and all that they ask of them is the weighted sum
 * of what they say. One that is {@link #perLink} says something else on each link, and looks at
 * what it hears on each.
 *
 * <p>The estimate is the first vector that an agent keeps, or, if it keeps none, the first that it
 * says.
 */
public interface Algorithm extends Serializable {

  /** How many numbers an agent says at each tick, to all or on each link; d is that of x. */
  int says(int d);

  /** How many numbers an agent keeps to itself from one update to the next. */
  default int keeps(int d) {
    return 0;
  }

  /** True if an agent says something else to each neighbour; idle agents then hold. */
  default boolean perLink() {
    return false;
  }

  /** True if it takes proximal steps ({@link Turn#prox}), for which the engine keeps duals. */
  default boolean proximal() {
    return false;
  }

  /** True if a network in which nobody updates and everybody mixes agrees on the mean. */
  default boolean agreesByMixing() {
    return keeps(1) == 0;
  }

  /**
   * Before tick 1: from the estimate, which stands where it belongs, all else that is 0 as yet. An
   * perLink one finds the duals of links where it will say something, 0 for those not known.
   */
  default void start(Turn turn) {}

  /**
   * Of an perLink one, what a coordinate of a link's dual must be at the start to say this on it at
   * this estimate: what is saved of a link for another run.
   */
  default double dual(double estimate, double said) {
    return 0;
  }

  /**
   * The same method with another step, which agents may take at any tick; null for a method whose
   * step is chosen before it starts.
   */
  default @Nullable Algorithm stepped(double step) {
    return null;
  }

  /** One agent goes on by this method, after it did by the same with another step. */
  default void resume(Turn turn, Algorithm before) {}

  /** An active agent: given what it heard, writes what it says next, in place. */
  void update(Turn turn);

  /** An idle agent that goes on averaging: what it says is the mix already. */
  default void mix(Turn turn) {}

  /** What whoever hears it can compute of an agent's updates; an audit attacks with it. */
  Recursion recursion();

  /** The weight of tick k in averages over ticks. */
  double averagingWeight(long tick);

  /** How many ticks show which of two first steps is better. */
  default int trialTicks() {
    return 300;
  }
}
