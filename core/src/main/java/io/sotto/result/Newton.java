package io.sotto.result;

import io.sotto.problem.Curvature;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The second derivatives H of F at a point, factored: what Newton's step there would gain. With the
 * decrement {@code lambda = sqrt(g.H^-1 g)}, and r such that {@code |D^3 F[v,v,v]| <= r |v|_H D^2
 * F[v,v]}, F is everywhere at least
 *
 * <pre>
 *   F(x) - ( t + (1 - t) log(1 - t) ) / r^2,   t = lambda r,   as long as t &lt; 1,
 * </pre>
 *
 * <p>which is {@code F(x) - lambda^2 / 2} where r is 0, and its minimisers have {@code |y - x|_H <=
 * -log(1 - t) / r}. Both follow from second derivatives that fall by no more than {@code exp(-r
 * |v|_H)} along v (Bach 2010, "Self-concordant analysis for logistic regression", proposition 1),
 * the worst direction being that of Newton's step.
 *
 * <p>Coordinates are scaled to a diagonal of 1, and taken by pivots. Directions in which H is
 * {@value #FLAT} or less are flat: there F does not change, which its gradient must confirm.
 *
 * @param order of the coordinates, those with a pivot first
 * @param rank how many have one
 * @param scale by coordinate, 1 / sqrt of the diagonal; 0 where that is 0
 * @param lower of the scaled and ordered matrix; row i has the columns 0 ... min(i, rank - 1)
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record Newton(int[] order, int rank, double[] scale, double[][] lower) implements Serializable {
  private static final double FLAT = 1e-12;

  /** What is left of a gradient along flat directions, relative to sqrt |F|, is rounding. */
  private static final double LEFT = 1e-10;

  private static final double SMALL = 1e-3;

  /** Factors a packed matrix; null if it is not finite. */
  static @Nullable Newton of(double[] packed, int d) {
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
      left[i] = scale[i] > 0 ? 1 : 0;
    }
    int rank = 0;
    for (; rank < d; rank++) {
      int best = rank;
      for (int i = rank; i < d; i++) {
        best = left[order[i]] > left[order[best]] ? i : best;
      }
      if (!(left[order[best]] > FLAT)) {
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
        left[j] -= lower[i][rank] * lower[i][rank];
      }
    }
    return new Newton(order, rank, scale, lower);
  }

  /** True if F has one minimiser at most, for no direction is flat. */
  boolean isUnique() {
    return rank == order.length;
  }

  /**
   * The decrement of a gradient; NaN if that has a part along which H is flat.
   *
   * @param size of F, which says how much of the gradient is rounding
   */
  double decrement(double[] gradient, double size) {
    double[] y = forward(gradient);
    double square = 0;
    for (int i = 0; i < order.length; i++) {
      if (i < rank) {
        square += y[i] * y[i];
      } else if (!(Math.abs(y[i]) <= LEFT * Math.sqrt(Math.abs(size)))) {
        return Double.NaN;
      }
    }
    return Math.sqrt(square);
  }

  /** Where Newton's step leads from x; coordinates without a pivot stay. */
  double[] step(double[] x, double[] gradient) {
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
  double distance(double[] x, double[] y) {
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

  /** By how much F can be above its least value at most; NaN if nothing is known. */
  static double gap(double decrement, double steepness) {
    double t = decrement * steepness;
    if (!(t < 1)) {
      return Double.NaN;
    }
    if (t < SMALL) { // the series; what is left out is less than its last term
      return decrement * decrement * (0.5 + t / 6 + t * t / 12 + t * t * t / 10);
    }
    return (t + (1 - t) * StrictMath.log1p(-t)) / (steepness * steepness);
  }

  /** How far its minimisers are at most, as H measures it. */
  static double distance(double decrement, double steepness) {
    double t = decrement * steepness;
    return t < SMALL ? decrement * (1 + t) : -StrictMath.log1p(-t) / steepness;
  }

  /** An inverse of H on its range, packed: 0 for coordinates without a pivot. */
  double[] inverse() {
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
