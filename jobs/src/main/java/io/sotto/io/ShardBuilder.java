package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.DenseRows;
import io.sotto.problem.Rows;
import io.sotto.problem.SparseRows;
import io.sotto.problem.Standardization;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts the rows of a cell, which come in the order of files, into flat arrays agent by agent. */
sealed interface ShardBuilder {

  /**
   * Adds a row; those of one agent in their order.
   *
   * @param agent position of its agent in the cell
   * @param label as a number
   * @param index the features that have a value; null if all do
   * @param values their values in original units
   * @param count how many count
   */
  void add(int agent, double label, int @Nullable [] index, double[] values, int count);

  /** All rows. */
  Rows build();

  /** A larger length for an array that is full: twice that, as far as there are such arrays. */
  static int larger(int length) {
    int most = Integer.MAX_VALUE - 8;
    if (length >= most) {
      throw new BadInputException(
          "A cell has more entries than one array holds; raise engine.cells.");
    }
    return (int) Math.min(2L * length, most);
  }

  /** Dense rows; how many each agent has is known, so each goes to its place at once. */
  final class Dense implements ShardBuilder {
    private final Standardization units;
    private final int features;
    private final int[] first;
    private final int[] next;
    private final double[] labels;
    private final double[] values;

    Dense(int[] rowsOfAgent, Standardization units) {
      this.units = units;
      this.features = units.mean().length;
      this.first = new int[rowsOfAgent.length + 1];
      long rows = Arrays.stream(rowsOfAgent).asLongStream().sum();
      if (rows * Math.max(1, features) > Integer.MAX_VALUE - 8) {
        throw new BadInputException(
            "A cell of %d rows of %d features is more than one array holds; raise engine.cells."
                .formatted(rows, features));
      }
      for (int i = 0; i < rowsOfAgent.length; i++) {
        first[i + 1] = first[i] + rowsOfAgent[i];
      }
      this.next = first.clone();
      this.labels = new double[(int) rows];
      this.values = new double[(int) rows * features];
    }

    @Override
    public void add(int agent, double label, int @Nullable [] index, double[] row, int count) {
      int at = next[agent]++;
      labels[at] = label;
      for (int j = 0; j < features; j++) {
        values[at * features + j] = (row[j] - units.mean()[j]) / units.deviation()[j];
      }
    }

    @Override
    public Rows build() {
      return new DenseRows(features, first, labels, values);
    }
  }

  /** Sparse rows, kept as they come and sorted by agent at the end; scaled, never centred. */
  final class Sparse implements ShardBuilder {
    private final Standardization units;
    private final int agents;
    private final int base;
    private int rows;
    private int entries;
    private int[] agentOf = new int[64];
    private double[] labels = new double[64];
    private int[] end = new int[64];
    private int[] index = new int[1024];
    private double[] values = new double[1024];

    Sparse(int agents, int base, Standardization units) {
      this.agents = agents;
      this.base = base;
      this.units = units;
    }

    @Override
    public void add(int agent, double label, int @Nullable [] at, double[] row, int count) {
      if (at == null) {
        throw new IllegalArgumentException("sparse rows have indices");
      }
      if (rows == labels.length) {
        agentOf = Arrays.copyOf(agentOf, larger(rows));
        labels = Arrays.copyOf(labels, larger(rows));
        end = Arrays.copyOf(end, larger(rows));
      }
      while (entries + (long) count > index.length) {
        index = Arrays.copyOf(index, larger(index.length));
        values = Arrays.copyOf(values, index.length);
      }
      for (int e = 0; e < count; e++) {
        index[entries] = at[e] - base;
        values[entries++] = row[e] / units.deviation()[at[e] - base];
      }
      agentOf[rows] = agent;
      labels[rows] = label;
      end[rows++] = entries;
    }

    @Override
    public Rows build() {
      int[] first = new int[agents + 1];
      for (int row = 0; row < rows; row++) {
        first[agentOf[row] + 1]++;
      }
      Arrays.parallelPrefix(first, Integer::sum);
      int[] order = new int[rows];
      int[] next = first.clone();
      for (int row = 0; row < rows; row++) {
        order[next[agentOf[row]]++] = row;
      }
      double[] sortedLabels = new double[(int) rows];
      int[] offset = new int[rows + 1];
      int[] sortedIndex = new int[entries];
      double[] sortedValues = new double[entries];
      for (int k = 0; k < rows; k++) {
        int row = order[k];
        int from = row == 0 ? 0 : end[row - 1];
        int length = end[row] - from;
        sortedLabels[k] = labels[row];
        System.arraycopy(index, from, sortedIndex, offset[k], length);
        System.arraycopy(values, from, sortedValues, offset[k], length);
        offset[k + 1] = offset[k] + length;
      }
      return new SparseRows(
          units.mean().length, first, sortedLabels, offset, sortedIndex, sortedValues);
    }
  }
}
