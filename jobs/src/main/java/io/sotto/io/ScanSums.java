package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Moments;
import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.problem.TimeCounts;
import io.sotto.run.Text;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sums over the scans of all parts, in the order of parts, so that the bits are the same
 * everywhere.
 *
 * @param scans in that order
 */
record ScanSums(List<Scan> scans) {

  /** How many rows there are. */
  long rows() {
    return scans.stream().mapToLong(s -> s.rows).sum();
  }

  /** How many numbers are stored in them. */
  long entries() {
    return scans.stream().mapToLong(s -> s.entries).sum();
  }

  /** The classes, each as it is first written, and where. */
  Map<String, String> classes() {
    Map<String, String> classes = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (Scan scan : scans) {
      scan.classes.forEach(
          (label, place) -> {
            if (seen.add(LabelCode.canonical(label))) {
              classes.put(label, place);
            }
          });
    }
    return classes;
  }

  /** The names of all who hold rows, in their order. */
  List<String> agents() {
    return scans.stream()
        .flatMap(s -> s.rowsByAgent.keySet().stream())
        .sorted()
        .distinct()
        .toList();
  }

  /** How many rows each of them holds. */
  int[] rowsOf(List<String> agents) {
    Map<String, Long> total = new TreeMap<>();
    scans.forEach(s -> s.rowsByAgent.forEach((a, n) -> total.merge(a, (long) n, Long::sum)));
    total.forEach(
        (agent, rows) -> {
          if (rows > Integer.MAX_VALUE) {
            throw new BadInputException(
                "The agent '%s' holds %d rows, and can hold %d at most. Give it several names."
                    .formatted(agent, rows, Integer.MAX_VALUE));
          }
        });
    int[] rowsOf = new int[agents.size()];
    Arrays.setAll(rowsOf, i -> total.getOrDefault(agents.get(i), 0L).intValue());
    return rowsOf;
  }

  /**
   * The sum of all weights.
   *
   * @throws BadInputException if it is not above 0 and finite
   */
  double weight() {
    double weight = Moments.scaled(scaledWeight(), -weightSize());
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "The weights of all rows sum to %s; some data.weight or problem.class-weights must be above 0, and their sum finite."
              .formatted(weight));
    }
    return weight;
  }

  /** Means, then sample deviations, of some columns from the first on. */
  double[][] moments(int first, int columns) {
    Moments all = new Moments();
    int size = weightSize();
    scans.forEach(s -> all.merge(s.moments, s.weightSize - size));
    double squares = sum(s -> Moments.scaled(s.squares, 2 * (size - s.weightSize)));
    return all.over(scaledWeight(), squares, first, columns);
  }

  /** Counts of times; null if labels are no times. */
  @Nullable TimeCounts times(Objective objective) {
    TimeCounts all = PiecewiseExponential.counts(objective);
    for (Scan scan : scans) {
      if (all != null && scan.times != null) {
        all.merge(scan.times);
      }
    }
    return all;
  }

  /** Warns of features that look like the numbers of rows or patients. */
  void warnOfNumbered(List<String> features, Consumer<String> warnings) {
    int[] columns = DistinctNumbers.columns(scans.stream().map(s -> s.distinct).toList());
    if (columns.length > 0) {
      warnings.accept(
          ("These features are whole numbers that differ in all rows, as the numbers of patients or"
                  + " rows do: %s. If they are such, name the other columns in data.features.")
              .formatted(Text.some(Arrays.stream(columns).mapToObj(features::get).toList())));
    }
  }

  /** Tells of labels that are words and were read as numbers. */
  void warnOfFlags(Consumer<String> warnings) {
    long flags = scans.stream().mapToLong(s -> s.flags).sum();
    if (flags > 0) {
      warnings.accept(
          "This loss wants numbers, so labels true and false are read as 1 and 0, in %s of %s rows."
              .formatted(Text.count(flags), Text.count(rows())));
    }
  }

  private int weightSize() {
    return scans.stream().mapToInt(s -> s.weightSize).max().orElse(0);
  }

  private double scaledWeight() {
    int size = weightSize();
    return sum(s -> Moments.scaled(s.weight, size - s.weightSize));
  }

  private double sum(ToDoubleFunction<Scan> term) {
    double sum = 0;
    for (Scan scan : scans) {
      sum += term.applyAsDouble(scan);
    }
    return sum;
  }
}
