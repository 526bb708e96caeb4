package io.sotto.engine;

import io.sotto.problem.LocalObjective;
import java.io.Serializable;

/**
 * Loads the private rows of a cell, as costs, in the process that runs the cell and nowhere else.
 */
@FunctionalInterface
public interface Shards extends Serializable {

  /**
   * Loads the costs f_i of some agents. It must return the same each time, also after a fault.
   *
   * @param agents their global indices, ascending; agent {@code agents[i]} is i in the result
   */
  LocalObjective load(int[] agents);

  /** True if any process can load them; false if only those that hold them already. */
  default boolean anywhere() {
    return true;
  }
}
