package io.sotto.formula;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Polynomials that are orthogonal over all rows, of squared norm 1 there, as {@code poly} of R has
 * them: p_0 = 1, p_1 = x - alpha_1, p_{k+1} = (x - alpha_{k+1}) p_k - norm2_k / norm2_{k-1}
 * p_{k-1}. They are made of sums of powers over rows, of (x - mean) / deviation so that these keep
 * their digits.
 */
final class Polynomials implements Serializable {
  private static final long serialVersionUID = 1;
  private final double mean;
  private final double deviation;
  private final double[] sums;

  /**
   * @param degree the highest
   * @param mean about that of the numbers to come
   * @param deviation about that of theirs; above 0
   */
  Polynomials(int degree, double mean, double deviation) {
    this.mean = mean;
    this.deviation = deviation;
    this.sums = new double[2 * degree + 1];
  }

  /** Takes the number of a row. */
  void add(double x) {
    double z = (x - mean) / deviation;
    double power = 1;
    for (int k = 0; k < sums.length; k++) {
      sums[k] += power;
      power *= z;
    }
  }

  /** Adds those of other rows. */
  void plus(Polynomials other) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += other.sums[k];
    }
  }

  /** How many rows there were. */
  double rows() {
    return sums[0];
  }

  /**
   * R's alpha, then its norm2 from that of p_0 on.
   *
   * @return empty if there are too few different numbers
   */
  List<List<Double>> coefficients() {
    int degree = sums.length / 2;
    List<Double> alpha = new ArrayList<>();
    List<Double> norms = new ArrayList<>();
    double[] before = {0};
    double[] p = {1};
    double norm = sums[0];
    norms.add(norm);
    double scale = 1;
    for (int k = 1; k <= degree; k++) {
      double centre = inner(p, p, 1) / norm;
      double[] next = new double[k + 1];
      double ratio = k == 1 ? 0 : norm / inner(before, before, 0);
      for (int i = 0; i < p.length; i++) {
        next[i + 1] += p[i];
        next[i] -= centre * p[i];
      }
      for (int i = 0; k > 1 && i < before.length; i++) {
        next[i] -= ratio * before[i];
      }
      before = p;
      p = next;
      norm = inner(p, p, 0);
      scale *= deviation * deviation;
      alpha.add(mean + deviation * centre);
      norms.add(norm * scale);
      if (!(norm > 1e-10 * sums[0])) {
        return List.of();
      }
    }
    return List.of(alpha, norms);
  }

  private double inner(double[] p, double[] q, int power) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      for (int j = 0; j < q.length; j++) {
        sum += p[i] * q[j] * sums[i + j + power];
      }
    }
    return sum;
  }

  /** Writes the polynomials from the first degree on. */
  static void fill(List<Double> alpha, List<Double> norms, double x, double[] out, int from) {
    double before = 0;
    double p = 1;
    for (int k = 0; k < alpha.size(); k++) {
      double next = (x - alpha.get(k)) * p;
      if (k > 0) {
        next -= norms.get(k) / norms.get(k - 1) * before;
      }
      before = p;
      p = next;
      out[from + k] = p / Math.sqrt(norms.get(k + 1));
    }
  }
}
