package io.sotto.run;

import io.sotto.problem.Curvature;
import io.sotto.problem.PivotedCholesky;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Coordinates that are combinations of those before them, so that they have no estimate of their
 * own. They are found as R's {@code glm} does: the constant first, then columns in their order;
 * whatever adds nothing to those before it is left at 0.
 *
 * @param gone the coordinates that are left at 0
 * @param rest the others, ascending
 * @param directions for each that is gone: along which predictions do not change, 1 at itself
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
record Aliased(int[] gone, int[] rest, List<double[]> directions) {
  /** What is left of a column, relative to its square, below which it adds nothing. */
  private static final double FLAT = 1e-12;

  /** None of some coordinates. */
  static Aliased none(int[] free) {
    return new Aliased(new int[0], free, List.of());
  }

  /** Of a fit; none where only differences between classes are estimated. */
  static Aliased of(PooledNewton.Fit fit, int[] free, Costs costs) {
    int rank = fit.factor().rank();
    if (rank == free.length || costs.shape().outputs() > 1) {
      return none(free);
    }
    double[] hessian = fit.point().hessian();
    Aliased found = of(hessian, costs.dimension(), free, costs.shape().coefficients());
    return found.rest.length == rank ? found : none(free);
  }

  /**
   * Of second derivatives.
   *
   * @param packed the second derivatives
   * @param d how many coordinates there are
   * @param free those that are estimated
   * @param coefficients coordinates from there on are constants
   */
  static Aliased of(double[] packed, int d, int[] free, int coefficients) {
    int[] order =
        IntStream.concat(
                IntStream.of(free).filter(j -> j >= coefficients),
                IntStream.of(free).filter(j -> j < coefficients))
            .toArray();
    List<Integer> kept = new ArrayList<>();
    List<Integer> gone = new ArrayList<>();
    List<double[]> lower = new ArrayList<>();
    for (int j : order) {
      double[] row = new double[kept.size() + 1];
      double left = at(packed, j, j) > 0 ? 1 : 0;
      for (int k = 0; k < kept.size() && left > 0; k++) {
        double sum =
            at(packed, j, kept.get(k))
                / Math.sqrt(at(packed, j, j) * at(packed, kept.get(k), kept.get(k)));
        for (int i = 0; i < k; i++) {
          sum -= row[i] * lower.get(k)[i];
        }
        row[k] = sum / lower.get(k)[k];
        left -= row[k] * row[k];
      }
      if (left > FLAT) {
        row[kept.size()] = Math.sqrt(left);
        lower.add(row);
        kept.add(j);
      } else {
        gone.add(j);
      }
    }
    int[] rest = kept.stream().mapToInt(Integer::intValue).sorted().toArray();
    double[] some = new double[packed.length];
    for (int a : rest) {
      for (int b : rest) {
        if (b <= a) {
          some[Curvature.at(a, b)] = at(packed, a, b);
        }
      }
    }
    PivotedCholesky factor = PivotedCholesky.of(some, d);
    List<double[]> directions = new ArrayList<>();
    for (int j : gone) {
      double[] with = new double[d];
      for (int k : rest) {
        with[k] = at(packed, j, k);
      }
      double[] direction = factor == null ? new double[d] : factor.step(new double[d], with);
      direction[j] = 1;
      directions.add(direction);
    }
    return new Aliased(gone.stream().mapToInt(Integer::intValue).toArray(), rest, directions);
  }

  private static double at(double[] packed, int a, int b) {
    return packed[Curvature.at(Math.max(a, b), Math.min(a, b))];
  }

  /** For people, a line for each that is gone. */
  List<String> notes(Costs costs) {
    List<String> notes = new ArrayList<>();
    for (int k = 0; k < gone.length; k++) {
      notes.add(
          "columns are collinear: along %s no prediction changes; '%s' is the last of these columns, and has no estimate of its own (NA, and 0 in solution.json)"
              .formatted(
                  NoOptimum.words(costs, directions.get(k)), NoOptimum.name(costs, gone[k])));
    }
    return notes;
  }

  /** Whether there are any. */
  boolean any() {
    return gone.length > 0;
  }

  /** The point with the same predictions that has 0 at all that are gone. */
  double[] without(double[] x) {
    double[] moved = x.clone();
    for (int k = 0; k < gone.length; k++) {
      for (int i = 0; i < x.length; i++) {
        moved[i] -= x[gone[k]] * directions.get(k)[i];
      }
    }
    Arrays.stream(gone).forEach(j -> moved[j] = 0);
    return moved;
  }
}
