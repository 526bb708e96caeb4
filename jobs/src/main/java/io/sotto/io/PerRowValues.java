package io.sotto.io;

import java.util.Arrays;

/** A number for each row of a cell, which come in the order of files, put in that of agents. */
final class PerRowValues {
  private final int agents;
  private int rows;
  private int[] agentOf = new int[64];
  private double[] numbers = new double[64];

  PerRowValues(int agents) {
    this.agents = agents;
  }

  /** The number of the next row. */
  void add(int agent, double number) {
    if (rows == numbers.length) {
      agentOf = Arrays.copyOf(agentOf, ShardBuilder.larger(rows));
      numbers = Arrays.copyOf(numbers, agentOf.length);
    }
    agentOf[rows] = agent;
    numbers[rows++] = number;
  }

  /** All numbers, agent by agent. */
  double[] build() {
    int[] next = new int[agents + 1];
    for (int row = 0; row < rows; row++) {
      next[agentOf[row] + 1]++;
    }
    Arrays.parallelPrefix(next, Integer::sum);
    double[] sorted = new double[rows];
    for (int row = 0; row < rows; row++) {
      sorted[next[agentOf[row]]++] = numbers[row];
    }
    return sorted;
  }
}
