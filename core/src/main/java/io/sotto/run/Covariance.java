package io.sotto.run;

import io.sotto.problem.Curvature;
import io.sotto.problem.Vectors;
import io.sotto.run.InferenceSettings.Errors;

/**
 * The covariance of an estimate. With H the second derivatives of F, I those of its losses, M the
 * weight of all rows and B the sum of squared scores divided by M, it is {@code dispersion H^-1 I
 * H^-1 / M} by the model and {@code H^-1 B H^-1 / M} where it is robust. Without l2, H is I.
 *
 * @param newton sums more
 * @param fit the estimate
 * @param free the coordinates that are estimated
 * @param weight of all rows
 * @param rows how many rows count
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
record Covariance(
    PooledNewton newton, PooledNewton.Fit fit, int[] free, double weight, double rows) {

  /**
   * Of all coordinates, packed; 0 for those that are not estimated.
   *
   * @param agents how many there are
   * @param probability whether weights are no counts of rows
   */
  double[] of(Errors errors, double dispersion, int agents, boolean probability) {
    double[] inverse = fit.factor().inverse();
    if (errors == Errors.MODEL) {
      return newton.penalty().l2() == 0
          ? scaled(dispersion / weight, inverse)
          : scaled(dispersion / weight, between(inverse, fit.point().information()));
    }
    double factor =
        switch (errors) {
          case MODEL, HC0 -> 1;
          case HC1 -> rows / (rows - free.length);
          case AGENT -> agents / (agents - 1.0);
        };
    PooledNewton.Squares squares =
        errors == Errors.AGENT
            ? PooledNewton.Squares.AGENTS
            : probability ? PooledNewton.Squares.WEIGHTED_ROWS : PooledNewton.Squares.ROWS;
    double[] inner = newton.squaredScores(fit.point().x(), free, weight, squares);
    return scaled(factor / weight, between(inverse, inner));
  }

  private static double[] scaled(double factor, double[] matrix) {
    double[] out = new double[matrix.length];
    Vectors.setScaled(factor, matrix, 0, out, 0, out.length);
    return out;
  }

  /** The product of symmetric matrices: outer inner outer, all packed. */
  private double[] between(double[] outer, double[] inner) {
    int d = fit.point().x().length;
    double[][] a = full(outer, d);
    double[][] b = full(inner, d);
    double[][] product = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int k = 0; k < d; k++) {
        Vectors.addScaled(a[i][k], b[k], 0, product[i], 0, d);
      }
    }
    double[] packed = new double[outer.length];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        packed[Curvature.at(i, j)] = Vectors.dot(product[i], 0, a[j], 0, d);
      }
    }
    return packed;
  }

  /** A packed matrix as rows. */
  static double[][] full(double[] packed, int d) {
    double[][] matrix = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = packed[Curvature.at(i, j)];
        matrix[j][i] = matrix[i][j];
      }
    }
    return matrix;
  }
}
