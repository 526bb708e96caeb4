package io.sotto.engine;

import java.io.Serializable;
import java.util.function.IntUnaryOperator;

/**
 * Where agents start if not at 0: at what an earlier run left, or at a point that is drawn. Like
 * rows, it is read in the process that runs the cell. It must return the same values each time,
 * also after a fault.
 */
public interface Origin extends Serializable {

  /** True if all agents start at the same point. */
  default boolean isCommon() {
    return false;
  }

  /** The number of ticks of the earlier run; schedules of shrinking steps go on from there. */
  double ticks();

  /**
   * Writes the estimates of some agents, in the units in which the problem is solved.
   *
   * @param agents their global indices, ascending
   * @param out takes the d coordinates of agent {@code agents[i]} from {@code at(i)} on
   */
  void estimates(int[] agents, double[] out, IntUnaryOperator at);

  /**
   * Writes the duals of links, d coordinates each; of links that are new it leaves what is there.
   *
   * @param agents their global indices, ascending
   * @param offset where the links of each agent begin; one position more than agents
   * @param neighbours by link, whom it leads to
   * @param out takes the d coordinates of each link, one link after the other
   */
  void duals(int[] agents, int[] offset, int[] neighbours, double[] out);
}
