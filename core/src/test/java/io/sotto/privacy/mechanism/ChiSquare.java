package io.sotto.privacy.mechanism;

import java.util.Arrays;

/** Pearson's test; by chance it fails once in a million times. */
final class ChiSquare {
  /** Of the standard normal distribution, at 1e-6. */
  private static final double QUANTILE = 4.753;

  private ChiSquare() {}

  /**
   * How large the statistic is, by what it may be (Wilson and Hilferty's approximation).
   *
   * @param odds of each bin; they sum to 1, and each is large enough that five and more are
   *     expected
   */
  static double excess(long[] counts, double[] odds) {
    double total = Arrays.stream(counts).sum();
    double statistic = 0;
    for (int b = 0; b < counts.length; b++) {
      double expected = total * odds[b];
      if (expected < 5) {
        throw new IllegalArgumentException("bin %d expects %s".formatted(b, expected));
      }
      statistic += (counts[b] - expected) * (counts[b] - expected) / expected;
    }
    double freedom = counts.length - 1;
    double root = 1 - 2 / (9 * freedom) + QUANTILE * Math.sqrt(2 / (9 * freedom));
    return statistic / (freedom * root * root * root);
  }
}
