package io.sotto.algorithm;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A distributed method, as one agent runs it. The engine carries the messages; the algorithm
 * computes the agent's update and its next message.
 *
 * <p>With most methods an agent says the same to all neighbours, and needs from them only the
 * weighted sum of what they say. A method that is {@link #perLink} says something else on each
 * link, and reads what it hears on each.
 *
 * <p>The estimate is the first vector that an agent keeps, or, unless it {@link #keepsEstimate},
 * the first that it says.
 */
public interface Algorithm extends Serializable {

  /** How many numbers an agent says at each tick, to all or on each link; d is that of x. */
  int says(int d);

  /** How many numbers an agent keeps to itself from one update to the next. */
  default int keeps(int d) {
    return 0;
  }

  /**
   * Where, among what an agent keeps, the point begins that its cost is measured from, beside the
   * point that it is measured at; -1 if it keeps none.
   */
  default int referenceAt(int d) {
    return -1;
  }

  /** True if an agent says something else to each neighbour. Idle agents then do nothing. */
  default boolean perLink() {
    return false;
  }

  /**
   * True if it runs along a spanning tree of the network: agents then know which neighbour leads to
   * the root ({@link Turn#parent}).
   */
  default boolean alongTree() {
    return false;
  }

  /**
   * True if what agents say are whole numbers of 64 bits, kept as the bits of doubles. Nothing may
   * compute with them but the method itself.
   */
  default boolean saysWhole() {
    return false;
  }

  /** How many numbers the root of the tree keeps beside what every agent does. */
  default int keepsAtRoot(int d) {
    return 0;
  }

  /** The same method, which sums second derivatives of at most so many coordinates. */
  default Algorithm upTo(int coordinates) {
    return this;
  }

  /** The same method with other averages of subgradients, if it has such. */
  default Algorithm with(AsyncAdam.Moments moments) {
    return this;
  }

  /**
   * The first step where costs are not convex, so that trials tell nothing; NaN if none is known.
   *
   * @param agents how many there are; each cost is its agent's loss divided by that
   */
  default double usualStep(int agents) {
    return Double.NaN;
  }

  /** True if it has no step, so that none is to be chosen. */
  default boolean stepless() {
    return false;
  }

  /** True if it takes proximal steps ({@link Turn#prox}), for which the engine keeps duals. */
  default boolean proximal() {
    return false;
  }

  /** True if the estimate is the first vector that an agent keeps, not the first that it says. */
  default boolean keepsEstimate() {
    return keeps(1) > 0;
  }

  /** True if a network in which nobody updates and everybody mixes agrees on the mean. */
  default boolean agreesByMixing() {
    return !keepsEstimate();
  }

  /**
   * Called before tick 1. The estimate is in its place already, and all other numbers are 0; this
   * sets those that must not be. For a method per link, {@link Turn#said} holds the duals of links,
   * 0 for those that are not known.
   */
  default void start(Turn turn) {}

  /**
   * For a method per link: the dual of a link, coordinate by coordinate, that belongs to this
   * estimate and this message. It is saved for a later run.
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

  /**
   * Called for each agent when it goes on with this step, after the same method with another step.
   */
  default void resume(Turn turn, Algorithm before) {}

  /** Updates an active agent: from what it heard, writes what it says next, in place. */
  void update(Turn turn);

  /** Called for an idle agent that goes on averaging. What it says is the mix already. */
  default void mix(Turn turn) {}

  /**
   * What others can compute of an agent's updates from its messages. The attacks of an audit use
   * it.
   */
  Recursion recursion();

  /** The weight of tick k in averages over ticks. */
  double averagingWeight(long tick);

  /** The ticks of a trial run that compares first steps. */
  default int trialTicks() {
    return 300;
  }
}
