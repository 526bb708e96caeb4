package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.Samples;
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
  private static final int STARTS = 1500;

  /** A sample that more of one direction is due to than this stands alone. */
  private static final double ALONE = 0.9;

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
    RowFit span = peeling.span();
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
  private @Nullable RowFit span() {
    while (true) {
      double[][] left = left(sums);
      if (left.length == 0) {
        return null;
      }
      SingularValueDecomposition svd =
          new SingularValueDecomposition(new Array2DRowRealMatrix(left, false));
      double[] sizes = svd.getSingularValues();
      int n = (int) Arrays.stream(sizes).filter(s -> s > noise).count();
      if (n == 0 || n >= sizes.length || left.length < 2 * n + 3) {
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
        double[][] where =
            IntStream.range(0, alone.length)
                .filter(k -> !alone[k])
                .mapToObj(k -> points[k])
                .toArray(double[][]::new);
        return new RowFit(
            loss, offset, noise, where, left, u, Arrays.copyOf(sizes, n), svd.getV().getData());
      }
      alone[lone] = true;
    }
  }

  /** Takes a row's part away from all G, if that leaves a row less. */
  private boolean takes(double[] row, RowFit span) {
    double[][] after = new double[sums.length][];
    for (int k = 0; k < after.length; k++) {
      after[k] = sums[k].clone();
      Vectors.addScaled(
          RowFit.slope(loss, Vectors.dot(row, 0, points[k], 0, d)), row, 0, after[k], 0, d);
    }
    double[] sizes =
        new SingularValueDecomposition(new Array2DRowRealMatrix(left(after), false))
            .getSingularValues();
    int last = span.size() - 1;
    boolean gone = sizes[last] < 3 * noise && sizes[last] < GAP * span.least();
    if (!(gone || sizes[last] < FALL * span.least())) {
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
    double off =
        RowFit.slope(loss, Vectors.dot(row, 0, points[longest], 0, d))
            - Math.abs(sums[longest][d - 1]);
    double rest = 0;
    for (int k = 0; k < sums.length; k++) {
      double[] sum = sums[k].clone();
      Vectors.addScaled(
          RowFit.slope(loss, Vectors.dot(row, 0, points[k], 0, d)), row, 0, sum, 0, d);
      rest = Math.max(rest, Vectors.norm(sum));
    }
    boolean certain = !rows.isEmpty() && Math.abs(off) < CLOSE && rest < CLOSE * size;
    return certain ? row : null;
  }
}
