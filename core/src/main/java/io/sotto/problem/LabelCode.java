package io.sotto.problem;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns labels, which are text, into numbers.
 *
 * @param kind what the loss wants
 * @param classes the classes in order, of two the one that is -1 first, each as it was first
 *     written; empty if there are none
 */
public record LabelCode(Loss.Labels kind, List<String> classes) implements Serializable {
  /** With more, labels are likely to be numbers. */
  public static final int MOST_CLASSES = 1000;

  /** A number of more digits before or after its point is written with an exponent. */
  private static final int PLAIN_DIGITS = 40;

  /** A message tells of so many classes where they were first seen. */
  private static final int MOST_TOLD = 5;

  /** The class that is -1; null if there are not two. */
  public @Nullable String negative() {
    return kind == Loss.Labels.BINARY ? classes.get(0) : null;
  }

  /** The class that is +1; null if there are not two. */
  public @Nullable String positive() {
    return kind == Loss.Labels.BINARY ? classes.get(1) : null;
  }

  /**
   * The same for numbers that are equal, to the last of their digits, and so are one class however
   * they are written; other labels are themselves.
   */
  public static String canonical(String label) {
    if (isPlain(label)) {
      return label;
    }
    BigDecimal number = Numbers.exact(label);
    if (number == null) {
      return label;
    }
    BigDecimal least = number.stripTrailingZeros();
    return Math.abs((long) least.scale()) <= PLAIN_DIGITS
        ? least.toPlainString()
        : least.toString();
  }

  /** Whether it is a whole number from 0 on as it is usually written. */
  private static boolean isPlain(String label) {
    if (label.isEmpty() || label.length() > PLAIN_DIGITS) {
      return false;
    }
    for (int i = 0; i < label.length(); i++) {
      if (label.charAt(i) < '0' || label.charAt(i) > '9') {
        return false;
      }
    }
    return label.length() == 1 || label.charAt(0) != '0';
  }

  /** Numbers in their order, then other labels in theirs. */
  private static int compare(String a, String b) {
    BigDecimal x = Numbers.exact(a);
    BigDecimal y = Numbers.exact(b);
    if (x == null || y == null) {
      return x == null && y == null ? a.compareTo(b) : x == null ? 1 : -1;
    }
    return x.compareTo(y);
  }

  /**
   * Chooses the classes.
   *
   * @param firstSeen the classes, each once and as it was first written, and where that was, for
   *     messages
   * @param named the class that is to be +1; else the greater one is, as numbers if both are
   * @param shown whether messages may say what stands in rows that make no classes
   * @throws BadInputException if the labels are not what the loss wants
   */
  public static LabelCode of(
      Loss.Labels kind, Map<String, String> firstSeen, Optional<String> named, boolean shown) {
    if (kind != Loss.Labels.BINARY && kind != Loss.Labels.CLASSES) {
      return new LabelCode(kind, List.of());
    }
    List<String> classes = firstSeen.keySet().stream().sorted(LabelCode::compare).toList();
    if (kind == Loss.Labels.CLASSES) {
      requireSeveral(classes, firstSeen, shown);
      return new LabelCode(kind, classes);
    }
    if (classes.size() != 2) {
      throw new BadInputException(
          "This loss wants labels of two classes; there %s: %s. Choose another problem.loss or label."
              .formatted(
                  classes.size() < 2 ? "is one class only" : "are more",
                  places(classes, firstSeen, shown)));
    }
    int positive = named.map(name -> position(name, classes)).orElse(1);
    if (positive < 0) {
      throw new BadInputException(
          "data.positive is '%s', which is no label; the labels are '%s' and '%s'."
              .formatted(named.orElse(""), classes.get(0), classes.get(1)));
    }
    return new LabelCode(kind, List.of(classes.get(1 - positive), classes.get(positive)));
  }

  private static void requireSeveral(
      List<String> classes, Map<String, String> firstSeen, boolean shown) {
    if (classes.size() < 2) {
      throw new BadInputException(
          "This loss wants labels of two classes or more; there is one only: %s. Choose another problem.loss or label."
              .formatted(places(classes, firstSeen, shown)));
    }
    if (classes.size() > MOST_CLASSES) {
      throw new BadInputException(
          "The labels are of more than %d classes: %s. Choose a problem.loss for numbers, or another data.label."
              .formatted(MOST_CLASSES, places(classes, firstSeen, shown)));
    }
  }

  /** Where the first few classes were first seen, and which they are if that may be said. */
  private static String places(List<String> classes, Map<String, String> firstSeen, boolean shown) {
    String told =
        classes.stream()
            .limit(MOST_TOLD)
            .map(
                c -> shown ? "'%s' (first at %s)".formatted(c, firstSeen.get(c)) : firstSeen.get(c))
            .collect(Collectors.joining(", ", shown ? "" : "first at ", ""));
    return classes.size() > MOST_TOLD ? told + " and others" : told;
  }

  /** Where the class of a label is; -1 if there is none. */
  private static int position(String label, List<String> classes) {
    int same = classes.indexOf(label);
    if (same >= 0) {
      return same;
    }
    String canonical = canonical(label);
    for (int k = 0; k < classes.size(); k++) {
      if (canonical(classes.get(k)).equals(canonical)) {
        return k;
      }
    }
    return -1;
  }

  /** Whether a label is of one of the classes. */
  public boolean has(String label) {
    return position(label, classes) >= 0;
  }

  /** The number that a label stands for. */
  public double encode(String label) {
    return switch (kind) {
      case BINARY -> position(label, classes) == 1 ? 1 : -1;
      case CLASSES -> position(label, classes);
      case REAL, COUNT, TIME -> number(label);
    };
  }

  /** Whether a label is a word that is a number where the loss wants one: true or false. */
  public static boolean isFlag(String label) {
    return label.equalsIgnoreCase("true") || label.equalsIgnoreCase("false");
  }

  /** A label as a number, with 1 for true and 0 for false; NaN if it is none. */
  private static double number(String label) {
    double number = Numbers.parse(label);
    return Double.isNaN(number) && isFlag(label)
        ? (label.equalsIgnoreCase("true") ? 1 : 0)
        : number;
  }

  /**
   * What is wrong with a label, whatever the classes turn out to be, without saying what it is;
   * null if nothing is.
   */
  public static @Nullable String fault(Loss.Labels kind, String label) {
    double value = number(label);
    boolean anyText = kind == Loss.Labels.BINARY || kind == Loss.Labels.CLASSES;
    if (anyText ? Numbers.isNotFinite(label) : Double.isNaN(value)) {
      return "the label is no finite number";
    }
    if (kind == Loss.Labels.TIME && !(value > 0)) {
      return "the time is not above 0";
    }
    return kind == Loss.Labels.COUNT && value < 0
        ? "the label is below 0; this loss wants counts, from 0 on"
        : null;
  }
}
