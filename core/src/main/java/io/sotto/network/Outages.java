package io.sotto.network;

import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.clock.Draws;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * When agents are offline. Time is divided into blocks of ticks. In each block an agent is offline
 * with some probability. It is also offline in spans that were given.
 *
 * @param blocks whether an agent is online in a block, at its rate
 * @param duration ticks of a block
 * @param agents those with spans, ascending
 * @param spans by those: first and last tick, one pair after the other
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Outages(ActivationModel blocks, int duration, int[] agents, long[][] spans)
    implements Serializable {

  /** Everybody is always online. */
  public static final Outages NONE =
      new Outages(ActivationModels.always(), 0, new int[0], new long[0][]);

  /**
   * The first and the last tick of an outage.
   *
   * @param first at least 1
   * @param last at least first
   */
  public record Span(long first, long last) {}

  /**
   * Outages by chance and by plan.
   *
   * @param rate the probability that an agent is offline in a block, in [0, 1)
   * @param duration ticks of a block, at least 1
   * @param rates that probability by agent, where it differs
   * @param spans by agent
   */
  public static Outages of(
      long seed,
      double rate,
      int duration,
      Map<Integer, Double> rates,
      Map<Integer, List<Span>> spans) {
    if (rate == 0 && rates.values().stream().allMatch(r -> r == 0) && spans.isEmpty()) {
      return NONE;
    }
    Map<Integer, Double> online = new TreeMap<>();
    rates.forEach((agent, theirs) -> online.put(agent, 1 - theirs));
    Map<Integer, List<Span>> ordered = new TreeMap<>(spans);
    return new Outages(
        // a seed of its own, or blocks would be drawn as the clocks are
        new Bernoulli(Draws.bits(seed, 0, 0, Draws.Purpose.OFFLINE), 1 - rate, online),
        duration,
        ordered.keySet().stream().mapToInt(Integer::intValue).toArray(),
        ordered.values().stream()
            .map(
                theirs ->
                    theirs.stream()
                        .flatMapToLong(span -> LongStream.of(span.first(), span.last()))
                        .toArray())
            .toArray(long[][]::new));
  }

  /** True if nobody ever is. */
  public boolean none() {
    return duration == 0;
  }

  double availability(int agent) {
    return blocks.rate(agent);
  }

  boolean online(int agent, long tick) {
    if (none()) {
      return true;
    }
    int known = Arrays.binarySearch(agents, agent);
    if (known >= 0) {
      for (int s = 0; s < spans[known].length; s += 2) {
        if (spans[known][s] <= tick && tick <= spans[known][s + 1]) {
          return false;
        }
      }
    }
    return blocks.active(agent, (tick - 1) / duration);
  }
}
