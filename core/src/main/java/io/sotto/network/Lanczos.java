package io.sotto.network;

import io.sotto.problem.Vectors;
import java.util.stream.IntStream;

/**
 * The ends of the spectrum of W without the eigenvalue 1 of the all-ones vector, which is projected
 * out at each step. The Lanczos iteration
 *
 * <pre>{@code
 * u = W v_j - beta_{j-1} v_{j-1};  alpha_j = <v_j, u>;  u -= alpha_j v_j;  u -= mean(u)
 * beta_j = |u|;  v_{j+1} = u / beta_j
 * }</pre>
 *
 * makes a tridiagonal T (alpha on the diagonal, beta beside it) whose eigenvalues lie between those
 * of W and approach the outermost first (Paige 1971; Golub and Van Loan, chapter 10). Without
 * reorthogonalisation some come twice, which does no harm at the ends. The largest of T is found by
 * bisection: x is above it if and only if the pivots q_k = x - alpha_k - beta_{k-1}^2 / q_{k-1} are
 * all above 0. The residual is beta times the last component of its eigenvector of T.
 *
 * <p>A step costs two flops per weight and some ten per agent; three vectors are held. The start
 * vector is a fixed function of the agent's number, and sums run in a fixed order, so the same
 * network gives the same bits.
 */
final class Lanczos {
  /** Steps that are allowed however large the network is, and however small. */
  private static final int FEWEST = 300;

  private static final int MOST = 5000;

  /** Between these, as many steps as read so many weights. */
  private static final long WEIGHTS_READ = 1_000_000_000L;

  /** Steady if two checks in a row change the gap by less than this part of it. */
  private static final double STEADY = 1e-3;

  /** A next vector that is no longer than this is rounding: the iteration has seen everything. */
  private static final double EXHAUSTED = 1e-13;

  /** Rows that one thread takes at once. */
  private static final int BLOCK = 1 << 14;

  private Lanczos() {}

  /** The gap of a symmetric network of two agents or more. */
  static SpectralGap gap(Network network) {
    int n = network.agents();
    int cap = (int) Math.max(FEWEST, Math.min(MOST, WEIGHTS_READ / network.heard().length));
    double[] alpha = new double[cap];
    double[] beta = new double[cap];
    double[] before = new double[n];
    double[] v = start(n);
    double[] u = new double[n];
    double gap = Double.NaN;
    int check = 20;
    int calm = 0;
    for (int j = 0; ; j++) {
      multiply(network, v, u);
      Vectors.addScaled(j == 0 ? 0 : -beta[j - 1], before, 0, u, 0, n);
      alpha[j] = Vectors.dot(v, 0, u, 0, n);
      Vectors.addScaled(-alpha[j], v, 0, u, 0, n);
      centre(u);
      beta[j] = Vectors.norm(u);
      boolean exhausted = beta[j] < EXHAUSTED;
      if (exhausted || j + 1 == check || j + 1 == cap) {
        double top = largest(alpha, beta, j + 1, 1);
        double bottom = largest(alpha, beta, j + 1, -1);
        double last = gap;
        gap = Math.max(0, 1 - Math.max(top, bottom));
        calm = Math.abs(gap - last) <= STEADY * gap ? calm + 1 : 0;
        if (exhausted || calm == 2 || j + 1 == cap) {
          double share =
              lastShare(alpha, beta, j + 1, Math.max(top, bottom), top >= bottom ? 1 : -1);
          boolean steady = exhausted || calm == 2;
          return new SpectralGap(gap, SpectralGap.Method.LANCZOS, beta[j] * share, !steady);
        }
        check += 1 + check / 5;
      }
      Vectors.setScaled(1 / beta[j], u, 0, u, 0, n);
      double[] free = before;
      before = v;
      v = u;
      u = free;
    }
  }

  private static double[] start(int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = Topologies.mix(0, i) * 0x1p-63;
    }
    centre(v);
    Vectors.setScaled(1 / Vectors.norm(v), v, 0, v, 0, n);
    return v;
  }

  /** u = W v, by blocks of rows; no row is split, so the bits do not depend on the threads. */
  private static void multiply(Network network, double[] v, double[] u) {
    int[] offset = network.offset();
    int[] heard = network.heard();
    double[] weight = network.weight();
    IntStream.rangeClosed(0, (u.length - 1) / BLOCK)
        .parallel()
        .forEach(
            block -> {
              int end = (int) Math.min(u.length, (block + 1L) * BLOCK);
              for (int i = block * BLOCK; i < end; i++) {
                double sum = 0;
                for (int e = offset[i]; e < offset[i + 1]; e++) {
                  sum += weight[e] * v[heard[e]];
                }
                u[i] = sum;
              }
            });
  }

  private static void centre(double[] u) {
    double sum = 0;
    for (double value : u) {
      sum += value;
    }
    double mean = sum / u.length;
    for (int i = 0; i < u.length; i++) {
      u[i] -= mean;
    }
  }

  /** The largest eigenvalue of the leading m rows of T, or of -T for sign -1; just not below. */
  private static double largest(double[] alpha, double[] beta, int m, int sign) {
    double low = -1;
    for (int k = 0; k < m; k++) {
      low = Math.max(low, sign * alpha[k]);
    }
    double high = 1 + 1e-9; // the spectrum ends at 1, and rounding shortly behind
    for (double x = (low + high) / 2; x > low && x < high; x = (low + high) / 2) {
      if (above(alpha, beta, m, sign, x)) {
        high = x;
      } else {
        low = x;
      }
    }
    return high;
  }

  private static boolean above(double[] alpha, double[] beta, int m, int sign, double x) {
    double pivot = x - sign * alpha[0];
    for (int k = 1; k < m && pivot > 0; k++) {
      pivot = x - sign * alpha[k] - beta[k - 1] * beta[k - 1] / pivot;
    }
    return pivot > 0;
  }

  /**
   * The last component of the unit eigenvector of the eigenvalue x. Pivots from above and from
   * below meet where the vector is large, so that both of its tails are computed as they decay; a
   * recurrence from one end alone loses the far tail (Parlett and Dhillon 1997).
   */
  private static double lastShare(double[] alpha, double[] beta, int m, double x, int sign) {
    double[] down = new double[m];
    double[] up = new double[m];
    for (int k = 0; k < m; k++) {
      down[k] = x - sign * alpha[k] - (k == 0 ? 0 : beta[k - 1] * beta[k - 1] / down[k - 1]);
    }
    int meet = m - 1;
    double least = Double.POSITIVE_INFINITY;
    for (int k = m - 1; k >= 0; k--) {
      double below = k == m - 1 ? 0 : beta[k] * beta[k] / up[k + 1];
      up[k] = x - sign * alpha[k] - below;
      if (Math.abs(down[k] - below) < least) {
        least = Math.abs(down[k] - below);
        meet = k;
      }
    }
    double squares = 1;
    double z = 1;
    for (int k = meet - 1; k >= 0; k--) {
      z *= beta[k] / down[k];
      squares += z * z;
    }
    z = 1;
    for (int k = meet + 1; k < m; k++) {
      z *= beta[k - 1] / up[k];
      squares += z * z;
    }
    return Math.abs(z) / Math.sqrt(squares);
  }
}
