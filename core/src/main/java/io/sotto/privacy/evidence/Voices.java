package io.sotto.privacy.evidence;

import io.sotto.algorithm.Recursion;
import io.sotto.network.Channel;
import io.sotto.network.Network;
import io.sotto.problem.Vectors;
import java.util.Arrays;

/**
 * What agents said to all, as an adversary that heard some of them puts it together: the mix that
 * an agent made of it, to the last bit where all of it was heard. For methods that are not perLink.
 */
public final class Voices {
  private final Setting setting;
  private final Transcript transcript;
  private final Network network;
  private final int stride;

  /** By agent, the message of what it says; below 0 if that is not heard. */
  private final int[] message;

  /** Those that an adversary heard. */
  public Voices(Knowledge knowledge, Transcript transcript) {
    this.setting = knowledge.setting();
    this.transcript = transcript;
    this.network = setting.network();
    this.stride = transcript.stride();
    this.message = new int[network.agents()];
    Arrays.fill(message, -1);
    int[] speakers = transcript.speakers();
    for (int k = 0; k < speakers.length; k++) {
      message[speakers[k]] = k;
    }
  }

  /** True if an agent is heard. */
  public boolean hears(int agent) {
    return message[agent] >= 0;
  }

  /** True if an agent and all whom it hears are heard. */
  public boolean hearsAround(int agent) {
    boolean all = hears(agent);
    for (int e = network.offset()[agent]; all && e < network.offset()[agent + 1]; e++) {
      all = hears(network.heard()[e]);
    }
    return all;
  }

  /** Whom it hears, ascending. */
  public int[] heard() {
    return Arrays.stream(transcript.speakers()).distinct().toArray();
  }

  /** All that was said as of a tick, agent by agent. */
  public double[] said(int tick) {
    return transcript.at(tick);
  }

  /** Where in {@link #said} an agent's words begin. */
  public int at(int agent) {
    return message[agent] * stride;
  }

  /** How many numbers an agent says. */
  public int stride() {
    return stride;
  }

  /** The last tick. */
  public int ticks() {
    return transcript.ticks();
  }

  /** One agent, up to a tick; of whom and around whom all is heard, if the mix is asked for. */
  public Recursion.Heard of(int agent, int last) {
    double[] mixed = new double[stride];
    return new Recursion.Heard() {
      @Override
      public int ticks() {
        return last;
      }

      @Override
      public double[] said(int tick) {
        return Voices.this.said(tick);
      }

      @Override
      public int at() {
        return Voices.this.at(agent);
      }

      @Override
      public int dimension() {
        return setting.dimension();
      }

      @Override
      public double[] mix(int tick) {
        Voices.this.mix(agent, tick, mixed);
        return mixed;
      }
    };
  }

  /** As of which tick an agent hears another in a tick. */
  private int asOf(int hearer, int speaker, int tick, int late) {
    int b = setting.ticksPerSuperstep();
    boolean near =
        b == 1 || setting.partition().cellOf(hearer) == setting.partition().cellOf(speaker);
    int said = Math.max(0, tick - 1 - late);
    return near ? said : said / b * b;
  }

  /**
   * The mix that an agent made at a tick of what is heard; returns the weight of what is not. Where
   * links lose messages, nobody else knows which: then it is the mean over what may have been lost,
   * in whose place an agent takes its own words.
   */
  public double mix(int agent, int tick, double[] out) {
    double missing = 0;
    double own = 0;
    boolean first = true;
    for (int e = network.offset()[agent]; e < network.offset()[agent + 1]; e++) {
      int j = network.heard()[e];
      double w = network.weight()[e];
      if (message[j] < 0) {
        missing += w;
        continue;
      }
      int late = setting.links().late(agent, j, tick);
      if (late == Channel.UNHEARD) {
        own += w;
        continue;
      }
      double[] said = said(asOf(agent, j, tick, late));
      if (j != agent && hears(agent)) {
        own += (1 - setting.delivered()) * w;
        w *= setting.delivered();
      }
      if (first) {
        Vectors.setScaled(w, said, at(j), out, 0, stride);
        first = false;
      } else {
        Vectors.addScaled(w, said, at(j), out, 0, stride);
      }
    }
    if (own > 0 && hears(agent)) {
      Vectors.addScaled(own, said(tick - 1), at(agent), out, 0, stride);
    }
    return missing;
  }

  /** True if all that is heard of tick 0 is the same: then what is not heard is the same, too. */
  public boolean startTogether() {
    double[] said = said(0);
    boolean same = transcript.speakers().length > 1;
    for (int k = 1; same && k < transcript.speakers().length; k++) {
      same = Arrays.equals(said, 0, stride, said, k * stride, (k + 1) * stride);
    }
    return same;
  }
}
