package io.sotto.engine;

import io.sotto.network.Channel;
import io.sotto.problem.Vectors;
import java.util.Arrays;

/** What the agents of a cell hear at a tick through a channel that may delay or lose messages. */
final class Hearing {
  private final Cell cell;

  /** By link of the agent that heard last, how late it hears, or that it does not. */
  private final int[] late;

  /** By how late, what was said here and elsewhere. */
  private final double[][] inside;

  private final double[][] outside;

  private long tick;
  private int stride;

  Hearing(Cell cell) {
    this.cell = cell;
    this.inside = new double[cell.channel.delay().longest() + 1][];
    this.outside = new double[inside.length][];
    int most = 0;
    for (int i = 0; i < cell.agents.length && !cell.clear; i++) {
      most = Math.max(most, cell.offset[i + 1] - cell.offset[i]);
    }
    this.late = new int[most];
  }

  /** What is heard at a tick if nothing is late: what was said before, here and elsewhere. */
  void tick(long now, double[] before, double[] heard, int numbers) {
    tick = now;
    stride = numbers;
    inside[0] = before;
    outside[0] = heard;
  }

  /** What was said so long ago that it is late at this tick. */
  void recall(MessageHistory past) {
    for (int ago = 0; ago < inside.length; ago++) {
      inside[ago] = past.said(tick - 1 - ago);
      outside[ago] = past.heard(tick - 1 - ago);
    }
  }

  /**
   * Agent i hears through a channel that is not clear, and mixes unless each link stands for
   * itself. Who is offline stays as it was.
   */
  void hear(int i, double[] mixed, int at) {
    if (!cell.channel.online(cell.agents[i], tick)) {
      System.arraycopy(inside[0], cell.slot(i) * stride, mixed, at, stride);
      return;
    }
    int first = cell.offset[i];
    for (int e = first; e < cell.offset[i + 1]; e++) {
      late[e - first] = cell.channel.late(cell.agents[i], cell.speakers[e], tick);
    }
    if (!cell.perLink) {
      mix(i, mixed, at);
    }
  }

  /** The weighted sum of what is heard; in place of what is not, agent i takes its own estimate. */
  private void mix(int i, double[] mixed, int at) {
    int n = cell.agents.length;
    int first = cell.offset[i];
    double missing = 0;
    for (int e = first; e < cell.offset[i + 1]; e++) {
      missing += late[e - first] == Channel.UNHEARD ? cell.mixingWeight[e] : 0;
    }
    Arrays.fill(mixed, at, at + stride, 0);
    for (int e = first; e < cell.offset[i + 1]; e++) {
      int ago = late[e - first];
      if (ago != Channel.UNHEARD) {
        int from = cell.heard[e];
        double[] source = from < n ? inside[ago] : outside[ago];
        double share = from == i ? cell.mixingWeight[e] + missing : cell.mixingWeight[e];
        Vectors.addScaled(share, source, (from < n ? from : from - n) * stride, mixed, at, stride);
      }
    }
  }

  /** Whether the agent that heard last hears a link of its. */
  boolean hears(int link) {
    return cell.clear || late[link] != Channel.UNHEARD;
  }

  /** The array that holds what is heard on a link of the agent. */
  double[] heard(int agent, int link) {
    int ago = cell.clear ? 0 : Math.max(0, late[link]);
    return cell.heard[cell.offset[agent] + link] < cell.slots() ? inside[ago] : outside[ago];
  }

  /** Where in {@link #heard} it begins. */
  int heardAt(int agent, int link) {
    int from = cell.heard[cell.offset[agent] + link];
    return (from < cell.slots() ? from : from - cell.slots()) * stride;
  }
}
