package io.sotto.problem;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The solutions of linear equations, kept as {@code Q x = c} where the rows of Q are orthonormal:
 * the projection is {@code x - Q^T (Q x - c)}, taken row by row. Made by {@link #of}, which drops
 * equations that follow from the others. Memory and cost are rows times coordinates.
 *
 * @param basis the rows of Q, one after the other
 * @param offset c, one number for each row
 */
public record Affine(Coordinates basis, Coordinates offset) implements ConstraintSet {
  /** What is left of a row of length 1, if it is less than this, depends on other rows. */
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
    if (!orthonormal(basis.values, rows, n)) {
      throw new IllegalArgumentException("%d rows are not orthonormal".formatted(rows));
    }
  }

  /** Whether Q Q^T v is v, for a v in which nothing cancels by chance. */
  private static boolean orthonormal(double[] q, int rows, int n) {
    double[] sum = new double[n];
    for (int k = 0; k < rows; k++) {
      Vectors.addScaled(1 / Math.sqrt(k + 2), q, k * n, sum, 0, n);
    }
    for (int k = 0; k < rows; k++) {
      double miss = Vectors.dot(q, k * n, sum, 0, n) - 1 / Math.sqrt(k + 2);
      double length = Vectors.dot(q, k * n, q, k * n, n);
      if (!(Math.abs(miss) <= ORTHONORMAL && Math.abs(length - 1) <= ORTHONORMAL)) {
        return false;
      }
    }
    return true;
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
    return of(p.matrix("matrix"), offset, why -> p.bad("offset", Coordinates.of(offset), why));
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
    Affine affine = rows(unit, c, complaint);
    double[] solution = affine.projected(new double[unit[0].length], unit[0].length);
    double size = Math.max(1, Math.max(Vectors.norm(c), Vectors.norm(solution)));
    for (int i = 0; i < unit.length; i++) {
      double miss = Vectors.dot(unit[i], 0, solution, 0, solution.length) - c[i];
      if (!(Math.abs(miss) <= CONSISTENT * size)) {
        throw complaint.apply(
            ("no x fulfils all equations of matrix x = offset: what fulfils the others misses row"
                    + " %d by %s; correct that row, or take it out")
                .formatted(i, Math.abs(miss)));
      }
    }
    return affine;
  }

  /**
   * Gram and Schmidt's method: the row of which most is left is next, and what is in its direction
   * is taken out of all others, 4 rows n flops. A row is made orthogonal to the basis once more
   * before it joins, so that the basis is orthonormal to all digits.
   */
  private static Affine rows(
      double[][] unit, double[] c, Function<String, RuntimeException> complaint) {
    int n = unit[0].length;
    int most = Math.min(unit.length, n);
    double[] basis = new double[Math.multiplyExact(most, n)];
    double[] offset = new double[most];
    double[][] left = new double[unit.length][];
    Arrays.setAll(left, i -> unit[i].clone());
    double[] right = c.clone();
    double[] square = Arrays.stream(left).mapToDouble(a -> Vectors.dot(a, 0, a, 0, n)).toArray();
    int rank = 0;
    while (rank < most) {
      int next = 0;
      for (int i = 1; i < left.length; i++) {
        next = square[i] > square[next] ? i : next;
      }
      double[] row = left[next];
      for (int k = 0; k < rank; k++) {
        double part = Vectors.dot(basis, k * n, row, 0, n);
        Vectors.addScaled(-part, basis, k * n, row, 0, n);
        right[next] -= part * offset[k];
      }
      double length = Vectors.norm(row);
      if (!(length > DEPENDENT)) {
        break;
      }
      Vectors.setScaled(1 / length, row, 0, basis, rank * n, n);
      offset[rank] = right[next] / length;
      square[next] = 0;
      for (int i = 0; i < left.length; i++) {
        double part = square[i] > 0 ? Vectors.dot(basis, rank * n, left[i], 0, n) : 0;
        if (part != 0) {
          Vectors.addScaled(-part, basis, rank * n, left[i], 0, n);
          right[i] -= part * offset[rank];
          double still = Vectors.dot(left[i], 0, left[i], 0, n);
          square[i] = still > DEPENDENT * DEPENDENT ? still : 0;
        }
      }
      rank++;
    }
    if (rank == 0) {
      throw complaint.apply("the matrix is all 0, which is no constraint; leave it out");
    }
    return new Affine(
        Coordinates.of(Arrays.copyOf(basis, rank * n)),
        Coordinates.of(Arrays.copyOf(offset, rank)));
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

  @Override
  public ConstraintSet in(Coordinates units) {
    return of(basis.times(units).rows(units.size()), offset.values);
  }
}
