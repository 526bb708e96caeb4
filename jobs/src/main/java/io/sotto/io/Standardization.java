package io.sotto.io;

import io.sotto.problem.Vectors;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a feature before the problem is solved: {@code (a - mean) / deviation}.
 *
 * @param mean what is subtracted; 0 without intercept, or if nothing is standardised
 * @param deviation what is divided by; 1 for a constant column, or if nothing is standardised
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Standardization(double[] mean, double[] deviation) implements Serializable {

  /** The centre in standardised units, {@code mean / deviation}; null if it is 0. */
  double @Nullable [] centre() {
    double[] centre = new double[mean.length];
    boolean zero = true;
    for (int j = 0; j < centre.length; j++) {
      centre[j] = mean[j] / deviation[j];
      zero &= centre[j] == 0;
    }
    return zero ? null : centre;
  }

  /** Coefficients in original units, for x in the units of the problem. */
  public double[] coefficients(double[] x) {
    double[] w = new double[mean.length];
    for (int j = 0; j < w.length; j++) {
      w[j] = x[j] / deviation[j];
    }
    return w;
  }

  /** The intercept in original units; 0 if x has none. */
  public double intercept(double[] x) {
    return x.length == mean.length
        ? 0
        : x[mean.length] - Vectors.dot(coefficients(x), 0, mean, 0, mean.length);
  }
}
