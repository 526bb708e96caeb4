package io.sotto.io;

import io.sotto.formula.MissingValues;
import io.sotto.problem.Disclosure;
import io.sotto.problem.Numbers;
import io.sotto.run.AgentColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts and sums over all columns of one agent's rows, as they are: of numbers and of text. */
final class FieldSurvey implements Serializable {
  private static final long serialVersionUID = 1;

  /** More values than these are not told apart. */
  private static final int MOST_VALUES = 30;

  private static final int LONGEST = 60;

  private final MissingValues missing;
  private final Map<String, Column> columns = new TreeMap<>();
  private long rows;
  private boolean left;

  /**
   * Of no rows yet.
   *
   * @param missing what stands in a field that has no value
   */
  FieldSurvey(MissingValues missing) {
    this.missing = missing;
  }

  /** Counts one more row; its fields follow. */
  void row() {
    rows++;
  }

  /** Takes what stands in a column of the row; blank text for nothing. */
  void add(String column, String text, double number) {
    String value = missing.holds(text) ? "" : text.strip();
    columns.computeIfAbsent(column, c -> new Column()).add(value, number);
  }

  /** The columns of its rows. */
  List<String> names() {
    return List.copyOf(columns.keySet());
  }

  /** How many rows there are. */
  long rows() {
    return rows;
  }

  /** How many columns are held. */
  int size() {
    return columns.size();
  }

  /** Keeps nothing but how many rows there are. */
  void forget() {
    columns.clear();
  }

  /** The same, since there are more columns of agents than can be compared. */
  void leave() {
    forget();
    left = true;
  }

  /** Whether columns of any of its rows were left. */
  boolean isLeft() {
    return left;
  }

  /** Adds the rows that the same agent has elsewhere. */
  FieldSurvey plus(FieldSurvey other) {
    rows += other.rows;
    left |= other.left;
    other.columns.forEach((name, c) -> columns.merge(name, c, Column::plus));
    return this;
  }

  /**
   * What may be told of it: of agents with too few rows nothing.
   *
   * @param agent its name
   * @param names of all columns of any file
   */
  List<AgentColumn> told(String agent, List<String> names, Disclosure rules) {
    List<AgentColumn> told = new ArrayList<>();
    if (rows < rules.minRows()) {
      return told;
    }
    for (String name : names) {
      Column column = columns.get(name);
      told.add(
          column == null
              ? new AgentColumn(
                  agent, name, false, 0, Double.NaN, 0, Double.NaN, Double.NaN, false, Map.of(), 0)
              : column.told(agent, name, rows, rules));
    }
    return told;
  }

  /** One column; sums are of differences from the mean so far, so that nothing cancels. */
  private static final class Column implements Serializable {
    private static final long serialVersionUID = 1;
    private final Map<String, Long> values = new TreeMap<>();
    private boolean many;
    private long filled;
    private long numbers;
    private double mean;
    private double squares;

    void add(String text, double number) {
      boolean isNumber = !Double.isNaN(number);
      if (text.isEmpty() || Numbers.isNotFinite(text)) {
        return;
      }
      filled++;
      if (isNumber) {
        numbers++;
        double off = number - mean;
        mean += off / numbers;
        squares += off * (number - mean);
      }
      if (!many) {
        String value = isNumber ? plain(number) : Fault.shortened(text, LONGEST);
        values.merge(value, 1L, Long::sum);
        limit();
      }
    }

    private static String plain(double number) {
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? Long.toString((long) number)
          : Double.toString(number);
    }

    private void limit() {
      if (values.size() > MOST_VALUES) {
        many = true;
        values.clear();
      }
    }

    Column plus(Column other) {
      double both = (double) numbers + other.numbers;
      if (other.numbers > 0) {
        double off = other.mean - mean;
        squares += other.squares + off * off * numbers * other.numbers / both;
        mean += off * other.numbers / both;
      }
      filled += other.filled;
      numbers += other.numbers;
      many |= other.many;
      other.values.forEach((value, n) -> values.merge(value, n, Long::sum));
      if (many) {
        values.clear();
      }
      limit();
      return this;
    }

    AgentColumn told(String agent, String name, long rows, Disclosure rules) {
      Map<String, Long> enough = new TreeMap<>(values);
      enough.values().removeIf(rules::hides);
      long others = many ? 0 : filled - enough.values().stream().mapToLong(Long::longValue).sum();
      boolean few = rules.hides(rows - filled) || rules.hides(filled);
      boolean fewNumbers = rules.hides(numbers) || rules.hides(filled - numbers);
      boolean sums = numbers >= Math.max(2, rules.minRows());
      return new AgentColumn(
          agent,
          name,
          true,
          filled,
          few ? Math.rint((rows - filled) / (double) rows) : (rows - filled) / (double) rows,
          filled == 0
              ? 0
              : fewNumbers ? Math.rint(numbers / (double) filled) : numbers / (double) filled,
          sums ? mean : Double.NaN,
          sums ? Math.sqrt(squares / (numbers - 1)) : Double.NaN,
          !many && values.size() == 1,
          enough,
          others);
    }
  }
}
