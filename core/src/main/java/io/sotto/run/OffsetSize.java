package io.sotto.run;

import io.sotto.engine.CellReport;
import io.sotto.engine.CurvatureRequest;
import io.sotto.engine.Runner;
import io.sotto.network.Links;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Curvature;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RectangularCholeskyDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * How large offsets are. The deviation of a vector that two agents share is {@code s S^(1/2)}, with
 *
 * <pre>
 *   s = scale r / sqrt(d k),   r^2 = mean over agents of |S^(-1/2) (g_i - mean of all g_i)|^2,
 * </pre>
 *
 * <p>g_i the subgradient of agent i, d the number of coordinates, and k the mean number of keys of
 * an agent. So an agent's offset is about {@code scale} times as long, in the norm of S, as the
 * part of its subgradient that others do not know from the mean. This is taken {@value #STEPS}
 * gradient steps of F from 0: at 0 itself agents differ much more than at the optimum (24 times as
 * much on hospitals, 7 times on diabetes, 3 times on a Poisson problem), after the steps 4, 2 and 6
 * times. It does not depend on where a run starts. S, r and the gradients of F on the way are sums
 * over all agents; without an operator they would be masked sums.
 *
 * @param spread r
 * @param deviation s
 * @param factor of the covariance of a shared vector, as {@link io.sotto.privacy.mechanism.Offsets}
 *     wants it
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record OffsetSize(double spread, double deviation, double[] factor) {

  /** Gradient steps before subgradients are compared. */
  private static final int STEPS = 5;

  /** Sums that are asked for in all: some steps are too long. */
  static final int QUESTIONS = 12;

  /** What is left of a second moment below this is rounding. */
  private static final double SMALL = 1e-12;

  /** Asks the cells, which must not have started yet. */
  static OffsetSize of(
      Runner runner, Costs costs, Links keys, double scale, RunSettings.Shape shape, int most) {
    int d = runner.plan().dimension();
    double agents = runner.plan().agents();
    double[] root = roots(costs, d);
    double[] inverse = inverse(root);
    double[] sums = nearOptimum(runner, inverse);
    double spread = spread(sums, inverse, agents);
    double s = scale * spread / Math.sqrt(d * (2 * keys.count() / agents));
    double[] factor = shape == RunSettings.Shape.FULL ? full(runner, costs, most) : root;
    Vectors.setScaled(s, factor, 0, factor, 0, factor.length);
    return new OffsetSize(spread, s, factor);
  }

  /**
   * How much agents' subgradients at a point differ from their mean, in the norm of S: the square
   * root of the mean square over agents. An error of that size is what others make who know no more
   * than the mean.
   */
  static double spread(Runner runner, Costs costs, double[] x) {
    double[] inverse = inverse(roots(costs, x.length));
    return spread(sums(runner, x, inverse), inverse, runner.plan().agents());
  }

  private static double spread(double[] sums, double[] inverse, double agents) {
    double common = 0;
    for (int j = 0; j < inverse.length; j++) {
      double mean = sums[2 + j] / agents * inverse[j];
      common += mean * mean;
    }
    return Math.sqrt(Math.max(0, sums[1] / agents - common));
  }

  /** The answer to {@link CellReport#subgradients} after some steps that lower F. */
  private static double[] nearOptimum(Runner runner, double[] inverse) {
    int d = inverse.length;
    double[] x = runner.projected(new double[d]);
    double[] at = sums(runner, x, inverse);
    double square = Vectors.dot(at, 2, at, 2, d);
    double step =
        Double.isFinite(runner.lipschitz())
            ? 1 / runner.lipschitz()
            : Math.abs(at[0]) / square; // Polyak's for an optimal value of 0
    int taken = 0;
    for (int k = 0; taken < STEPS && k < QUESTIONS && Double.isFinite(step); k++) {
      double[] next = x.clone();
      Vectors.addScaled(-step, at, 2, next, 0, d);
      next = runner.projected(next);
      double[] there = sums(runner, next, inverse);
      if (there[0] <= at[0]) {
        x = next;
        at = there;
        taken++;
      } else {
        step /= 4;
      }
    }
    return at;
  }

  private static double[] sums(Runner runner, double[] x, double[] inverse) {
    double[] sums = new double[2 + x.length];
    for (double[] answer : runner.cells().ask(CellReport.subgradients(x, inverse), null)) {
      Vectors.addScaled(1, answer, 0, sums, 0, sums.length);
    }
    return sums;
  }

  /** The roots of the diagonal of S; 0 where no row says anything of a coordinate. */
  private static double[] roots(Costs costs, int d) {
    double[] roots = costs.sizes().clone();
    if (roots.length == 0) {
      roots = new double[d];
      Arrays.fill(roots, 1);
    }
    return roots;
  }

  private static double[] inverse(double[] roots) {
    double[] inverse = new double[roots.length];
    Arrays.setAll(inverse, j -> roots[j] > 0 ? 1 / roots[j] : 0);
    return inverse;
  }

  /** A d x d matrix B such that B B' is the second moments of rows, row by row. */
  private static double[] full(Runner runner, Costs costs, int most) {
    int d = runner.plan().dimension();
    if (d > most) {
      throw new BadInputException(
          "privacy.shape is full, which sums a matrix of %d x %d; certificate.max-coordinates is %d: set"
                  .formatted(d, d, most)
              + " privacy.shape = diagonal, or raise it.");
    }
    CurvatureRequest.@Nullable Answer sum =
        CurvatureRequest.still(runner, new double[d], Double.POSITIVE_INFINITY);
    if (sum == null) {
      throw new BadInputException(
          "privacy.shape is full, which needs a loss with second derivatives, and %s has none; set"
                  .formatted(costs.name())
              + " privacy.shape = diagonal.");
    }
    RealMatrix moments = new Array2DRowRealMatrix(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double mean = sum.sum()[Curvature.at(i, j)] / costs.work().rows();
        moments.setEntry(i, j, mean);
        moments.setEntry(j, i, mean);
      }
    }
    RealMatrix root = new RectangularCholeskyDecomposition(moments, SMALL).getRootMatrix();
    double[] factor = new double[d * d];
    for (int i = 0; i < d; i++) {
      System.arraycopy(root.getRow(i), 0, factor, i * d, root.getColumnDimension());
    }
    return factor;
  }
}
