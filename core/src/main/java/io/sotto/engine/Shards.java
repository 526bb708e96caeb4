package io.sotto.engine;

import io.sotto.problem.LocalObjective;
import java.io.Serializable;

/**
 * Where the private rows are: loads the objective of a cell, in the process that runs the cell, and
 * nowhere else.
 */
@FunctionalInterface
public interface Shards extends Serializable {

  /**
   * The costs f_i of some agents; the same each time it is asked, also after a fault.
   *
   * @param agents their global indices, ascending; agent {@code agents[i]} is i in the result
   */
  LocalObjective load(int[] agents);
}
