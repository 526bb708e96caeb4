package io.sotto.privacy;

import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who is exposed to whom: agent i is exposed to one that hears i and all whom i hears, N[i] within
 * what it hears, since it can compute the mix of i at each tick. On links, where the method
 * addresses agents, it hears less than that of i, and still computes the rest ({@link
 * LinkRecursion}).
 *
 * @param pairs who hears, in the upper half, and who is exposed, in the lower; by who is exposed
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Exposure(long[] pairs) {

  /** The exposure of each agent to each other one. */
  public static Exposure toNeighbours(Network network) {
    List<Long> pairs = new ArrayList<>();
    for (int i = 0; i < network.agents(); i++) {
      int[] around = Neighbourhoods.closed(network, i);
      for (int a : around) {
        int hears = network.offset()[a + 1] - network.offset()[a];
        if (a != i
            && hears >= around.length
            && Neighbourhoods.within(around, Neighbourhoods.closed(network, a))) {
          pairs.add((long) a << 32 | i);
        }
      }
    }
    return new Exposure(pairs.stream().mapToLong(Long::longValue).toArray());
  }

  /** How many agents are exposed to some other one. */
  public int agents() {
    return (int) Arrays.stream(pairs).map(pair -> (int) pair).distinct().count();
  }
}
