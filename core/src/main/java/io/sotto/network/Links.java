package io.sotto.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Who is linked with whom: an undirected simple graph in compressed rows. Agent i's neighbours are
 * {@code neighbour[offset[i]] ... neighbour[offset[i + 1] - 1]}, ascending, i not among them.
 */
public final class Links implements Serializable {
  private static final long serialVersionUID = 1;

  /** As many links fit: an array takes each of them twice. */
  static final int MOST = (Integer.MAX_VALUE - 8) / 2;

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
   * @throws IllegalArgumentException if an end is no agent, if there is no agent, or if there are
   *     more than 2^30 - 5 links
   */
  public static Links of(int agents, int[] a, int[] b) {
    if (agents < 1 || a.length != b.length || a.length > MOST) {
      throw new IllegalArgumentException(
          "%d agents, %d and %d ends of links".formatted(agents, a.length, b.length));
    }
    int[] offset = new int[agents + 1];
    for (int e = 0; e < a.length; e++) {
      if (Math.min(a[e], b[e]) < 0 || Math.max(a[e], b[e]) >= agents) {
        throw new IllegalArgumentException(
            "the link %d-%d leaves the %d agents".formatted(a[e], b[e], agents));
      }
      if (a[e] != b[e]) {
        offset[a[e] + 1]++;
        offset[b[e] + 1]++;
      }
    }
    Arrays.parallelPrefix(offset, Integer::sum);
    int[] neighbour = new int[offset[agents]];
    int[] end = Arrays.copyOf(offset, agents);
    for (int e = 0; e < a.length; e++) {
      if (a[e] != b[e]) {
        neighbour[end[a[e]]++] = b[e];
        neighbour[end[b[e]]++] = a[e];
      }
    }
    return sorted(offset, neighbour);
  }

  /** Sorts each row in place and drops what is there twice. */
  private static Links sorted(int[] offset, int[] neighbour) {
    int kept = 0;
    int from = 0;
    for (int agent = 0; agent + 1 < offset.length; agent++) {
      int to = offset[agent + 1];
      Arrays.sort(neighbour, from, to);
      int first = kept;
      for (int e = from; e < to; e++) {
        if (kept == first || neighbour[kept - 1] != neighbour[e]) {
          neighbour[kept++] = neighbour[e];
        }
      }
      offset[agent + 1] = kept;
      from = to;
    }
    return new Links(offset, kept < neighbour.length ? Arrays.copyOf(neighbour, kept) : neighbour);
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

  /** Where an agent's neighbours begin if those of all agents are counted through. */
  int start(int agent) {
    return offset[agent];
  }

  /** Where a link stands if the neighbours of all agents are counted through; negative if not. */
  int position(int agent, int other) {
    return Arrays.binarySearch(neighbour, offset[agent], offset[agent + 1], other);
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
