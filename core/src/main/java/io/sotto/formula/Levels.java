package io.sotto.formula;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import io.sotto.problem.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The levels of a column that all agree on: those of all rows together.
 *
 * @param input how the column is read
 * @param rows how many rows have which level, in the order of levels
 */
record Levels(Input input, Map<String, Long> rows) {
  private static final String OTHER = "other";
  private static final String MISSING = "missing";

  /**
   * @param survey of all rows
   * @param kind what the column holds
   * @param bad words a complaint
   */
  static Levels of(
      Survey survey,
      Choices choices,
      String column,
      Input.Kind kind,
      Function<String, BadInputException> bad) {
    if (survey.hasTooMany(column)) {
      throw bad.apply(
          "the column '%s' has more than %d levels; it may be a name or a number of each row. Take it out"
              .formatted(column, Survey.MOST_LEVELS));
    }
    Map<String, Long> rows = new TreeMap<>(order(kind));
    survey
        .levels(column)
        .forEach(
            (text, n) -> rows.merge(Input.level(kind, text, Numbers.parse(text)), n, Long::sum));
    List<String> rare = merge(rows, choices, column, bad);
    boolean filled = choices.fills() && survey.without(column) > 0;
    List<String> levels = new ArrayList<>(rows.keySet());
    if (!rare.isEmpty()) {
      levels.remove(OTHER);
      levels.add(OTHER);
    }
    if (filled) {
      rows.merge(MISSING, survey.without(column), Long::sum);
      levels.remove(MISSING);
      levels.add(MISSING);
    }
    putFirst(choices.reference().get(column), levels, column, rare);
    if (levels.size() < 2) {
      throw bad.apply(
          "the column '%s' has one level only, '%s'. Take it out"
              .formatted(column, String.join("", levels)));
    }
    Map<String, Long> inOrder = new LinkedHashMap<>();
    levels.forEach(level -> inOrder.put(level, rows.getOrDefault(level, 0L)));
    String other = rare.isEmpty() ? "" : OTHER;
    return new Levels(
        new Input(column, kind, List.copyOf(levels), other, filled ? MISSING : "", Double.NaN),
        inOrder);
  }

  /** Makes one level of those that are rare, and returns them. */
  private static List<String> merge(
      Map<String, Long> rows,
      Choices choices,
      String column,
      Function<String, BadInputException> bad) {
    long least = choices.leastRows();
    List<String> rare =
        rows.entrySet().stream().filter(e -> e.getValue() < least).map(Map.Entry::getKey).toList();
    if (rare.isEmpty()) {
      return rare;
    }
    if (choices.rare() == Choices.Rare.REFUSE) {
      throw bad.apply(
          "%d of the levels of '%s' have fewer than %d rows each (data.min-level). Leave such rows out, or set data.rare-levels = merge"
              .formatted(rare.size(), column, least));
    }
    long merged = rows.getOrDefault(OTHER, 0L);
    for (String level : rare) {
      merged += level.equals(OTHER) ? 0 : rows.getOrDefault(level, 0L);
      rows.remove(level);
    }
    if (merged < least) {
      throw bad.apply(
          "the rare levels of '%s' have fewer than %d rows together (data.min-level). Leave such rows out"
              .formatted(column, least));
    }
    rows.put(OTHER, merged);
    return rare;
  }

  private static void putFirst(
      @Nullable String reference, List<String> levels, String column, List<String> rare) {
    if (reference == null) {
      return;
    }
    if (!levels.remove(reference)) {
      throw new BadInputException(
          "data.reference.%s is '%s', which is no level of the column%s; maybe '%s' is meant."
              .formatted(
                  column,
                  reference,
                  rare.contains(reference) ? ", as it is rare" : "",
                  Registry.nearest(reference, levels)));
    }
    levels.add(0, reference);
  }

  private static Comparator<String> order(Input.Kind kind) {
    Comparator<String> byText = Comparator.naturalOrder();
    return kind == Input.Kind.CODE
        ? Comparator.comparingDouble(Numbers::parse).thenComparing(byText)
        : byText;
  }
}
