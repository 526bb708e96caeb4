package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Controls the cells of a run, wherever they are: starts them, runs supersteps, and asks them
 * questions. A run gives the same bits with every coordinator.
 *
 * <p>A lane is one run of an algorithm. Several lanes run side by side on the same cells, so that
 * trials of steps share the cost of a superstep.
 */
public interface Coordinator extends AutoCloseable {

  /** The name that {@code run.json} gives. */
  String name();

  /**
   * Puts a mechanism around the costs of all cells, in place of the one before. For what a
   * mechanism must know of all costs together before it can be made; to be called before the first
   * start.
   */
  void under(Mechanism mechanism);

  /**
   * Records messages: from the next {@link #start} on, summaries hold what is said at the wiretap
   * in lane 0.
   */
  void record(Wiretap tap);

  /** How many lanes to run side by side at most, for speed. */
  int lanes();

  /**
   * Puts every agent at x_i(0), before tick 1, in a lane for each algorithm.
   *
   * @return a summary, with sums, for each lane and cell: {@code [lane][cell]}
   */
  CellSummary[][] start(List<? extends Algorithm> lanes);

  /**
   * Puts every agent where it stood when the states of all cells were stored, in one lane. What is
   * lost from here on is restored from there.
   *
   * @return a summary with sums for each cell
   * @throws RuntimeException if a state cannot be read, or is that of another cell
   */
  CellSummary[] restore(Algorithm algorithm, StoredStates stored);

  /**
   * Told when the states as they stand have been stored: what is lost from here on is restored from
   * there.
   */
  void stored(Algorithm algorithm, StoredStates stored);

  /** Runs one superstep, and returns a summary for each lane and cell: {@code [lane][cell]}. */
  CellSummary[][] superstep(Superstep superstep);

  /**
   * Puts a request to all cells in their present state, and returns the answers in the order of
   * cells. A cell may get the request twice if its first answer was lost.
   *
   * @param next the superstep that comes next unless the answers end the run; null if none. Where
   *     each round costs much, it is run in the same job, and its result is kept until it is asked
   *     for
   */
  <R> List<R> ask(Request<R> request, @Nullable Superstep next);

  @Override
  void close();
}
