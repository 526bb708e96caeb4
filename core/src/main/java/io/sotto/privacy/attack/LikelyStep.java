package io.sotto.privacy.attack;

import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A proximal step of a likely cost: the minimiser of {@code f_u(x) + weight / 2 |x - target|^2}
 * over the set, and how it changes.
 */
final class LikelyStep {
  private static final int ROUNDS = 80;
  private static final double EXACT = 1e-10;

  /** While a step leaves less than this part of the error, its curvature is good enough. */
  private static final double CONTRACTION = 0.2;

  private static final double DIFFERENCE = 1e-6;

  private final LikelyCosts costs;
  private final ConstraintSet set;
  private final int coefficients;
  private final int d;
  private final int u;
  private final double[] theta;
  private final double[] target;
  private final double weight;
  private final double length;

  LikelyStep(
      LikelyCosts costs,
      ConstraintSet set,
      int coefficients,
      double smoothness,
      int u,
      double[] theta,
      double[] target,
      double weight) {
    this.costs = costs;
    this.set = set;
    this.coefficients = coefficients;
    this.d = target.length;
    this.u = u;
    this.theta = theta;
    this.target = target;
    this.weight = weight;
    this.length = 1 / (weight + costs.ratio(u) * smoothness);
  }

  /** x less a gradient step, before it is projected. */
  private double[] stepped(double[] x) {
    double[] g = new double[d];
    costs.gradient(u, theta, x, g);
    double[] y = x.clone();
    for (int j = 0; j < d; j++) {
      y[j] -= length * (g[j] + weight * (x[j] - target[j]));
    }
    return y;
  }

  /** By Newton steps on x = P(x less a gradient step), or that gradient step. */
  void solve(double[] x) {
    double[] y = stepped(x);
    double[] p = set.projected(y, coefficients);
    double off = Vectors.distance(x, p);
    DecompositionSolver newton = null;
    for (int k = 0; k < ROUNDS && off > EXACT * Math.max(1, Vectors.norm(x)); k++) {
      double[][] back = new double[d][1];
      for (int j = 0; j < d; j++) {
        back[j][0] = p[j] - x[j];
      }
      newton = newton == null ? newton(x) : newton;
      double[][] move =
          newton == null ? back : newton.solve(new Array2DRowRealMatrix(back, false)).getData();
      double[] next = x.clone();
      for (int j = 0; j < d; j++) {
        next[j] += move[j][0];
      }
      double[] nextY = stepped(next);
      double[] nextP = set.projected(nextY, coefficients);
      if (!(Vectors.distance(next, nextP) < off)) {
        next = p;
        nextP = set.projected(stepped(next), coefficients);
      }
      System.arraycopy(next, 0, x, 0, d);
      p = nextP;
      double left = Vectors.distance(x, p);
      newton = left < CONTRACTION * off ? newton : null;
      off = left;
    }
  }

  /** Of x = P(x less a gradient step); null for that gradient step. */
  private @Nullable DecompositionSolver newton(double[] x) {
    RealMatrix k = costs.curvature(u, theta, x);
    RealMatrix eye = MatrixUtils.createRealIdentityMatrix(d);
    RealMatrix rest = eye.scalarMultiply(1 - length * weight).subtract(k.scalarMultiply(length));
    RealMatrix square = eye.subtract(projection(set, coefficients, stepped(x)).multiply(rest));
    DecompositionSolver solver = new LUDecomposition(square).getSolver();
    return solver.isNonSingular() ? solver : null;
  }

  /** How x changes as {@code weight target - gradient} changes so. */
  double[][] change(double[] x, double[][] pull) {
    RealMatrix right =
        projection(set, coefficients, stepped(x))
            .multiply(new Array2DRowRealMatrix(pull, false))
            .scalarMultiply(length);
    DecompositionSolver newton = newton(x);
    return newton == null ? right.getData() : newton.solve(right).getData();
  }

  /** The derivative of the projection onto the set. */
  static RealMatrix projection(ConstraintSet set, int coefficients, double[] y) {
    int d = y.length;
    RealMatrix derivative = MatrixUtils.createRealIdentityMatrix(d);
    int n = coefficients;
    double[] p = set.projected(y, n);
    if (!Arrays.equals(p, y)) {
      double step = DIFFERENCE * Math.max(1, Vectors.norm(y));
      double[] moved = y.clone();
      for (int j = 0; j < n; j++) {
        moved[j] += step;
        double[] to = set.projected(moved, n);
        moved[j] = y[j];
        for (int i = 0; i < d; i++) {
          derivative.setEntry(i, j, (to[i] - p[i]) / step);
        }
      }
    }
    return derivative;
  }
}
