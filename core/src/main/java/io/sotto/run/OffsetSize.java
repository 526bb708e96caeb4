package io.sotto.run;

import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.engine.CurvatureRequest;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.network.Links;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Curvature;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
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
 * <p>g_i the subgradient of agent i where x is 0, d the number of coordinates and k the mean number
 * of keys of an agent. So an agent's offset is about {@code scale} times as long, in the norm of S,
 * as what its subgradient has that others do not know from the mean. r and S are sums over all
 * agents; in a deployment without an operator both would be masked sums.
 *
 * @param typical r
 * @param deviation s
 * @param factor of the covariance of a shared vector, as {@link io.sotto.privacy.mechanism.Offsets}
 *     wants it
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record OffsetSize(double typical, double deviation, double[] factor) {

  /** No coordinate's S is below this part of the mean. */
  private static final double FLOOR = 0x1p-20;

  /** What is left of a second moment below this is rounding. */
  private static final double SMALL = 1e-12;

  /** Asks the cells, which must not have started yet. */
  static OffsetSize of(
      Plan plan,
      Costs costs,
      Links keys,
      double scale,
      RunSettings.Shape shape,
      Coordinator cells) {
    int d = plan.dimension();
    double[] root = roots(costs, d);
    double[] inverse = new double[d];
    Arrays.setAll(inverse, j -> 1 / root[j]);
    double[] sums = new double[1 + d];
    List<double[]> answers = cells.ask(CellReport.subgradients(new double[d], inverse), null);
    answers.forEach(answer -> Vectors.addScaled(1, answer, 0, sums, 0, sums.length));
    double common = 0;
    for (int j = 0; j < d; j++) {
      double mean = sums[1 + j] / plan.agents() * inverse[j];
      common += mean * mean;
    }
    double typical = Math.sqrt(Math.max(0, sums[0] / plan.agents() - common));
    double degree = 2.0 * keys.count() / plan.agents();
    double s = scale * typical / Math.sqrt(d * degree);
    double[] factor = shape == RunSettings.Shape.FULL ? full(plan, costs, cells) : root;
    Vectors.setScaled(s, factor, 0, factor, 0, factor.length);
    return new OffsetSize(typical, s, factor);
  }

  private static double[] roots(Costs costs, int d) {
    double[] squares = costs.squares();
    double[] roots = new double[d];
    Arrays.fill(roots, 1);
    if (squares.length > 0) {
      double floor = FLOOR * Arrays.stream(squares).average().orElse(1);
      Arrays.setAll(roots, j -> Math.sqrt(Math.max(floor, squares[j])));
    }
    return roots;
  }

  /** A d x d matrix B such that B B' is the second moments of rows, row by row. */
  private static double[] full(Plan plan, Costs costs, Coordinator cells) {
    int d = plan.dimension();
    CurvatureRequest.@Nullable Answer sum =
        CurvatureRequest.still(new Runner(plan, cells), new double[d], Double.POSITIVE_INFINITY);
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
