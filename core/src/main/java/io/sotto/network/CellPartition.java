package io.sotto.network;

import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Which cell each agent lives in. A value: it does not change, and two with the same cells are
 * equal. What crosses between cells is what a superstep has to carry.
 */
public final class CellPartition implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] cellOf;

  /** Cell c holds {@code agents[start[c]] ... agents[start[c + 1] - 1]}, ascending. */
  private final int[] start;

  private final int[] agents;

  /**
   * Any partition.
   *
   * @param cellOf the cell of each agent; the cells are 0 ... the largest of these
   * @throws IllegalArgumentException if a cell is below 0 or has no agent
   */
  public CellPartition(int[] cellOf) {
    this.cellOf = cellOf.clone();
    int cells = Arrays.stream(cellOf).max().orElse(-1) + 1;
    if (cells == 0 || cells > cellOf.length || Arrays.stream(cellOf).anyMatch(c -> c < 0)) {
      throw new IllegalArgumentException(
          "%d cells, some below 0 or empty, of %d agents".formatted(cells, cellOf.length));
    }
    start = new int[cells + 1];
    for (int cell : cellOf) {
      start[cell + 1]++;
    }
    for (int cell = 0; cell < cells; cell++) {
      if (start[cell + 1] == 0) {
        throw new IllegalArgumentException("cell %d has no agent".formatted(cell));
      }
      start[cell + 1] += start[cell];
    }
    agents = new int[cellOf.length];
    int[] next = start.clone();
    for (int agent = 0; agent < cellOf.length; agent++) {
      agents[next[cellOf[agent]]++] = agent;
    }
  }

  /**
   * Agent i in cell floor(i * cells / agents): neighbours in number are neighbours in cell, and no
   * cell has more than one agent above another.
   *
   * @throws BadInputException if there are fewer agents than cells, or no cell
   */
  public static CellPartition contiguous(int agents, int cells) {
    if (cells < 1 || cells > agents) {
      throw new BadInputException(
          "engine.cells is %d with %d agents; it must lie between 1 and the number of agents."
              .formatted(cells, agents));
    }
    int[] cellOf = new int[agents];
    Arrays.setAll(cellOf, i -> (int) ((long) i * cells / agents));
    return new CellPartition(cellOf);
  }

  /** The number of agents. */
  public int agents() {
    return cellOf.length;
  }

  /** The number of cells, each of which has an agent. */
  public int cells() {
    return start.length - 1;
  }

  /** The cell of an agent. */
  public int cellOf(int agent) {
    return cellOf[agent];
  }

  /** The agents of a cell, ascending; a copy. */
  public int[] agentsOf(int cell) {
    return Arrays.copyOfRange(agents, start[cell], start[cell + 1]);
  }

  /**
   * How many estimates cross borders in a superstep: the number of pairs of an agent and a cell
   * other than its own that hears it.
   *
   * @throws IllegalArgumentException if the network has another number of agents
   */
  public long borderPairs(Network network) {
    if (network.agents() != agents()) {
      throw new IllegalArgumentException(
          "a partition of %d agents, a network of %d".formatted(agents(), network.agents()));
    }
    int[] counted = new int[agents()]; // the last cell for which an agent was counted, plus 1
    long pairs = 0;
    for (int cell = 0; cell < cells(); cell++) {
      for (int k = start[cell]; k < start[cell + 1]; k++) {
        for (int e = network.offset()[agents[k]]; e < network.offset()[agents[k] + 1]; e++) {
          int heard = network.heard()[e];
          if (cellOf[heard] != cell && counted[heard] != cell + 1) {
            counted[heard] = cell + 1;
            pairs++;
          }
        }
      }
    }
    return pairs;
  }

  /** How many entries of the mixing matrix lead from an agent of one cell to one of another. */
  public long borderLinks(Network network) {
    long links = 0;
    for (int i = 0; i < agents(); i++) {
      for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
        links += cellOf[network.heard()[e]] == cellOf[i] ? 0 : 1;
      }
    }
    return links;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CellPartition partition && Arrays.equals(cellOf, partition.cellOf);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(cellOf);
  }

  @Override
  public String toString() {
    return "%d agents in %d cells".formatted(agents(), cells());
  }
}
