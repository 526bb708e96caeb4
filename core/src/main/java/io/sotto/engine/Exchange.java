package io.sotto.engine;

/**
 * Carries messages between cells. To carry them in another way, implement this and nothing else.
 * Within a process messages are arrays that are copied ({@code Inboxes}); between processes they
 * are the bytes of {@link Border#told} on one side and {@link Border#hear(Cell, CellState[],
 * byte[])} on the other.
 *
 * <p>A superstep: every cell hears, then every cell runs its ticks, then every cell tells. So no
 * cell tells before all have heard, and none hears before all have told.
 */
public interface Exchange {

  /**
   * Cells begin anew, and nothing has been told yet.
   *
   * @param states the states of each cell, by cell and lane
   */
  void start(Cell[] cells, CellState[][] states);

  /** Takes what a cell tells the cells that hear it. Several cells may tell at once. */
  void tell(Cell cell, CellState[] lanes);

  /** Gives a cell what it was told since it last heard. */
  void hear(Cell cell, CellState[] lanes);
}
