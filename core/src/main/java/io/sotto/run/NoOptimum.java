package io.sotto.run;

import io.sotto.engine.CurvatureRequest;
import io.sotto.engine.Runner;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Curvature;
import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.problem.Vectors;
import io.sotto.result.LowerBound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run whose problem has no optimum: its coefficients would grow for ever. Examples are
 * classes that are separable without a penalty, counts of a group that are all 0, or only one
 * class. Then there is a direction along which no row's loss ever rises and some row's falls for
 * ever (a direction of recession; Albert and Anderson 1984 call rows that have one separated). The
 * agents check that on their own rows. They tell nothing but yes or no, and sums over rows whose
 * predictions stay the same.
 *
 * <p>Where to look: along the intercepts before the first tick; later, when the number of
 * measurements is a power of two, along the estimate and along its last move. Of a move only some
 * rows fall and the others are about to stand still, so it is also tried without all of its parts
 * along these rows, which makes them stand still.
 */
final class NoOptimum implements Optimization.Observer {
  /** The losses that can fall for ever towards a value that they never reach. */
  private static final Set<String> LOSSES =
      Set.of("logistic", "poisson", "softmax", PiecewiseExponential.NAME);

  /** A row whose prediction changes by less than this part of the largest change stands still. */
  private static final double[] STILL = {0.1, 0.01, 0};

  /** From so many measurements on a move is tried without its parts along such rows. */
  private static final int FEWEST = 8;

  /** Eigenvalues below this part of the largest are 0. */
  private static final double ZERO = 1e-9;

  private static final int SHOWN = 5;
  private static final double SMALL = 0.01;

  private final Runner runner;
  private final Costs costs;
  private final int coordinates;
  private final boolean looks;
  private final boolean free;
  private final Optimization.Observer next;
  private int measured;
  private double[] before = {};

  /**
   * @param looks whether the cells may be asked at all
   * @param free whether neither penalty nor set holds the coefficients
   * @param coordinates up to how many matrices of all agents are summed
   * @param next the observer to which everything is passed on
   */
  private NoOptimum(
      Runner runner,
      Costs costs,
      boolean looks,
      boolean free,
      int coordinates,
      Optimization.Observer next) {
    this.runner = runner;
    this.costs = costs;
    this.looks = looks;
    this.free = free;
    this.coordinates = coordinates;
    this.next = next;
  }

  /** Wraps an observer; looks at nothing unless the problem may have no optimum. */
  static NoOptimum before(Runner runner, Prepared prepared, Optimization.Observer next) {
    Costs costs = prepared.costs();
    RunSettings settings = prepared.settings();
    boolean free = costs.nature().likelihood() && settings.constraints().isEmpty();
    boolean looks = LOSSES.contains(costs.name()) && prepared.plan().mechanism().measurable();
    return new NoOptimum(runner, costs, looks, free, settings.stop().certifiedCoordinates(), next);
  }

  /** Where the mean was when it was last looked; empty if that was not yet. */
  double[] looked() {
    return before;
  }

  /** Goes on where a run stood. */
  void resume(SavedRun from) {
    measured = from.trace().size();
    before = from.looked();
  }

  @Override
  public void ticked(long tick, long supersteps) {
    next.ticked(tick, supersteps);
  }

  @Override
  public void measured(RunState now) {
    next.measured(now);
    if (!looks) {
      return;
    }
    double[] x = now.last().mean();
    measured++;
    if (measured == 1) {
      refuse(intercepts(), false);
      before = x;
    } else if (free && (seemsDone(now) || Integer.bitCount(measured) == 1)) {
      double[] move = x.clone();
      Vectors.addScaled(-1, before, 0, move, 0, move.length);
      refuse(new double[][] {x, move}, true);
      if ((seemsDone(now) || measured >= FEWEST) && x.length <= coordinates) {
        refuse(sharpened(move), true);
      }
      before = x;
    }
  }

  /** True once, at the measurement at which the run seems to be done and is not certified to be. */
  private static boolean seemsDone(RunState now) {
    return now.tick() > 0
        && now.settled() == now.tick()
        && now.last().bound().kind() == LowerBound.Kind.NONE;
  }

  /**
   * Looks along a point that does not come to rest, and its last move.
   *
   * @throws BadInputException if there is no optimum
   */
  void require(double[] x, double[] move) {
    if (looks && free) {
      refuse(new double[][] {x, move}, true);
      refuse(sharpened(move), true);
    }
  }

  /** Both ways along each intercept. */
  private double[][] intercepts() {
    Objective.Shape shape = costs.shape();
    int count = shape.dimension() - shape.coefficients();
    double[][] all = new double[2 * count][shape.dimension()];
    for (int k = 0; k < count; k++) {
      all[2 * k][shape.coefficients() + k] = 1;
      all[2 * k + 1][shape.coefficients() + k] = -1;
    }
    return all;
  }

  /** A direction without its parts along rows that nearly stand still. */
  private double[][] sharpened(double[] direction) {
    CurvatureRequest.Answer most = CurvatureRequest.change(runner, direction);
    List<double[]> all = new ArrayList<>();
    for (double part : STILL) {
      CurvatureRequest.Answer still =
          most == null ? null : CurvatureRequest.still(runner, direction, part * most.most());
      if (still != null) {
        all.add(without(direction, still.sum()));
      }
    }
    return all.toArray(double[][]::new);
  }

  /** What of a direction a matrix, packed, makes 0. */
  private static double[] without(double[] direction, double[] packed) {
    int d = direction.length;
    RealMatrix matrix = new Array2DRowRealMatrix(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        matrix.setEntry(i, j, packed[Curvature.at(i, j)]);
        matrix.setEntry(j, i, packed[Curvature.at(i, j)]);
      }
    }
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(matrix); // descending
    double[] left = direction.clone();
    for (int k = 0; k < d && eigen.getEigenvalue(k) > ZERO * eigen.getEigenvalue(0); k++) {
      RealVector vector = eigen.getEigenvector(k);
      double[] axis = vector.toArray();
      Vectors.addScaled(-Vectors.dot(axis, 0, left, 0, d), axis, 0, left, 0, d);
    }
    return left;
  }

  private void refuse(double[][] directions, boolean coefficients) {
    boolean[] recede = CurvatureRequest.recede(runner, directions);
    for (int k = 0; recede != null && k < directions.length; k++) {
      if (recede[k]) {
        throw new BadInputException(
            ("The problem has no optimum: along %s no row's loss ever rises, and some fall for ever;"
                    + " %s.")
                .formatted(
                    words(costs, directions[k]),
                    coefficients
                        ? "set problem.l2 above 0, or bound the coefficients by a set in"
                            + " problem.constraints"
                        : "the rows that count have one label only, or counts of 0 only. Give rows"
                            + " of another label, or set data.intercept = false and problem.l2 above"
                            + " 0 (problem.l2 alone does not hold the intercept)"));
      }
    }
  }

  /** The direction by features, the largest parts of it first. */
  static String words(Costs costs, double[] direction) {
    Objective.Shape shape = costs.shape();
    double[] w = Arrays.copyOf(costs.units().coefficients(direction, shape), direction.length);
    double[] intercepts = costs.units().intercepts(direction, shape);
    System.arraycopy(
        intercepts, 0, w, shape.coefficients(), direction.length - shape.coefficients());
    double largest = 0;
    for (double one : direction) {
      largest = Math.max(largest, Math.abs(one));
    }
    double limit = SMALL * largest;
    Integer[] order =
        IntStream.range(0, direction.length)
            .filter(j -> Math.abs(direction[j]) > limit)
            .boxed()
            .sorted(Comparator.comparingDouble(j -> -Math.abs(direction[j])))
            .limit(SHOWN)
            .toArray(Integer[]::new);
    boolean few = order.length < SHOWN;
    double scale = Arrays.stream(order).mapToDouble(j -> Math.abs(w[j])).max().orElse(1);
    return Arrays.stream(order)
            .map(j -> String.format(Locale.ROOT, "%+.3g %s", w[j] / scale, name(costs, j)))
            .collect(Collectors.joining(", "))
        + (few ? "" : ", ...");
  }

  static String name(Costs costs, int j) {
    Objective.Shape shape = costs.shape();
    @Nullable Schema schema = costs.schema();
    boolean coefficient = j < shape.coefficients();
    int features = shape.coefficients() / Math.max(1, shape.outputs());
    String name =
        !coefficient ? "intercept" : schema == null ? "x" + j : schema.features().get(j % features);
    int output = coefficient ? j / features : j - shape.coefficients();
    return shape.outputs() > 1 && schema != null
        ? name + " of class " + schema.labels().classes().get(output)
        : name;
  }
}
