package io.sotto.engine;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.network.Network;

/** The projected subgradient algorithm in plain arrays, for quadratic costs in a box. */
final class PlainNetwork {
  private PlainNetwork() {}

  /** Where each agent stands after so many ticks, if all sets are {@code |x_j| <= bound}. */
  static double[][] run(Plan plan, Quadratics f, StepSize step, double bound, int ticks) {
    Network w = plan.network();
    double[][] x = new double[plan.agents()][plan.dimension()];
    double[][] stale = x; // what is heard of other cells
    int[] updates = new int[plan.agents()];
    for (int tick = 1; tick <= ticks; tick++) {
      stale = (tick - 1) % plan.ticksPerSuperstep() == 0 ? x : stale;
      double[][] next = new double[x.length][];
      for (int i = 0; i < x.length; i++) {
        boolean active = plan.clock().active(i, tick);
        if (!active && plan.idle() == IdleRule.HOLD) {
          next[i] = x[i];
          continue;
        }
        double[] v = new double[plan.dimension()];
        for (int e = w.offset()[i]; e < w.offset()[i + 1]; e++) {
          int j = w.heard()[e];
          double[] said = plan.cut().cellOf(j) == plan.cut().cellOf(i) ? x[j] : stale[j];
          for (int k = 0; k < v.length; k++) {
            v[k] += w.weight()[e] * said[k];
          }
        }
        if (active) {
          double rate = plan.clock().rate(i);
          double s = step.initial() / Math.pow(++updates[i] / rate, step.exponent());
          double alpha = plan.idle() == IdleRule.MIX ? s / rate : s;
          for (int k = 0; k < v.length; k++) {
            v[k] -= alpha * f.curvature()[i][k] * (v[k] - f.minimiser()[i][k]);
            v[k] = Math.max(-bound, Math.min(bound, v[k]));
          }
        }
        next[i] = v;
      }
      x = next;
    }
    return x;
  }
}
