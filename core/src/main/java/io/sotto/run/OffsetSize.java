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
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * How large offsets are. The deviation of a vector that two agents share is {@code s S^(1/2)}, with
 *
 * <pre>
 *   s = scale r / sqrt(m k),   r^2 = mean over agents of |S^(-1/2) (g_i - mean of all g_i)|^2,
 * </pre>
 *
 * <p>g_i the subgradient of agent i, m the rank of S, and k the mean number of keys of an agent. S
 * holds the second moments of the columns over all rows: those of each column alone, or also those
 * of pairs of columns. Directions in which no row says anything get no offset, and subgradients
 * have no part there. So an agent's offset is about {@code scale} times as long, in the norm of S,
 * as the part of its subgradient that others do not know from the mean.
 *
 * <p>This is taken {@value #STEPS} gradient steps of F from 0: at 0 itself agents differ much more
 * than at the optimum (24 times as much on hospitals, 7 times on diabetes, 3 times on a Poisson
 * problem), after the steps 4, 2 and 6 times. It does not depend on where a run starts. S, r and
 * the gradients of F on the way are sums over all agents; without an operator they would be masked
 * sums.
 *
 * @param keys who shares a key with whom
 * @param shape which of the two S is; never auto
 * @param spread r
 * @param deviation s
 * @param factor of the covariance of a shared vector, as {@link io.sotto.privacy.mechanism.Offsets}
 *     wants it
 * @param inverse S^(-1/2), as {@link CellReport#subgradients} wants it
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record OffsetSize(
    Links keys,
    RunSettings.Shape shape,
    double spread,
    double deviation,
    double[] factor,
    double[] inverse) {

  /** Gradient steps before subgradients are compared. */
  private static final int STEPS = 5;

  /** Sums that are asked for in all: some steps are too long. */
  static final int QUESTIONS = 12;

  /** A direction with less than this part of the largest second moment is rounding. */
  private static final double SMALL = 1e-10;

  /** S^(1/2) and S^(-1/2): d numbers each, or d x d row by row. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Root(RunSettings.Shape shape, double[] factor, double[] inverse, long rank) {}

  /**
   * Asks the cells, which must not have started yet.
   *
   * @param shape which S; for auto, that with pairs of columns where it can be had
   * @param most up to how many coordinates those of pairs are summed
   * @throws BadInputException if they are asked for and cannot be had
   */
  static OffsetSize of(
      Runner runner, Costs costs, Links keys, double scale, RunSettings.Shape shape, int most) {
    int d = runner.plan().dimension();
    double agents = runner.plan().agents();
    Root root = root(runner, costs, shape, most);
    double spread = spread(nearOptimum(runner, d, root.inverse()), d, root.inverse(), agents);
    double s = scale * spread / Math.sqrt(Math.max(1, root.rank()) * (2 * keys.count() / agents));
    double[] factor = root.factor();
    Vectors.setScaled(s, factor, 0, factor, 0, factor.length);
    return new OffsetSize(keys, root.shape(), spread, s, factor, root.inverse());
  }

  /**
   * How much agents' subgradients at a point differ from their mean, in the norm of S: the square
   * root of the mean square over agents. An error of that size is what others make who know no more
   * than the mean.
   */
  double spread(Runner runner, double[] x) {
    return spread(sums(runner, x, inverse), x.length, inverse, runner.plan().agents());
  }

  private static double spread(double[] sums, int d, double[] inverse, double agents) {
    double[] mean = Arrays.copyOfRange(sums, 2, 2 + d);
    Vectors.setScaled(1 / agents, mean, 0, mean, 0, d);
    double common = CellReport.squaredNorm(mean, inverse);
    return Math.sqrt(Math.max(0, sums[1] / agents - common));
  }

  /** The answer to {@link CellReport#subgradients} after some steps that lower F. */
  private static double[] nearOptimum(Runner runner, int d, double[] inverse) {
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

  private static Root root(Runner runner, Costs costs, RunSettings.Shape shape, int most) {
    int d = runner.plan().dimension();
    if (shape == RunSettings.Shape.FULL && d > most) {
      throw new BadInputException(
          "privacy.shape is full, which sums a matrix of %d x %d; certificate.max-coordinates is %d: set"
                  .formatted(d, d, most)
              + " privacy.shape = auto, or raise it.");
    }
    CurvatureRequest.@Nullable Answer sum =
        shape == RunSettings.Shape.DIAGONAL || d > most
            ? null
            : CurvatureRequest.still(runner, new double[d], Double.POSITIVE_INFINITY);
    if (sum != null) {
      return full(sum.sum(), d, costs.work().rows());
    }
    if (shape == RunSettings.Shape.FULL) {
      throw new BadInputException(
          "privacy.shape is full, which needs a loss with second derivatives, and %s has none; set"
                  .formatted(costs.name())
              + " privacy.shape = auto.");
    }
    return diagonal(costs, d);
  }

  /** Where no row says anything of a coordinate, both are 0. */
  private static Root diagonal(Costs costs, int d) {
    double[] roots = costs.sizes().clone();
    if (roots.length == 0) {
      roots = new double[d];
      Arrays.fill(roots, 1);
    }
    double[] inverse = roots.clone();
    Arrays.setAll(inverse, j -> inverse[j] > 0 ? 1 / inverse[j] : 0);
    long rank = Arrays.stream(roots).filter(root -> root > 0).count();
    return new Root(RunSettings.Shape.DIAGONAL, roots, inverse, rank);
  }

  /** By eigenvectors, of which a column of the factor and a row of the inverse are multiples. */
  private static Root full(double[] packed, int d, long rows) {
    RealMatrix moments = new Array2DRowRealMatrix(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double mean = packed[Curvature.at(i, j)] / rows;
        moments.setEntry(i, j, mean);
        moments.setEntry(j, i, mean);
      }
    }
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(moments); // descending
    double[] factor = new double[d * d];
    double[] inverse = new double[d * d];
    int rank = 0;
    for (; rank < d && eigen.getEigenvalue(rank) > SMALL * eigen.getEigenvalue(0); rank++) {
      double root = Math.sqrt(eigen.getEigenvalue(rank));
      for (int j = 0; j < d; j++) {
        double of = eigen.getEigenvector(rank).getEntry(j);
        factor[j * d + rank] = root * of;
        inverse[rank * d + j] = of / root;
      }
    }
    return new Root(RunSettings.Shape.FULL, factor, inverse, rank);
  }
}
