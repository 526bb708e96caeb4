package io.sotto.problem;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A symmetric matrix without negative eigenvalues, packed as {@link Curvature} says, factored by
 * Cholesky's method with pivots.
 *
 * <p>Coordinates are scaled to a diagonal of 1, and taken by pivots. Directions in which the matrix
 * is {@value #FLAT} or less are flat, and left alone. Libraries do not stop at the rank.
 *
 * @param order of the coordinates, those with a pivot first
 * @param rank how many have one
 * @param scale by coordinate, 1 / sqrt of the diagonal; 0 where that is 0
 * @param lower of the scaled and ordered matrix; row i has the columns 0 ... min(i, rank - 1)
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record PivotedCholesky(int[] order, int rank, double[] scale, double[][] lower)
    implements Serializable {
  private static final double FLAT = 1e-12;

  /** Factors a packed matrix; null if it is not finite. */
  public static @Nullable PivotedCholesky of(double[] packed, int d) {
    return of(packed, d, 0);
  }

  /**
   * The same of a matrix whose elements may be off.
   *
   * @param off by how much; what is left of a coordinate below that is flat
   */
  public static @Nullable PivotedCholesky of(double[] packed, int d, double off) {
    double[] scale = new double[d];
    int[] order = new int[d];
    for (int i = 0; i < d; i++) {
      double diagonal = packed[Curvature.at(i, i)];
      if (!(diagonal >= 0 && diagonal < Double.POSITIVE_INFINITY)) {
        return null;
      }
      scale[i] = diagonal > 0 ? 1 / Math.sqrt(diagonal) : 0;
      order[i] = i;
    }
    double[][] lower = new double[d][d];
    double[] left = new double[d];
    for (int i = 0; i < d; i++) {
      left[i] = scale[i] > 0 ? unlessFlat(1, scale[i], off) : 0;
    }
    int rank = 0;
    for (; rank < d; rank++) {
      int best = rank;
      for (int i = rank; i < d; i++) {
        best = left[order[i]] > left[order[best]] ? i : best;
      }
      if (!(left[order[best]] > 0)) {
        break;
      }
      int pivot = order[best];
      order[best] = order[rank];
      order[rank] = pivot;
      double[] row = lower[rank];
      lower[rank] = lower[best];
      lower[best] = row;
      double root = Math.sqrt(left[pivot]);
      lower[rank][rank] = root;
      for (int i = rank + 1; i < d; i++) {
        int j = order[i];
        double sum =
            packed[Curvature.at(Math.max(j, pivot), Math.min(j, pivot))] * scale[j] * scale[pivot];
        for (int k = 0; k < rank; k++) {
          sum -= lower[i][k] * lower[rank][k];
        }
        lower[i][rank] = sum / root;
        left[j] = unlessFlat(left[j] - lower[i][rank] * lower[i][rank], scale[j], off);
      }
    }
    return new PivotedCholesky(order, rank, scale, lower);
  }

  private static double unlessFlat(double left, double scale, double off) {
    return left > FLAT + off * scale * scale ? left : 0;
  }

  /** True if no direction is flat. */
  public boolean isUnique() {
    return rank == order.length;
  }

  /**
   * A direction in which the matrix is flat, for a coordinate without a pivot: at most 1 along any.
   */
  public double[] flat(int coordinate) {
    int at = rank;
    while (order[at] != coordinate) {
      at++;
    }
    double[] direction = new double[order.length];
    double[] z = scale[coordinate] > 0 ? lower[at].clone() : new double[order.length];
    direction[coordinate] = scale[coordinate] > 0 ? scale[coordinate] : 1;
    for (int i = rank - 1; i >= 0; i--) {
      for (int k = i + 1; k < rank; k++) {
        z[i] -= lower[k][i] * z[k];
      }
      z[i] /= lower[i][i];
      direction[order[i]] = -scale[order[i]] * z[i];
    }
    return direction;
  }

  /**
   * {@code sqrt(g.H^-1 g)}, the decrement of a gradient.
   *
   * @param flat what g may have along a flat direction, which does not count
   * @return NaN if it has more along one
   */
  public double decrement(double[] gradient, double flat) {
    double[] y = forward(gradient);
    double square = 0;
    for (int i = 0; i < order.length; i++) {
      if (i < rank) {
        square += y[i] * y[i];
      } else if (!(Math.abs(y[i]) <= flat)) {
        return Double.NaN;
      }
    }
    return Math.sqrt(square);
  }

  /** x less {@code H^-1 g}: Newton's step. Coordinates without a pivot stay. */
  public double[] step(double[] x, double[] gradient) {
    double[] z = forward(gradient);
    double[] next = x.clone();
    for (int i = rank - 1; i >= 0; i--) {
      for (int k = i + 1; k < rank; k++) {
        z[i] -= lower[k][i] * z[k];
      }
      z[i] /= lower[i][i];
      next[order[i]] -= scale[order[i]] * z[i];
    }
    return next;
  }

  /** How far two points are from each other, as H measures it; flat directions do not count. */
  public double distance(double[] x, double[] y) {
    double square = 0;
    for (int k = 0; k < rank; k++) {
      double sum = 0;
      for (int i = k; i < order.length; i++) {
        int j = order[i];
        sum += scale[j] > 0 ? lower[i][k] * (x[j] - y[j]) / scale[j] : 0;
      }
      square += sum * sum;
    }
    return Math.sqrt(square);
  }

  /** The scaled and ordered gradient, less what pivots before each coordinate take of it. */
  private double[] forward(double[] gradient) {
    double[] y = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      int j = order[i];
      double left = scale[j] > 0 ? gradient[j] * scale[j] : gradient[j];
      for (int k = 0; k < Math.min(i, rank); k++) {
        left -= lower[i][k] * y[k];
      }
      y[i] = i < rank ? left / lower[i][i] : left;
    }
    return y;
  }

  /** An inverse of H on its range, packed: 0 for coordinates without a pivot. */
  public double[] inverse() {
    int d = order.length;
    double[][] inner = new double[rank][rank]; // of the lower triangle
    for (int c = 0; c < rank; c++) {
      inner[c][c] = 1 / lower[c][c];
      for (int i = c + 1; i < rank; i++) {
        double sum = 0;
        for (int k = c; k < i; k++) {
          sum -= lower[i][k] * inner[k][c];
        }
        inner[i][c] = sum / lower[i][i];
      }
    }
    double[] packed = new double[Curvature.size(d)];
    for (int a = 0; a < rank; a++) {
      for (int b = 0; b <= a; b++) {
        double sum = 0;
        for (int k = a; k < rank; k++) {
          sum += inner[k][a] * inner[k][b];
        }
        int i = order[a];
        int j = order[b];
        packed[Curvature.at(Math.max(i, j), Math.min(i, j))] = sum * scale[i] * scale[j];
      }
    }
    return packed;
  }
}
