package io.sotto.privacy.evidence;

import io.sotto.engine.Recording;
import io.sotto.engine.Wiretap;
import io.sotto.network.CellPartition;
import io.sotto.network.Channel;
import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import io.sotto.privacy.exposure.Adversary;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * All that an adversary received in a run, tick by tick, its members' own words included. What is
 * said at the end of tick t, which neighbours mix at t + 1, stands at t; at 0 what is said before
 * tick 1.
 *
 * <p>A thing said is a message: what an agent says to all, or, where the method addresses agents,
 * what it says on one link. Between two exchanges across cell borders nothing crosses them, and a
 * message that only agents of other cells heard was not received then. Members receive what their
 * links let through, when it comes; who listens on the lines has all that is put on them, at once.
 */
public final class Transcript {
  private final Wiretap tap;
  private final int stride;
  private final double[][] ticks;
  private final BitSet settling;

  private Transcript(Wiretap tap, int stride, double[][] ticks, BitSet settling) {
    this.tap = tap;
    this.stride = stride;
    this.ticks = ticks;
    this.settling = settling;
  }

  /**
   * What of a recording an adversary received, who may have received more than was recorded.
   *
   * @param partition which cell agents stand in
   * @param ticksPerSuperstep ticks between two exchanges across cell borders
   */
  public static Transcript of(
      Recording recording,
      Adversary adversary,
      Network network,
      Channel channel,
      CellPartition partition,
      int ticksPerSuperstep) {
    Wiretap all = recording.tap();
    boolean perLink = all.hearers().length > 0;
    int[] heard = new int[all.size()];
    int n = 0;
    for (int k = 0; k < heard.length; k++) {
      int j = all.speakers()[k];
      if (perLink ? adversary.hears(network, j, all.hearers()[k]) : adversary.hears(network, j)) {
        heard[n++] = k;
      }
    }
    heard = Arrays.copyOf(heard, n);
    Wiretap tap =
        new Wiretap(
            select(all.speakers(), heard),
            perLink ? select(all.hearers(), heard) : new int[0],
            perLink ? select(all.links(), heard) : new int[0]);
    int stride = recording.stride();
    int last = recording.ticks();
    double[][] ticks = new double[last + 1][n * stride];
    for (int k = 0; k < n; k++) {
      int speaker = tap.speakers()[k];
      int[] hearers = hearers(speaker, perLink ? tap.hearers()[k] : -1, adversary, network);
      int newest = -1;
      for (int t = 0; t <= last; t++) {
        newest = t == 0 ? 0 : Math.max(newest, adversary.controls(speaker) ? t : -1);
        for (int hearer : hearers) {
          boolean near = partition.cellOf(hearer) == partition.cellOf(speaker);
          int late = adversary.members().length == 0 ? 0 : channel.late(hearer, speaker, t + 1L);
          if (late != Channel.UNHEARD) {
            int said = Math.max(0, t - late);
            boolean exchanged = near || said == last;
            newest = Math.max(newest, exchanged ? said : said - said % ticksPerSuperstep);
          }
        }
        System.arraycopy(recording.at(newest), heard[k] * stride, ticks[t], k * stride, stride);
      }
    }
    BitSet settling = new BitSet();
    for (int t = 0; t <= last; t++) {
      settling.set(t, recording.mixOnly(t));
    }
    return new Transcript(tap, stride, ticks, settling);
  }

  /** That of an adversary who receives nothing, in a run without ticks. */
  public static Transcript silent() {
    return new Transcript(Wiretap.none(), 0, new double[1][0], new BitSet());
  }

  private static int[] select(int[] of, int[] positions) {
    return Arrays.stream(positions).map(k -> of[k]).toArray();
  }

  /** Through whom an adversary hears a message; an eavesdropper through all who do. */
  private static int[] hearers(int speaker, int hearer, Adversary adversary, Network network) {
    if (hearer >= 0) {
      return new int[] {hearer};
    }
    IntStream candidates =
        adversary.members().length > 0
            ? Arrays.stream(adversary.members())
            : network.directed()
                ? IntStream.range(0, network.agents())
                : Arrays.stream(Neighbourhoods.closed(network, speaker));
    return candidates.filter(i -> i != speaker && Adversary.linked(network, i, speaker)).toArray();
  }

  /** The last tick. */
  public int ticks() {
    return ticks.length - 1;
  }

  /** True if all agents had been told to mix, and not to update, at that tick: near the end. */
  public boolean settling(int tick) {
    return settling.get(tick);
  }

  /** The ticks from 1 on at which agents updated if their clocks rang. */
  public int updatingTicks() {
    return ticks() - settling.cardinality();
  }

  /** How many numbers a message has. */
  public int stride() {
    return stride;
  }

  /** True if the method says something else on each link. */
  public boolean perLink() {
    return tap.hearers().length > 0;
  }

  /** Who said what is heard, by message; agents repeat where they are perLink. */
  public int[] speakers() {
    return tap.speakers().clone();
  }

  /** To whom each of {@link #speakers} says it, where they are perLink; else empty. */
  public int[] hearers() {
    return tap.hearers().clone();
  }

  /** Which message that is: what the speaker says to all; below 0 if it is not heard. */
  public int message(int speaker) {
    return message(speaker, -1);
  }

  /** Which message that is, where agents are perLink; below 0 if it is not heard. */
  public int message(int speaker, int hearer) {
    return tap.position(speaker, hearer);
  }

  /** Holds all that was heard as of a tick, message by message: what was last received stands. */
  public double[] at(int tick) {
    return ticks[tick];
  }
}
