package io.sotto.result;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$;
import breeze.optimize.ApproximateGradientFunction;
import breeze.optimize.DiffFunction;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.LBFGS;
import breeze.optimize.OWLQN;
import breeze.optimize.SpectralProjectedGradient;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.optim.linear.LinearConstraint;
import org.hipparchus.optim.linear.LinearConstraintSet;
import org.hipparchus.optim.linear.LinearObjectiveFunction;
import org.hipparchus.optim.linear.NonNegativeConstraint;
import org.hipparchus.optim.linear.Relationship;
import org.hipparchus.optim.linear.SimplexSolver;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import scala.Predef$;
import scala.runtime.AbstractFunction1;

/** Optima by other people's methods: quasi-Newton, the simplex method, a factorisation. */
final class CentralSolver {
  private static final double DIFFERENCE = 1e-7;
  private static final double TOLERANCE = 1e-6;

  private CentralSolver() {}

  /**
   * The minimiser of a smooth cost plus {@code sum_j l1_j |x_j|}: L-BFGS, or OWL-QN if needed.
   * Gradients are Breeze's own differences, since Java cannot implement its trait of functions:
   * they are off by about {@value #DIFFERENCE}, and the cost by the square of that.
   */
  static double[] minimise(ToDoubleFunction<double[]> cost, double... l1) {
    var space = DenseVector$.MODULE$.space_Double();
    DiffFunction<DenseVector<Object>> f = differentiable(cost);
    boolean plain = Arrays.stream(l1).allMatch(weight -> weight == 0);
    FirstOrderMinimizer<DenseVector<Object>, DiffFunction<DenseVector<Object>>> method =
        plain
            ? new LBFGS<>(1_000, 10, TOLERANCE, space)
            : new OWLQN<>(
                1_000, 10, new Scala<Object, Object>(j -> l1[(Integer) j]), TOLERANCE, space);
    return (double[]) method.minimize(f, new DenseVector<>(new double[l1.length])).data();
  }

  /**
   * A cost with its differences. The class that proves to Scala that a vector is a tensor has
   * another name in 2.12 and in 2.13, so this calls the one constructor by reflection.
   */
  @SuppressWarnings("unchecked") // of vectors of doubles, which is all that is put in
  private static DiffFunction<DenseVector<Object>> differentiable(ToDoubleFunction<double[]> cost) {
    var space = DenseVector$.MODULE$.space_Double();
    try {
      return (DiffFunction<DenseVector<Object>>)
          ApproximateGradientFunction.class.getConstructors()[0].newInstance(
              new Scala<DenseVector<Object>, Object>(x -> cost.applyAsDouble((double[]) x.data())),
              DIFFERENCE,
              space.zeroLike(),
              Predef$.MODULE$.$conforms(),
              space.copy());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Breeze has another constructor", e);
    }
  }

  /** A minimiser of a smooth cost on a set, by spectral projected gradients; in the set. */
  static double[] projected(
      ToDoubleFunction<double[]> cost, UnaryOperator<double[]> onto, double[] start) {
    var space = DenseVector$.MODULE$.space_Double();
    DiffFunction<DenseVector<Object>> f = differentiable(cost);
    var method =
        new SpectralProjectedGradient<DenseVector<Object>>(
            new Scala<DenseVector<Object>, DenseVector<Object>>(
                x -> new DenseVector<>(onto.apply((double[]) x.data()))),
            1e-9,
            1e-4,
            10,
            1e10,
            1e-10,
            10,
            500,
            true,
            false,
            1,
            30,
            space);
    return onto.apply((double[]) method.minimize(f, new DenseVector<>(start.clone())).data());
  }

  /** A function as Scala wants it. */
  private static final class Scala<T, R> extends AbstractFunction1<T, R> {
    private final Function<T, R> function;

    Scala(Function<T, R> function) {
      this.function = function;
    }

    @Override
    public R apply(T argument) {
      return function.apply(argument);
    }
  }

  /**
   * The x for which {@code sum_r (above u_r + below v_r)} is least, where {@code a_r.x + u_r - v_r
   * = y_r} and u, v >= 0: a linear program. With below = 0 and 0 <= above it is the sum of
   * shortfalls max(0, y_r - a_r.x).
   */
  static double[] piecewise(double[][] a, double[] y, double above, double below) {
    int n = a[0].length;
    int rows = a.length;
    double[] goal = new double[2 * n + 2 * rows]; // x = p - q with p, q >= 0; then u, then v
    Arrays.fill(goal, 2 * n, 2 * n + rows, above);
    Arrays.fill(goal, 2 * n + rows, goal.length, below);
    LinearConstraint[] constraints = new LinearConstraint[rows];
    for (int r = 0; r < rows; r++) {
      double[] row = new double[goal.length];
      for (int j = 0; j < n; j++) {
        row[j] = a[r][j];
        row[n + j] = -a[r][j];
      }
      row[2 * n + r] = 1;
      row[2 * n + rows + r] = -1;
      constraints[r] = new LinearConstraint(row, Relationship.EQ, y[r]);
    }
    double[] point =
        new SimplexSolver()
            .optimize(
                new LinearObjectiveFunction(goal, 0),
                new LinearConstraintSet(constraints),
                GoalType.MINIMIZE,
                new NonNegativeConstraint(true))
            .getPoint();
    return IntStream.range(0, n).mapToDouble(j -> point[j] - point[n + j]).toArray();
  }

  /** The x for which {@code sum_r (a_r.x - y_r)^2} is least. */
  static double[] leastSquares(double[][] a, double[] y) {
    return new QRDecomposition(new Array2DRowRealMatrix(a))
        .getSolver()
        .solve(new ArrayRealVector(y))
        .toArray();
  }
}
