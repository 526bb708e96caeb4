package io.sotto.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table.
 *
 * @param id begins with that of its benchmark, such as {@code B9-heap}
 * @param title what is compared with what
 * @param unit of values and baselines
 * @param target of the ratio
 * @param rounds at least one
 * @param note what else a reader should know; empty for nothing
 */
record Figure(
    String id, String title, String unit, Target target, List<Round> rounds, String note) {

  /** Refuses a figure that was not measured. */
  Figure {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException(id + " has no rounds");
    }
  }

  /** The median of the rounds' values. */
  double value() {
    return median(Round::value);
  }

  /** The median of the rounds' baselines. */
  double baseline() {
    return median(Round::baseline);
  }

  /** The median of the rounds' ratios, which is not the ratio of the medians. */
  double ratio() {
    return median(Round::ratio);
  }

  /** Whether the ratio meets the target; null if there is none. */
  @Nullable Boolean holds() {
    return target.holds(ratio());
  }

  private double median(ToDoubleFunction<Round> side) {
    double[] sorted = rounds.stream().mapToDouble(side).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[half]
        : Arrays.stream(sorted, half - 1, half + 1).average().orElseThrow();
  }
}
