package io.sotto.privacy.judge;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How much was learnt, from 0, no more than by a blind guess, to 1, all: {@code max(0, 1 - error /
 * error of the blind guess)}.
 *
 * @param median over victims and seeds
 * @param low within {@code low} and {@code high} lie 95 % of victims and seeds
 * @param high see low
 */
public record Leak(double median, double low, double high) {
  private static final double TAIL = 0.025;

  /** Of one victim; NaN where a blind guess has it right already. */
  public static double of(double error, double blind) {
    if (!(blind > 0)) {
      return Double.NaN;
    }
    return Double.isFinite(error) ? Math.max(0, 1 - error / blind) : 0;
  }

  /** Over some victims; null if there are none. */
  public static @Nullable Leak over(double[] leaks) {
    double[] sorted = Arrays.stream(leaks).filter(l -> !Double.isNaN(l)).sorted().toArray();
    return sorted.length == 0
        ? null
        : new Leak(quantile(sorted, 0.5), quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  private static double quantile(double[] sorted, double at) {
    double place = at * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
