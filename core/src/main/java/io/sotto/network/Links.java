package io.sotto.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Who is linked with whom: an undirected simple graph in compressed rows. Agent i's neighbours are
 * {@code neighbour[offset[i]] ... neighbour[offset[i + 1] - 1]}, ascending, i not among them.
 */
public final class Links implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] offset;
  private final int[] neighbour;

  private Links(int[] offset, int[] neighbour) {
    this.offset = offset;
    this.neighbour = neighbour;
  }

  /**
   * Links of pairs, in any order and direction; pairs given twice count once, loops are left out.
   *
   * @param agents how many agents there are
   * @param a one end of each link, 0 ... agents - 1
   * @param b the other end, as many
   * @throws IllegalArgumentException if an end is no agent
   */
  public static Links of(int agents, int[] a, int[] b) {
    long[] pairs = new long[2 * a.length];
    int count = 0;
    for (int e = 0; e < a.length; e++) {
      if (Math.min(a[e], b[e]) < 0 || Math.max(a[e], b[e]) >= agents) {
        throw new IllegalArgumentException(
            "the link %d-%d leaves the %d agents".formatted(a[e], b[e], agents));
      }
      if (a[e] != b[e]) {
        pairs[count++] = (long) a[e] << 32 | b[e];
        pairs[count++] = (long) b[e] << 32 | a[e];
      }
    }
    long[] sorted = Arrays.stream(pairs, 0, count).sorted().distinct().toArray();
    int[] offset = new int[agents + 1];
    int[] neighbour = new int[sorted.length];
    for (int e = 0; e < sorted.length; e++) {
      offset[(int) (sorted[e] >>> 32) + 1]++;
      neighbour[e] = (int) sorted[e];
    }
    Arrays.parallelPrefix(offset, Integer::sum);
    return new Links(offset, neighbour);
  }

  /** The number of agents. */
  public int agents() {
    return offset.length - 1;
  }

  /** The number of links, each counted once. */
  public int count() {
    return neighbour.length / 2;
  }

  /** The number of neighbours of an agent. */
  public int degree(int agent) {
    return offset[agent + 1] - offset[agent];
  }

  /** The k-th neighbour of an agent, ascending, k from 0. */
  public int neighbour(int agent, int k) {
    return neighbour[offset[agent] + k];
  }

  /** How many agents can be reached from agent 0, itself included; with all of them, connected. */
  public int reachable() {
    boolean[] seen = new boolean[agents()];
    int[] queue = new int[agents()];
    int tail = 0;
    queue[tail++] = 0;
    seen[0] = true;
    for (int head = 0; head < tail; head++) {
      for (int e = offset[queue[head]]; e < offset[queue[head] + 1]; e++) {
        if (!seen[neighbour[e]]) {
          seen[neighbour[e]] = true;
          queue[tail++] = neighbour[e];
        }
      }
    }
    return tail;
  }
}
