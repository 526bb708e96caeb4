package io.sotto.run;

import io.sotto.engine.Coordinator;
import io.sotto.result.Result;

/** Takes what a run comes to, to keep it. */
public interface Output {

  /** Keeps nothing: the caller takes the solution. */
  static Output none() {
    return new Output() {
      @Override
      public void open(Prepared prepared) {}

      @Override
      public double reserve(Prepared prepared) {
        return 0;
      }

      @Override
      public void tables(Coordinator cells, Prepared prepared, Result result) {}

      @Override
      public void publish(Solution solution, RunRecord record) {}
    };
  }

  /**
   * Makes sure that there is a place to write to, before anything is loaded.
   *
   * @throws io.sotto.problem.BadInputException if there is none
   */
  void open(Prepared prepared) throws Exception;

  /** How many seconds to leave for writing before the deadline. */
  double reserve(Prepared prepared);

  /**
   * Writes what is too large for one hand: what single agents have, where their cells are.
   *
   * @param cells as they stand at the end of the run
   */
  void tables(Coordinator cells, Prepared prepared, Result result) throws Exception;

  /** Writes the rest, and makes the result whole. */
  void publish(Solution solution, RunRecord record) throws Exception;
}
