package io.sotto.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the ratio of a figure should be.
 *
 * @param kind on which side of the bound; with {@code REPORT} there is none
 * @param bound of the ratio; 0 with {@code REPORT}
 */
record Target(Kind kind, double bound) {

  /** On which side of the bound a ratio should lie. */
  enum Kind {
    /** For rates: more is better. */
    AT_LEAST,
    /** For costs: less is better. */
    AT_MOST,
    /** For predictions: within a factor, above or below. */
    WITHIN,
    /** For what is only reported. */
    REPORT
  }

  static Target atLeast(double bound) {
    return new Target(Kind.AT_LEAST, bound);
  }

  static Target atMost(double bound) {
    return new Target(Kind.AT_MOST, bound);
  }

  static Target within(double factor) {
    return new Target(Kind.WITHIN, factor);
  }

  static Target report() {
    return new Target(Kind.REPORT, 0);
  }

  /** Whether a ratio is as it should be; null if nothing was asked of it. */
  @Nullable Boolean holds(double ratio) {
    return switch (kind) {
      case AT_LEAST -> ratio >= bound;
      case AT_MOST -> ratio <= bound;
      case WITHIN -> ratio <= bound && ratio >= 1 / bound;
      case REPORT -> null;
    };
  }

  /** Such as {@code >= 0.9}. */
  String text() {
    return switch (kind) {
      case AT_LEAST -> String.format(Locale.ROOT, ">= %s", bound);
      case AT_MOST -> String.format(Locale.ROOT, "<= %s", bound);
      case WITHIN -> String.format(Locale.ROOT, "x/ %s", bound);
      case REPORT -> "report";
    };
  }
}
