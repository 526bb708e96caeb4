package io.sotto.network;

import io.sotto.clock.Draws;
import io.sotto.clock.Draws.Purpose;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Decides what becomes of messages: which agents are online, which links are up, which messages are
 * lost or late. All of it is a function of (seed, agent or link, tick), so every cell gets the same
 * answer, also after a fault.
 *
 * <p>An agent that hears nothing on a link at a tick counts its own estimate instead. A symmetric
 * network then stays doubly stochastic at every tick where links are down both ways at once, and in
 * the mean where messages are lost one by one.
 *
 * @param seed of all chance
 * @param loss the probability that a message, one way on one link at one tick, is lost; in [0, 1)
 * @param linkRate the probability that a link is up at a tick, both ways at once; in (0, 1]
 * @param schedule which links there are at which tick
 * @param delay how late messages are
 * @param outages when agents are offline: they neither hear, nor are heard, nor update
 */
public record Channel(
    long seed, double loss, double linkRate, Schedule schedule, Delay delay, Outages outages)
    implements Serializable {

  /** A channel on which every message arrives at once. */
  public static final Channel CLEAR =
      new Channel(0, 0, 1, Schedule.ALWAYS, Delay.NONE, Outages.NONE);

  /** Stands for a delay: nothing is heard. */
  public static final int UNHEARD = -1;

  /** Refuses numbers that are no probabilities. */
  public Channel {
    if (!(loss >= 0 && loss < 1 && linkRate > 0 && linkRate <= 1)) {
      throw new IllegalArgumentException(
          "loss must lie in [0, 1), not %s, and the rate of links in (0, 1], not %s"
              .formatted(loss, linkRate));
    }
  }

  /** A link of which one end comes first, as one number. */
  static long link(int from, int to) {
    return (long) from << 32 | to;
  }

  /** True if one of those agents, in ascending order, is an end of a link. */
  static boolean touches(long link, int[] agents) {
    return Arrays.binarySearch(agents, (int) (link >>> 32)) >= 0
        || Arrays.binarySearch(agents, (int) link) >= 0;
  }

  /** True if every message arrives at once. */
  public boolean clear() {
    return loss == 0 && !changing() && delay.longest() == 0;
  }

  /** True if links come and go, or agents do. */
  public boolean changing() {
    return linkRate < 1 || lasting();
  }

  /** True if links or agents are gone for several ticks together. */
  public boolean lasting() {
    return !schedule.always() || !outages.none();
  }

  /** True if an agent is there at a tick. */
  public boolean online(int agent, long tick) {
    return outages.online(agent, tick);
  }

  /** The share of ticks at which an agent is online; it knows its own. */
  public double availability(int agent) {
    return outages.availability(agent);
  }

  /**
   * How many ticks ago what an agent hears at a tick was the last word: with 0 it hears what was
   * said at the end of the tick before; or {@link #UNHEARD}.
   */
  public int late(int hearer, int speaker, long tick) {
    if (hearer == speaker) {
      return 0;
    }
    long oneWay = link(speaker, hearer);
    long bothWays = hearer < speaker ? link(hearer, speaker) : oneWay;
    boolean heard =
        schedule.up(bothWays, tick)
            && (linkRate == 1 || Draws.uniform(seed, bothWays, tick, Purpose.LINK) < linkRate)
            && (loss == 0 || Draws.uniform(seed, oneWay, tick, Purpose.LOSS) >= loss)
            && online(speaker, tick)
            && online(hearer, tick);
    return heard ? delay.of(seed, oneWay, tick) : UNHEARD;
  }

  /** The part of this channel that concerns some agents and those that they hear. */
  public Channel around(int[] agents) {
    return new Channel(
        seed, loss, linkRate, schedule.around(agents), delay.around(agents), outages);
  }
}
