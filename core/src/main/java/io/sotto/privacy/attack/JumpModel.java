package io.sotto.privacy.attack;

import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * A series that jumps by one unknown vector whenever a hidden coin falls right:
 *
 * <pre>
 *   q(t) = b + (m(t) - phi m(t - 1)) G + noise(t),   m(t) in {0, 1} with mean p,
 * </pre>
 *
 * <p>the noise normal with any covariance, fitted by expectation-maximisation: forward and backward
 * over the four values of (m(t - 1), m(t)), then weighted least squares. It starts from where m
 * shows in second moments, since the covariance of q(t) and q(t - 1) holds -phi p (1 - p) G G'
 * while noise that forgets at once leaves nothing there; and from the longest axes of the spread.
 * It works on the axes of greatest spread, at most {@value #AXES} of them.
 *
 * <p>(m, G) and (1 - m, -G) fit equally well: which of them it is, the caller has to know.
 *
 * <p>Cost: starts x rounds x ticks x axes^2.
 */
final class JumpModel {
  private static final int AXES = 24;
  private static final int WIDE = 400;
  private static final int STARTS = 3;
  private static final int TRY = 12;
  private static final int ROUNDS = 50;
  private static final double LEAST_RATE = 0.02;
  private static final double RIDGE = 1e-4;
  private static final double ZERO = 1e-12;

  private final double phi;
  private final int ticks;
  private final int k;

  /** ticks x k: the series along the axes, less its mean. */
  private final double[] q;

  // of one start
  private double[] jump = {};
  private double[] level = {};
  private double rate;
  private double[] active = {};
  private double[] paired = {};
  private double fit;

  /**
   * @param series ticks x d
   * @param phi how much of a jump is gone at the next tick
   */
  JumpModel(double[] series, int d, double phi) {
    this.phi = phi;
    this.ticks = series.length / d;
    double[] mean = new double[d];
    for (int t = 0; t < ticks; t++) {
      Vectors.addScaled(1.0 / ticks, series, t * d, mean, 0, d);
    }
    double[] centred = series.clone();
    for (int t = 0; t < ticks; t++) {
      Vectors.addScaled(-1, mean, 0, centred, t * d, d);
    }
    double[][] axes = axes(Eigen.principal(centred, d), d);
    this.k = axes.length;
    this.q = new double[ticks * k];
    for (int t = 0; t < ticks; t++) {
      for (int j = 0; j < k; j++) {
        q[t * k + j] = Vectors.dot(centred, t * d, axes[j], 0, d);
      }
    }
  }

  /** The mean of q(t) q(t - lag)', made symmetric. */
  private static RealMatrix moment(double[] q, int k, int lag) {
    double[][] sum = new double[k][k];
    int n = q.length / k - lag;
    for (int t = 0; t < n; t++) {
      for (int a = 0; a < k; a++) {
        Vectors.addScaled(q[(t + lag) * k + a] / (2 * n), q, t * k, sum[a], 0, k);
        Vectors.addScaled(q[t * k + a] / (2 * n), q, (t + lag) * k, sum[a], 0, k);
      }
    }
    return new Array2DRowRealMatrix(sum, false);
  }

  private double[][] axes(Eigen eigen, int d) {
    int most = Math.min(AXES, Math.max(1, ticks / 20));
    double least = ZERO * eigen.values()[0];
    return IntStream.range(0, Math.min(most, Math.min(d, eigen.values().length)))
        .filter(j -> eigen.values()[j] > least)
        .mapToObj(j -> eigen.vectors()[j])
        .toArray(double[][]::new);
  }

  /**
   * The chance that m is 1, by tick; null if jumps explain no more than they would by chance: if
   * twice what the logarithm of the likelihood gains is below its numbers times log(ticks).
   */
  double @Nullable [] fit() {
    if (k == 0 || ticks < 10 * k) {
      return null;
    }
    double[] best = new double[k];
    double bestFit = Double.NEGATIVE_INFINITY;
    for (double[] start : starts()) {
      climb(start, TRY);
      if (fit > bestFit) {
        bestFit = fit;
        best = jump.clone();
      }
    }
    climb(best, ROUNDS);
    return 2 * (fit - plainFit()) > (k + 1) * Math.log(ticks) ? active : null;
  }

  /** The logarithm of the likelihood, but for a constant, if nothing jumps. */
  private double plainFit() {
    CholeskyDecomposition spread = ridged(moment(q, k, 0));
    return -0.5 * ticks * logDeterminant(spread) - 0.5 * squares(spread, new double[k]);
  }

  private double[][] starts() {
    RealMatrix spread = moment(q, k, 0);
    RealMatrix next = moment(q, k, 1);
    double[][] starts = new double[2 * Math.min(k, STARTS)][k];
    double[] scale = new double[k];
    for (int j = 0; j < k; j++) { // the axes are those of the spread
      scale[j] = Math.sqrt(spread.getEntry(j, j));
    }
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        next.multiplyEntry(a, b, 1 / (scale[a] * scale[b]));
      }
    }
    Eigen eigen = Eigen.of(next, -next.getFrobeniusNorm());
    for (int s = 0; s < starts.length / 2; s++) {
      double least = Math.max(ZERO, -eigen.values()[k - 1 - s]);
      double size = phi > 0 ? Math.sqrt(4 * least / phi) : 1;
      for (int j = 0; j < k; j++) {
        starts[2 * s][j] = size * scale[j] * eigen.vectors()[k - 1 - s][j];
      }
      starts[2 * s + 1][s] = 2 * scale[s] / Math.sqrt(1 + phi * phi);
    }
    return starts;
  }

  private void climb(double[] start, int rounds) {
    rate = 0.5;
    jump = start.clone();
    level = new double[k];
    Vectors.addScaled(-(1 - phi) * rate, jump, 0, level, 0, k);
    CholeskyDecomposition spread = ridged(moment(q, k, 0));
    for (int round = 0; round < rounds; round++) {
      expect(spread);
      spread = maximise();
    }
    expect(spread);
  }

  private double share(int state) {
    return (state & 1) - phi * (state >> 1); // the low bit is m(t), the high one m(t - 1)
  }

  /** The chances of the four states at each tick, given all of the series. */
  private void expect(CholeskyDecomposition spread) {
    double[] whitened = solve(spread, jump);
    double square = Vectors.dot(whitened, 0, jump, 0, k);
    double[][] likely = new double[ticks][4];
    double[] coin = {1 - rate, rate};
    fit = -0.5 * ticks * logDeterminant(spread) - 0.5 * squares(spread, level);
    for (int t = 0; t < ticks; t++) {
      double along = Vectors.dot(whitened, 0, q, t * k, k) - Vectors.dot(whitened, 0, level, 0, k);
      double most = Double.NEGATIVE_INFINITY;
      for (int s = 0; s < 4; s++) {
        likely[t][s] = share(s) * along - share(s) * share(s) * square / 2;
        most = Math.max(most, likely[t][s]);
      }
      for (int s = 0; s < 4; s++) {
        likely[t][s] = StrictMath.exp(likely[t][s] - most);
      }
      fit += most;
    }
    double[][] forward = new double[ticks][4];
    double[] current = coin.clone();
    double[] total = new double[ticks];
    for (int t = 0; t < ticks; t++) {
      for (int s = 0; s < 4; s++) {
        forward[t][s] = current[s >> 1] * coin[s & 1] * likely[t][s];
        total[t] += forward[t][s];
      }
      total[t] = Math.max(total[t], Double.MIN_NORMAL);
      Vectors.setScaled(1 / total[t], forward[t], 0, forward[t], 0, 4);
      current[0] = forward[t][0] + forward[t][2];
      current[1] = forward[t][1] + forward[t][3];
      fit += StrictMath.log(total[t]);
    }
    backward(forward, likely, total, coin);
  }

  /** Turns what is known up to each tick into what is known from all of them. */
  private void backward(double[][] known, double[][] likely, double[] total, double[] coin) {
    double[] ahead = {1, 1};
    active = new double[ticks];
    paired = new double[4 * ticks];
    for (int t = ticks - 1; t >= 0; t--) {
      double sum = 0;
      double[] here = new double[2];
      for (int s = 0; s < 4; s++) {
        here[s >> 1] += coin[s & 1] * likely[t][s] * ahead[s & 1] / total[t];
        known[t][s] *= ahead[s & 1];
        sum += known[t][s];
      }
      Vectors.setScaled(1 / sum, known[t], 0, paired, 4 * t, 4);
      active[t] = paired[4 * t + 1] + paired[4 * t + 3];
      ahead = here;
    }
  }

  private CholeskyDecomposition maximise() {
    double s1 = 0;
    double s2 = 0;
    double[] mean = new double[ticks];
    double[] jumped = new double[k];
    double[] all = new double[k];
    for (int t = 0; t < ticks; t++) {
      for (int s = 0; s < 4; s++) {
        mean[t] += paired[4 * t + s] * share(s);
        s2 += paired[4 * t + s] * share(s) * share(s);
      }
      s1 += mean[t];
      Vectors.addScaled(mean[t], q, t * k, jumped, 0, k);
      Vectors.addScaled(1, q, t * k, all, 0, k);
    }
    double determinant = Math.max(ticks * s2 - s1 * s1, ZERO * ticks * ticks);
    for (int j = 0; j < k; j++) {
      level[j] = (s2 * all[j] - s1 * jumped[j]) / determinant;
      jump[j] = (ticks * jumped[j] - s1 * all[j]) / determinant;
    }
    double[] residual = new double[ticks * k];
    double doubt = 0;
    for (int t = 0; t < ticks; t++) {
      for (int j = 0; j < k; j++) {
        residual[t * k + j] = q[t * k + j] - level[j] - mean[t] * jump[j];
      }
      for (int s = 0; s < 4; s++) {
        doubt += paired[4 * t + s] * (share(s) - mean[t]) * (share(s) - mean[t]) / ticks;
      }
    }
    RealMatrix spread = moment(residual, k, 0);
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        spread.addToEntry(a, b, doubt * jump[a] * jump[b]);
      }
    }
    double share = Arrays.stream(active).average().orElse(0);
    rate = Math.min(1 - LEAST_RATE, Math.max(LEAST_RATE, share));
    return ridged(spread);
  }

  private CholeskyDecomposition ridged(RealMatrix spread) {
    double ridge = RIDGE * spread.getTrace() / k;
    for (int j = 0; j < k; j++) {
      spread.addToEntry(j, j, ridge);
    }
    return factor(spread);
  }

  static CholeskyDecomposition factor(RealMatrix square) {
    return new CholeskyDecomposition(symmetric(square), 0, 0);
  }

  /**
   * Of a symmetric matrix, from the greatest eigenvalue to the least.
   *
   * @param vectors one for each value
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Eigen(double[] values, double[][] vectors) {

    /**
     * Of the mean of x x' over points x, ticks x d of them. In more than {@value #WIDE} dimensions
     * of so many of the points, evenly chosen, by their inner products: nothing of size d^2.
     */
    static Eigen principal(double[] points, int d) {
      if (d <= WIDE) {
        return of(moment(points, d, 0), 0);
      }
      int ticks = points.length / d;
      int n = Math.min(ticks, WIDE);
      int[] at = IntStream.range(0, n).map(k -> (int) ((long) k * ticks / n) * d).toArray();
      double[][] products = new double[n][n];
      for (int a = 0; a < n; a++) {
        for (int b = 0; b <= a; b++) {
          products[a][b] = Vectors.dot(points, at[a], points, at[b], d) / n;
          products[b][a] = products[a][b];
        }
      }
      Eigen inner = of(new Array2DRowRealMatrix(products, false), 0);
      int kept = Math.min(n, AXES);
      double[][] vectors = new double[kept][d];
      for (int k = 0; k < kept; k++) {
        for (int a = 0; a < n; a++) {
          Vectors.addScaled(inner.vectors[k][a], points, at[a], vectors[k], 0, d);
        }
        double size = Math.max(Vectors.norm(vectors[k]), Double.MIN_NORMAL);
        Vectors.setScaled(1 / size, vectors[k], 0, vectors[k], 0, d);
      }
      return new Eigen(Arrays.copyOf(inner.values, kept), vectors);
    }

    /**
     * By singular values, which always converge, of the matrix with so much added to its diagonal
     * that no eigenvalue is below 0.
     *
     * @param least no eigenvalue is below this, which is at most 0
     */
    static Eigen of(RealMatrix square, double least) {
      RealMatrix shifted = symmetric(square).copy();
      for (int j = 0; j < shifted.getRowDimension(); j++) {
        shifted.addToEntry(j, j, -least);
      }
      SingularValueDecomposition parts = new SingularValueDecomposition(shifted);
      return new Eigen(
          Arrays.stream(parts.getSingularValues()).map(value -> value + least).toArray(),
          parts.getVT().getData());
    }
  }

  /** Takes the rounding from a matrix that should be symmetric. */
  private static RealMatrix symmetric(RealMatrix square) {
    for (int a = 0; a < square.getRowDimension(); a++) {
      for (int b = 0; b < a; b++) {
        square.setEntry(a, b, square.getEntry(b, a));
      }
    }
    return square;
  }

  private static double[] solve(CholeskyDecomposition spread, double[] right) {
    return spread.getSolver().solve(new ArrayRealVector(right, false)).toArray();
  }

  private double logDeterminant(CholeskyDecomposition spread) {
    double sum = 0;
    for (int j = 0; j < k; j++) {
      sum += 2 * Math.log(spread.getL().getEntry(j, j));
    }
    return sum;
  }

  /** The sum over ticks of (q - c)' spread^-1 (q - c). */
  private double squares(CholeskyDecomposition spread, double[] c) {
    double[] off = new double[ticks * k];
    for (int t = 0; t < ticks; t++) {
      for (int j = 0; j < k; j++) {
        off[t * k + j] = q[t * k + j] - c[j];
      }
    }
    RealMatrix moment = moment(off, k, 0);
    return ticks * spread.getSolver().solve(moment).getTrace();
  }
}
