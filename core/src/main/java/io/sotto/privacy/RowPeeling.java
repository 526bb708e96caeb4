package io.sotto.privacy;

import io.sotto.problem.Loss;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a smooth loss of two classes, one by one. With z = y (a, 1) for each row and h(m) the
 * slope that pulls a margin m up,
 *
 * <pre>
 *   G(v) = - sum over rows of h(z.v) z,   m = z.v
 * </pre>
 *
 * <p>All G lie in the span of the z, so their singular values tell how many there are, n, and that
 * span. If n is below the dimension and the z are independent, there is for each row a p with p.z =
 * 1 that all others are normal to, and so
 *
 * <pre>
 *   h(z.v) = - p.G(v)   at all v
 * </pre>
 *
 * <p>in which one row stands alone. The left of it is fitted to the span of what p.G can be, which
 * leaves n - 1 unknowns, as the last number of z is -1 or 1: by damped Gauss-Newton steps
 * (Levenberg 1944, Marquardt 1963; the linear half eliminated as by Golub and Pereyra 1973), from
 * random directions, until one fits, or {@value #STARTS} in a row do not. That row's part is taken
 * from all G, and the next is looked for, with n less by one.
 *
 * <p>A row is said only if it fits as well as the numbers were computed, and if without it the rank
 * is less by one, which a wrong row, having n - 1 free numbers for hundreds of equations, does not
 * do. Samples at which something alone happens, which could be anything, do not count. If all G
 * have an unknown constant on top, what is centred is looked at in place of G.
 *
 * <p>Needs fewer independent rows than dimensions, more than 2 n samples, and points that differ:
 * rows that no point tells apart to the precision of the numbers are not found. Costs a singular
 * value decomposition of at most {@value #MOST} x d for each row, and for each start some tens of
 * steps of {@value #MOST} n^2.
 */
final class RowPeeling {
  private static final int MOST = 400;
  private static final int STARTS = 300;
  private static final int STEPS = 60;

  /** Random directions are these many times as long as a row must be on average. */
  private static final double[] LENGTHS = {1, 2, 4, 8, 16};

  private static final double STUCK = 1e-4;

  /** How many times the mean length no row has. */
  private static final double LONGEST = 1e4;

  /** A sample that more of one direction is due to than this stands alone. */
  private static final double ALONE = 0.9;

  /** How many times the noise a fit may miss by. */
  private static final double FIT = 30;

  /** How many times the noise a slope must be to say something. */
  private static final double CLEAR = 1000;

  /** By what part of itself what is left may differ from a single row. */
  private static final double CLOSE = 1e-4;

  /** What the greatest singular value that is 0 may be of the least that is not. */
  private static final double GAP = 0.1;

  /** To what part of itself the least singular value must fall when a row is taken away. */
  private static final double FALL = 1e-2;

  private final Loss loss;
  private final boolean offset;
  private final int d;
  private final double[][] points;
  private final double[][] sums;
  private final boolean[] alone;
  private final List<double[]> rows = new ArrayList<>();
  private double noise;

  private RowPeeling(Samples samples, double[] sums, int d, Loss loss, boolean offset) {
    this.loss = loss;
    this.offset = offset;
    this.d = d;
    int[] chosen = chosen(samples.size());
    this.points = new double[chosen.length][];
    this.sums = new double[chosen.length][];
    this.alone = new boolean[chosen.length];
    for (int k = 0; k < chosen.length; k++) {
      int at = samples.at(chosen[k]);
      points[k] = Arrays.copyOfRange(samples.points(), at, at + d);
      this.sums[k] = Arrays.copyOfRange(sums, at, at + d);
    }
  }

  /**
   * The rows that are certain, as z.
   *
   * @param sums G of all samples
   * @param noise to what the numbers of G are known, the root of the sum of its squares
   * @param offset whether an unknown constant was added to all G
   */
  static List<double[]> rows(
      Samples samples, double[] sums, int d, Loss loss, double noise, boolean offset) {
    RowPeeling peeling = new RowPeeling(samples, sums, d, loss, offset);
    peeling.noise = noise;
    Span span = peeling.span();
    int fruitless = 0;
    for (int start = 0; span != null && fruitless < STARTS; start++) {
      double[] row = span.row(start);
      if (row != null && peeling.takes(row, span)) {
        span = peeling.span();
        fruitless = 0;
      } else {
        fruitless++;
      }
    }
    double[] last = offset ? null : peeling.last();
    if (last != null) {
      peeling.rows.add(last);
    }
    return peeling.rows;
  }

  /** The first samples, at which points move most, and of the others ever fewer. */
  private static int[] chosen(int size) {
    if (size <= MOST) {
      return IntStream.range(0, size).toArray();
    }
    double ratio = (double) size / (MOST / 2);
    return IntStream.range(0, MOST)
        .map(
            k ->
                k < MOST / 2
                    ? k
                    : (int)
                        (MOST / 2 * StrictMath.pow(ratio, (double) (k - MOST / 2) / (MOST / 2))))
        .distinct()
        .toArray();
  }

  /** What is left of G at the samples that do not stand alone, centred if it must be. */
  private double[][] left(double[][] of) {
    double[][] left = new double[of.length][];
    double[] mean = new double[d];
    int n = 0;
    for (int k = 0; k < of.length; k++) {
      if (!alone[k]) {
        left[n++] = of[k].clone();
        Vectors.addScaled(1, of[k], 0, mean, 0, d);
      }
    }
    for (int k = 0; offset && k < n; k++) {
      Vectors.addScaled(-1.0 / n, mean, 0, left[k], 0, d);
    }
    return Arrays.copyOf(left, n);
  }

  /** The span of the rows that are left; null if there are none, or too many. */
  private @Nullable Span span() {
    while (true) {
      double[][] left = left(sums);
      if (left.length < d) {
        return null;
      }
      SingularValueDecomposition svd =
          new SingularValueDecomposition(new Array2DRowRealMatrix(left, false));
      double[] sizes = svd.getSingularValues();
      int n = (int) Arrays.stream(sizes).filter(s -> s > noise).count();
      if (n == 0 || n >= d || left.length < 2 * n + 3) {
        return null;
      }
      if (rows.isEmpty() && sizes[n] > GAP * sizes[n - 1]) {
        return null;
      }
      double[][] u = svd.getU().getSubMatrix(0, left.length - 1, 0, n - 1).getData();
      int lone = -1;
      int at = 0;
      for (int k = 0; k < alone.length; k++) {
        if (!alone[k]) {
          lone = Vectors.dot(u[at], 0, u[at], 0, n) > ALONE ? k : lone;
          at++;
        }
      }
      if (lone < 0) {
        return new Span(u, Arrays.copyOf(sizes, n), svd.getV().getData(), left);
      }
      alone[lone] = true;
    }
  }

  /** Takes a row's part away from all G, if that leaves a row less. */
  private boolean takes(double[] row, Span span) {
    double[][] after = new double[sums.length][];
    for (int k = 0; k < after.length; k++) {
      after[k] = sums[k].clone();
      Vectors.addScaled(slope(Vectors.dot(row, 0, points[k], 0, d)), row, 0, after[k], 0, d);
    }
    double[] sizes =
        new SingularValueDecomposition(new Array2DRowRealMatrix(left(after), false))
            .getSingularValues();
    int last = span.n - 1;
    boolean gone = sizes[last] < 3 * noise && sizes[last] < GAP * span.sizes[last];
    if (!(gone || sizes[last] < FALL * span.sizes[last])) {
      return false;
    }
    System.arraycopy(after, 0, sums, 0, after.length);
    noise = Math.max(noise, 3 * sizes[last]);
    rows.add(row);
    return true;
  }

  /** The row that is left, if there is one, all others having been found; it may show but once. */
  private double @Nullable [] last() {
    int longest = 0;
    for (int k = 1; k < sums.length; k++) {
      longest = Vectors.norm(sums[k]) > Vectors.norm(sums[longest]) ? k : longest;
    }
    double size = Vectors.norm(sums[longest]);
    double[] row = sums[longest].clone();
    Vectors.setScaled(-1 / Math.abs(row[d - 1]), row, 0, row, 0, d);
    double off = slope(Vectors.dot(row, 0, points[longest], 0, d)) - Math.abs(sums[longest][d - 1]);
    double rest = 0;
    for (int k = 0; k < sums.length; k++) {
      double[] sum = sums[k].clone();
      Vectors.addScaled(slope(Vectors.dot(row, 0, points[k], 0, d)), row, 0, sum, 0, d);
      rest = Math.max(rest, Vectors.norm(sum));
    }
    boolean certain = !rows.isEmpty() && Math.abs(off) < CLOSE && rest < CLOSE * size;
    return certain ? row : null;
  }

  /** h: how much less the loss gets with a margin. */
  private double slope(double margin) {
    return -loss.derivative(margin, 1);
  }

  /** Where rows are looked for. */
  private final class Span {
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
     * @param u orthonormal columns, all that p.G can be at the samples
     * @param sizes the singular values
     * @param v the span, in its first n columns
     * @param left G
     */
    Span(double[][] u, double[] sizes, double[][] v, double[][] left) {
      this.n = sizes.length;
      this.sizes = sizes;
      this.u = u;
      this.basis = turned(v, n);
      this.last = basis[d - 1][0];
      this.at = new double[u.length][n];
      double longest = 0;
      int k = 0;
      for (int s = 0; s < alone.length; s++) {
        if (!alone[s]) {
          for (int j = 0; j < d; j++) {
            Vectors.addScaled(points[s][j], basis[j], 0, at[k], 0, n);
          }
          longest = Math.max(longest, Vectors.norm(left[k]));
          k++;
        }
      }
      this.length = longest / n;
      this.slopes = new double[u.length];
      this.residual = new double[u.length];
      this.jacobian = new double[u.length][n];
    }

    /** A row that fits, looked for from one start; null if none is found. */
    double @Nullable [] row(int start) {
      double[] q = Judge.direction(0, start, n);
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
      double[] row = new double[d];
      for (int j = 0; j < d; j++) {
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
        slopes[k] = slope(Vectors.dot(at[k], 0, q, 0, n));
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
        double bend = (slope(margin + h) - slopes[k]) / h;
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
