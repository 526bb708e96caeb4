package io.sotto.problem;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Numbers that do not change and compare equal by content: what sets are made of, so that they can
 * be records. Hot loops of this package read {@link #values} without a copy and never write to it.
 */
public final class Coordinates implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 8;

  /** No numbers at all. */
  public static final Coordinates NONE = of();

  final double[] values;

  /** The sum of the squares. */
  final double squaredNorm;

  private Coordinates(double[] values) {
    this.values = values;
    this.squaredNorm = Vectors.dot(values, 0, values, 0, values.length);
  }

  /**
   * A copy of these numbers; infinities are allowed.
   *
   * @throws IllegalArgumentException if one is not a number
   */
  public static Coordinates of(double... values) {
    for (int j = 0; j < values.length; j++) {
      if (Double.isNaN(values[j])) {
        throw new IllegalArgumentException("coordinate " + j + " is not a number");
      }
    }
    return new Coordinates(values.clone());
  }

  /** How many there are. */
  public int size() {
    return values.length;
  }

  /** The one at position j, from 0. */
  public double at(int j) {
    return values[j];
  }

  /** Refuses a space of another dimension; {@code what} names these numbers in the message. */
  void requireSize(String what, int n) {
    if (values.length != n) {
      throw new BadInputException(
          "%s has %d numbers, but there are %d coefficients; give it one number for each."
              .formatted(what, values.length, n));
    }
  }

  /** True if these can be a direction: a squared length that is neither 0 nor overflows. */
  boolean isDirection() {
    return squaredNorm > 0 && squaredNorm < Double.POSITIVE_INFINITY;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Coordinates that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** All numbers, or the first ones and how many there are. */
  @Override
  public String toString() {
    String shown =
        Arrays.stream(values)
            .limit(SHOWN)
            .mapToObj(Double::toString)
            .collect(Collectors.joining(", "));
    String rest =
        values.length > SHOWN ? String.format(Locale.ROOT, ", ... %d in all", values.length) : "";
    return "[" + shown + rest + "]";
  }

  /** Products, one by one, with as many others. */
  Coordinates times(Coordinates others) {
    double[] products = new double[values.length];
    for (int j = 0; j < products.length; j++) {
      products[j] = values[j] * others.values[j % others.values.length];
    }
    return new Coordinates(products);
  }

  /** These numbers as rows of so many. */
  double[][] rows(int length) {
    double[][] rows = new double[values.length / length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * length, (i + 1) * length);
    }
    return rows;
  }
}
