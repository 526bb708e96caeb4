package io.sotto.io;

import io.sotto.problem.LabelCode;
import io.sotto.problem.Moments;
import io.sotto.problem.Standardization;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are, and how to read them: what a cell needs to load those of its agents.
 *
 * @param parts the files, in order
 * @param reader reads them
 * @param sparse whether only the numbers that are not zero are stored
 * @param indexBase the index of the first feature, if sparse
 * @param deal who holds which row; null if a column says so
 * @param rowWeights what rows have beside features and label
 * @param weight the sum of the weights of all rows, M
 * @param intercept whether the model has one
 * @param labels what the labels mean
 * @param units what is done to features
 */
record StoredRows(
    List<Part> parts,
    RowReader reader,
    boolean sparse,
    int indexBase,
    @Nullable Deal deal,
    RowWeights rowWeights,
    double weight,
    boolean intercept,
    LabelCode labels,
    Standardization units)
    implements Serializable {

  /** A weight in units in which the sum of all is neither huge nor tiny. */
  double scaled(double rowsWeight) {
    return Moments.scaled(rowsWeight, Moments.size(weight));
  }

  /** Which of the parts hold rows of any of these agents, ascending. */
  int[] holdersOf(int[] agents) {
    return IntStream.range(0, parts.size()).filter(p -> parts.get(p).holdsAnyOf(agents)).toArray();
  }

  /** The same with other things done to features. */
  StoredRows in(Standardization other) {
    return new StoredRows(
        parts, reader, sparse, indexBase, deal, rowWeights, weight, intercept, labels, other);
  }

  /**
   * One file.
   *
   * @param file where it is
   * @param firstRow the number of its first row among all that are not left out
   * @param skipped its lines that are left out
   * @param holders the agents that have rows in it, ascending; null for any
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Part(InputFile file, long firstRow, SkippedLines skipped, int @Nullable [] holders)
      implements Serializable {

    boolean holdsAnyOf(int[] agents) {
      return holders == null
          || Arrays.stream(agents).anyMatch(agent -> Arrays.binarySearch(holders, agent) >= 0);
    }
  }
}
