package io.sotto.engine;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.network.Channel;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.List;

/** The projected subgradient algorithm in plain arrays, for quadratic costs in a box. */
final class PlainNetwork {
  private PlainNetwork() {}

  /** Where each agent stands after so many ticks, if all sets are {@code |x_j| <= bound}. */
  static double[][] run(Plan plan, Quadratics f, StepSize step, double bound, int ticks) {
    Network w = plan.network();
    double[][] x = new double[plan.agents()][plan.dimension()];
    List<double[][]> said = new ArrayList<>(List.<double[][]>of(x)); // at the end of each tick
    int[] updates = new int[plan.agents()];
    for (int tick = 1; tick <= ticks; tick++) {
      double[][] next = new double[x.length][];
      for (int i = 0; i < x.length; i++) {
        boolean active = plan.clock().active(i, tick);
        boolean online = plan.channel().online(i, tick);
        if (!online || (!active && plan.idle() == IdleRule.HOLD)) {
          next[i] = x[i];
          continue;
        }
        double[] v = new double[plan.dimension()];
        for (int e = w.offset()[i]; e < w.offset()[i + 1]; e++) {
          int j = w.heard()[e];
          int late = plan.channel().late(i, j, tick);
          int when = Math.max(0, tick - 1 - late);
          if (plan.partition().cellOf(j) != plan.partition().cellOf(i)) {
            when -= when % plan.ticksPerSuperstep(); // the last exchange
          }
          double[] heard = late == Channel.UNHEARD ? x[i] : said.get(when)[j];
          for (int k = 0; k < v.length; k++) {
            v[k] += w.weight()[e] * heard[k];
          }
        }
        if (active) {
          double availability = plan.channel().availability(i);
          double rate = plan.clock().rate(i) * availability;
          double s = step.initial() / Math.pow(++updates[i] / rate, step.exponent());
          double alpha = plan.idle() == IdleRule.MIX ? s / rate : s / availability;
          for (int k = 0; k < v.length; k++) {
            v[k] -= alpha * f.curvature()[i][k] * (v[k] - f.minimiser()[i][k]);
            v[k] = Math.max(-bound, Math.min(bound, v[k]));
          }
        }
        next[i] = v;
      }
      x = next;
      said.add(x);
    }
    return x;
  }
}
