package io.sotto.engine;

/** What runs plans: the threads of this process, or Spark. */
public interface Engine {

  /** The name that {@code run.json} gives. */
  String name();

  /**
   * Loads the rows of a plan into cells, and compiles them.
   *
   * @return to be closed when the run is over
   */
  Coordinator open(Plan plan);

  /**
   * How many bytes rows and states may take: of the heap of this process if that is where the cells
   * stand, else of all processes that will hold them.
   */
  long room();

  /** True if cells stand in the heap of this process, beside all else that it holds. */
  boolean sharesHeap();
}
