package io.sotto.result;

import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.LUDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * Frees minorants from K coordinates that nothing bounds, where moving all of them by the same
 * changes nothing: the intercepts of softmax. Corner k is a minorant with coordinate k moved up, so
 * its slopes s_k there rise along k, fall along the others, and sum to 0. A minorant of slopes s is
 * mixed with them by
 *
 * <pre>
 *   s + sum_k share_k s_k = 0,   share_k >= 0 and one of them 0
 * </pre>
 *
 * <p>which K - 1 equations determine but for a multiple of the positive solution of {@code sum_k
 * pi_k s_k = 0} (the s_k are the rows of the generator of a Markov chain, but for their sign). Near
 * the optimum s is small, and so are the shares and what the mixture loses.
 *
 * @param corners one for each coordinate
 * @param first the first of these coordinates
 * @param pi see above; the last one is 1
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record Corners(Minorant[] corners, int first, double[] pi) {

  /** How many coordinates are worth it: each costs a minorant and K^2 numbers. */
  static final int MOST = 64;

  /** What may be left of slopes, relative to what was summed. */
  private static final double LEFT = 1e-12;

  /**
   * Corners for the coordinates from {@code first} on.
   *
   * @return null if these do not surround 0
   */
  static @Nullable Corners of(Minorant[] corners, int first) {
    int last = corners.length - 1;
    DecompositionSolver solver = solver(corners, first);
    if (!solver.isNonSingular() || !Arrays.stream(corners).allMatch(Minorant::isFinite)) {
      return null;
    }
    double[] pi = Arrays.copyOf(solve(solver, corners[last].slope(), first, last), last + 1);
    pi[last] = 1;
    return Arrays.stream(pi).allMatch(p -> p > 0) ? new Corners(corners, first, pi) : null;
  }

  private static DecompositionSolver solver(Minorant[] corners, int first) {
    int last = corners.length - 1;
    double[][] slopes = new double[last][last];
    for (int j = 0; j < last; j++) {
      for (int k = 0; k < last; k++) {
        slopes[j][k] = corners[k].slope()[first + j];
      }
    }
    return new LUDecomposition(new Array2DRowRealMatrix(slopes)).getSolver();
  }

  private static double[] solve(DecompositionSolver solver, double[] slope, int first, int n) {
    double[] right = new double[n];
    Vectors.setScaled(-1, slope, first, right, 0, n);
    return solver.solve(new ArrayRealVector(right)).toArray();
  }

  /** The mixture that does not depend on those coordinates; null if there is none. */
  @Nullable Minorant level(Minorant minorant) {
    int last = corners.length - 1;
    DecompositionSolver solver = solver(corners, first);
    double[] share = Arrays.copyOf(solve(solver, minorant.slope(), first, last), last + 1);
    double lift = 0;
    for (int k = 0; k < last; k++) {
      lift = Math.max(lift, -share[k] / pi[k]);
    }
    double total = 1;
    Minorant mixed = minorant;
    for (int k = 0; k <= last; k++) {
      double more = Math.max(0, share[k] + lift * pi[k]);
      total += more;
      mixed = mixed.mixed(corners[k], more / total);
    }
    for (int j = first; j <= first + last; j++) {
      double summed = Math.abs(minorant.slope()[j]) / total;
      for (Minorant corner : corners) {
        summed += Math.abs(corner.slope()[j]);
      }
      if (!(Math.abs(mixed.slope()[j]) <= LEFT * summed)) {
        return null;
      }
      mixed.slope()[j] = 0;
    }
    return mixed;
  }
}
