package io.sotto.problem;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns labels, which are text, into numbers.
 *
 * @param kind what the loss wants
 * @param classes the classes in order, of two the one that is -1 first; empty if there are none
 */
public record LabelCode(Loss.Labels kind, List<String> classes) implements Serializable {
  /** With more, labels are likely to be numbers. */
  public static final int MOST_CLASSES = 1000;

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

  /** Numbers that are equal are one class, however they are written. */
  public static String canonical(String label) {
    double number = Numbers.parse(label);
    return Double.isNaN(number)
        ? label
        : number == Math.rint(number) && Math.abs(number) < 1e15
            ? Long.toString((long) number)
            : Double.toString(number);
  }

  /**
   * Chooses the classes.
   *
   * @param firstSeen where each class was first seen, for messages
   * @param named the class that is to be +1; else the greater one is, as numbers if both are
   * @param shown whether messages may say what stands in rows that make no classes
   * @throws BadInputException if the labels are not what the loss wants
   */
  public static LabelCode of(
      Loss.Labels kind, Map<String, String> firstSeen, Optional<String> named, boolean shown) {
    if (kind != Loss.Labels.BINARY && kind != Loss.Labels.CLASSES) {
      return new LabelCode(kind, List.of());
    }
    List<String> classes =
        firstSeen.keySet().stream()
            .sorted(
                Comparator.comparingDouble((String c) -> Numbers.parse(c))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
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
    String positive = named.map(LabelCode::canonical).orElse(classes.get(1));
    if (!classes.contains(positive)) {
      throw new BadInputException(
          "data.positive is '%s', which is no label; the labels are '%s' and '%s'."
              .formatted(named.orElse(""), classes.get(0), classes.get(1)));
    }
    String negative = positive.equals(classes.get(0)) ? classes.get(1) : classes.get(0);
    return new LabelCode(kind, List.of(negative, positive));
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

  /** The number that a label stands for. */
  public double encode(String label) {
    return switch (kind) {
      case BINARY -> canonical(label).equals(positive()) ? 1 : -1;
      case CLASSES -> classes.indexOf(canonical(label));
      case REAL, COUNT -> Numbers.parse(label);
    };
  }

  /**
   * What is wrong with a label, whatever the classes turn out to be, without saying what it is;
   * null if nothing is.
   */
  public static @Nullable String fault(Loss.Labels kind, String label) {
    double value = Numbers.parse(label);
    boolean anyText = kind == Loss.Labels.BINARY || kind == Loss.Labels.CLASSES;
    if (anyText ? Numbers.isNotFinite(label) : Double.isNaN(value)) {
      return "the label is no finite number";
    }
    return kind == Loss.Labels.COUNT && value < 0
        ? "the label is below 0; this loss wants counts, from 0 on"
        : null;
  }
}
