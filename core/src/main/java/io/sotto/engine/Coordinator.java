package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator asks of the cells of a run, wherever they are: to start, to run a superstep,
 * and one kind of question. What a run computes does not depend on the coordinator, to the last
 * bit.
 *
 * <p>A lane is one run of an algorithm; several run side by side on the same cells, which is how
 * trials of steps share the cost of a superstep.
 */
public interface Coordinator extends AutoCloseable {

  /** The name that {@code run.json} gives. */
  String name();

  /**
   * Puts a mechanism around the costs of all cells as they stand. For what a mechanism must know of
   * all costs together before it can be made; to be called before the first start.
   */
  void under(Mechanism mechanism);

  /** From the next start on, summaries hold what is said there, of lane 0. */
  void record(Wiretap tap);

  /** How many lanes are worth running side by side. */
  int lanes();

  /**
   * Puts every agent at x_i(0), before tick 1, in a lane for each algorithm.
   *
   * @return a summary, with sums, for each lane and cell: {@code [lane][cell]}
   */
  CellSummary[][] start(List<? extends Algorithm> lanes);

  /** Runs one superstep, and returns a summary for each lane and cell: {@code [lane][cell]}. */
  CellSummary[][] superstep(Superstep superstep);

  /**
   * The answers of all cells as they stand, by cell. A request may be put to a cell again if an
   * answer was lost on its way.
   *
   * @param next the superstep that comes next unless the answers end the run; where a round is
   *     dear, it runs along, and is kept until it is asked for. Null if none.
   */
  <R> List<R> ask(Request<R> request, @Nullable Superstep next);

  @Override
  void close();
}
