package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Registry;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What rows have beside features and label.
 *
 * @param weight the column of weights; null for 1
 * @param offset the column that is added to predictions; null for 0
 * @param classWeights by label, 1 for others; numbers that are equal are one label
 */
record RowWeights(
    @Nullable String weight, @Nullable String offset, Map<String, Double> classWeights)
    implements Serializable {

  /** Keeps a sorted copy of the map. */
  RowWeights {
    Map<String, Double> canonical = new TreeMap<>();
    classWeights.forEach((label, own) -> canonical.put(LabelCode.canonical(label), own));
    classWeights = canonical;
  }

  /** Whether any row may count for something else than 1. */
  boolean weighted() {
    return weight != null || !classWeights.isEmpty();
  }

  /** What a row counts for, with its own weight. */
  double weight(double own, String label) {
    return classWeights.isEmpty()
        ? own
        : own * classWeights.getOrDefault(LabelCode.canonical(label), 1.0);
  }

  /** How many numbers each row keeps for these. */
  int numbers() {
    return (weighted() ? 1 : 0) + (offset == null ? 0 : 1);
  }

  /**
   * Refuses weights of labels that no row has.
   *
   * @throws BadInputException for that
   */
  void requireKnown(LabelCode labels) {
    for (String label : classWeights.keySet()) {
      if (labels.classes().isEmpty()) {
        throw new BadInputException(
            "problem.class-weights is given, and this loss wants no classes; leave it out.");
      }
      if (!labels.has(label)) {
        throw new BadInputException(
            "problem.class-weights names the label '%s', which no row has; maybe '%s' is meant."
                .formatted(label, Registry.nearest(label, labels.classes())));
      }
    }
  }
}
