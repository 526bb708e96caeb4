package io.sotto.engine;

import io.sotto.network.Network;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What is to be recorded of a run: what some agents say to all, or, where agents are perLink, what
 * is said on some links. What agents know cannot be asked for.
 *
 * @param speakers global indices, ascending
 * @param hearers where agents are perLink, to whom each of {@code speakers} (which then repeat)
 *     says it, ascending among equals; else empty
 * @param links where agents are perLink, which of the speaker's links that is; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Wiretap(int[] speakers, int[] hearers, int[] links) implements Serializable {

  /** Nothing. */
  public static Wiretap none() {
    return new Wiretap(new int[0], new int[0], new int[0]);
  }

  /** What those agents say to all. */
  public static Wiretap of(int... speakers) {
    int[] sorted = Arrays.stream(speakers).sorted().distinct().toArray();
    return new Wiretap(sorted, new int[0], new int[0]);
  }

  /**
   * What is said on some links.
   *
   * @param pairs speaker and hearer of each, in one number: {@code (long) speaker << 32 | hearer}
   * @throws IllegalArgumentException if a speaker does not hear its hearer
   */
  public static Wiretap of(Network network, long... pairs) {
    long[] sorted = Arrays.stream(pairs).sorted().distinct().toArray();
    int[] links = new int[sorted.length];
    for (int k = 0; k < sorted.length; k++) {
      int speaker = (int) (sorted[k] >>> 32);
      int hearer = (int) sorted[k];
      int from = network.offset()[speaker];
      int at = Arrays.binarySearch(network.heard(), from, network.offset()[speaker + 1], hearer);
      if (at < 0 || hearer == speaker) {
        throw new IllegalArgumentException(
            "there is no link from agent %d to agent %d".formatted(speaker, hearer));
      }
      links[k] = at - from - (hearer > speaker ? 1 : 0);
    }
    return new Wiretap(
        Arrays.stream(sorted).mapToInt(pair -> (int) (pair >>> 32)).toArray(),
        Arrays.stream(sorted).mapToInt(pair -> (int) pair).toArray(),
        links);
  }

  /** How many agents, or links. */
  public int size() {
    return speakers.length;
  }

  /** Where in the order of this one that is recorded; below 0 if it is not. */
  public int position(int speaker, int hearer) {
    int low = 0;
    int high = speakers.length;
    while (low < high) { // the first that is not below (speaker, hearer)
      int middle = (low + high) >>> 1;
      int order = Integer.compare(speakers[middle], speaker);
      if (order == 0 && hearers.length > 0) {
        order = Integer.compare(hearers[middle], hearer);
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle;
    }
    boolean found =
        low < speakers.length
            && speakers[low] == speaker
            && (hearers.length == 0 || hearers[low] == hearer);
    return found ? low : -1;
  }

  /** Those that are said in a cell, as positions here, ascending. */
  int[] within(int[] agents) {
    return IntStream.range(0, speakers.length)
        .filter(k -> Arrays.binarySearch(agents, speakers[k]) >= 0)
        .toArray();
  }
}
