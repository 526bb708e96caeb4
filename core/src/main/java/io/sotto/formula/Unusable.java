package io.sotto.formula;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a row cannot be used.
 *
 * @param reason which column, and what is wrong there; never what stands there
 * @param value what stands there; null if no one field is at fault
 * @param missing the columns that have no value; empty if something else is wrong
 */
public record Unusable(String reason, @Nullable String value, List<String> missing) {
  static Unusable of(String reason, @Nullable String value) {
    return new Unusable(reason, value, List.of());
  }

  static Unusable ofMissing(List<String> columns) {
    return new Unusable("'%s' has no value".formatted(columns.get(0)), null, List.copyOf(columns));
  }
}
