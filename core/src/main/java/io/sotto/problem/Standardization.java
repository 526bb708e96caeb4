package io.sotto.problem;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a feature before the problem is solved: {@code (a - mean) / deviation}.
 *
 * @param mean what is subtracted; 0 without intercept, or if nothing is standardised
 * @param deviation what is divided by; 1 for a constant column, or if nothing is standardised
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Standardization(double[] mean, double[] deviation) implements Serializable {

  /** Of features that stay as they are. */
  public static Standardization none(int features) {
    double[] deviation = new double[features];
    Arrays.fill(deviation, 1);
    return new Standardization(new double[features], deviation);
  }

  /**
   * To mean 0, where there is an intercept, and deviation 1.
   *
   * @param means of columns
   * @param deviations of columns; 0 for a constant one, which gets scale 1
   * @param intercept whether means are taken away
   */
  public static Standardization of(double[] means, double[] deviations, boolean intercept) {
    double[] deviation = new double[deviations.length];
    Arrays.setAll(deviation, j -> deviations[j] > 0 ? deviations[j] : 1);
    return new Standardization(intercept ? means : new double[means.length], deviation);
  }

  /** True if features stay as they are. */
  public boolean isNone() {
    return isSame(none(mean.length));
  }

  /** True if it does the same as another one. */
  public boolean isSame(Standardization other) {
    return Arrays.equals(mean, other.mean) && Arrays.equals(deviation, other.deviation);
  }

  /** The centre in standardised units, {@code mean / deviation}; null if it is 0. */
  public double @Nullable [] centre() {
    double[] centre = new double[mean.length];
    boolean zero = true;
    for (int j = 0; j < centre.length; j++) {
      centre[j] = mean[j] / deviation[j];
      zero &= centre[j] == 0;
    }
    return zero ? null : centre;
  }

  /** Coefficients of one prediction in original units, for x in the units of the problem. */
  public double[] coefficients(double[] x) {
    return coefficients(x, Objective.Shape.linear(1, mean.length, x.length > mean.length));
  }

  /** The intercept of one prediction in original units; 0 if x has none. */
  public double intercept(double[] x) {
    return intercepts(x, Objective.Shape.linear(1, mean.length, x.length > mean.length))[0];
  }

  /**
   * Coefficients in original units, those of one prediction after the other; as they are if they
   * are not those of predictions.
   */
  public double[] coefficients(double[] x, Objective.Shape shape) {
    double[] w = Arrays.copyOf(x, shape.coefficients());
    for (int j = 0; shape.outputs() > 0 && j < w.length; j++) {
      w[j] = x[j] / deviation[j % deviation.length];
    }
    return w;
  }

  /**
   * The intercept of each prediction in original units, 0 if x has none; the coordinates that are
   * no coefficients, as they are, if there are no predictions.
   */
  public double[] intercepts(double[] x, Objective.Shape shape) {
    if (shape.outputs() == 0) {
      return Arrays.copyOfRange(x, shape.coefficients(), shape.dimension());
    }
    double[] b = new double[shape.outputs()];
    if (shape.dimension() > shape.coefficients()) {
      double[] w = coefficients(x, shape);
      for (int k = 0; k < b.length; k++) {
        b[k] = x[w.length + k] - Vectors.dot(w, k * mean.length, mean, 0, mean.length);
      }
    }
    return b;
  }

  /** In place, from original units to those of the problem: the way back. */
  public void solve(double[] x, int at, Objective.Shape shape) {
    int n = mean.length;
    for (int k = 0; k < shape.outputs(); k++) {
      int from = at + k * n;
      if (shape.dimension() > shape.coefficients()) {
        x[at + shape.coefficients() + k] += Vectors.dot(x, from, mean, 0, n);
      }
      for (int j = 0; j < n; j++) {
        x[from + j] *= deviation[j];
      }
    }
  }

  /**
   * A dual, such as a gradient, in original units: the transpose of how x goes to the units of the
   * problem. In place, and back again by {@link #solveDual}.
   */
  public void originalDual(double[] g, int at, Objective.Shape shape) {
    for (int j = 0; j < shape.outputs() * mean.length; j++) {
      int feature = j % mean.length;
      g[at + j] = deviation[feature] * g[at + j] + mean[feature] * ofIntercept(g, at, j, shape);
    }
  }

  /** In place, a dual from original units to those of the problem. */
  public void solveDual(double[] g, int at, Objective.Shape shape) {
    for (int j = 0; j < shape.outputs() * mean.length; j++) {
      int feature = j % mean.length;
      g[at + j] = (g[at + j] - mean[feature] * ofIntercept(g, at, j, shape)) / deviation[feature];
    }
  }

  /** What stands for the intercept of the prediction that a coefficient belongs to. */
  private double ofIntercept(double[] g, int at, int coefficient, Objective.Shape shape) {
    return shape.dimension() > shape.coefficients()
        ? g[at + shape.coefficients() + coefficient / mean.length]
        : 0;
  }
}
