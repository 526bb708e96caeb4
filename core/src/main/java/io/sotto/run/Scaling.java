package io.sotto.run;

import io.sotto.problem.Coordinates;
import io.sotto.problem.Groups;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import java.util.Arrays;

/**
 * The coordinates in which a problem of rows is computed. Objective, penalties and sets stay those
 * that were configured; what changes is how long a step is along each of them. With s_j the
 * deviation of a column (around 0 where there is no intercept), a coefficient w_j is taken as
 *
 * <pre>
 *   x_j = w_j sqrt( (s_j^2 + l2 / curvature) / (1 + l2 / curvature) )
 * </pre>
 *
 * <p>which makes the second derivatives of F along all x_j about the same: 1 / sqrt of the diagonal
 * of the Hessian is the classical choice (van der Sluis 1969). Predictions are of columns with
 * their means taken away, so that the intercept does not move with coefficients. On standardised
 * columns nothing is left to do.
 *
 * @param units from the columns as they are to those coordinates
 * @param coefficients what one of a coordinate is in its coefficient; none at all if all are 1
 */
record Scaling(Standardization units, Coordinates coefficients) {

  /** A column of sparse rows is centred only if its mean is this many times its deviation. */
  private static final double LARGE_MEAN = 1;

  private static final double LEAST = 1e-140;

  /**
   * Makes one.
   *
   * @param schema of the rows
   * @param moments of the columns as they are: means, then deviations
   * @param l2 of the penalty
   * @param curvature a typical second derivative of the loss of a row, above 0
   * @param groups whose coefficients must have the same units
   * @param stretch false if coefficients must stay as they are: then columns are only centred
   */
  static Scaling of(
      Schema schema,
      double[][] moments,
      double l2,
      double curvature,
      Groups groups,
      boolean stretch) {
    Standardization problem = schema.standardization();
    double[] scale = new double[problem.deviation().length];
    Arrays.fill(scale, 1);
    double floor = l2 / curvature;
    for (int j = 0; stretch && j < scale.length; j++) {
      double deviation = moments[1][j] / problem.deviation()[j];
      double around = schema.intercept() ? 0 : moments[0][j] / problem.deviation()[j];
      double size = Math.sqrt((deviation * deviation + around * around + floor) / (1 + floor));
      if (!(size > LEAST && size < 1 / LEAST)) { // squares overflow or underflow
        size =
            StrictMath.hypot(StrictMath.hypot(deviation, around), Math.sqrt(floor))
                / Math.sqrt(1 + floor);
      }
      scale[j] = size > 0 && Double.isFinite(size) ? size : 1;
    }
    if (stretch) {
      groups.level(scale);
    }
    double[] mean = problem.mean().clone();
    double[] deviation = problem.deviation().clone();
    double[] units = new double[scale.length];
    boolean same = true;
    for (int j = 0; j < scale.length; j++) {
      deviation[j] *= scale[j];
      units[j] = 1 / scale[j];
      same &= Math.abs(scale[j] - 1) < 1e-9;
      boolean large = Math.abs(moments[0][j]) > LARGE_MEAN * moments[1][j];
      if (schema.intercept() && (!schema.sparse() || large)) {
        mean[j] = moments[0][j];
      }
    }
    if (same) {
      return new Scaling(new Standardization(mean, problem.deviation()), Coordinates.NONE);
    }
    return new Scaling(
        new Standardization(mean, deviation), Coordinates.of(repeated(units, schema.shape())));
  }

  /** What a coefficient is in the units of its column, for one of it as the problem is solved. */
  static Coordinates original(Schema schema) {
    double[] units = new double[schema.features().size()];
    Arrays.fill(units, 1);
    if (schema.shape().outputs() > 0) {
      Arrays.setAll(units, j -> 1 / schema.standardization().deviation()[j]);
    }
    return Coordinates.of(repeated(units, schema.shape()));
  }

  /** For each coefficient of each prediction. */
  private static double[] repeated(double[] units, Objective.Shape shape) {
    double[] all = new double[shape.coefficients()];
    Arrays.setAll(all, j -> units[j % units.length]);
    return all;
  }
}
