package io.sotto.problem;

import java.util.Arrays;
import java.util.function.Function;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.SingularValueDecomposition;

/**
 * The solutions of linear equations, kept as {@code Q x = c} where the rows of Q are orthonormal:
 * the projection is {@code x - Q^T (Q x - c)}, taken row by row. Made by {@link #of}, which drops
 * equations that follow from the others. Memory and cost are rows times coordinates.
 *
 * @param basis the rows of Q, one after the other
 * @param offset c, one number for each row
 */
public record Affine(Coordinates basis, Coordinates offset) implements ConstraintSet {
  /** Singular values below this part of the greatest are those of rows that depend on others. */
  private static final double DEPENDENT = 1e-12;

  /** By how much an equation may miss at x, relative to max(1, |x|), rows scaled to length 1. */
  private static final double CONSISTENT = 1e-9;

  private static final double ORTHONORMAL = 1e-10;

  /**
   * @throws IllegalArgumentException if the rows are not orthonormal within 1e-10
   */
  public Affine {
    int rows = offset.size();
    int n = rows == 0 ? 0 : basis.size() / rows;
    if (n == 0 || n * rows != basis.size()) {
      throw new IllegalArgumentException("%d numbers are no %d rows".formatted(basis.size(), rows));
    }
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k <= i; k++) {
        double product = Vectors.dot(basis.values, i * n, basis.values, k * n, n);
        if (!(Math.abs(product - (i == k ? 1 : 0)) <= ORTHONORMAL)) {
          throw new IllegalArgumentException("rows %d and %d are not orthonormal".formatted(k, i));
        }
      }
    }
  }

  /**
   * The set {@code matrix x = offset}.
   *
   * @param matrix rows of one length; scaling a row and its offset changes nothing
   * @param offset one number for each row
   * @throws IllegalArgumentException if there are not as many, if the matrix is all 0, or if no x
   *     solves the equations
   */
  public static Affine of(double[][] matrix, double[] offset) {
    return of(matrix, offset, IllegalArgumentException::new);
  }

  /** Reads {@code matrix} and {@code offset}. */
  static Affine of(Parameters p) {
    double[] offset = p.numbers("offset");
    return of(p.matrix("matrix"), offset, why -> p.bad("offset", Arrays.toString(offset), why));
  }

  /** Reads {@code normal} and {@code offset}: the set {@code normal.x = offset}. */
  static Affine hyperplane(Parameters p) {
    return of(new double[][] {Halfspace.direction(p).values}, new double[] {p.number("offset")});
  }

  private static Affine of(
      double[][] matrix, double[] offset, Function<String, RuntimeException> complaint) {
    if (matrix.length != offset.length) {
      throw complaint.apply(
          "matrix has %d rows, so it must have as many numbers, not %d"
              .formatted(matrix.length, offset.length));
    }
    double[][] unit = new double[matrix.length][];
    double[] c = offset.clone();
    for (int i = 0; i < unit.length; i++) {
      double length = Vectors.norm(matrix[i]);
      double scale = length == 0 ? 1 : length;
      unit[i] = Arrays.stream(matrix[i]).map(a -> a / scale).toArray();
      c[i] = offset[i] / scale;
    }
    Affine affine = unit.length == 1 ? row(unit[0], c[0], complaint) : rows(unit, c, complaint);
    double[] solution = affine.projected(new double[unit[0].length], unit[0].length);
    double size = Math.max(1, Math.max(Vectors.norm(c), Vectors.norm(solution)));
    for (int i = 0; i < unit.length; i++) {
      double miss = Vectors.dot(unit[i], 0, solution, 0, solution.length) - c[i];
      if (!(Math.abs(miss) <= CONSISTENT * size)) {
        throw complaint.apply(
            ("no x fulfils all equations of matrix x = offset, and the nearest misses row %d by %s;"
                    + " correct that row, or take it out")
                .formatted(i, Math.abs(miss)));
      }
    }
    return affine;
  }

  private static Affine row(double[] unit, double c, Function<String, RuntimeException> complaint) {
    if (Vectors.norm(unit) == 0) {
      throw complaint.apply("the matrix is all 0, which is no constraint; leave it out");
    }
    return new Affine(Coordinates.of(unit), Coordinates.of(c));
  }

  /** With unit = U S V^T: the rows of V^T, and S^-1 U^T c, as far as S is not 0. */
  private static Affine rows(
      double[][] unit, double[] c, Function<String, RuntimeException> complaint) {
    var svd = new SingularValueDecomposition(MatrixUtils.createRealMatrix(unit));
    double[] singular = svd.getSingularValues();
    int rank = 0;
    while (rank < singular.length && singular[rank] > DEPENDENT * singular[0]) {
      rank++;
    }
    if (rank == 0) {
      throw complaint.apply("the matrix is all 0, which is no constraint; leave it out");
    }
    int n = unit[0].length;
    double[] basis = new double[Math.multiplyExact(rank, n)];
    double[] offset = new double[rank];
    for (int k = 0; k < rank; k++) {
      System.arraycopy(svd.getVT().getRow(k), 0, basis, k * n, n);
      offset[k] = Vectors.dot(svd.getUT().getRow(k), 0, c, 0, c.length) / singular[k];
    }
    return new Affine(Coordinates.of(basis), Coordinates.of(offset));
  }

  @Override
  public void requireDimension(int n) {
    int columns = basis.size() / offset.size();
    if (columns != n) {
      throw new BadInputException(
          ("An affine set or hyperplane has %d columns, but there are %d coefficients;"
                  + " give it one number for each.")
              .formatted(columns, n));
    }
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    for (int k = 0; k < offset.values.length; k++) {
      double miss = Vectors.dot(basis.values, k * n, x, at, n) - offset.values[k];
      Vectors.addScaled(-miss, basis.values, k * n, x, at, n);
    }
  }
}
