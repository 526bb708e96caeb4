package io.sotto.run;

import io.sotto.engine.Coordinator;
import io.sotto.result.Result;
import java.util.List;

/** Keeps the result of a run. */
public interface Output {

  /** Keeps nothing; the caller gets the solution from {@link Optimize#run}. */
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
   * Writes what belongs to single agents, which may be too much for one process: cells write their
   * own parts.
   *
   * @param cells as they stand at the end of the run
   */
  void tables(Coordinator cells, Prepared prepared, Result result) throws Exception;

  /** Writes a file of lines beside what {@link #publish} writes; called before it. */
  default void lines(String name, List<String> lines) throws Exception {}

  /** Writes the rest and completes the result. */
  void publish(Solution solution, RunRecord record) throws Exception;
}
