package io.sotto.config;

import io.sotto.problem.Disclosure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code disclosure { ... }}.
 *
 * @param values what was given
 */
record DisclosureReader(Values values) {

  /** On where the block is given. */
  Disclosure disclosure(RunConfig.Format format, Optional<String> label, List<String> features) {
    if (!values.given("disclosure")) {
      return Disclosure.none();
    }
    String columns = "disclosure.columns";
    Disclosure rules =
        new Disclosure(
            (int)
                values.whole(
                    "disclosure.min-rows", 0, Integer.MAX_VALUE, "a whole number from 0 on"),
            (int)
                values.whole(
                    "disclosure.min-cell", 0, Integer.MAX_VALUE, "a whole number from 0 on"),
            values.number("disclosure.max-parameters", m -> m > 0, "a number above 0"),
            values.texts(columns));
    if (!rules.columns().isEmpty() && format == RunConfig.Format.LIBSVM) {
      throw values.bad(
          columns, values.at(columns), "columns of libsvm have no names: leave it out");
    }
    Map<String, String> used = new LinkedHashMap<>();
    features.forEach(feature -> used.put(feature, "data.features"));
    label.ifPresent(name -> used.put(name, "data.label"));
    for (String key : List.of("data.weight", "data.offset", "survival.event")) {
      values.text(key).ifPresent(name -> used.put(name, key));
    }
    used.forEach(
        (name, key) -> {
          if (!rules.allows(name)) {
            throw values.bad(
                key,
                values.at(key),
                "disclosure.columns refuses the column '%s': use others, or have it added there"
                    .formatted(name));
          }
        });
    return rules;
  }
}
