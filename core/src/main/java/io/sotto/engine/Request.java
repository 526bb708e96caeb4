package io.sotto.engine;

import java.io.Serializable;

/**
 * A request of the operator to every cell. It is sent to the process that holds the cell, and the
 * answer comes back. What it writes to files there does not pass through the operator's process.
 *
 * @param <R> what a cell answers; can be serialised
 */
@FunctionalInterface
public interface Request<R> extends Serializable {

  /**
   * The answer of a cell; the same whenever it is asked of the same state, since a cell that is
   * lost on the way is asked again. It must leave cell and states as they are.
   *
   * @param lanes the states of the cell by lane; none before the first start
   */
  R of(Cell cell, CellState[] lanes);
}
