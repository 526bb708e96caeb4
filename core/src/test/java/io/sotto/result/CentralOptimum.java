package io.sotto.result;

import io.sotto.engine.Table;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * All rows of a table in one place, with the objective written down once more, apart from the code
 * that it checks: {@code 1/M sum_r loss(w.a_r + b, y_r) + l2/2 |w|^2 + l1 |w|_1}.
 *
 * @param loss its name
 * @param a the rows, each with a 1 at the end
 * @param y the labels
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
record CentralOptimum(String loss, double[][] a, double[] y, double l2, double l1) {
  /** A point so near to a set is in it: Breeze wants its projections to be idempotent. */
  private static final double INSIDE = 1e-10;

  static CentralOptimum of(String loss, Table table, double l2, double l1) {
    double[][] a =
        Arrays.stream(table.rows())
            .flatMap(Arrays::stream)
            .map(
                row -> {
                  double[] longer = Arrays.copyOf(row, row.length + 1);
                  longer[row.length] = 1;
                  return longer;
                })
            .toArray(double[][]::new);
    double[] y = Arrays.stream(table.labels()).flatMapToDouble(Arrays::stream).toArray();
    return new CentralOptimum(loss, a, y, l2, l1);
  }

  /** F at x, which ends in the intercept. */
  double value(double[] x) {
    double absolute = 0;
    for (int j = 0; j + 1 < x.length; j++) {
      absolute += Math.abs(x[j]);
    }
    return smooth(x) + l1 * absolute;
  }

  /**
   * The best point that is found in a set (of the first n coordinates), without kinks: those of F
   * are rounded off, less and less.
   */
  double[] within(ConstraintSet set, int n, boolean intercept) {
    UnaryOperator<double[]> onto =
        x -> {
          double[] point = x.clone();
          set.project(point, 0, n, new double[set.scratch(n)], 0);
          point[n] = intercept ? point[n] : 0;
          return Vectors.distance(point, x) <= INSIDE ? x : point; // then again gives the same
        };
    double[] x = onto.apply(new double[n + 1]);
    double[] best = x;
    boolean plain = l1 == 0 && !List.of("absolute", "quantile", "hinge").contains(loss);
    for (double round = plain ? 1e-8 : 0.1; round > 1e-9; round /= 100) {
      double kink = round;
      x = CentralSolver.projected(point -> rounded(point, kink), onto, x);
      best = value(x) < value(best) ? x : best;
    }
    return best;
  }

  private double rounded(double[] x, double kink) {
    double absolute = 0;
    for (int j = 0; j + 1 < x.length; j++) {
      absolute += Math.hypot(x[j], kink);
    }
    return smooth(x, kink) + l1 * absolute;
  }

  /** A minimiser of F. */
  double[] minimiser() {
    int n = a[0].length;
    int rows = a.length;
    return switch (loss) {
      case "absolute" -> CentralSolver.piecewise(a, y, 1, 1);
      case "quantile" -> CentralSolver.piecewise(a, y, 0.3, 0.7);
      case "hinge" -> {
        double[][] margins = new double[rows][n];
        for (int r = 0; r < rows; r++) {
          for (int j = 0; j < n; j++) {
            margins[r][j] = y[r] * a[r][j];
          }
        }
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        yield CentralSolver.piecewise(margins, ones, 1, 0);
      }
      case "squared" ->
          l1 + l2 == 0
              ? CentralSolver.leastSquares(a, y)
              : CentralSolver.minimise(this::smooth, weights());
      default -> CentralSolver.minimise(this::smooth, weights());
    };
  }

  private double[] weights() {
    double[] weights = new double[a[0].length];
    Arrays.fill(weights, 0, weights.length - 1, l1);
    return weights;
  }

  /** F without its l1 part. */
  private double smooth(double[] x) {
    return smooth(x, 0);
  }

  private double smooth(double[] x, double kink) {
    double sum = 0;
    for (int r = 0; r < a.length; r++) {
      double z = 0;
      for (int j = 0; j < x.length; j++) {
        z += a[r][j] * x[j];
      }
      sum += loss(z, y[r], kink) / a.length;
    }
    for (int j = 0; j + 1 < x.length; j++) {
      sum += l2 / 2 * x[j] * x[j];
    }
    return sum;
  }

  /** The loss; kinks, if it has them, rounded off. */
  private double loss(double z, double label, double kink) {
    double r = Math.abs(z - label);
    double around = Math.hypot(r, kink);
    double shortfall = Math.max(0, 1 - label * z);
    return switch (loss) {
      case "squared" -> r * r / 2;
      case "absolute" -> around;
      case "huber" -> r <= 1.35 ? r * r / 2 : 1.35 * (r - 0.675);
      case "quantile" -> around / 2 + 0.2 * (z - label);
      case "logistic" -> Math.log(1 + Math.exp(-label * z));
      case "hinge" -> (1 - label * z + Math.hypot(1 - label * z, kink)) / 2;
      case "squared-hinge" -> shortfall * shortfall / 2;
      case "poisson" -> Math.exp(z) - label * z;
      default -> throw new AssertionError("write down the loss " + loss + " here, too");
    };
  }
}
