package io.sotto.io;

import io.sotto.problem.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a row.
 *
 * @param reason which column, and what is wrong there; never what stands there
 * @param value what stands there; null if no one field is at fault
 */
record Fault(String reason, @Nullable String value) {
  private static final int MOST_SHOWN = 200;

  /** The reason, which names a column, without characters that a terminal obeys. */
  Fault {
    reason = Printable.of(reason);
  }

  Fault(String reason) {
    this(reason, null);
  }

  /**
   * For people.
   *
   * @param shown whether what stands there may be said
   */
  String words(boolean shown) {
    return shown && value != null
        ? "%s: '%s'".formatted(reason, Printable.of(shortened(value, MOST_SHOWN)))
        : reason;
  }

  /** The beginning of a text that may be long. */
  static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "...";
  }
}
