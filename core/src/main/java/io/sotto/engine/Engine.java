package io.sotto.engine;

/** Runs plans: on the threads of this process, or on Spark. */
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
   * How many bytes rows and states may take: in the heap of this process if it holds the cells,
   * else in all processes together that will hold them.
   */
  long room();

  /** True if the cells are in the heap of this process. */
  boolean sharesHeap();
}
