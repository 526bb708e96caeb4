package io.sotto.formula;

import io.sotto.problem.Moments;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * What has to be known of all rows before any can be encoded: how many fields of a column are
 * numbers, how many rows have which level, means, and of splines how many values there are to four
 * digits. All of it are counts and sums, which add up over files; no row outlives its look.
 */
public final class Survey implements Serializable {
  private static final long serialVersionUID = 1;

  /** A column of more levels is none of categories. */
  static final int MOST_LEVELS = 1000;

  private static final MathContext FOUR_DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

  private final Terms terms;
  private final MissingValues words;
  private final boolean leavesOut;
  private final List<String> columns;
  private final long[] filled;
  private final long[] numbers;
  private final long[] without;
  private final List<Map<String, Long>> levels = new ArrayList<>();
  private final boolean[] mayBeCategory;
  private final boolean[] tooMany;
  private final Moments moments = new Moments(); // of columns, then of arguments of variables
  private final long[] counted;
  private final List<TreeMap<Double, Long>> values = new ArrayList<>();
  private transient List<Arithmetic> arguments = List.of();

  /**
   * @param terms what is asked for
   * @param words what stands in fields without a value
   * @param leavesOut whether rows with such a field count for no level
   */
  public Survey(Terms terms, MissingValues words, boolean leavesOut) {
    this.terms = terms;
    this.words = words;
    this.leavesOut = leavesOut;
    this.columns = terms.allColumns();
    int n = columns.size();
    this.filled = new long[n];
    this.numbers = new long[n];
    this.without = new long[n];
    this.tooMany = new boolean[n];
    this.mayBeCategory = new boolean[n];
    this.counted = new long[n + terms.variables().size()];
    columns.forEach(column -> levels.add(new HashMap<>()));
    for (Variable variable : terms.variables()) {
      values.add(new TreeMap<>());
      if (variable.mayBeCategory()) {
        mayBeCategory[columns.indexOf(((Node.Name) variable.argument()).name())] = true;
      }
    }
  }

  /** Makes what computes the arguments of functions; called in the process that looks at rows. */
  private void compile() {
    Map<String, Integer> places = new HashMap<>();
    columns.forEach(column -> places.put(column, places.size()));
    arguments =
        terms.variables().stream()
            .map(variable -> Arithmetic.of(variable.argument(), places::get))
            .toList();
  }

  /**
   * Looks at a row.
   *
   * @param complete whether label, weight and offset have values
   * @param number of a column by its place, NaN if it holds no finite one
   * @param text of a column by its place
   * @return the columns that have no value
   */
  public List<String> add(boolean complete, IntToDoubleFunction number, IntFunction<String> text) {
    if (arguments.isEmpty()) {
      compile();
    }
    List<String> missing = new ArrayList<>();
    double[] row = new double[columns.size()];
    boolean[] empty = new boolean[row.length];
    for (int c = 0; c < row.length; c++) {
      row[c] = number.applyAsDouble(c);
      empty[c] = Double.isFinite(row[c]) ? words.isCode(row[c]) : words.holds(text.apply(c));
      if (empty[c]) {
        without[c]++;
        row[c] = Double.NaN;
        missing.add(columns.get(c));
      } else {
        filled[c]++;
        sum(c, row[c]);
        numbers[c] += Double.isFinite(row[c]) ? 1 : 0;
      }
    }
    if (complete && (missing.isEmpty() || !leavesOut)) {
      for (int c = 0; c < row.length; c++) {
        if (mayBeCategory[c] && !empty[c]) {
          level(c, text.apply(c).strip());
        }
      }
    }
    for (int v = 0; v < arguments.size(); v++) {
      Variable variable = terms.variables().get(v);
      double x = arguments.get(v).of(row);
      if (variable.kind() == Variable.Kind.POLYNOMIALS) {
        sum(row.length + v, x);
      } else if (variable.needsKnots() && Double.isFinite(x)) {
        values.get(v).merge(fourDigits(x), 1L, Long::sum);
      }
    }
    return missing;
  }

  private void sum(int place, double x) {
    if (Double.isFinite(x)) {
      moments.add(place, x, 1);
      counted[place]++;
    }
  }

  private void level(int column, String level) {
    Map<String, Long> own = levels.get(column);
    if (!tooMany[column] && !level.isEmpty()) {
      own.merge(level, 1L, Long::sum);
      bound(column);
    }
  }

  private void bound(int column) {
    if (levels.get(column).size() > MOST_LEVELS) {
      tooMany[column] = true;
      levels.get(column).clear();
    }
  }

  private static double fourDigits(double x) {
    return BigDecimal.valueOf(x).round(FOUR_DIGITS).doubleValue();
  }

  /** Adds what was found in other rows, which come after these. */
  public Survey plus(Survey other) {
    moments.merge(other.moments);
    for (int k = 0; k < counted.length; k++) {
      counted[k] += other.counted[k];
    }
    for (int c = 0; c < filled.length; c++) {
      filled[c] += other.filled[c];
      numbers[c] += other.numbers[c];
      without[c] += other.without[c];
      tooMany[c] |= other.tooMany[c];
      Map<String, Long> own = levels.get(c);
      other.levels.get(c).forEach((level, rows) -> own.merge(level, rows, Long::sum));
      bound(c);
      if (tooMany[c]) {
        own.clear();
      }
    }
    for (int v = 0; v < values.size(); v++) {
      TreeMap<Double, Long> own = values.get(v);
      other.values.get(v).forEach((value, rows) -> own.merge(value, rows, Long::sum));
    }
    return this;
  }

  Terms terms() {
    return terms;
  }

  private int place(String column) {
    return columns.indexOf(column);
  }

  /** How many rows have a value. */
  long filled(String column) {
    return filled[place(column)];
  }

  /** How many rows have none. */
  long without(String column) {
    return without[place(column)];
  }

  /** Whether most values are numbers. */
  boolean isNumber(String column) {
    return 2 * numbers[place(column)] > filled(column);
  }

  /** How many rows have which level, as it is written. */
  Map<String, Long> levels(String column) {
    return levels.get(place(column));
  }

  /** Whether there are more levels than a category may have. */
  boolean hasTooMany(String column) {
    return tooMany[place(column)];
  }

  /** The mean of all values. */
  double mean(String column) {
    return meanAndDeviation(place(column))[0];
  }

  /** Of the argument of a variable. */
  double[] meanAndDeviation(Variable variable) {
    return meanAndDeviation(columns.size() + terms.variables().indexOf(variable));
  }

  private double[] meanAndDeviation(int place) {
    double[][] all = moments.over(counted[place], counted[place], place, 1);
    return new double[] {all[0][0], all[1][0]};
  }

  /** How many rows have which value, to four digits, of the argument of a variable. */
  TreeMap<Double, Long> values(Variable variable) {
    return values.get(terms.variables().indexOf(variable));
  }
}
