package io.sotto.privacy.exposure;

import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who is exposed to whom: agent i is exposed to one that hears i and all whom i hears, N[i] within
 * what it hears, since it can compute the mix of i at each tick. On links, where the method
 * addresses agents, it hears less than that of i, and still computes the rest ({@code
 * evidence.LinkUpdates}).
 *
 * <p>Cost: for each link, a search for each neighbour.
 *
 * @param pairs who hears, in the upper half, and who is exposed, in the lower; ascending by who is
 *     exposed, then by who hears
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Exposure(long[] pairs) {
  /** Coalitions are searched through where an agent hears no more than this, itself included. */
  static final int EXACT = 16;

  /** The exposure of each agent to each other one. */
  public static Exposure toNeighbours(Network network) {
    List<Long> pairs = new ArrayList<>();
    IntFunction<int[]> hearers = Neighbourhoods.hearers(network);
    for (int i = 0; i < network.agents(); i++) {
      for (int a : exposing(network, i, hearers)) {
        pairs.add((long) a << 32 | i);
      }
    }
    return new Exposure(pairs.stream().mapToLong(Long::longValue).toArray());
  }

  /** The single agents to whom one is exposed, ascending. */
  static int[] exposing(Network network, int agent) {
    return exposing(network, agent, Neighbourhoods.hearers(network));
  }

  private static int[] exposing(Network network, int agent, IntFunction<int[]> hearers) {
    int[] around = Neighbourhoods.closed(network, agent);
    return Arrays.stream(hearers.apply(agent))
        .filter(a -> a != agent)
        .filter(a -> network.offset()[a + 1] - network.offset()[a] >= around.length)
        .filter(a -> Neighbourhoods.within(around, Neighbourhoods.closed(network, a)))
        .toArray();
  }

  /** How many agents are exposed to an adversary. */
  public static int agents(Network network, Adversary adversary) {
    int count = 0;
    for (int i = 0; i < network.agents(); i++) {
      count += !adversary.controls(i) && adversary.exposes(network, i) ? 1 : 0;
    }
    return count;
  }

  /** How many agents are exposed to some other one. */
  public int agents() {
    return exposed().cardinality();
  }

  private BitSet exposed() {
    BitSet exposed = new BitSet();
    for (long pair : pairs) {
      exposed.set((int) pair);
    }
    return exposed;
  }

  /**
   * A coalition that exposes an agent.
   *
   * @param members ascending
   * @param smallest whether none is smaller; else it is one that a greedy search found
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  public record Coalition(int[] members, boolean smallest) {}

  /**
   * The smallest coalition that exposes an agent: others that together hear all in N[i]. That is
   * set cover, which takes exponential time in general: it is exact, over all sets of heard
   * neighbours, where N[i] has at most {@value #EXACT} agents; else whoever hears most of what is
   * left joins next, which takes at most ln |N[i]| + 1 times as many as needed.
   *
   * @param hearers {@link Neighbourhoods#hearers} of the network
   * @return null if the agent hears nobody but itself, or nobody else hears some agent in N[i]
   */
  public static @Nullable Coalition coalition(
      Network network, int agent, IntFunction<int[]> hearers) {
    int[] around = Neighbourhoods.closed(network, agent);
    if (around.length < 2) {
      return null;
    }
    TreeSet<Integer> candidates = new TreeSet<>();
    for (int j : around) {
      for (int a : hearers.apply(j)) {
        if (a != agent) {
          candidates.add(a);
        }
      }
    }
    int[] who = candidates.stream().mapToInt(Integer::intValue).toArray();
    return around.length <= EXACT ? exact(network, around, who) : greedy(network, around, who);
  }

  /** Fewest members for each set of those heard, by adding one candidate after the other. */
  private static @Nullable Coalition exact(Network network, int[] around, int[] who) {
    int all = (1 << around.length) - 1;
    int[] hears = Arrays.stream(who).map(a -> mask(network, around, a)).toArray();
    int[] last = new int[all + 1]; // the candidate that was added last to get there
    int[] from = new int[all + 1];
    Arrays.fill(last, -1);
    List<Integer> frontier = List.of(0);
    while (last[all] < 0) {
      List<Integer> next = new ArrayList<>();
      for (int set : frontier) {
        for (int c = 0; c < who.length; c++) {
          int more = set | hears[c];
          if (more != set && last[more] < 0) {
            last[more] = c;
            from[more] = set;
            next.add(more);
          }
        }
      }
      if (next.isEmpty()) {
        return null;
      }
      frontier = next;
    }
    TreeSet<Integer> members = new TreeSet<>();
    for (int set = all; set != 0; set = from[set]) {
      members.add(who[last[set]]);
    }
    return new Coalition(members.stream().mapToInt(Integer::intValue).toArray(), true);
  }

  private static int mask(Network network, int[] around, int a) {
    int[] heard = Neighbourhoods.closed(network, a);
    int mask = 0;
    for (int k = 0; k < around.length; k++) {
      mask |= Arrays.binarySearch(heard, around[k]) >= 0 ? 1 << k : 0;
    }
    return mask;
  }

  private static @Nullable Coalition greedy(Network network, int[] around, int[] who) {
    BitSet left = new BitSet();
    left.set(0, around.length);
    TreeSet<Integer> members = new TreeSet<>();
    while (!left.isEmpty()) {
      BitSet most = new BitSet();
      int next = -1;
      for (int a : who) {
        int[] heard = Neighbourhoods.closed(network, a);
        BitSet gained = new BitSet();
        left.stream().filter(k -> Arrays.binarySearch(heard, around[k]) >= 0).forEach(gained::set);
        if (gained.cardinality() > most.cardinality()) {
          most = gained;
          next = a;
        }
      }
      if (next < 0) {
        return null;
      }
      members.add(next);
      left.andNot(most);
    }
    return new Coalition(
        members.stream().mapToInt(Integer::intValue).toArray(), members.size() == 1);
  }
}
