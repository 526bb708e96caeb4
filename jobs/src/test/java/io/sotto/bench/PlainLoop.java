package io.sotto.bench;

import java.util.Arrays;

/**
 * The arithmetic of {@link DenseProblem} as one loop over flat arrays, in one thread: what one
 * would write who wants this problem solved and nothing else.
 *
 * <p>Rows are taken four at a time: the inner product of each with v in eight chains that do not
 * wait for each other, then all four multiples at once, so that the gradient is read and written a
 * quarter as often. A row comes from memory once. Tried beside it, in microseconds of CPU time for
 * one subgradient, the best of eight rounds on a busy EPYC: this 8.5, with fused multiply-adds 8.4,
 * row by row 9.7, products folded by columns 10, four or eight rows in step 16 to 17.
 */
final class PlainLoop {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final int HEARD = DenseProblem.DEGREE + 1;
  private static final int BLOCK = 4;

  private final int agents;
  private final int d;
  private final int rowsEach;
  private final double[] rows;
  private final double[] labels;
  private final int[] heard;
  private final double[] weight;
  private final double rowWeight;
  private final double step;
  private final double exponent;
  private final long coins;
  private final int[] updates;
  private final double[] gradient;
  private double[] x;
  private double[] next;
  private long tick;

  /** At x(0), before tick 1. Rows of an agent come in fours. */
  PlainLoop(DenseProblem problem) {
    this.agents = problem.agents();
    this.d = problem.features();
    this.rowsEach = problem.rowsEach();
    this.rows = problem.values();
    this.labels = problem.labels();
    this.heard = problem.network().heard();
    this.weight = problem.network().weight();
    this.rowWeight = problem.rowWeight();
    this.step = problem.step().initial();
    this.exponent = problem.step().exponent();
    this.coins = mix(DenseProblem.SEED + GOLDEN);
    this.updates = new int[agents];
    this.gradient = new double[d];
    this.x = new double[agents * d];
    this.next = new double[agents * d];
    if (heard.length != agents * HEARD || rowsEach % BLOCK != 0) {
      throw new IllegalArgumentException("not the network or the rows that this loop is for");
    }
  }

  /** Agents x features, as they stand. */
  double[] estimates() {
    return x.clone();
  }

  /** Runs so many ticks. */
  void run(int ticks) {
    for (int k = 0; k < ticks; k++) {
      tick();
    }
  }

  private void tick() {
    tick++;
    for (int i = 0; i < agents; i++) {
      mixed(i);
      if (rings(i)) {
        updates[i]++;
        subgradient(i);
        double alpha =
            step / Math.pow(updates[i] / DenseProblem.RATE, exponent) / DenseProblem.RATE;
        move(i, alpha);
      }
    }
    double[] before = x;
    x = next;
    next = before;
  }

  private boolean rings(int i) {
    long h = mix(mix(coins + GOLDEN * (i + 1L)) + GOLDEN * (tick + 1));
    return (h >>> 11) * 0x1p-53 < DenseProblem.RATE;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** v, into the agent's place. */
  private void mixed(int i) {
    double[] from = x;
    double[] to = next;
    int e = i * HEARD;
    int at = i * d;
    int a0 = heard[e] * d;
    int a1 = heard[e + 1] * d;
    int a2 = heard[e + 2] * d;
    int a3 = heard[e + 3] * d;
    int a4 = heard[e + 4] * d;
    double w0 = weight[e];
    double w1 = weight[e + 1];
    double w2 = weight[e + 2];
    double w3 = weight[e + 3];
    double w4 = weight[e + 4];
    for (int j = 0; j < d; j++) {
      to[at + j] =
          w0 * from[a0 + j]
              + w1 * from[a1 + j]
              + w2 * from[a2 + j]
              + w3 * from[a3 + j]
              + w4 * from[a4 + j];
    }
  }

  /** f_i's at v, which stands in the agent's place, into {@link #gradient}. */
  private void subgradient(int i) {
    double[] a = rows;
    double[] g = gradient;
    int v = i * d;
    Arrays.fill(g, 0);
    for (int r = i * rowsEach; r < (i + 1) * rowsEach; r += BLOCK) {
      int r0 = r * d;
      int r1 = r0 + d;
      int r2 = r1 + d;
      int r3 = r2 + d;
      double s0 = slope(r, dot(a, r0, next, v));
      double s1 = slope(r + 1, dot(a, r1, next, v));
      double s2 = slope(r + 2, dot(a, r2, next, v));
      double s3 = slope(r + 3, dot(a, r3, next, v));
      for (int j = 0; j < d; j++) {
        g[j] += (s0 * a[r0 + j] + s1 * a[r1 + j]) + (s2 * a[r2 + j] + s3 * a[r3 + j]);
      }
    }
  }

  private double slope(int row, double z) {
    double y = labels[row];
    return -rowWeight * y / (1 + Math.exp(y * z));
  }

  private double dot(double[] a, int p, double[] b, int q) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int j = 0;
    for (; j + 7 < d; j += 8) {
      s0 += a[p + j] * b[q + j];
      s1 += a[p + j + 1] * b[q + j + 1];
      s2 += a[p + j + 2] * b[q + j + 2];
      s3 += a[p + j + 3] * b[q + j + 3];
      s4 += a[p + j + 4] * b[q + j + 4];
      s5 += a[p + j + 5] * b[q + j + 5];
      s6 += a[p + j + 6] * b[q + j + 6];
      s7 += a[p + j + 7] * b[q + j + 7];
    }
    for (; j < d; j++) {
      s0 += a[p + j] * b[q + j];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  private void move(int i, double alpha) {
    double[] to = next;
    double[] g = gradient;
    int at = i * d;
    for (int j = 0; j < d; j++) {
      to[at + j] -= alpha * g[j];
    }
  }
}
