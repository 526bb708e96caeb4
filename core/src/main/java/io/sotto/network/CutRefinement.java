package io.sotto.network;

import java.util.Arrays;

/**
 * Moves agents between cells, one after the other, as long as pairs that cross borders vanish.
 *
 * <p>Who moves is judged by the pairs themselves, not by the links that are cut: for each agent j
 * it is counted in which cells how many hear it (the pins of its net in the hypergraph of
 * Catalyurek and Aykanat 1999). When i goes from cell a to b, each j that it hears is
 *
 * <pre>{@code
 * no longer heard in a   if i alone heard it there
 * newly heard in b       if nobody heard it there
 * }</pre>
 *
 * <p>An agent goes where most pairs vanish; of cells with as many to the one where it has most
 * links, then to the least loaded, then to the lowest. It also goes where as many pairs remain, for
 * more links or for less load: later moves often gain by that. No cell takes more than 1.05 of the
 * mean load, or than the fullest cell had at the start, and none is left empty.
 *
 * <p>A pass over all agents takes time in proportion to the links, times the cells in which those
 * who are heard are heard. Agents that are heard in more than {@value #WIDE} cells are left out of
 * the account, so hubs cost no more than that.
 */
final class CutRefinement {
  /** Passes at most; few networks need as many. */
  static final int PASSES = 20;

  /** A pass that takes away less than one in so many pairs is the last. */
  private static final int WORTH = 100;

  private static final double SLACK = 1.05;

  private static final int WIDE = 64;

  private final int[] offset;
  private final int[] heard;
  private final double[] load;
  private final int[] cellOf;
  private final double[] filled; // the load of each cell
  private final int[] members; // its agents
  private final double most; // the load that a cell may have

  /**
   * Agent j is heard in the cells of {@code slot[first[j]] ... slot[first[j] + wide[j] - 1]}, in no
   * order: the cell in the upper half, and below it how many there hear j.
   */
  private final long[] slot;

  private final int[] first;
  private final int[] wide;

  // Of the agents that the present one hears, by cell, and 0 between agents:
  private final int[] known; // how many are heard there
  private final int[] links; // how many live there
  private final int[] met; // the cells where known is not 0

  private CutRefinement(Network network, CellPartition start, double[] load) {
    offset = network.offset();
    heard = network.heard();
    this.load = load;
    int agents = start.agents();
    int cells = start.cells();
    cellOf = new int[agents];
    filled = new double[cells];
    members = new int[cells];
    for (int i = 0; i < agents; i++) {
      cellOf[i] = start.cellOf(i);
      filled[cellOf[i]] += load[i];
      members[cellOf[i]]++;
    }
    double mean = NetworkPartitioner.total(load) / cells;
    most = Math.max(SLACK * mean, Arrays.stream(filled).max().orElseThrow());
    first = new int[agents + 1];
    for (int j : heard) {
      first[j + 1]++;
    }
    for (int j = 0; j < agents; j++) {
      first[j + 1] = first[j] + Math.min(first[j + 1], cells);
    }
    slot = new long[first[agents]];
    wide = new int[agents];
    for (int cell = 0; cell < cells; cell++) { // so the slot of a cell is the last one, or new
      for (int i : start.agentsOf(cell)) {
        for (int e = offset[i]; e < offset[i + 1]; e++) {
          hear(heard[e], cell);
        }
      }
    }
    known = new int[cells];
    links = new int[cells];
    met = new int[cells];
  }

  /**
   * A partition with fewer pairs, or as many.
   *
   * @param load of each agent
   */
  static CellPartition of(Network network, CellPartition start, double[] load) {
    CutRefinement thinning = new CutRefinement(network, start, load);
    long pairs = start.borderPairs(network);
    long gained = pairs;
    for (int pass = 0; pass < PASSES && gained * WORTH > pairs; pass++) {
      gained = 0;
      for (int i = 0; i < start.agents(); i++) {
        gained += thinning.move(i);
      }
      pairs -= gained;
    }
    return new CellPartition(thinning.cellOf);
  }

  /** Moves an agent if that is good for something. Returns how many pairs that takes away. */
  private int move(int agent) {
    int own = cellOf[agent];
    if (members[own] == 1 || isInside(agent)) {
      return 0;
    }
    int cells = 0;
    int counted = 0;
    int alone = 0; // agents that nobody else in its cell hears
    for (int e = offset[agent]; e < offset[agent + 1]; e++) {
      int j = heard[e];
      if (wide[j] <= WIDE) {
        counted++;
        links[cellOf[j]] += j == agent ? 0 : 1;
        for (int s = first[j]; s < first[j] + wide[j]; s++) {
          int cell = (int) (slot[s] >>> 32);
          if (known[cell]++ == 0) {
            met[cells++] = cell;
          }
          alone += cell == own && (int) slot[s] == 1 ? 1 : 0;
        }
      }
    }
    int best = own;
    int gain = 0;
    for (int k = 0; k < cells; k++) {
      int there = alone - (counted - known[met[k]]);
      boolean fits = met[k] != own && filled[met[k]] + load[agent] <= most;
      if (fits && (there > gain || (there == gain && isBetter(agent, met[k], best)))) {
        best = met[k];
        gain = there;
      }
    }
    for (int k = 0; k < cells; k++) {
      known[met[k]] = 0;
      links[met[k]] = 0;
    }
    if (best != own) {
      transfer(agent, own, best);
    }
    return gain;
  }

  /** Whether all that it hears are heard in its own cell only, as within a cell most are. */
  private boolean isInside(int agent) {
    for (int e = offset[agent]; e < offset[agent + 1]; e++) {
      if (wide[heard[e]] > 1) {
        return false;
      }
    }
    return true;
  }

  /** Whether a cell is to be preferred to another, maybe its own, if as many pairs vanish. */
  private boolean isBetter(int agent, int cell, int other) {
    if (links[cell] != links[other]) {
      return links[cell] > links[other];
    }
    boolean stays = other == cellOf[agent];
    double beside = filled[other] - (stays ? load[agent] : 0);
    return filled[cell] < beside || (filled[cell] == beside && !stays && cell < other);
  }

  private void transfer(int agent, int from, int to) {
    for (int e = offset[agent]; e < offset[agent + 1]; e++) {
      unhear(heard[e], from);
      hear(heard[e], to);
    }
    filled[from] -= load[agent];
    filled[to] += load[agent];
    members[from]--;
    members[to]++;
    cellOf[agent] = to;
  }

  private void hear(int agent, int cell) {
    int s = find(agent, cell);
    if (s < first[agent]) {
      s = first[agent] + wide[agent]++;
      slot[s] = (long) cell << 32;
    }
    slot[s]++;
  }

  private void unhear(int agent, int cell) {
    int s = find(agent, cell);
    slot[s]--;
    if ((int) slot[s] == 0) {
      slot[s] = slot[first[agent] + --wide[agent]];
    }
  }

  /** The slot of a cell, sought from the last to the first; the one before the first if none. */
  private int find(int agent, int cell) {
    int s = first[agent] + wide[agent] - 1;
    while (s >= first[agent] && (int) (slot[s] >>> 32) != cell) {
      s--;
    }
    return s;
  }
}
