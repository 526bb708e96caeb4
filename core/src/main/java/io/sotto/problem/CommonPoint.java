package io.sotto.problem;

import java.util.Arrays;
import java.util.List;

/**
 * The search for a point that several sets share, by extrapolated parallel projections (Pierra,
 * "Decomposition through formalization in a product space", 1984): from x = 0,
 *
 * <pre>
 *   d_i := P_i(x) - x;   d := mean of the d_i;   x := x + (mean of the |d_i|^2) / |d|^2 d
 * </pre>
 *
 * <p>Each cycle brings x nearer to all common points. The step is long where the d_i nearly cancel,
 * which is what happens between sets that only touch: there a few cycles halve the distance, while
 * projections in turn would take a million. It is halved in every second cycle, without which x
 * would zigzag from boundary to boundary, where nothing cancels.
 *
 * <p>It ends when x is near all sets; when the d_i cancel, which proves that there is no common
 * point; or when {@value #PATIENCE} cycles have not halved the distance that is left.
 */
final class CommonPoint {
  /** What counts as within a set, relative to max(1, the distance of 0 from the farthest set). */
  static final double ACCEPTED = 1e-6;

  /** How many cycles may pass until the distance from the farthest set is half of what it was. */
  static final int PATIENCE = 20_000;

  private final List<ConstraintSet> sets;
  private final int n;
  private final double[] work;

  CommonPoint(List<ConstraintSet> sets, int n) {
    this.sets = sets;
    this.n = n;
    this.work = new double[sets.stream().mapToInt(set -> set.scratch(n)).max().orElse(0)];
  }

  /** A point within {@link #ACCEPTED} of all sets, or a complaint about {@code where}. */
  double[] find(String where) {
    double[] x = new double[n];
    double[] projected = new double[n];
    double[] mean = new double[n];
    double farthest = sets.stream().mapToDouble(set -> step(set, x, projected)).max().orElse(0);
    double accepted = ACCEPTED * Math.max(1, farthest);
    double half = farthest / 2;
    int patience = PATIENCE;
    for (int cycle = 0; patience > 0; cycle++, patience--) {
      double squares = 0;
      farthest = 0;
      Arrays.fill(mean, 0);
      for (ConstraintSet set : sets) {
        double distance = step(set, x, projected);
        farthest = Math.max(farthest, distance);
        squares += distance * distance / sets.size();
        for (int j = 0; j < n; j++) {
          mean[j] += (projected[j] - x[j]) / sets.size();
        }
      }
      if (farthest <= accepted) {
        return x;
      }
      if (farthest <= half) {
        half = farthest / 2;
        patience = PATIENCE;
      }
      double square = Vectors.dot(mean, 0, mean, 0, n);
      if (square == 0) {
        break;
      }
      Vectors.addScaled(squares / square * (cycle % 2 == 0 ? 1 : 0.5), mean, 0, x, 0, n);
    }
    throw new BadInputException(
        "The intersection of the %d sets of %s was found empty: %s. Move or widen one of them."
            .formatted(sets.size(), where, apart(accepted)));
  }

  /** Sets {@code projected} to the projection of x, and returns their distance. */
  private double step(ConstraintSet set, double[] x, double[] projected) {
    System.arraycopy(x, 0, projected, 0, n);
    set.project(projected, 0, n, work, 0);
    return Vectors.distance(x, projected);
  }

  /** Which two sets are farthest apart, in words. */
  private String apart(double accepted) {
    double widest = accepted;
    String words =
        "each two of them meet, but no point is within %s of all".formatted((float) accepted);
    for (int i = 0; i < sets.size(); i++) {
      for (int k = 0; k < i; k++) {
        double gap = gap(sets.get(k), sets.get(i));
        if (gap > widest) {
          widest = gap;
          words = "%s and %s remain %s apart".formatted(sets.get(k), sets.get(i), (float) gap);
        }
      }
    }
    return words;
  }

  /**
   * The distance of two sets, to which projecting in turn converges from above (Cheney and
   * Goldstein, "Proximity maps for convex sets", 1959); ends when it hardly falls any more.
   */
  private double gap(ConstraintSet a, ConstraintSet b) {
    double[] x = new double[n];
    double[] y = new double[n];
    double gap = Double.POSITIVE_INFINITY;
    for (int i = 0; i < PATIENCE; i++) {
      step(a, y, x);
      double next = step(b, x, y);
      if (!(next < gap * (1 - 1e-9))) {
        return next;
      }
      gap = next;
    }
    return gap;
  }
}
