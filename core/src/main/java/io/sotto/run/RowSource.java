package io.sotto.run;

import io.sotto.engine.Shards;
import io.sotto.problem.Objective;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Standardization;
import io.sotto.problem.TimeCounts;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are: in the memory of this process ({@link MemoryRows}), in files, in the partitions
 * of a table. They are looked at once, for counts and sums; cells then read those of their own
 * agents.
 */
public interface RowSource {
  /** The key in a report of the files that were read: a list of blocks, each with its path. */
  String INPUTS = "inputs";

  /**
   * Looks at all rows.
   *
   * @param objective says what the labels must be
   * @param classWeights what the rows of a label count for; 1 for others
   * @param warnings takes sentences about what was left out
   * @throws io.sotto.problem.BadInputException if a file, column or row is not what it should be
   */
  ScannedRows scan(Objective objective, Map<String, Double> classWeights, Consumer<String> warnings)
      throws IOException;

  /**
   * What a look at all rows found; no row is among it.
   *
   * @param agents the names of the agents, in the order of their indices
   * @param rowsOf how many rows each agent holds
   * @param weight the sum of the rows' weights, M
   * @param entries how many numbers are stored in the rows
   * @param bytes what they take in memory
   * @param schema what x means in their columns
   * @param moments means of the columns as they are, then their deviations
   * @param constant the names of the features that are the same in all rows
   * @param digest tells these rows, read this way, from others
   * @param words where the rows were read from, and how many were left out; for people
   * @param report what {@code run.json} says of them, by key
   * @param cells makes what cells read their rows from
   * @param times where labels are times, counts of them; else null
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record ScannedRows(
      List<String> agents,
      int[] rowsOf,
      double weight,
      long entries,
      long bytes,
      Schema schema,
      double[][] moments,
      List<String> constant,
      String digest,
      String words,
      Map<String, Object> report,
      ForCells cells,
      @Nullable TimeCounts times) {

    /** The rows under a cost and a penalty, in the units of the problem. */
    public Shards under(Objective objective, Regularizer regularizer) {
      return cells.under(objective, regularizer, schema.standardization());
    }

    /** The same with more for {@code run.json}. */
    public ScannedRows reporting(Map<String, Object> more) {
      Map<String, Object> all = new LinkedHashMap<>(report);
      all.putAll(more);
      return new ScannedRows(
          agents, rowsOf, weight, entries, bytes, schema, moments, constant, digest, words, all,
          cells, times);
    }

    /** How many rows there are. */
    public long rows() {
      return Arrays.stream(rowsOf).asLongStream().sum();
    }
  }

  /** Makes what cells read their rows from. */
  @FunctionalInterface
  interface ForCells {
    /**
     * The rows under a cost and a penalty.
     *
     * @param units from the columns to the coordinates in which costs are computed
     */
    Shards under(Objective objective, Regularizer regularizer, Standardization units);
  }
}
