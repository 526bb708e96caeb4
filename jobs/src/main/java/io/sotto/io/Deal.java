package io.sotto.io;

import io.sotto.clock.Draws;
import java.io.Serializable;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Which agent holds row r, for rows that are dealt. */
@FunctionalInterface
interface Deal extends Serializable {

  /** The agent of a row; rows count from 0, as one reads them, without those that were skipped. */
  int agentOf(long row);

  /** Row r to agent r mod N. */
  static Deal byRowNumber(int agents) {
    return row -> (int) (row % agents);
  }

  /** The first M / N rows to agent 0, the next to agent 1. */
  static Deal contiguous(int agents, long rows) {
    return row -> (int) (row * agents / rows);
  }

  /** An agent drawn for each row. */
  static Deal random(int agents, long seed) {
    return row -> (int) (Draws.uniform(seed, 0, row, Draws.Purpose.DEAL) * agents);
  }

  /** Contiguous, once rows are sorted by label, and by number where labels are equal. */
  static Deal byLabel(int agents, double[] labels) {
    int[] agentOf = new int[labels.length];
    int[] sorted =
        IntStream.range(0, labels.length)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> labels[row])) // stable
            .mapToInt(Integer::intValue)
            .toArray();
    Deal position = contiguous(agents, labels.length);
    for (int k = 0; k < sorted.length; k++) {
      agentOf[sorted[k]] = position.agentOf(k);
    }
    return row -> agentOf[Math.toIntExact(row)];
  }
}
