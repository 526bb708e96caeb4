package io.sotto.result;

import io.sotto.engine.Table;
import java.util.Arrays;

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
    double sum = 0;
    for (int r = 0; r < a.length; r++) {
      double z = 0;
      for (int j = 0; j < x.length; j++) {
        z += a[r][j] * x[j];
      }
      sum += loss(z, y[r]) / a.length;
    }
    for (int j = 0; j + 1 < x.length; j++) {
      sum += l2 / 2 * x[j] * x[j];
    }
    return sum;
  }

  private double loss(double z, double label) {
    double r = Math.abs(z - label);
    double shortfall = Math.max(0, 1 - label * z);
    return switch (loss) {
      case "squared" -> r * r / 2;
      case "absolute" -> r;
      case "huber" -> r <= 1.35 ? r * r / 2 : 1.35 * (r - 0.675);
      case "quantile" -> z < label ? 0.3 * r : 0.7 * r;
      case "logistic" -> Math.log(1 + Math.exp(-label * z));
      case "hinge" -> shortfall;
      case "squared-hinge" -> shortfall * shortfall / 2;
      case "poisson" -> Math.exp(z) - label * z;
      default -> throw new AssertionError("write down the loss " + loss + " here, too");
    };
  }
}
