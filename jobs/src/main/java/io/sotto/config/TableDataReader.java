package io.sotto.config;

import java.util.List;
import java.util.Optional;

/**
 * Reads what {@code data { ... }} says of a table: the order of its rows. Refuses what is said of
 * files only.
 *
 * @param values what was given
 */
record TableDataReader(Values values) {
  private static final String KEY = "data.key";

  /** The columns that tell each row from all others; none for files. */
  List<String> key(RunConfig.Format format) {
    return format == RunConfig.Format.TABLE ? values.texts(KEY) : List.of();
  }

  /** Refuses what does not go with the format. */
  void check(RunConfig.Format format, Optional<RunConfig.Deal> deal) {
    if (format != RunConfig.Format.TABLE) {
      refuse(KEY, "only the rows of a table need one: leave it out, or set data.format = table");
      return;
    }
    if (values.texts(KEY).isEmpty()) {
      throw values.missing(
          KEY,
          "a table has no order of its own: name columns that together tell each row from all"
              + " others, such as [patient_id]");
    }
    for (String key : List.of("data.bad-rows", "data.units", "data.rejected-values")) {
      refuse(key, "that is said of files: leave it out, or make a view of the table");
    }
    if (deal.isPresent()) {
      throw values.bad(
          "data.deal",
          values.at("data.deal"),
          "rows of a table are not dealt: name the column of their holders as data.agent");
    }
  }

  private void refuse(String key, String why) {
    if (values.changed(key)) {
      throw values.bad(key, values.at(key), why);
    }
  }
}
