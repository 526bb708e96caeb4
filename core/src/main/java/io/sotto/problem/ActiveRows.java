package io.sotto.problem;

import java.util.Arrays;

/**
 * The active rows W of a {@link Polyhedron} on their way to a projection, in scratch space: an
 * orthonormal basis q_i, the triangle R with {@code row w = sum over i <= w of R_iw q_i}, and for
 * the row that is to join, z and r.
 */
final class ActiveRows {
  /** What is less in a combination of rows of length 1 is rounding. */
  private static final double NOTHING = 1e-12;

  private final double[] matrix;
  private final int n;
  private final int most;
  private final double[] work;
  private final int basisAt;
  private final int triangleAt; // column w begins at w * most
  private final int orthogonalAt;
  private final int multiplierAt;
  private final int combinationAt;
  private int count;

  ActiveRows(double[] matrix, int n, int most, double[] work, int workAt) {
    this.matrix = matrix;
    this.n = n;
    this.most = most;
    this.work = work;
    this.basisAt = workAt;
    this.triangleAt = basisAt + most * n;
    this.orthogonalAt = triangleAt + most * most;
    this.multiplierAt = orthogonalAt + n;
    this.combinationAt = multiplierAt + most;
  }

  /** Finds z and r for a row; returns |z|^2, 0 where W spans everything. */
  double split(int row) {
    System.arraycopy(matrix, row * n, work, orthogonalAt, n);
    int column = combinationAt; // first Q row, then r
    Arrays.fill(work, column, column + count, 0);
    for (int twice = 0; twice < 2; twice++) { // as often as it takes to be orthogonal to all digits
      for (int i = 0; i < count; i++) {
        double part = Vectors.dot(work, basisAt + i * n, work, orthogonalAt, n);
        Vectors.addScaled(-part, work, basisAt + i * n, work, orthogonalAt, n);
        work[column + i] += part;
      }
    }
    for (int w = count - 1; w >= 0; w--) {
      work[column + w] /= work[triangleAt + w * most + w];
      for (int i = 0; i < w; i++) {
        work[column + i] -= work[column + w] * work[triangleAt + w * most + i];
      }
    }
    return count == n ? 0 : Vectors.dot(work, orthogonalAt, work, orthogonalAt, n);
  }

  /** The active row whose multiplier is 0 first on the way, or -1. */
  int blocking() {
    int first = -1;
    for (int w = 0; w < count; w++) {
      if (work[combinationAt + w] > NOTHING && (first < 0 || ratio(w) < ratio(first))) {
        first = w;
      }
    }
    return first;
  }

  /** How far it is until then. */
  double ratio(int w) {
    return Math.max(0, work[multiplierAt + w]) / work[combinationAt + w];
  }

  /** Moves x along z, and the multipliers. */
  void move(double ofPoint, double ofMultipliers, double[] x, int at) {
    Vectors.addScaled(-ofPoint, work, orthogonalAt, x, at, n);
    Vectors.addScaled(-ofMultipliers, work, combinationAt, work, multiplierAt, count);
  }

  /** The row that was split joins, |z| being its last number in R. */
  void join(double multiplier, double length) {
    int column = triangleAt + count * most;
    for (int i = 0; i < count; i++) { // R r is Q row again
      double sum = 0;
      for (int w = i; w < count; w++) {
        sum += work[triangleAt + w * most + i] * work[combinationAt + w];
      }
      work[column + i] = sum;
    }
    work[column + count] = length;
    Vectors.setScaled(1 / length, work, orthogonalAt, work, basisAt + count * n, n);
    work[multiplierAt + count++] = multiplier;
  }

  /** An active row leaves; rotations make R a triangle again. */
  void leave(int gone) {
    count--;
    for (int w = gone; w < count; w++) {
      int column = triangleAt + w * most;
      System.arraycopy(work, column + most, work, column, w + 2);
      work[multiplierAt + w] = work[multiplierAt + w + 1];
    }
    for (int w = gone; w < count; w++) {
      int column = triangleAt + w * most;
      double length = Math.hypot(work[column + w], work[column + w + 1]);
      double cosine = work[column + w] / length;
      double sine = work[column + w + 1] / length;
      for (int later = w; later < count; later++) {
        rotate(triangleAt + later * most + w, triangleAt + later * most + w + 1, cosine, sine);
      }
      for (int j = 0; j < n; j++) {
        rotate(basisAt + w * n + j, basisAt + (w + 1) * n + j, cosine, sine);
      }
    }
  }

  private void rotate(int a, int b, double cosine, double sine) {
    double first = work[a];
    work[a] = cosine * first + sine * work[b];
    work[b] = cosine * work[b] - sine * first;
  }
}
