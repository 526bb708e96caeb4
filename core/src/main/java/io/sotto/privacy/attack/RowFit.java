package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.Directions;
import io.sotto.problem.Loss;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where {@link RowPeeling} looks for one row: the span of those that are left. Solves for q, the
 * row in a basis of the span in which its last number is that of q[0].
 */
final class RowFit {
  private static final int STEPS = 60;

  /** Random directions are these many times as long as a row must be on average. */
  private static final double[] LENGTHS = {1, 2, 4, 8, 16};

  /** How many times the mean length no row has. */
  private static final double LONGEST = 1e4;

  /** How many times the noise a fit may miss by. */
  private static final double FIT = 30;

  /** How many times the noise a slope must be to say something. */
  private static final double CLEAR = 1000;

  /** A step that makes the miss less by no more of itself is the last. */
  private static final double STUCK = 1e-4;

  private final Loss loss;
  private final boolean offset;
  private final double noise;
  private final int n;
  private final double[] sizes;
  private final double[][] u;
  private final double[][] basis;
  private final double[][] at;
  private final double last;
  private final double length;

  private final double[] slopes;
  private final double[] residual;
  private final double[][] jacobian;

  /**
   * @param offset whether a constant may be added to slopes
   * @param noise what rounding makes of singular values
   * @param points of the samples
   * @param left what the rows that are left add up to there
   * @param u orthonormal columns, all that p.G can be at the samples
   * @param sizes the singular values
   * @param v the span, in its first n columns
   */
  RowFit(
      Loss loss,
      boolean offset,
      double noise,
      double[][] points,
      double[][] left,
      double[][] u,
      double[] sizes,
      double[][] v) {
    this.loss = loss;
    this.offset = offset;
    this.noise = noise;
    this.n = sizes.length;
    this.sizes = sizes;
    this.u = u;
    this.basis = turned(v, n);
    this.last = basis[basis.length - 1][0];
    this.at = new double[u.length][n];
    double longest = 0;
    for (int k = 0; k < u.length; k++) {
      for (int j = 0; j < basis.length; j++) {
        Vectors.addScaled(points[k][j], basis[j], 0, at[k], 0, n);
      }
      longest = Math.max(longest, Vectors.norm(left[k]));
    }
    this.length = longest / n;
    this.slopes = new double[u.length];
    this.residual = new double[u.length];
    this.jacobian = new double[u.length][n];
  }

  /** How many rows are left. */
  int size() {
    return n;
  }

  /** The least singular value. */
  double least() {
    return sizes[n - 1];
  }

  /** h of {@link RowPeeling}: how much less a loss gets with a margin. */
  static double slope(Loss loss, double margin) {
    return -loss.derivative(margin, 1);
  }

  /** A row that fits, looked for from one start; null if none is found. */
  double @Nullable [] row(int start) {
    double[] q = Directions.random(0, start, 0, n);
    double scale = LENGTHS[start % LENGTHS.length] * length;
    Vectors.setScaled(scale, q, 0, q, 0, n);
    q[0] = (start / LENGTHS.length % 2 == 0 ? 1 : -1) / last; // makes the last number 1 or -1
    if (!Double.isFinite(q[0])) {
      return null;
    }
    double miss = fit(q);
    double[] p = new double[n];
    for (int k = 0; k < u.length; k++) {
      Vectors.addScaled(slopes[k], u[k], 0, p, 0, n);
    }
    for (int j = 0; j < n; j++) {
      p[j] /= sizes[j];
    }
    double blur = noise * Vectors.norm(p);
    long seen = Arrays.stream(slopes).filter(h -> h > CLEAR * blur).count();
    if (!(miss <= FIT * blur) || seen < 2 * n + 3 || !(Vectors.norm(q) < LONGEST * length)) {
      return null;
    }
    double[] row = new double[basis.length];
    for (int j = 0; j < row.length; j++) {
      row[j] = Vectors.dot(basis[j], 0, q, 0, n);
    }
    return row;
  }

  /** Damped Gauss-Newton steps from q; returns by how much the fit misses. */
  private double fit(double[] q) {
    double miss = miss(q);
    double damping = 1e-3;
    double[] next = new double[n];
    for (int step = 0; step < STEPS && n > 1 && miss > 0; step++) {
      double[][] normal = linearised(q);
      double[] gradient = new double[n];
      for (int k = 0; k < u.length; k++) {
        Vectors.addScaled(residual[k], jacobian[k], 0, gradient, 0, n);
      }
      double now = Double.POSITIVE_INFINITY;
      while (!(now < miss) && damping < 1e12) {
        System.arraycopy(q, 0, next, 0, n);
        descend(normal, gradient, damping, next);
        now = miss(next);
        damping *= now < miss ? 0.2 : 5;
      }
      if (!(now < miss)) {
        return miss(q);
      }
      damping = Math.max(damping, 1e-15);
      System.arraycopy(next, 0, q, 0, n);
      boolean stuck = miss - now < STUCK * miss;
      miss = now;
      if (stuck) {
        return miss;
      }
    }
    return miss;
  }

  /** The slopes at q, and what of them is not in the span. */
  private double miss(double[] q) {
    for (int k = 0; k < u.length; k++) {
      slopes[k] = slope(loss, Vectors.dot(at[k], 0, q, 0, n));
    }
    double[] along = new double[n];
    double mean = 0;
    for (int k = 0; k < u.length; k++) {
      Vectors.addScaled(slopes[k], u[k], 0, along, 0, n);
      mean += offset ? slopes[k] / u.length : 0;
    }
    double square = 0;
    for (int k = 0; k < u.length; k++) {
      residual[k] = slopes[k] - mean - Vectors.dot(u[k], 0, along, 0, n);
      square += residual[k] * residual[k];
    }
    return Math.sqrt(square);
  }

  /** Sets the Jacobian of the residual, whose first column is 0; returns its normal matrix. */
  private double[][] linearised(double[] q) {
    double[][] along = new double[n][n];
    double[] mean = new double[n];
    for (int k = 0; k < u.length; k++) {
      double margin = Vectors.dot(at[k], 0, q, 0, n);
      double h = 1e-7 * Math.max(1, Math.abs(margin));
      double bend = (slope(loss, margin + h) - slopes[k]) / h;
      Vectors.setScaled(bend, at[k], 0, jacobian[k], 0, n);
      jacobian[k][0] = 0;
      for (int j = 0; j < n; j++) {
        Vectors.addScaled(u[k][j], jacobian[k], 0, along[j], 0, n);
      }
      Vectors.addScaled(offset ? 1.0 / u.length : 0, jacobian[k], 0, mean, 0, n);
    }
    double[][] normal = new double[n][n];
    for (int k = 0; k < u.length; k++) {
      double[] row = jacobian[k];
      Vectors.addScaled(-1, mean, 0, row, 0, n);
      for (int j = 0; j < n; j++) {
        Vectors.addScaled(-u[k][j], along[j], 0, row, 0, n);
      }
      for (int j = 1; j < n; j++) {
        Vectors.addScaled(row[j], row, 0, normal[j], 0, j + 1);
      }
    }
    return normal;
  }

  /** Moves x by the damped step, by Cholesky's factors; q[0] stays. */
  private void descend(double[][] normal, double[] gradient, double damping, double[] x) {
    double[][] l = new double[n][n];
    double[] y = new double[n];
    for (int i = 1; i < n; i++) {
      for (int j = 1; j <= i; j++) {
        double damped = i == j ? normal[i][i] * (1 + damping) + 1e-300 : normal[i][j];
        double rest = damped - Vectors.dot(l[i], 1, l[j], 1, j - 1);
        l[i][j] = i == j ? Math.sqrt(Math.max(rest, 1e-300)) : rest / l[j][j];
      }
      y[i] = (gradient[i] - Vectors.dot(l[i], 1, y, 1, i - 1)) / l[i][i];
    }
    for (int i = n - 1; i > 0; i--) {
      y[i] /= l[i][i];
      x[i] -= y[i];
      for (int j = 1; j < i; j++) {
        y[j] -= l[i][j] * y[i];
      }
    }
  }

  /** The first n columns, turned so that the last row is 0 but for its first number. */
  private static double[][] turned(double[][] v, int n) {
    int d = v.length;
    double[] mirror = Arrays.copyOf(v[d - 1], n); // Householder's
    double size = Vectors.norm(mirror);
    mirror[0] += Math.copySign(size, mirror[0]);
    double square = Vectors.dot(mirror, 0, mirror, 0, n);
    double[][] turned = new double[d][];
    for (int j = 0; j < d; j++) {
      turned[j] = Arrays.copyOf(v[j], n);
      double along = square > 0 ? 2 * Vectors.dot(mirror, 0, turned[j], 0, n) / square : 0;
      Vectors.addScaled(-along, mirror, 0, turned[j], 0, n);
    }
    return turned;
  }
}
