package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.formula.Choices;
import io.sotto.formula.Design;
import io.sotto.formula.Formula;
import io.sotto.formula.MissingValues;
import io.sotto.formula.Terms;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import io.sotto.run.Solution;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
 * @param choices about categories and missing values
 * @param formula the formula that names them; null if none does
 * @param terms what is to be made of them; null if they are taken as they are
 * @param design how; null until all rows have been looked at, and if they are taken as they are
 * @param scored whether the rows are to be scored: then a label and a holder may be missing
 * @param allowed what custodians let be used; empty for all
 */
record Columns(
    @Nullable String agent,
    String label,
    List<String> features,
    @Nullable String weight,
    @Nullable String offset,
    Map<String, String> leftOut,
    Choices choices,
    @Nullable Formula formula,
    @Nullable Terms terms,
    @Nullable Design design,
    boolean scored,
    List<String> allowed)
    implements Serializable {
  private static final int MOST_NAMED = 20;

  /**
   * Where they stand among the names of a file.
   *
   * @param label -1 if there is none
   * @param agent -1 if there is none
   * @param weight -1 if there is none
   * @param offset -1 if there is none
   * @param numbers the columns that must hold numbers, by what they are
   * @param design what is made of the features
   * @param scored whether the rows are to be scored: then a label and a holder may be missing
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Positions(
      int[] features,
      int label,
      int agent,
      int weight,
      int offset,
      int[] numbers,
      Design design,
      boolean scored) {

    /** Those of label, weight and offset that have no value in a row. */
    List<Integer> without(RowReader.Fields fields, MissingValues words) {
      return words.words().isEmpty()
          ? List.of()
          : IntStream.of(scored ? -1 : label, weight, offset)
              .filter(column -> column >= 0 && words.holds(fields.text(column)))
              .boxed()
              .toList();
    }
  }

  /** Columns of which no other is known yet. */
  Columns(
      @Nullable String agent,
      String label,
      List<String> features,
      @Nullable String weight,
      @Nullable String offset) {
    this(
        agent,
        label,
        features,
        weight,
        offset,
        Map.of(),
        Choices.strict(),
        null,
        null,
        null,
        false,
        List.of());
  }

  /**
   * Those of rows that a solution is applied to, which says what the features are.
   *
   * @param label its column; empty if there is none
   * @param choices what stands in fields without a value, unless the solution says it
   */
  static Columns scored(@Nullable String agent, String label, Solution solution, Choices choices) {
    Design design = solution.design() == null ? null : solution.design().forNewRows();
    return new Columns(
        agent,
        label,
        design == null ? solution.features() : design.inputNames(),
        null,
        design == null ? solution.offset() : ownOffset(solution.offset(), design.offset()),
        Map.of(),
        choices,
        null,
        null,
        design,
        true,
        List.of());
  }

  /** The column that is added to predictions beside what a formula adds; null if there is none. */
  private static @Nullable String ownOffset(@Nullable String both, String formula) {
    if (both == null || both.equals(formula)) {
      return null;
    }
    return formula.isEmpty() ? both : both.substring(0, both.length() - (" + " + formula).length());
  }

  /**
   * The columns of a configuration, of which no other is known yet.
   *
   * @param rows what they are
   */
  static Columns of(RunConfig.Data rows) {
    Formula formula = rows.parsed().orElse(null);
    return new Columns(
        rows.agent().orElse(null),
        formula == null ? rows.label().orElseThrow() : formula.label(),
        formula == null ? rows.features() : formula.named(),
        rows.weight().orElse(null),
        rows.offset().orElse(null),
        Map.of(),
        rows.choices(),
        formula,
        null,
        null,
        false,
        rows.disclosure().columns());
  }

  /** Whether somebody named the features. */
  boolean areNamed() {
    return formula != null || !features.isEmpty();
  }

  /** The same with these features, and what is made of them. */
  private Columns with(
      List<String> features,
      Map<String, String> leftOut,
      @Nullable Terms terms,
      @Nullable Design design) {
    return new Columns(
        agent, label, features, weight, offset, leftOut, choices, formula, terms, design, scored,
        allowed);
  }

  /** Whether words such as true and no may be read as numbers. */
  boolean allowWords() {
    return !features.isEmpty() && formula == null && (design == null || design.formula().isEmpty());
  }

  /** The same where a look at all rows has to say what is made of the features. */
  Columns asTerms(boolean intercept) {
    return terms != null || scored
        ? this
        : with(features, leftOut, Terms.ofColumns(label, features, intercept), null);
  }

  /** The same with that design. */
  Columns with(Design design) {
    return with(design.inputNames(), leftOut, terms, design);
  }

  /** What is made of the features: nothing, unless a look at all rows has said something else. */
  Design made() {
    return design == null ? Design.plain(features, choices.read()) : design;
  }

  /** The same where no other columns may be used; empty for any. */
  Columns allowing(List<String> some) {
    return new Columns(
        agent, label, features, weight, offset, leftOut, choices, formula, terms, design, scored,
        some);
  }

  /** Rows that all count the same, and no offset. */
  Columns(@Nullable String agent, String label, List<String> features) {
    this(agent, label, features, null, null);
  }

  /** The same with the slots of each vector in place of its name; a solution names slots itself. */
  Columns withSlots(Map<String, List<String>> slots) {
    if (scored) {
      return this;
    }
    List<String> all =
        features.stream()
            .flatMap(f -> slots.getOrDefault(f, List.of(f)).stream())
            .distinct()
            .toList();
    return with(all, leftOut, terms, design);
  }

  /**
   * With no features named: all other columns that hold numbers.
   *
   * @param fault why the column at a position is no column of numbers; null if it is one
   */
  Columns resolve(InputFile file, List<String> names, IntFunction<@Nullable String> fault) {
    if (formula != null) {
      return resolve(formula, names);
    }
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
      boolean refused = !allowed.isEmpty() && !allowed.contains(name);
      String why =
          named ? "not in data.features" : refused ? "not in disclosure.columns" : fault.apply(c);
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
    return with(named ? features : found, others, terms, design);
  }

  private Columns resolve(Formula formula, List<String> names) {
    Set<String> kept = new HashSet<>(formula.labels());
    for (String own : Arrays.asList(agent, label, weight, offset)) {
      if (own != null) {
        kept.add(own);
      }
    }
    List<String> others =
        names.stream()
            .filter(name -> !name.isEmpty() && !kept.contains(name))
            .filter(name -> allowed.isEmpty() || allowed.contains(name))
            .toList();
    Terms all = formula.over(others);
    for (String name :
        Stream.concat(formula.labels().stream(), all.allColumns().stream()).toList()) {
      if (!allowed.isEmpty() && !allowed.contains(name)) {
        throw new BadInputException(
            "problem.formula names the column '%s', which disclosure.columns refuses: use others, or have it added there."
                .formatted(name));
      }
    }
    Map<String, String> unused = new LinkedHashMap<>();
    others.forEach(name -> unused.put(name, "not in problem.formula"));
    unused.keySet().removeAll(all.allColumns());
    return with(all.allColumns(), unused, all, null);
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
    if (!areNamed() && at >= 0) {
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
    int[] places = features.stream().mapToInt(f -> feature(f, file, names, at)).toArray();
    int weights = weight == null ? -1 : position("data.weight", weight, file, names, at);
    int offsets = offset == null ? -1 : position("data.offset", offset, file, names, at);
    int labels =
        scored && !at.containsKey(label)
            ? -1
            : formula == null
                ? position("data.label", label, file, names, at)
                : formula.hasLabel()
                    ? feature(label, file, names, at)
                    : position("survival.time", label, file, names, at);
    int holders =
        agent == null || (scored && !at.containsKey(agent))
            ? -1
            : position("data.agent", agent, file, names, at);
    Design made = made();
    IntStream numbers =
        terms != null && design == null
            ? IntStream.of()
            : IntStream.range(0, places.length)
                .filter(i -> !made.inputs().get(i).isCategory())
                .map(i -> places[i]);
    return new Positions(
        places,
        labels,
        holders,
        weights,
        offsets,
        IntStream.concat(numbers, IntStream.of(weights, offsets).filter(c -> c >= 0)).toArray(),
        made,
        scored);
  }

  private int feature(String column, InputFile file, List<String> names, Map<String, Integer> all) {
    if (formula != null && !all.containsKey(column) && formula.names(column)) {
      throw formula.missing(column, names, file.uri());
    }
    return position(scored ? "The solution" : "data.features", column, file, names, all);
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
