package io.sotto.io;

import io.sotto.problem.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a row.
 *
 * @param reason which column, and what is wrong there; never what stands there
 * @param value what stands there; null if no one field is at fault
 * @param missing the columns that have no value; empty if something else is wrong
 */
record Fault(String reason, @Nullable String value, List<String> missing) {
  private static final int MOST_SHOWN = 200;

  /** The reason, which names a column, without characters that a terminal obeys. */
  Fault {
    reason = Printable.of(reason);
  }

  Fault(String reason, @Nullable String value) {
    this(reason, value, List.of());
  }

  Fault(String reason) {
    this(reason, null);
  }

  /** Of a row that has no value in some columns. */
  static Fault ofMissing(List<String> columns) {
    return new Fault("'%s' has no value".formatted(columns.get(0)), null, columns);
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
