package io.sotto.privacy.evidence;

import io.sotto.algorithm.Recursion;
import io.sotto.network.Network;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Updates where agents say something else on each link. On one link to an agent its estimate can be
 * computed, from z, which is made of what was said on that link both ways, and q. All links between
 * agents of which one link is heard can then be computed, since what is said on them is a function
 * of the estimates at their ends and of where they began. Who hears all around the victim knows all
 * of its z, and rho times the sum of z - x is its subgradient.
 */
public final class LinkUpdates {
  private static final double ROUNDING = 1e-9;

  private final Setting setting;
  private final Transcript transcript;
  private final Network network;
  private final int d;

  /** Those that an adversary can compute of what it knows and received. */
  public LinkUpdates(Knowledge knowledge, Transcript transcript) {
    this.setting = knowledge.setting();
    this.transcript = transcript;
    this.network = setting.network();
    this.d = setting.dimension();
  }

  /** The recursion of updates at a tick. */
  private Recursion.Links links(int tick) {
    return (Recursion.Links) setting.recursion(tick);
  }

  /** A link of the victim, both ways, and what was said on it last. */
  private final class Link {
    final int other;
    final boolean near;

    /** What the victim said there last, and what the other one said. */
    final double[] q;

    final double[] h;

    /** The same as of the last exchange across borders. */
    final double[] oldQ;

    final double[] oldH;

    Link(int victim, int other, double[] start, double[] otherStart) {
      this.other = other;
      this.q = start.clone();
      this.h = otherStart.clone();
      this.oldQ = start.clone();
      this.oldH = otherStart.clone();
      this.near =
          setting.ticksPerSuperstep() == 1
              || setting.partition().cellOf(victim) == setting.partition().cellOf(other);
    }
  }

  /** The estimate of an agent at each tick, from one link on which it is heard; null if none is. */
  public double @Nullable [][] estimates(int agent) {
    int there = -1;
    int back = -1;
    for (int e = network.offset()[agent]; there < 0 && e < network.offset()[agent + 1]; e++) {
      int other = network.heard()[e];
      if (other != agent && transcript.message(agent, other) >= 0) {
        there = transcript.message(agent, other);
        back = transcript.message(other, agent);
        if (back < 0) {
          there = -1;
        }
      }
    }
    if (there < 0) {
      return null;
    }
    int other = otherEnd(agent, there);
    boolean near =
        setting.ticksPerSuperstep() == 1
            || setting.partition().cellOf(agent) == setting.partition().cellOf(other);
    double[][] x = new double[transcript.ticks() + 1][];
    x[0] = Arrays.copyOfRange(transcript.at(0), there * d, (there + 1) * d);
    for (int t = 1; t < x.length; t++) {
      double[] q = transcript.at(t);
      double[] before = transcript.at(t - 1);
      Recursion.Links links = links(t);
      Recursion.Links next = links(t + 1);
      x[t] = x[t - 1];
      if (moves(x[t], before, q, there * d, links, next)) {
        int b = setting.ticksPerSuperstep();
        double[] h = transcript.at(near ? t - 1 : (t - 1) / b * b);
        x[t] = new double[d];
        for (int j = 0; j < d; j++) {
          double z = links.z(x[t - 1][j], before[there * d + j], h[back * d + j]);
          x[t][j] =
              next == links
                  ? links.x(z, q[there * d + j])
                  : next.xResumed(z, q[there * d + j], links);
        }
      }
    }
    return x;
  }

  /**
   * rho times the sum of z - x of an agent at a tick before which it stood still, which is its
   * subgradient if what is not heard is what it began with.
   *
   * @param x its {@link #estimates}
   */
  public double[] pull(int agent, int tick, double[][] x) {
    Recursion.Links links = links(tick);
    double[] pull = new double[d];
    for (int e = network.offset()[agent]; e < network.offset()[agent + 1]; e++) {
      int other = network.heard()[e];
      int there = other == agent ? -1 : transcript.message(agent, other);
      int back = other == agent ? -1 : transcript.message(other, agent);
      boolean near =
          setting.ticksPerSuperstep() == 1
              || setting.partition().cellOf(agent) == setting.partition().cellOf(other);
      int b = setting.ticksPerSuperstep();
      for (int j = 0; other != agent && j < d; j++) {
        double z = x[0][j];
        if (there >= 0 && back >= 0) {
          double q = transcript.at(tick - 1)[there * d + j];
          z = links.z(x[tick - 1][j], q, heardAt(near ? tick - 1 : (tick - 1) / b * b, back, j));
        }
        pull[j] += links.rho() * (z - x[tick][j]);
      }
    }
    return pull;
  }

  private double heardAt(int tick, int message, int j) {
    return transcript.at(tick)[message * d + j];
  }

  /** True if an agent at x said something else than who is idle does. */
  private boolean moves(
      double[] x,
      double[] before,
      double[] said,
      int at,
      Recursion.Links links,
      Recursion.Links next) {
    if (next == links) {
      return !Arrays.equals(said, at, at + d, before, at, at + d);
    }
    double off = 0;
    double size = 0;
    for (int j = 0; j < d; j++) {
      double idle = next.resumed(x[j], before[at + j], links);
      off = Math.max(off, Math.abs(said[at + j] - idle));
      size = Math.max(size, Math.abs(said[at + j]));
    }
    return off > ROUNDING * size; // x is computed, and has its rounding
  }

  private int otherEnd(int agent, int message) {
    for (int e = network.offset()[agent]; e < network.offset()[agent + 1]; e++) {
      int other = network.heard()[e];
      if (other != agent && transcript.message(agent, other) == message) {
        return other;
      }
    }
    throw new IllegalStateException("message " + message + " is not on a link of " + agent);
  }

  /** The victim's updates; null if a neighbour of it is not heard on any link. */
  @Nullable Samples of(int victim) {
    Map<Integer, double[][]> known = new HashMap<>();
    for (int e = network.offset()[victim]; e < network.offset()[victim + 1]; e++) {
      double[][] x = estimates(network.heard()[e]);
      if (x == null) {
        return null;
      }
      known.put(network.heard()[e], x);
    }
    double[][] x = known.get(victim);
    if (x == null || known.size() < 2) {
      return null;
    }
    Link[] around =
        known.keySet().stream()
            .filter(j -> j != victim)
            .sorted()
            .map(j -> new Link(victim, j, x[0], first(known, j)))
            .toArray(Link[]::new);
    Samples samples = new Samples(d);
    double[] pull = new double[d];
    for (int t = 1; t < x.length; t++) {
      boolean active = x[t] != x[t - 1];
      Arrays.fill(pull, 0);
      for (Link link : around) {
        advance(link, t, x, estimatesOf(known, link.other), active, pull);
      }
      if (active) {
        samples.add(t, x[t], 0, links(t).rho(), pull);
      }
    }
    return samples.size() == 0 ? null : samples;
  }

  private static double[] first(Map<Integer, double[][]> known, int agent) {
    return estimatesOf(known, agent)[0];
  }

  private static double[][] estimatesOf(Map<Integer, double[][]> known, int agent) {
    double[][] x = known.get(agent);
    if (x == null) {
      throw new IllegalStateException("agent " + agent + " is not known");
    }
    return x;
  }

  /** Both ends of a link make their updates of a tick, each of what it heard before. */
  private void advance(
      Link link, int t, double[][] x, double[][] other, boolean active, double[] pull) {
    boolean otherActive = other[t] != other[t - 1];
    if ((t - 1) % setting.ticksPerSuperstep() == 0) {
      System.arraycopy(link.q, 0, link.oldQ, 0, d);
      System.arraycopy(link.h, 0, link.oldH, 0, d);
    }
    Recursion.Links links = links(t);
    Recursion.Links next = links(t + 1);
    for (int j = 0; j < d; j++) {
      double heard = link.near ? link.h[j] : link.oldH[j];
      double heardThere = link.near ? link.q[j] : link.oldQ[j];
      double z = links.z(x[t - 1][j], link.q[j], heard);
      double y = links.z(other[t - 1][j], link.h[j], heardThere);
      if (active) {
        pull[j] += z - x[t][j];
        link.q[j] = links.q(x[t][j], z);
      }
      if (otherActive) {
        link.h[j] = links.q(other[t][j], y);
      }
      if (next != links) {
        link.q[j] = next.resumed(x[t][j], link.q[j], links);
        link.h[j] = next.resumed(other[t][j], link.h[j], links);
      }
    }
  }
}
