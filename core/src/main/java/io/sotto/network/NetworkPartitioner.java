package io.sotto.network;

import java.util.Arrays;

/**
 * Puts agents that hear each other into the same cell, so that few estimates cross borders ({@link
 * CellPartition#borderPairs}). Cells are balanced, so that none keeps the others waiting: no cell
 * carries more than 1.05 of the mean load, or more than the mean and the largest load of one agent,
 * whichever is greater.
 *
 * <pre>{@code
 * start  = agents in number, or near ones together, split where the running sum of their loads
 *          passes a multiple of the mean: whichever leaves fewer pairs
 * result = start after the moves of CutRefinement
 * }</pre>
 *
 * <p>Near ones together: all agents by their distance in links from one at the rim (found by
 * searching from the farthest of the last search, as George and Liu 1979 do), halved as the cells
 * are, and each half again for itself. On a torus the cells become lozenges; the border of a
 * lozenge has 0.7 times the agents of that of a square.
 *
 * <p>The fewest pairs are NP-hard to find. A multilevel method (Karypis and Kumar 1998), as a
 * trial, left 11 to 23 % fewer pairs on small worlds, 0 to 8 % fewer on other random networks, and
 * more on a torus, at twice the code.
 *
 * <p>It draws nothing at random: the same network, loads and cells give the same partition. The
 * time is that of O(log cells) searches of the network and at most {@value CutRefinement#PASSES}
 * passes of moves. Eight bytes per weight of the network are held, and some forty per agent.
 */
public final class NetworkPartitioner {
  /** Searches for an agent at the rim, the last of which gives the order. */
  private static final int SEARCHES = 3;

  private final int[] offset;
  private final int[] heard;
  private final double[] load;
  private final double mean;
  private final int[] order;
  private final int[] queue;

  /** Agents that are sought carry {@link #mark}, found ones the next. */
  private final int[] marked;

  private int mark;

  private NetworkPartitioner(Network network, int cells, double[] load) {
    offset = network.offset();
    heard = network.heard();
    this.load = load;
    mean = total(load) / cells;
    order = inNumber(load.length);
    queue = new int[load.length];
    marked = new int[load.length];
  }

  /**
   * Partitions a network. Where nothing is gained over agents in number, it is those; with equal
   * loads that is {@link CellPartition#contiguous}.
   *
   * @param load the work of each agent per tick, 0 or more, in any unit; all 0 counts as all equal
   * @throws io.sotto.problem.BadInputException if there are fewer agents than cells, or no cell
   * @throws IllegalArgumentException if there is not one finite load of 0 or more for each agent
   */
  public static CellPartition of(Network network, int cells, double[] load) {
    CellPartition even = CellPartition.contiguous(network.agents(), cells);
    double[] relative = relative(network.agents(), load);
    if (cells == 1) {
      return even;
    }
    CellPartition start = split(inNumber(network.agents()), cells, relative);
    start = fewer(network, start, split(nearTogether(network, cells, relative), cells, relative));
    return fewer(network, start, CutRefinement.of(network, start, relative));
  }

  private static CellPartition fewer(Network network, CellPartition one, CellPartition other) {
    return other.borderPairs(network) < one.borderPairs(network) ? other : one;
  }

  /** Loads in parts of the largest: equal ones are exactly 1, and sums do not overflow. */
  private static double[] relative(int agents, double[] load) {
    if (load.length != agents
        || !Arrays.stream(load).allMatch(l -> l >= 0 && l <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "%d loads, some below 0 or not finite, of %d agents".formatted(load.length, agents));
    }
    double largest = Arrays.stream(load).max().orElseThrow();
    return Arrays.stream(load).map(l -> largest > 0 ? l / largest : 1).toArray();
  }

  /** A plain sum in order, so that it has the same bits everywhere. */
  static double total(double[] load) {
    double total = 0;
    for (double l : load) {
      total += l;
    }
    return total;
  }

  private static int[] inNumber(int agents) {
    int[] order = new int[agents];
    Arrays.setAll(order, i -> i);
    return order;
  }

  /**
   * Agents in an order, agent by agent in cell floor(load before it / mean), but no cell skipped
   * and as many agents left as cells. What a cell exceeds the mean by is less than its last agent;
   * a cell that would have been skipped has one agent.
   */
  private static CellPartition split(int[] order, int cells, double[] load) {
    double total = total(load);
    int[] cellOf = new int[order.length];
    double before = 0;
    int cell = -1;
    for (int k = 0; k < order.length; k++) {
      int due = (int) Math.min(cells - 1, before * cells / total);
      cell = Math.max(Math.min(due, cell + 1), cells - order.length + k);
      cellOf[order[k]] = cell;
      before += load[order[k]];
    }
    return new CellPartition(cellOf);
  }

  private static int[] nearTogether(Network network, int cells, double[] load) {
    NetworkPartitioner partitioner = new NetworkPartitioner(network, cells, load);
    partitioner.sort(0, load.length, 0, 0, cells);
    return partitioner.order;
  }

  /**
   * Sorts agents from one position up to another.
   *
   * @param before the load of all agents before them
   * @param first the first cell that is theirs
   * @param last the one after their last cell
   */
  private void sort(int from, int to, double before, int first, int last) {
    if (last - first < 2 || to - from < 2) {
      return;
    }
    mark++;
    for (int k = from; k < to; k++) {
      marked[order[k]] = mark;
    }
    for (int search = 0; search < SEARCHES; search++) {
      search(from, to, order[to - 1]);
    }
    int middle = (first + last) >>> 1;
    int half = from;
    double sum = before;
    while (half < to && sum < middle * mean) {
      sum += load[order[half++]];
    }
    sort(from, half, before, first, middle);
    sort(half, to, sum, middle, last);
  }

  /** Sorts by distance from a root; who cannot be reached among these comes after, likewise. */
  private void search(int from, int to, int root) {
    int tail = from;
    int next = from;
    marked[root] = mark + 1;
    queue[tail++] = root;
    for (int head = from; head < to; head++) {
      if (head == tail) {
        while (marked[order[next]] != mark) {
          next++;
        }
        marked[order[next]] = mark + 1;
        queue[tail++] = order[next];
      }
      for (int e = offset[queue[head]]; e < offset[queue[head] + 1]; e++) {
        if (marked[heard[e]] == mark) {
          marked[heard[e]] = mark + 1;
          queue[tail++] = heard[e];
        }
      }
    }
    mark++;
    System.arraycopy(queue, from, order, from, to - from);
  }
}
