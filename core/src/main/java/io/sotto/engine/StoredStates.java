package io.sotto.engine;

import java.io.Serializable;

/**
 * Where the states of all cells are stored. Like rows they are read in the process that runs the
 * cell. It must return the same each time, also after a fault.
 */
@FunctionalInterface
public interface StoredStates extends Serializable {

  /**
   * The state of a cell.
   *
   * @throws RuntimeException if it cannot be read
   */
  StoredState of(int cell);
}
