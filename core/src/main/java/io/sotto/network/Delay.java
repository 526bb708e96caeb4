package io.sotto.network;

import io.sotto.clock.Draws;
import io.sotto.clock.Draws.Purpose;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How many ticks late messages are.
 *
 * @param model what the delay is a function of
 * @param longest the longest one
 * @param links where each link has a delay that was given: who speaks and who hears, as one number,
 *     ascending; else empty
 * @param ticks their delays
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Delay(Model model, int longest, long[] links, int[] ticks) implements Serializable {
  /** Nothing is late. */
  public static final Delay NONE = of(Model.NONE, 0);

  /** What a delay is a function of. */
  public enum Model {
    /** There is none. */
    NONE,
    /** The same always. */
    CONSTANT,
    /** Drawn from 0 up to the longest, for each link and way at each tick. */
    UNIFORM,
    /** Drawn likewise once for each link and way, or given. */
    PER_EDGE
  }

  /** Delays that are not given one by one. */
  public static Delay of(Model model, int longest) {
    if (longest < 0) {
      throw new IllegalArgumentException("a delay must be 0 or more, not " + longest);
    }
    return new Delay(model, model == Model.NONE ? 0 : longest, new long[0], new int[0]);
  }

  /** Delays that were given, by {@link #link}. */
  public static Delay given(Map<Long, Integer> ticks) {
    Map<Long, Integer> ordered = new TreeMap<>(ticks);
    return new Delay(
        Model.PER_EDGE,
        ordered.values().stream().max(Integer::compare).orElse(0),
        ordered.keySet().stream().mapToLong(Long::longValue).toArray(),
        ordered.values().stream().mapToInt(Integer::intValue).toArray());
  }

  /** A link one way, as one number. */
  public static long link(int speaker, int hearer) {
    return Channel.link(speaker, hearer);
  }

  int of(long seed, long link, long tick) {
    return switch (model) {
      case NONE -> 0;
      case CONSTANT -> longest;
      case UNIFORM -> drawn(seed, link, tick);
      case PER_EDGE ->
          links.length == 0 ? drawn(seed, link, 0) : ticks[Arrays.binarySearch(links, link)];
    };
  }

  private int drawn(long seed, long link, long tick) {
    return (int) (Draws.uniform(seed, link, tick, Purpose.DELAY) * (longest + 1.0));
  }

  Delay around(int[] agents) {
    int[] kept =
        IntStream.range(0, links.length).filter(e -> Channel.touches(links[e], agents)).toArray();
    return new Delay(
        model,
        longest,
        Arrays.stream(kept).mapToLong(e -> links[e]).toArray(),
        Arrays.stream(kept).map(e -> ticks[e]).toArray());
  }
}
