package io.sotto.engine;

import io.sotto.algorithm.Scales;
import io.sotto.problem.LocalObjective;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A privacy mechanism: it changes what a method gets to see of an agent's rows. It wraps the costs
 * of a cell once they are loaded, in the process that runs the cell. Engines, methods and
 * measurements do not depend on it.
 */
@FunctionalInterface
public interface Mechanism extends Serializable {

  /** No mechanism: costs stay as they are. */
  static Mechanism none() {
    return (agents, costs) -> costs;
  }

  /**
   * The costs under this mechanism; the same each time it is asked, also after a fault.
   *
   * @param agents global indices, ascending; agent {@code agents[i]} is i in the costs
   * @param costs as they were loaded
   */
  LocalObjective over(int[] agents, LocalObjective costs);

  /**
   * How many times as long as for plain costs a trial of a step must be, to tell steps apart: where
   * agents start far from where they end, short trials see nothing else.
   */
  default int trialLengthFactor() {
    return 1;
  }

  /**
   * Adds masks that cancel in the sum over all agents to what an agent adds to a sum: whole numbers
   * of 64 bits, kept as the bits of doubles. By default there are none.
   *
   * @param agent its global index
   * @param round no two sums of a run have the same
   */
  default void mask(int agent, long round, double[] words, int at, int count) {}

  /**
   * Adds noise to what an agent adds to a sum, in the same form, before the masks. By default there
   * is none.
   *
   * @param agent its global index
   * @param round no two sums of a run have the same
   */
  default void noise(int agent, long round, double[] words, int at, int count) {}

  /**
   * False if nobody may ask for F, its gradient or the like, be it the operator, because that would
   * tell of rows.
   */
  default boolean measurable() {
    return true;
  }

  /** How finely agents round what they add to sums; null if nobody knows how large that is. */
  default @Nullable Scales scales() {
    return null;
  }
}
