package io.sotto.privacy;

import io.sotto.engine.Recording;
import io.sotto.engine.Wiretap;
import io.sotto.network.Cut;
import io.sotto.network.Network;
import java.util.Arrays;
import java.util.BitSet;

/**
 * All that an adversary received in a run, tick by tick, its members' own words included. What is
 * said at the end of tick t, which neighbours mix at t + 1, stands at t; at 0 what is said before
 * tick 1.
 *
 * <p>A thing said is a message: what an agent says to all, or, where the method addresses agents,
 * what it says on one link. Between two exchanges across cell borders nothing crosses them, and a
 * message that only agents of other cells heard was not received then.
 */
public final class Transcript {
  private final Wiretap tap;
  private final int stride;
  private final double[][] ticks;
  private final boolean[] everyTick;
  private final BitSet settling;
  private final int ticksPerSuperstep;

  private Transcript(
      Wiretap tap,
      int stride,
      double[][] ticks,
      boolean[] everyTick,
      BitSet settling,
      int ticksPerSuperstep) {
    this.tap = tap;
    this.stride = stride;
    this.ticks = ticks;
    this.everyTick = everyTick;
    this.settling = settling;
    this.ticksPerSuperstep = ticksPerSuperstep;
  }

  /** What of a recording an adversary received, who may have received more than was recorded. */
  public static Transcript of(
      Recording recording, Adversary adversary, Network network, Cut cut, int ticksPerSuperstep) {
    Wiretap all = recording.tap();
    boolean addressed = all.hearers().length > 0;
    int[] heard = new int[all.size()];
    int n = 0;
    for (int k = 0; k < heard.length; k++) {
      int j = all.speakers()[k];
      if (addressed ? adversary.hears(network, j, all.hearers()[k]) : adversary.hears(network, j)) {
        heard[n++] = k;
      }
    }
    heard = Arrays.copyOf(heard, n);
    Wiretap tap =
        new Wiretap(
            select(all.speakers(), heard),
            addressed ? select(all.hearers(), heard) : new int[0],
            addressed ? select(all.links(), heard) : new int[0]);
    boolean[] everyTick = new boolean[n];
    for (int k = 0; k < n; k++) {
      int hearer = addressed ? tap.hearers()[k] : -1;
      everyTick[k] =
          ticksPerSuperstep == 1 || within(tap.speakers()[k], hearer, adversary, network, cut);
    }
    int stride = recording.stride();
    double[][] ticks = new double[recording.ticks() + 1][n * stride];
    BitSet settling = new BitSet();
    for (int t = 0; t < ticks.length; t++) {
      settling.set(t, recording.mixOnly(t));
      boolean exchanged = t % ticksPerSuperstep == 0 || t == ticks.length - 1;
      for (int k = 0; k < n; k++) {
        if (exchanged || everyTick[k]) {
          System.arraycopy(recording.at(t), heard[k] * stride, ticks[t], k * stride, stride);
        } else { // what was last received stands
          System.arraycopy(ticks[t - 1], k * stride, ticks[t], k * stride, stride);
        }
      }
    }
    return new Transcript(tap, stride, ticks, everyTick, settling, ticksPerSuperstep);
  }

  private static int[] select(int[] of, int[] positions) {
    return Arrays.stream(positions).map(k -> of[k]).toArray();
  }

  /** True if someone who hears it for the adversary stands in the cell of the speaker. */
  private static boolean within(
      int speaker, int hearer, Adversary adversary, Network network, Cut cut) {
    if (adversary.controls(speaker)) {
      return true;
    }
    if (hearer >= 0) {
      return cut.cellOf(hearer) == cut.cellOf(speaker);
    }
    for (int e = network.offset()[speaker]; e < network.offset()[speaker + 1]; e++) {
      int i = network.heard()[e];
      boolean listens = adversary instanceof Adversary.Eavesdropper || adversary.controls(i);
      if (i != speaker && listens && cut.cellOf(i) == cut.cellOf(speaker)) {
        return true;
      }
    }
    return false;
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
  public boolean addressed() {
    return tap.hearers().length > 0;
  }

  /** Who said what is heard, by message; agents repeat where they are addressed. */
  public int[] speakers() {
    return tap.speakers().clone();
  }

  /** Which message that is: what the speaker says to all; below 0 if it is not heard. */
  public int message(int speaker) {
    return message(speaker, -1);
  }

  /** Which message that is, where agents are addressed; below 0 if it is not heard. */
  public int message(int speaker, int hearer) {
    return tap.position(speaker, hearer);
  }

  /** Holds all that was heard as of a tick, message by message: what was last received stands. */
  public double[] at(int tick) {
    return ticks[tick];
  }

  /** True if that message was received anew at that tick. */
  public boolean received(int tick, int message) {
    return everyTick[message] || tick % ticksPerSuperstep == 0 || tick == ticks();
  }
}
