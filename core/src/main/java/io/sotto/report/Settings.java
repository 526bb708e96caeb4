package io.sotto.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Blocks of settings and records as lines of a key and its value. */
final class Settings {
  /** Nobody reads more; run.json has the rest. */
  private static final int MOST_LINES = 400;

  private static final int MOST_LETTERS = 300;

  private Settings() {}

  /** Lines with the full key, as one writes it on a command line, and the value as text. */
  static List<List<String>> flat(@Nullable Object block) {
    List<List<String>> lines = new ArrayList<>();
    add("", block, lines);
    if (lines.size() <= MOST_LINES) {
      return lines;
    }
    List<List<String>> some = new ArrayList<>(lines.subList(0, MOST_LINES));
    some.add(List.of("...", "and %,d more in run.json".formatted(lines.size() - MOST_LINES)));
    return some;
  }

  private static void add(String key, @Nullable Object value, List<List<String>> lines) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((k, v) -> add(key.isEmpty() ? k + "" : key + "." + k, v, lines));
    } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
      for (int k = 0; k < list.size(); k++) {
        add("%s[%d]".formatted(key, k), list.get(k), lines);
      }
    } else {
      String text = text(value);
      lines.add(
          List.of(
              key, text.length() > MOST_LETTERS ? text.substring(0, MOST_LETTERS) + " ..." : text));
    }
  }

  private static String text(@Nullable Object value) {
    if (value instanceof double[] numbers) {
      return Arrays.toString(numbers);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Settings::text).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof Map<?, ?> ? "{}" : Objects.toString(value);
  }
}
