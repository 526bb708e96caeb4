package io.sotto.formula;

import io.sotto.problem.Numbers;
import java.io.Serializable;
import java.util.List;

/**
 * What stands in a field that has no value.
 *
 * @param words such as NA. None: no field is missing, and one that is empty is a fault
 * @param codes those of them that are numbers, as -9 and 999 often are; they stand for all numbers
 *     that are equal to them
 */
public record MissingValues(List<String> words, List<Double> codes) implements Serializable {
  /** Nothing is missing. */
  public static final MissingValues NONE = new MissingValues(List.of());

  /** Those that are missing unless others are said. */
  public static final MissingValues USUAL = new MissingValues(List.of("", "NA", "NaN", "null"));

  /** These words. */
  public MissingValues(List<String> words) {
    this(List.copyOf(words), words.stream().map(Numbers::parse).filter(Double::isFinite).toList());
  }

  /** Whether a number stands for none. */
  public boolean isCode(double number) {
    return !codes.isEmpty() && codes.contains(number);
  }

  /** Whether a field has no value. */
  public boolean holds(String text) {
    return words.contains(text.strip()) || (!codes.isEmpty() && isCode(Numbers.parse(text)));
  }
}
