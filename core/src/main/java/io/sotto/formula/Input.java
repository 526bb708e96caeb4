package io.sotto.formula;

import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A column that a design reads.
 *
 * @param column its name
 * @param kind what is read
 * @param levels of categories, the reference first
 * @param other the level that all others count as; empty if others are unknown
 * @param missing the level that fields without a value count as; empty if such rows are left out
 * @param fill the number that fields without a value count as; NaN if such rows are left out
 */
public record Input(
    String column, Kind kind, List<String> levels, String other, String missing, double fill)
    implements Serializable {
  private static final Set<String> FLAGS = Set.of("TRUE", "FALSE", "T", "F");

  /** What is read from a column. */
  public enum Kind {
    /** A number. */
    NUMBER,
    /** A category, by its text. */
    TEXT,
    /** A category, by a number. */
    CODE,
    /** A category, true or false. */
    FLAG
  }

  /** A column of numbers; rows without one are left out. */
  static Input number(String column) {
    return number(column, Double.NaN);
  }

  /** A column of numbers. */
  static Input number(String column, double fill) {
    return new Input(column, Kind.NUMBER, List.of(), "", "", fill);
  }

  /** Whether it is read as text. */
  public boolean isCategory() {
    return kind != Kind.NUMBER;
  }

  /** Whether a text is true or false, in the words that R knows. */
  static boolean isFlag(String text) {
    return FLAGS.contains(text.strip().toUpperCase(Locale.ROOT));
  }

  /**
   * The level that a text names: equal numbers are one level, and so are true, True and T.
   *
   * @param number the same as a number
   */
  static String level(Kind kind, String text, double number) {
    return switch (kind) {
      case CODE -> Node.number(number);
      case FLAG -> text.strip().toUpperCase(Locale.ROOT).startsWith("T") ? "TRUE" : "FALSE";
      default -> text.strip();
    };
  }

  /** The place of a level; -1 if it is unknown. */
  int place(String level) {
    int place = levels.indexOf(level);
    return place < 0 && !other.isEmpty() ? levels.indexOf(other) : place;
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("column", column);
    map.put("kind", kind.name().toLowerCase(Locale.ROOT));
    if (isCategory()) {
      map.put("levels", levels);
    }
    if (!other.isEmpty()) {
      map.put("other", other);
    }
    if (!missing.isEmpty()) {
      map.put("missing", missing);
    } else if (!Double.isNaN(fill)) {
      map.put("missing", fill);
    }
    return map;
  }

  static Input of(Map<?, ?> map) {
    String kind = String.valueOf(map.get("kind")).toUpperCase(Locale.ROOT);
    if (!Set.of("NUMBER", "TEXT", "CODE", "FLAG").contains(kind)) {
      throw new BadInputException("design.inputs names the kind '%s'".formatted(map.get("kind")));
    }
    Object missing = map.get("missing");
    return new Input(
        String.valueOf(map.get("column")),
        Kind.valueOf(kind),
        map.get("levels") instanceof List<?> levels
            ? levels.stream().map(String::valueOf).toList()
            : List.of(),
        map.get("other") instanceof String other ? other : "",
        missing instanceof String level ? level : "",
        missing instanceof Number number ? number.doubleValue() : Double.NaN);
  }
}
