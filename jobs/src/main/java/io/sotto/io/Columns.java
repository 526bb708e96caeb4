package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which named columns are what, in formats that have names.
 *
 * @param agent names the holder of a row; null if rows are dealt
 * @param label the label
 * @param features in order; empty until {@link #resolve}d
 * @param weight what a row counts for; null for 1
 * @param offset what is added to its prediction; null for 0
 * @param leftOut all other columns, and why they are no features; empty until {@link #resolve}d
 * @param scored whether the rows are to be scored: then a label and a holder may be missing
 */
record Columns(
    @Nullable String agent,
    String label,
    List<String> features,
    @Nullable String weight,
    @Nullable String offset,
    Map<String, String> leftOut,
    boolean scored)
    implements Serializable {
  private static final int MOST_NAMED = 20;

  /**
   * Where they stand among the names of a file.
   *
   * @param label -1 if there is none
   * @param agent -1 if there is none
   * @param weight -1 if there is none
   * @param offset -1 if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Positions(int[] features, int label, int agent, int weight, int offset) {

    /** The columns that must hold numbers, by what they are. */
    int[] numbers() {
      return IntStream.concat(
              IntStream.of(features), IntStream.of(weight, offset).filter(at -> at >= 0))
          .toArray();
    }

    /**
     * What is wrong with a row's numbers; null if nothing is.
     *
     * @param number of a column, NaN if it holds no finite one
     * @param text of a column
     * @param values takes those of the features, then the weight and the offset
     */
    @Nullable Fault fault(
        List<String> names, IntToDoubleFunction number, IntFunction<String> text, double[] values) {
      int n = features.length;
      for (int j = 0; j < n; j++) {
        values[j] = number.applyAsDouble(features[j]);
        if (!Double.isFinite(values[j])) {
          return notFinite(features[j], names, text);
        }
      }
      values[n] = weight < 0 ? 1 : number.applyAsDouble(weight);
      values[n + 1] = offset < 0 ? 0 : number.applyAsDouble(offset);
      if (!(values[n] >= 0 && Double.isFinite(values[n]))) {
        return new Fault(
            "'%s' is no weight, a finite number from 0 on".formatted(names.get(weight)),
            text.apply(weight));
      }
      return Double.isFinite(values[n + 1]) ? null : notFinite(offset, names, text);
    }

    private static Fault notFinite(int column, List<String> names, IntFunction<String> text) {
      return new Fault("'%s' is no finite number".formatted(names.get(column)), text.apply(column));
    }
  }

  /** Columns of which no other is known yet. */
  Columns(
      @Nullable String agent,
      String label,
      List<String> features,
      @Nullable String weight,
      @Nullable String offset) {
    this(agent, label, features, weight, offset, Map.of(), false);
  }

  /** Those of rows that a solution over these features is applied to. */
  static Columns scored(
      @Nullable String agent, String label, List<String> features, @Nullable String offset) {
    return new Columns(agent, label, features, null, offset, Map.of(), true);
  }

  /** Rows that all count the same, and no offset. */
  Columns(@Nullable String agent, String label, List<String> features) {
    this(agent, label, features, null, null);
  }

  /** The same with the slots of each vector in place of its name. */
  Columns withSlots(Map<String, List<String>> slots) {
    List<String> all =
        features.stream()
            .flatMap(f -> slots.getOrDefault(f, List.of(f)).stream())
            .distinct()
            .toList();
    return new Columns(agent, label, all, weight, offset, leftOut, scored);
  }

  /**
   * With no features named: all other columns that hold numbers.
   *
   * @param fault why the column at a position is no column of numbers; null if it is one
   */
  Columns resolve(InputFile file, List<String> names, IntFunction<@Nullable String> fault) {
    boolean named = !features.isEmpty();
    Set<String> chosen = new HashSet<>(features);
    List<String> found = new ArrayList<>();
    Map<String, String> others = new LinkedHashMap<>();
    for (int c = 0; c < names.size(); c++) {
      String name = names.get(c);
      if (name.equals(agent)
          || name.equals(label)
          || name.equals(weight)
          || name.equals(offset)
          || chosen.contains(name)) {
        continue;
      }
      String why = named ? "not in data.features" : fault.apply(c);
      if (why == null) {
        found.add(name);
      } else {
        others.put(name, why);
      }
    }
    if (!named && found.isEmpty()) {
      throw new BadInputException(
          ("%s: no column but those of label, agent, weight and offset holds numbers%s. Name the"
                  + " features in data.features, or mend the file.")
              .formatted(file.uri(), others.isEmpty() ? "" : ": " + named(others, MOST_NAMED)));
    }
    return new Columns(agent, label, named ? features : found, weight, offset, others, scored);
  }

  /** The first of some columns, each with why it is left out. */
  private static String named(Map<String, String> columns, int most) {
    String first =
        columns.entrySet().stream()
            .limit(most)
            .map(column -> "'%s' (%s)".formatted(column.getKey(), column.getValue()))
            .collect(Collectors.joining(", "));
    return columns.size() > most ? first + " and %d more".formatted(columns.size() - most) : first;
  }

  /** Refuses a header with a column without a name, unless the features are named. */
  void requireNames(InputFile file, List<String> names) {
    int at = names.indexOf("");
    if (features.isEmpty() && at >= 0) {
      throw new BadInputException(
          ("%s: column %d of the header has no name, as the index that pandas writes. Give it a"
                  + " name, write the file without it (to_csv(..., index=False)), or name the"
                  + " columns to learn from in data.features.")
              .formatted(file.at(1), at + 1));
    }
  }

  /** Where they stand among the names of a file. */
  Positions positions(InputFile file, List<String> names) {
    requireNames(file, names);
    Map<String, Integer> at = new HashMap<>();
    for (int c = 0; c < names.size(); c++) {
      if (at.put(names.get(c), c) != null && !names.get(c).isEmpty()) {
        throw new BadInputException(
            "%s: two columns are named '%s'; rename one.".formatted(file.at(1), names.get(c)));
      }
    }
    String chooser = scored ? "The solution" : "data.features";
    return new Positions(
        features.stream().mapToInt(f -> position(chooser, f, file, names, at)).toArray(),
        scored && !at.containsKey(label) ? -1 : position("data.label", label, file, names, at),
        agent == null || (scored && !at.containsKey(agent))
            ? -1
            : position("data.agent", agent, file, names, at),
        weight == null ? -1 : position("data.weight", weight, file, names, at),
        offset == null ? -1 : position("data.offset", offset, file, names, at));
  }

  static int position(
      String key, String column, InputFile file, List<String> names, Map<String, Integer> all) {
    Integer at = all.get(column);
    if (at == null) {
      throw new BadInputException(
          "%s names the column '%s', which %s does not have; maybe '%s' is meant. It has: %s."
              .formatted(
                  key,
                  column,
                  file.uri(),
                  names.isEmpty() ? "" : Registry.nearest(column, names),
                  String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
                      + (names.size() > MOST_NAMED
                          ? " and %d more".formatted(names.size() - MOST_NAMED)
                          : "")));
    }
    return at;
  }
}
