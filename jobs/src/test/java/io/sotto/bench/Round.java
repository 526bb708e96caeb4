package io.sotto.bench;

/**
 * One measurement of both sides, one right after the other.
 *
 * @param value of Sotto
 * @param baseline in the same unit, above 0
 */
record Round(double value, double baseline) {

  /** Refuses what has no quotient. */
  Round {
    if (!(Math.abs(value) < Double.POSITIVE_INFINITY
        && baseline > 0
        && baseline < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a round of %s against %s has no ratio".formatted(value, baseline));
    }
  }

  double ratio() {
    return value / baseline;
  }
}
