package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Moments;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

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

  /** The classes, and where each was first seen. */
  Map<String, String> classes() {
    Map<String, String> classes = new LinkedHashMap<>();
    scans.forEach(s -> s.classes.forEach(classes::putIfAbsent));
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
    Map<String, Integer> total = new TreeMap<>();
    scans.forEach(s -> s.rowsByAgent.forEach((a, n) -> total.merge(a, n, Math::addExact)));
    int[] rowsOf = new int[agents.size()];
    Arrays.setAll(rowsOf, i -> total.getOrDefault(agents.get(i), 0));
    return rowsOf;
  }

  /**
   * The sum of all weights.
   *
   * @throws BadInputException if it is not above 0 and finite
   */
  double weight() {
    double weight = sum(scan -> scan.weight);
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
    scans.forEach(s -> all.merge(s.moments));
    return all.over(weight(), sum(scan -> scan.squares), first, columns);
  }

  private double sum(ToDoubleFunction<Scan> term) {
    double sum = 0;
    for (Scan scan : scans) {
      sum += term.applyAsDouble(scan);
    }
    return sum;
  }
}
