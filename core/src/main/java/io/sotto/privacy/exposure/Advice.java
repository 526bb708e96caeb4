package io.sotto.privacy.exposure;

import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A link to add or to remove, after which an agent is exposed to no single other one.
 *
 * @param add whether it is to be added
 * @param agent one end: the agent that is exposed, or one that exposes it
 * @param other the other end
 */
public record Advice(boolean add, int agent, int other) {

  /**
   * What to do about an exposed agent i: a link to an agent whom none of those hears to whom it is
   * exposed, if there is one who does not expose it in turn; else, where one agent alone exposes
   * it, that this one stop hearing another neighbour of i. Other agents may be exposed by it: the
   * network should be validated again.
   *
   * @return null if a single link is not enough, as in a complete network
   */
  public static @Nullable Advice about(Network network, int agent) {
    int[] exposing = Exposure.exposing(network, agent);
    if (exposing.length == 0) {
      return null;
    }
    int[] around = Neighbourhoods.closed(network, agent);
    int n = network.agents();
    int there =
        IntStream.range(1, n) // from the agent on, so that not all are sent to the same one
            .map(k -> (agent + k) % n)
            .filter(j -> Arrays.binarySearch(around, j) < 0)
            .filter(j -> Arrays.stream(exposing).noneMatch(a -> linked(network, a, j)))
            .filter(j -> !Neighbourhoods.within(around, with(network, j, agent)))
            .findFirst()
            .orElse(-1);
    if (there >= 0) {
      return new Advice(true, agent, there);
    }
    if (exposing.length == 1) {
      int a = exposing[0];
      return Arrays.stream(around)
          .filter(j -> j != agent && j != a)
          .mapToObj(j -> new Advice(false, a, j))
          .findFirst()
          .orElse(null);
    }
    return null;
  }

  private static boolean linked(Network network, int a, int j) {
    return Arrays.binarySearch(Neighbourhoods.closed(network, a), j) >= 0;
  }

  /** N[j], and one more. */
  private static int[] with(Network network, int j, int more) {
    return IntStream.concat(Arrays.stream(Neighbourhoods.closed(network, j)), IntStream.of(more))
        .sorted()
        .distinct()
        .toArray();
  }
}
