package io.sotto.problem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was configured for one loss, set, topology or clock: values by key, as JSON has them
 * (Number, String, Boolean, List, Map), read with the type that is wanted. Every complaint names
 * the full key and the value. It remembers what was read, so that what the chosen kind does not use
 * can be told.
 */
public final class Parameters {
  private final String where;
  private final Map<String, ?> values;
  private final Set<String> read = new TreeSet<>();

  /**
   * @param where the path in front of each key, for messages, such as {@code
   *     problem.constraints[0]}
   * @param values the values by key
   */
  public Parameters(String where, Map<String, ?> values) {
    this.where = where;
    this.values = values;
  }

  /** True if the key was given a value. */
  public boolean has(String key) {
    return raw(key) != null;
  }

  /** A finite number, required. */
  public double number(String key) {
    return toNumber(path(key), required(key, "a number"));
  }

  /** A finite number, or what stands for it if none is given. */
  public double number(String key, double absent) {
    return has(key) ? number(key) : absent;
  }

  /** A number for which {@code low <= number <= high}. */
  public double number(String key, double low, double high) {
    double value = number(key);
    if (!(value >= low && value <= high)) {
      throw bad(key, value, "it must lie between %s and %s".formatted(plain(low), plain(high)));
    }
    return value;
  }

  /** A whole number for which {@code low <= number <= high}. */
  public int integer(String key, int low, int high) {
    double value = number(key, low, high);
    if (value != Math.rint(value)) {
      throw bad(key, value, "it must be a whole number");
    }
    return (int) value;
  }

  /** Text, required. */
  public String text(String key) {
    return required(key, "a text").toString();
  }

  /** An array of finite numbers, required; one number alone is an array of one. */
  public double[] numbers(String key) {
    return toNumbers(path(key), required(key, "a number or an array of numbers"));
  }

  /** An array of arrays of finite numbers, of one length, required. */
  public double[][] matrix(String key) {
    Object value = required(key, "an array of arrays of numbers");
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw bad(key, value, "it must be an array of arrays of numbers, a row each");
    }
    List<double[]> rows = new ArrayList<>();
    for (Object row : list) {
      rows.add(toNumbers(path(key) + "[" + rows.size() + "]", row));
      if (rows.get(rows.size() - 1).length != rows.get(0).length) {
        throw bad(key, value, "its rows must be of one length");
      }
    }
    return rows.toArray(double[][]::new);
  }

  /** All that was given, by key. */
  public Map<String, ?> values() {
    return Collections.unmodifiableMap(values);
  }

  /** The keys that were given and never read. */
  public Set<String> unread() {
    Set<String> rest = new TreeSet<>(values.keySet());
    rest.removeAll(read);
    return rest;
  }

  /**
   * A complaint about the value of a key; {@code remedy} ends the sentence, without its full stop.
   */
  public BadInputException bad(String key, Object value, String remedy) {
    Object shown = value instanceof Double number ? plain(number) : value;
    return new BadInputException("%s is %s; %s.".formatted(path(key), shown, remedy));
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private String path(String key) {
    return where.isEmpty() ? key : where + "." + key;
  }

  private @Nullable Object raw(String key) {
    read.add(key);
    return values.get(key);
  }

  private Object required(String key, String kind) {
    Object value = raw(key);
    if (value == null) {
      throw new BadInputException("%s is missing; give it %s.".formatted(path(key), kind));
    }
    return value;
  }

  private static double[] toNumbers(String path, Object value) {
    if (!(value instanceof List<?> list)) {
      return new double[] {toNumber(path, value)};
    }
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = toNumber(path + "[" + i + "]", list.get(i));
    }
    return numbers;
  }

  private static double toNumber(String path, @Nullable Object value) {
    double number = Double.NaN;
    if (value instanceof Number n) {
      number = n.doubleValue();
    } else if (value instanceof String text) {
      try {
        number = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new BadInputException("%s is '%s'; it must be a number.".formatted(path, text), e);
      }
    }
    if (!Double.isFinite(number)) {
      throw new BadInputException("%s is %s; it must be a finite number.".formatted(path, value));
    }
    return number;
  }
}
