package io.sotto.io;

import io.sotto.problem.Objective;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the rows once they have been scanned, and how to find those of an agent again.
 *
 * @param parts the files, in order
 * @param reader reads them
 * @param agents the names of the agents, in the order of their indices
 * @param rowsOf how many rows each agent holds
 * @param rows how many there are
 * @param terms what they have beside features and label
 * @param weight the sum of their weights, M
 * @param entries how many numbers are stored in them
 * @param sparse whether only the numbers that are not zero are stored
 * @param indexBase the index of the first feature, if sparse
 * @param features their names
 * @param intercept whether the model has one
 * @param shape the coordinates of x
 * @param labels what the labels mean
 * @param standardization what is done to features
 * @param constant the names of the features that are the same in all rows
 * @param deal who holds which row; null if a column says so
 * @param rejected the rows that were skipped
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares datasets
public record Dataset(
    List<Part> parts,
    RowReader reader,
    List<String> agents,
    int[] rowsOf,
    long rows,
    RowTerms terms,
    double weight,
    long entries,
    boolean sparse,
    int indexBase,
    List<String> features,
    boolean intercept,
    Objective.Shape shape,
    LabelCode labels,
    Standardization standardization,
    List<String> constant,
    @Nullable Deal deal,
    List<BadRow> rejected)
    implements Serializable {

  /**
   * One file.
   *
   * @param file where it is
   * @param checksum of its bytes as stored
   * @param firstRow the number of its first row among all that are kept
   * @param badLines its lines that are skipped, ascending
   * @param holders the agents that have rows in it, ascending; null for any
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Part(
      InputFile file, String checksum, long firstRow, long[] badLines, int @Nullable [] holders)
      implements Serializable {

    boolean holdsAnyOf(int[] agents) {
      return holders == null
          || Arrays.stream(agents).anyMatch(agent -> Arrays.binarySearch(holders, agent) >= 0);
    }
  }

  /** The number of coordinates of x. */
  public int dimension() {
    return shape.dimension();
  }

  /** What the rows take in memory, in bytes. */
  public long bytes() {
    return entries * (sparse ? 12 : 8) + rows * ((sparse ? 12 : 8) + 8L * terms.numbers());
  }
}
