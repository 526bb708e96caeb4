package io.sotto.engine;

import io.sotto.network.CellPartition;
import io.sotto.network.Network;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of the mixing matrix that belong to one cell, with global indices.
 *
 * @param cell which cell
 * @param agents its agents, ascending
 * @param offset where each agent's row begins; one position more than agents
 * @param heard who is heard, ascending within a row, the agent itself included
 * @param weight their weights
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record MixingRows(int cell, int[] agents, int[] offset, int[] heard, double[] weight)
    implements Serializable {

  /** Takes a cell's rows out of the mixing matrix. */
  static MixingRows of(Network network, CellPartition partition, int cell) {
    int[] agents = partition.agentsOf(cell);
    int[] offset = new int[agents.length + 1];
    for (int i = 0; i < agents.length; i++) {
      offset[i + 1] = offset[i] + network.offset()[agents[i] + 1] - network.offset()[agents[i]];
    }
    int[] heard = new int[offset[agents.length]];
    double[] weight = new double[heard.length];
    for (int i = 0; i < agents.length; i++) {
      int from = network.offset()[agents[i]];
      System.arraycopy(network.heard(), from, heard, offset[i], offset[i + 1] - offset[i]);
      System.arraycopy(network.weight(), from, weight, offset[i], offset[i + 1] - offset[i]);
    }
    return new MixingRows(cell, agents, offset, heard, weight);
  }

  /** The same rows without the weight of each agent for itself. */
  MixingRows withoutSelf() {
    int n = agents.length;
    int[] from = new int[n + 1];
    int[] others = new int[heard.length - n];
    double[] theirs = new double[others.length];
    for (int i = 0; i < n; i++) {
      from[i + 1] = from[i];
      for (int e = offset[i]; e < offset[i + 1]; e++) {
        if (heard[e] != agents[i]) {
          others[from[i + 1]] = heard[e];
          theirs[from[i + 1]++] = weight[e];
        }
      }
    }
    return new MixingRows(cell, agents, from, others, theirs);
  }

  /** Which agents of each other cell are heard here, by cell, ascending. */
  public List<Subscription> subscriptions(CellPartition partition, boolean perLink) {
    return perLink ? links(partition) : speakers(partition);
  }

  private List<Subscription> links(CellPartition partition) {
    Map<Integer, List<int[]>> bySource = new TreeMap<>();
    for (int i = 0; i < agents.length; i++) {
      for (int e = offset[i]; e < offset[i + 1]; e++) {
        int source = partition.cellOf(heard[e]);
        if (source != cell) {
          bySource
              .computeIfAbsent(source, s -> new ArrayList<>())
              .add(new int[] {heard[e], agents[i]});
        }
      }
    }
    List<Subscription> subscriptions = new ArrayList<>();
    bySource.forEach(
        (source, pairs) -> {
          pairs.sort(
              Comparator.<int[]>comparingInt(pair -> pair[0]).thenComparingInt(pair -> pair[1]));
          subscriptions.add(
              new Subscription(
                  cell,
                  source,
                  pairs.stream().mapToInt(pair -> pair[0]).toArray(),
                  pairs.stream().mapToInt(pair -> pair[1]).toArray()));
        });
    return subscriptions;
  }

  private List<Subscription> speakers(CellPartition partition) {
    // (cell, agent) in one long, so that sorting orders by both
    long[] keys =
        Arrays.stream(heard)
            .filter(agent -> partition.cellOf(agent) != cell)
            .mapToLong(agent -> (long) partition.cellOf(agent) << 32 | agent)
            .sorted()
            .distinct()
            .toArray();
    List<Subscription> subscriptions = new ArrayList<>();
    for (int from = 0; from < keys.length; ) {
      int source = (int) (keys[from] >>> 32);
      int to = from;
      while (to < keys.length && (int) (keys[to] >>> 32) == source) {
        to++;
      }
      int[] agentsOfSource = Arrays.stream(keys, from, to).mapToInt(key -> (int) key).toArray();
      subscriptions.add(new Subscription(cell, source, agentsOfSource, new int[0]));
      from = to;
    }
    return subscriptions;
  }
}
