package io.sotto.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * How fast one thread of this machine is at most, measured in plain Java (the roofline of Williams,
 * Waterman and Patterson, Commun. ACM 52, 2009).
 *
 * @param bytes from and to memory in a second: the triad {@code a[i] = b[i] + s c[i]} (McCalpin's
 *     STREAM) over arrays far larger than any cache, counted as 24 bytes for each i
 * @param flops in a second, a multiplication and an addition counting two: the best of some ways
 */
record Ceiling(double bytes, double flops) {
  private static final int TRIAD = 1 << 24; // 3 arrays of 128 MiB
  private static final int IN_CACHE = 1024; // 8 KiB
  private static final int DEPTH = 16;

  /** Short runs, of which the best counts; for what is held against a ceiling, too. */
  static final int RUNS = 6;

  static final double SECONDS = 0.2;

  /** The seconds of something that takes so many bytes and flops. */
  double seconds(double someBytes, double someFlops) {
    return Math.max(someBytes / bytes, someFlops / flops);
  }

  /** What limits it. */
  String limit(double someBytes, double someFlops) {
    return someBytes / bytes >= someFlops / flops ? "memory" : "arithmetic";
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.3g GB/s by a triad, %.3g Gflop/s", bytes / 1e9, flops / 1e9);
  }

  /** Measures; keeps its arrays from one time to the next. */
  static final class Meter {
    private final double[] a = new double[TRIAD];
    private final double[] b = new double[TRIAD];
    private final double[] c = new double[TRIAD];
    private final double[] x = new double[IN_CACHE];
    private final double[] y = new double[IN_CACHE];

    Meter() {
      Arrays.fill(b, 1);
      Arrays.fill(c, 2);
      Arrays.fill(x, 0.5);
    }

    /** Measures both rates. */
    Ceiling measure() {
      double bytes = fastest(this::triad, 1, 24.0 * TRIAD);
      double flops =
          Math.max(
              fastest(this::chains, 2000, 2.0 * DEPTH * IN_CACHE),
              Math.max(
                  fastest(this::fusedChains, 2000, 2.0 * DEPTH * IN_CACHE),
                  fastest(this::scaled, 20_000, 2.0 * IN_CACHE)));
      return new Ceiling(bytes, flops);
    }

    private static double fastest(Runnable once, int size, double work) {
      return work
          * Rounds.fastest(
              RUNS,
              times -> {
                for (int k = 0; k < times; k++) {
                  once.run();
                }
              },
              size,
              SECONDS);
    }

    private void triad() {
      triad(a, b, c, 3);
    }

    private static void triad(double[] a, double[] b, double[] c, double s) {
      for (int i = 0; i < a.length; i++) {
        a[i] = b[i] + s * c[i];
      }
    }

    private void chains() {
      chains(x, y, 0.999, 0.001);
    }

    /** Sixteen multiply-adds in registers for each number that is read and written. */
    private static void chains(double[] x, double[] y, double m, double p) {
      for (int i = 0; i < x.length; i++) {
        double t = x[i];
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        t = t * m + p;
        y[i] = t;
      }
    }

    private void fusedChains() {
      fusedChains(x, y, 0.999, 0.001);
    }

    private static void fusedChains(double[] x, double[] y, double m, double p) {
      for (int i = 0; i < x.length; i++) {
        double t = x[i];
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        t = Math.fma(t, m, p);
        y[i] = t;
      }
    }

    private void scaled() {
      scaled(x, y, 1e-9);
    }

    /** What the kernels do, in the nearest cache. */
    private static void scaled(double[] x, double[] y, double s) {
      for (int i = 0; i < x.length; i++) {
        y[i] += s * x[i];
      }
    }
  }
}
