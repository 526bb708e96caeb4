package io.sotto.privacy.exposure;

import io.sotto.network.Links;
import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Of which agents masked sums tell an adversary nothing but sums ({@link
 * io.sotto.privacy.mechanism.MaskedSums}): the connected parts of the graph of keys among those
 * whom it does not control.
 *
 * @param neighbour against a single agent
 * @param neighbourhood against all that an agent hears or is heard by together; null if these are
 *     all others for each agent that was looked at
 * @param eavesdropper against somebody who hears all messages and has no key
 */
public record HonestParts(Parts neighbour, @Nullable Parts neighbourhood, Parts eavesdropper) {

  /** So many adversaries of a kind are looked at, evenly spread over the agents. */
  private static final int SAMPLED = 16;

  /**
   * The parts.
   *
   * @param count how many there are
   * @param smallest how many agents the smallest has
   */
  public record Parts(int count, int smallest) {

    private Parts orWorse(Parts other) {
      boolean first =
          smallest < other.smallest || (smallest == other.smallest && count >= other.count);
      return first ? this : other;
    }
  }

  /**
   * The parts that adversaries of each kind leave: those with the smallest part.
   *
   * @param keys who shares a key with whom
   * @param network who hears whom
   */
  public static HonestParts of(Links keys, Network network) {
    int n = keys.agents();
    IntFunction<int[]> hearers = Neighbourhoods.hearers(network);
    Parts single = parts(keys, 0);
    Parts together = null;
    int looked = Math.min(n, SAMPLED);
    for (int k = 0; k < looked; k++) {
      int agent = (int) ((long) k * n / looked);
      single = single.orWorse(parts(keys, agent));
      int[] around =
          IntStream.concat(
                  Arrays.stream(Neighbourhoods.closed(network, agent)),
                  Arrays.stream(hearers.apply(agent)))
              .filter(j -> j != agent)
              .distinct()
              .toArray();
      if (around.length < n - 1) {
        Parts left = parts(keys, around);
        together = together == null ? left : together.orWorse(left);
      }
    }
    return new HonestParts(single, together, parts(keys));
  }

  /** The parts that are left without some agents. */
  static Parts parts(Links keys, int... without) {
    int n = keys.agents();
    boolean[] seen = new boolean[n];
    for (int agent : without) {
      seen[agent] = true;
    }
    int[] queue = new int[n];
    int count = 0;
    int smallest = n;
    for (int from = 0; from < n; from++) {
      if (seen[from]) {
        continue;
      }
      int tail = 0;
      queue[tail++] = from;
      seen[from] = true;
      for (int head = 0; head < tail; head++) {
        for (int k = 0; k < keys.degree(queue[head]); k++) {
          int other = keys.neighbour(queue[head], k);
          if (!seen[other]) {
            seen[other] = true;
            queue[tail++] = other;
          }
        }
      }
      count++;
      smallest = Math.min(smallest, tail);
    }
    return new Parts(count, smallest);
  }
}
