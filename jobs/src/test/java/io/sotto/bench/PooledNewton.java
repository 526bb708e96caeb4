package io.sotto.bench;

import io.sotto.problem.Hinge;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Rows;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.BlockRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * The optimum by somebody who sees all rows: Newton's method, on the logistic loss as it is, and on
 * the barrier function of the linear program for losses of straight pieces. A piece |r| / 2 is the
 * least s with s >= r / 2 and s >= -r / 2; the barrier m (log(s - r / 2) + log(s + r / 2)) costs at
 * most 2 m a row, which is a bound of the error.
 */
final class PooledNewton {
  private static final double LAST_BARRIER = 1e-12;
  private static final double CENTRAL = 1e-10;
  private static final int MOST = 500;

  private final LinearModel model;
  private final int d;

  private PooledNewton(LinearModel model) {
    this.model = model;
    this.d = model.dimension();
  }

  /**
   * F*, to about 1e-11 relative.
   *
   * @throws IllegalStateException if it is not reached
   */
  static double optimum(LinearModel model) {
    return new PooledNewton(model).solve();
  }

  /** F*, and what is surely no more than F*. */
  record Bracket(double optimum, double below) {}

  /**
   * The optimum of least absolute deviations without a regularizer, with a lower bound that rests
   * on no convergence: for u in [-1, 1] with {@code sum of u (row, 1) = 0}, {@code -sum of u y}
   * times the weight of a row is below F everywhere. Here u is the sign of the residual, but for
   * the d rows with the smallest, which make the sum 0; should some of those lie outside, all of u
   * is shrunk.
   */
  static Bracket deviations(LinearModel model) {
    PooledNewton newton = new PooledNewton(model);
    double[] x = new double[newton.d];
    double optimum = newton.solve(x);
    return new Bracket(optimum, newton.below(x));
  }

  private double below(double[] x) {
    int count = model.rows().first(model.agents());
    double[] row = new double[d];
    double[] residual = new double[count];
    Arrays.setAll(residual, r -> fill(row, r, x) - model.rows().label(r));
    int[] vertex =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(r -> Math.abs(residual[r])))
            .limit(d)
            .mapToInt(r -> r)
            .toArray();
    double[] u = Arrays.stream(residual).map(Math::signum).toArray();
    double[][] columns = new double[d][d];
    double[] sum = new double[d];
    for (int k = 0; k < d; k++) {
      u[vertex[k]] = 0;
      fill(row, vertex[k], x);
      for (int j = 0; j < d; j++) {
        columns[j][k] = row[j];
      }
    }
    for (int r = 0; r < count; r++) {
      fill(row, r, x);
      for (int j = 0; j < d; j++) {
        sum[j] -= u[r] * row[j];
      }
    }
    double[] free =
        new LUDecomposition(new BlockRealMatrix(columns))
            .getSolver()
            .solve(new ArrayRealVector(sum))
            .toArray();
    double most = 1;
    for (int k = 0; k < d; k++) {
      u[vertex[k]] = free[k];
      most = Math.max(most, Math.abs(free[k]));
    }
    double bound = 0;
    for (int r = 0; r < count; r++) {
      bound -= model.rowWeight() * u[r] * model.rows().label(r);
    }
    return bound / most;
  }

  private double solve() {
    return solve(new double[d]);
  }

  private double solve(double[] x) {
    boolean smooth = model.loss() instanceof Logistic;
    double barrier = smooth ? 0 : 1;
    for (int k = 0; k < MOST; k++) {
      double decrement = step(x, barrier);
      if (decrement <= CENTRAL * Math.max(barrier, 1e-4)) {
        if (barrier <= LAST_BARRIER) {
          return total(x);
        }
        barrier *= 0.2;
      }
    }
    throw new IllegalStateException("no optimum after " + MOST + " Newton steps");
  }

  /** A damped Newton step of the barrier function, in place; the decrement, squared. */
  private double step(double[] x, double barrier) {
    Rows rows = model.rows();
    int n = rows.features();
    double[] gradient = new double[d];
    double[][] hessian = new double[d][d];
    double[] row = new double[d];
    double l2 = model.agentWeight() * rows.agents() * model.regularizer().l2();
    for (int j = 0; j < n; j++) {
      gradient[j] = l2 * x[j];
      hessian[j][j] = l2;
    }
    for (int r = 0; r < rows.first(rows.agents()); r++) {
      double z = fill(row, r, x);
      double[] slopes = slopes(model.loss(), z, rows.label(r), barrier);
      for (int j = 0; j < d; j++) {
        gradient[j] += model.rowWeight() * slopes[0] * row[j];
        double scaled = model.rowWeight() * slopes[1] * row[j];
        if (scaled != 0) {
          double[] line = hessian[j];
          for (int k = 0; k <= j; k++) {
            line[k] += scaled * row[k];
          }
        }
      }
    }
    for (int j = 0; j < d; j++) {
      hessian[j][j] += 1e-15 * (1 + hessian[j][j]); // columns of nothing
      for (int k = 0; k < j; k++) {
        hessian[k][j] = hessian[j][k];
      }
    }
    RealMatrix matrix = new BlockRealMatrix(hessian);
    double[] move =
        new CholeskyDecomposition(matrix, 1e-8, 0)
            .getSolver()
            .solve(new ArrayRealVector(gradient))
            .toArray();
    double decrement = 0;
    for (int j = 0; j < d; j++) {
      decrement += gradient[j] * move[j];
    }
    double length = 1;
    double before = total(x, barrier);
    double[] next = new double[d];
    do {
      for (int j = 0; j < d; j++) {
        next[j] = x[j] - length * move[j];
      }
      length /= 2;
    } while (total(next, barrier) > before && length > 1e-6);
    System.arraycopy(next, 0, x, 0, d);
    return decrement;
  }

  /** The row, centred, and 1; returns its prediction. */
  private double fill(double[] row, int r, double[] x) {
    Arrays.fill(row, 0);
    int n = model.rows().features();
    model.rows().addScaled(r, 1, row, 0);
    double[] centre = model.centre();
    if (centre != null) {
      for (int j = 0; j < n; j++) {
        row[j] -= centre[j];
      }
    }
    if (model.intercept()) {
      row[n] = 1;
    }
    double z = 0;
    for (int j = 0; j < d; j++) {
      z += row[j] * x[j];
    }
    return z;
  }

  /** First and second derivative with respect to the prediction. */
  private static double[] slopes(Loss loss, double z, double y, double barrier) {
    if (loss instanceof Logistic) {
      double p = 1 / (1 + Math.exp(-y * z));
      return new double[] {-y * (1 - p), p * (1 - p)};
    }
    // s = m + sqrt(m^2 + h^2), h half the residual, is where the barrier is least
    boolean hinge = loss instanceof Hinge;
    double h = hinge ? (1 - y * z) / 2 : (z - y);
    double root = Math.hypot(barrier, h);
    double first = h / (barrier + root);
    double second = barrier / (root * (barrier + root));
    return hinge ? new double[] {-y / 2 * (1 + first), second / 4} : new double[] {first, second};
  }

  private double total(double[] x, double barrier) {
    if (barrier == 0) {
      return total(x);
    }
    Rows rows = model.rows();
    double[] row = new double[d];
    double sum = 0;
    for (int r = 0; r < rows.first(rows.agents()); r++) {
      double z = fill(row, r, x);
      double y = rows.label(r);
      boolean hinge = model.loss() instanceof Hinge;
      double h = hinge ? (1 - y * z) / 2 : (z - y);
      double root = Math.hypot(barrier, h);
      sum += (hinge ? h : 0) + root - barrier * Math.log(2 * barrier * (barrier + root));
    }
    double[] w = Arrays.copyOf(x, rows.features());
    return model.rowWeight() * sum
        + model.agentWeight() * rows.agents() * model.regularizer().value(w, 0, w.length);
  }

  private double total(double[] x) {
    double sum = 0;
    for (int i = 0; i < model.agents(); i++) {
      sum += model.value(i, x, 0);
    }
    return sum;
  }
}
