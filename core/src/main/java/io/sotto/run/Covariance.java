package io.sotto.run;

import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
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
 * @param kinked whether second derivatives are estimated, and the information of the fit is what
 *     scores vary by
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
record Covariance(
    PooledNewton newton,
    PooledNewton.Fit fit,
    int[] free,
    double weight,
    double rows,
    boolean kinked) {

  /**
   * Of all coordinates, packed; 0 for those that are not estimated.
   *
   * @param agents how many there are
   * @param probability whether weights are no counts of rows
   */
  double[] of(Errors errors, double dispersion, int agents, boolean probability) {
    double[] inverse = fit.factor().inverse();
    if (errors == Errors.MODEL) {
      return newton.penalty().l2() == 0 && !kinked
          ? scaled(dispersion / weight, inverse)
          : scaled(dispersion / weight, between(inverse, fit.point().information()));
    }
    double factor =
        switch (errors) {
          case MODEL, HC0 -> 1;
          case HC1 -> rows / (rows - free.length);
          case AGENT -> agents / (agents - 1.0);
        };
    Squares squares =
        errors == Errors.AGENT
            ? Squares.AGENTS
            : probability ? Squares.WEIGHTED_ROWS : Squares.ROWS;
    double[] inner = squaredScores(squares);
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

  /**
   * The sum of squared scores at a point, of rows or of agents, times the weight of all rows,
   * packed.
   *
   * @param of whose scores
   */
  private double[] squaredScores(Squares of) {
    double[] x = fit.point().x();
    int m = free.length;
    double[] numbers =
        newton
            .sum(
                newton.view(),
                new int[] {Curvature.size(m)},
                new double[] {PooledNewton.LARGER * newton.trace()},
                (costs, agents, i) -> squares(costs, i, x, free, weight, of))
            .numbers();
    double[] packed = new double[Curvature.size(x.length)];
    for (int a = 0; a < m; a++) {
      for (int b = 0; b <= a; b++) {
        packed[Curvature.at(free[a], free[b])] = numbers[Curvature.at(a, b)];
      }
    }
    return packed;
  }

  /** Whose scores are squared. */
  private enum Squares {
    /** Of rows that each stand for as many as their weight says. */
    ROWS,
    /** Of rows with their weight. */
    WEIGHTED_ROWS,
    /** Of all rows of an agent together. */
    AGENTS
  }

  private static double[] squares(
      LocalObjective costs, int agent, double[] x, int[] free, double weight, Squares of) {
    LocalObjective loss = PooledNewton.loss(costs);
    double[] packed = new double[Curvature.size(x.length)];
    if (of == Squares.AGENTS) {
      double[] g = new double[x.length];
      loss.gradient(agent, 0, x, 0, g);
      for (int i = 0; i < g.length; i++) {
        Vectors.addScaled(weight * g[i], g, 0, packed, Curvature.at(i, 0), i + 1);
      }
    } else {
      PooledNewton.scores(loss).addSquaredScores(agent, x, of == Squares.WEIGHTED_ROWS, packed);
      double factor = of == Squares.WEIGHTED_ROWS ? weight : 1;
      Vectors.setScaled(factor, packed, 0, packed, 0, packed.length);
    }
    double[] numbers = new double[Curvature.size(free.length)];
    PooledNewton.pick(packed, free, numbers, 0);
    return numbers;
  }
}
