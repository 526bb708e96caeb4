package io.sotto.problem;

import java.util.function.Function;

/**
 * The solutions of linear inequalities, {@code matrix x <= offset}. The projection of y is exact,
 * by the dual active-set method of Goldfarb and Idnani 1983, whose second derivative is the
 * identity here. With active rows W, their multipliers l, and x = y - sum of l_w (row w),
 *
 * <pre>
 *   take the row s that x violates most; u := 0, its multiplier
 *   z := what of row s is orthogonal to the rows W;   row s = z + sum of r_w (row w)
 *   move x by -m z, l by -m r, u by m:  as far as row s holds, when it joins W,
 *                                        or some l_w is 0, when w leaves W, and again
 * </pre>
 *
 * until no row is violated. Each joining makes x farther from y, so that no W comes twice, and it
 * ends; a row that can neither be reached nor let another leave contradicts those of W.
 *
 * <p>W is kept as an orthonormal basis Q and a triangle R, {@code row w = sum over i <= w of R_iw
 * q_i}. A change of W costs as much as a look at all rows, and 4 |W| n flops; scratch space is at
 * most about twice the matrix.
 *
 * @param matrix the rows, each of length 1, one after the other
 * @param offset one number for each row
 */
public record Polyhedron(Coordinates matrix, Coordinates offset) implements ConstraintSet {
  /** How far outside of a row a point may be, relative to max(1, |x|). */
  private static final double WITHIN = 1e-12;

  /** What of a row of length 1 must be orthogonal to W for it not to depend on that. */
  private static final double INDEPENDENT = 1e-11;

  private static final int MOST_CHANGES = 50;

  /**
   * The set {@code matrix x <= offset}.
   *
   * @param matrix rows of one length; scaling a row and its offset changes nothing
   * @param offset one number for each row
   * @throws IllegalArgumentException if there are not as many, if a row is all 0, or if no x is in
   *     the set
   */
  public static Polyhedron of(double[][] matrix, double[] offset) {
    return of(matrix, offset, IllegalArgumentException::new);
  }

  /** Reads {@code matrix} and {@code offset}. */
  static Polyhedron of(Parameters p) {
    double[] offset = p.numbers("offset");
    return of(p.matrix("matrix"), offset, why -> p.bad("offset", Coordinates.of(offset), why));
  }

  private static Polyhedron of(
      double[][] matrix, double[] offset, Function<String, RuntimeException> complaint) {
    if (matrix.length != offset.length) {
      throw complaint.apply(
          "matrix has %d rows, so it must have as many numbers, not %d"
              .formatted(matrix.length, offset.length));
    }
    int n = matrix[0].length;
    double[] unit = new double[Math.multiplyExact(matrix.length, n)];
    double[] c = new double[offset.length];
    for (int i = 0; i < c.length; i++) {
      double length = Vectors.norm(matrix[i]);
      if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
        throw complaint.apply("row %d of matrix is all 0, or overflows; take it out".formatted(i));
      }
      Vectors.setScaled(1 / length, matrix[i], 0, unit, i * n, n);
      c[i] = offset[i] / length;
    }
    Polyhedron set = new Polyhedron(Coordinates.of(unit), Coordinates.of(c));
    int wrong = set.solve(new double[n], 0, n, new double[set.scratch(n)], 0);
    if (wrong >= 0) {
      throw complaint.apply(
          ("no x fulfils all rows of matrix x <= offset: row %d contradicts others; correct it, or"
                  + " take it out")
              .formatted(wrong));
    }
    return set;
  }

  @Override
  public void requireDimension(int n) {
    int columns = matrix.size() / offset.size();
    if (columns != n) {
      throw new BadInputException(
          "A polyhedron has %d columns, but there are %d coefficients; give it one number for each."
              .formatted(columns, n));
    }
  }

  /** Q, R, z, and by active row l and r. */
  @Override
  public int scratch(int n) {
    int most = Math.min(offset.size(), n);
    return Math.addExact(Math.multiplyExact(most + 1, n), Math.multiplyExact(most, most + 2));
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    solve(x, at, n, work, workAt);
  }

  /** The projection; returns the row that contradicts others, or -1. */
  private int solve(double[] x, int at, int n, double[] work, int workAt) {
    double within = WITHIN * Math.max(1, Math.sqrt(Vectors.dot(x, at, x, at, n)));
    ActiveRows active = new ActiveRows(matrix.values, n, Math.min(offset.size(), n), work, workAt);
    for (int change = 0; change < MOST_CHANGES * (offset.size() + n); ) {
      int worst = worst(x, at, n, within);
      if (worst < 0) {
        return -1;
      }
      double multiplier = 0;
      for (boolean joined = false; !joined; change++) {
        double square = active.split(worst);
        int blocking = active.blocking();
        double far = blocking < 0 ? Double.POSITIVE_INFINITY : active.ratio(blocking);
        boolean free = square > INDEPENDENT * INDEPENDENT;
        double full = free ? excess(worst, x, at, n) / square : Double.POSITIVE_INFINITY;
        double step = Math.min(far, full);
        if (step == Double.POSITIVE_INFINITY) {
          return worst;
        }
        active.move(free ? step : 0, step, x, at);
        multiplier += step;
        joined = full <= far;
        if (joined) {
          active.join(multiplier, Math.sqrt(square));
        } else {
          active.leave(blocking);
        }
      }
    }
    return -1;
  }

  private double excess(int row, double[] x, int at, int n) {
    return Vectors.dot(matrix.values, row * n, x, at, n) - offset.values[row];
  }

  /** The row that is violated most, or -1. */
  private int worst(double[] x, int at, int n, double within) {
    int worst = -1;
    double most = within;
    for (int row = 0; row < offset.values.length; row++) {
      double excess = excess(row, x, at, n);
      if (excess > most) {
        most = excess;
        worst = row;
      }
    }
    return worst;
  }

  @Override
  public ConstraintSet in(Coordinates units) {
    return of(matrix.times(units).rows(units.size()), offset.values);
  }
}
