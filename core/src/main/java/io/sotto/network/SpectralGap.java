package io.sotto.network;

import java.util.Locale;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * How fast a network mixes: gap = 1 - max(|lambda_2|, |lambda_N|) of a symmetric W, where 1 =
 * lambda_1 >= lambda_2 >= ... >= lambda_N. One round of mixing shrinks the disagreement to at most
 * 1 - gap of what it was (Xiao and Boyd 2004). The gap of a single agent is 1.
 *
 * @param gap between 0 and 1
 * @param method how it was found
 * @param residual |W y - theta y| of the unit vector y and the figure theta = +-(1 - gap) that
 *     decided: W has an eigenvalue within this distance of theta
 * @param upperBound true if the iteration ended before its figure was steady; the gap is then at
 *     most this, since its figures approach the eigenvalues from inside
 */
public record SpectralGap(double gap, Method method, double residual, boolean upperBound) {
  /** Up to so many agents all eigenvalues are computed. */
  public static final int DENSE = 300;

  /** How a gap was found. */
  public enum Method {
    /** All eigenvalues. */
    DENSE,
    /** The two ends of the spectrum, by a Lanczos iteration. */
    LANCZOS
  }

  /**
   * The gap of a network; O(N^3) up to {@value #DENSE} agents, above that a few billion operations
   * at the most.
   *
   * @throws IllegalArgumentException if W is not symmetric
   */
  public static SpectralGap of(Network network) {
    requireSymmetric(network);
    return network.agents() <= DENSE ? dense(network) : Lanczos.gap(network);
  }

  static SpectralGap dense(Network network) {
    int n = network.agents();
    if (n == 1) {
      return new SpectralGap(1, Method.DENSE, 0, false);
    }
    RealMatrix w = new Array2DRowRealMatrix(n, n);
    for (int i = 0; i < n; i++) {
      for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
        w.setEntry(i, network.heard()[e], network.weight()[e]);
      }
    }
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(w); // descending
    double second = eigen.getEigenvalue(1);
    double last = eigen.getEigenvalue(n - 1);
    int decides = second >= -last ? 1 : n - 1;
    RealVector y = eigen.getEigenvector(decides);
    double residual = w.operate(y).subtract(y.mapMultiply(eigen.getEigenvalue(decides))).getNorm();
    double gap = 1 - Math.max(second, -last);
    return new SpectralGap(Math.max(0, gap), Method.DENSE, residual, false);
  }

  /** Walks over the rows; each entry must be the next one of its column, with the same bits. */
  private static void requireSymmetric(Network network) {
    int[] heard = network.heard();
    double[] weight = network.weight();
    int[] next = network.offset().clone();
    for (int i = 0; i < network.agents(); i++) {
      for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
        int mirror = next[heard[e]]++;
        if (mirror >= heard.length || heard[mirror] != i || weight[mirror] != weight[e]) {
          throw new IllegalArgumentException(
              "W is not symmetric at agents %d and %d".formatted(i, heard[e]));
        }
      }
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, upperBound ? "at most %.3g" : "%.3g", gap);
  }
}
