package io.sotto.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One column at all agents, side by side. It says no more of an agent than {@link AgentColumn}.
 *
 * @param name of the column
 * @param agents the column at each agent that is told of
 */
public record ColumnSummary(String name, List<AgentColumn> agents) {
  /** More levels than these are counted, and not named. */
  private static final int MOST_LEVELS = 6;

  /** A column of numbers with more values than these has no levels. */
  private static final int MOST_CODES = 5;

  /** All columns, by name. */
  public static List<ColumnSummary> of(List<AgentColumn> columns) {
    return columns.stream()
        .collect(Collectors.groupingBy(AgentColumn::column, TreeMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(e -> new ColumnSummary(e.getKey(), e.getValue()))
        .toList();
  }

  private List<AgentColumn> filled() {
    return agents.stream().filter(c -> c.filled() > 0).toList();
  }

  /** What it holds: {@code numbers}, {@code text}, {@code both} or {@code nothing}. */
  public String type() {
    List<AgentColumn> filled = filled();
    boolean numbers = filled.stream().anyMatch(AgentColumn::isNumeric);
    boolean text = filled.stream().anyMatch(c -> !c.isNumeric());
    return numbers && text ? "both" : numbers ? "numbers" : text ? "text" : "nothing";
  }

  /**
   * The levels that rows enough of some agent have; none of a column of numbers that are no codes.
   */
  public List<String> levels() {
    TreeSet<String> levels = new TreeSet<>();
    filled().forEach(c -> levels.addAll(c.values().keySet()));
    return type().equals("numbers") && levels.size() > MOST_CODES ? List.of() : List.copyOf(levels);
  }

  private List<AgentColumn> by(ToDoubleFunction<AgentColumn> figure) {
    return agents.stream()
        .filter(AgentColumn::present)
        .filter(c -> Double.isFinite(figure.applyAsDouble(c)))
        .sorted(Comparator.comparingDouble(figure))
        .toList();
  }

  /** A table for people: the name, the type, levels, missing values, means. */
  public static List<String> table(List<ColumnSummary> columns, int most) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"column", "type", "missing", "means of agents", "levels"});
    columns.stream()
        .limit(most)
        .forEach(
            c ->
                rows.add(
                    new String[] {
                      c.name, c.type(), c.missingWords(), c.meanWords(), c.levelWords()
                    }));
    int[] width = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int k = 0; k < width.length - 1; k++) {
        width[k] = Math.max(width[k], row[k].length() + 2);
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int k = 0; k < width.length; k++) {
        line.append(row[k]).append(" ".repeat(Math.max(0, width[k] - row[k].length())));
      }
      lines.add(line.toString().stripTrailing());
    }
    if (columns.size() > most) {
      lines.add("and %s columns more".formatted(Text.count(columns.size() - most)));
    }
    return lines;
  }

  private String levelWords() {
    List<String> levels = levels();
    boolean rare = !levels.isEmpty() && filled().stream().anyMatch(c -> c.others() > 0);
    return levels.size() > MOST_LEVELS
        ? Text.count(levels.size()) + " levels" + (rare ? " and rarer ones" : "")
        : String.join(", ", levels) + (rare ? ", and rarer ones" : "");
  }

  private String missingWords() {
    List<AgentColumn> told = by(AgentColumn::missing);
    return told.isEmpty()
        ? ""
        : range(
            "%.0f".formatted(100 * told.get(0).missing()),
            "%.0f".formatted(100 * told.get(told.size() - 1).missing()),
            " %");
  }

  private String meanWords() {
    List<AgentColumn> told = by(AgentColumn::mean);
    return told.isEmpty()
        ? ""
        : range(
            String.format(Locale.ROOT, "%.4g", told.get(0).mean()),
            String.format(Locale.ROOT, "%.4g", told.get(told.size() - 1).mean()),
            "");
  }

  private static String range(String least, String greatest, String unit) {
    return (least.equals(greatest) ? least : least + " to " + greatest) + unit;
  }

  /**
   * For JSON: {@code column}, {@code type}, {@code levels}, and in {@code agents} of each {@code
   * agent} whether the column is {@code present}, the shares {@code missing} and {@code numbers}
   * from 0 to 1, {@code mean}, {@code deviation}, {@code constant} and its {@code levels}. What is
   * not told is null.
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("column", name);
    map.put("type", type());
    map.put("levels", levels());
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (AgentColumn c : agents) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("agent", c.agent());
      one.put("present", c.present());
      one.put("missing", finite(c.missing()));
      one.put("numbers", c.numbers());
      one.put("mean", finite(c.mean()));
      one.put("deviation", finite(c.deviation()));
      one.put("constant", c.constant());
      one.put("levels", List.copyOf(c.values().keySet()));
      all.add(one);
    }
    map.put("agents", all);
    return map;
  }

  private static @Nullable Double finite(double number) {
    return Double.isFinite(number) ? number : null;
  }
}
