package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs cells and carries the borders between them: in one process, on Spark, or, one day, between
 * sites. What a run computes does not depend on the carrier, to the last bit.
 *
 * <p>A lane is one run of an algorithm; several run side by side on the same cells, which is how
 * trials of steps share the cost of a superstep.
 */
public interface Carrier extends AutoCloseable {

  /** The name that {@code run.json} gives. */
  String name();

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
   * The answers of all cells as they stand, by cell.
   *
   * @param next the superstep that comes next unless the answers end the run; a carrier for which a
   *     round is dear runs it along, and keeps it to itself until it is asked for. Null if none.
   */
  List<Question.Answer> ask(Question question, @Nullable Superstep next);

  /** An estimate of the Lipschitz constant of F's gradient: the sum of the agents' own. */
  double smoothness();

  /** The agents of lane 0 as they stand now, cell by cell. */
  Iterable<CellEstimates> estimates();

  /** The duals of lane 0's links as they stand now, cell by cell, where agents are addressed. */
  Iterable<CellLinks> links();

  @Override
  void close();
}
