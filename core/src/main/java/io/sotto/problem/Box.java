package io.sotto.problem;

/**
 * Bounds for each coordinate: {@code lower <= x <= upper}. A point is clipped. The nonnegative
 * orthant is the box with a lower bound of 0.
 *
 * @param lower one number for each coordinate, or one for all; -infinity is no bound
 * @param upper likewise; +infinity is no bound
 */
public record Box(Coordinates lower, Coordinates upper) implements ConstraintSet {

  /**
   * @throws IllegalArgumentException if a lower bound is above the upper one, or there are none, or
   *     both are arrays and of two lengths
   */
  public Box {
    if (!match(lower.size(), upper.size()) || crossing(lower, upper) >= 0) {
      throw new IllegalArgumentException("lower %s above upper %s".formatted(lower, upper));
    }
  }

  /** Reads {@code lower} and {@code upper}; what is left out is no bound. */
  static Box of(Parameters p) {
    Coordinates lower =
        Coordinates.of(p.has("lower") ? p.numbers("lower") : unbounded(Double.NEGATIVE_INFINITY));
    Coordinates upper =
        Coordinates.of(p.has("upper") ? p.numbers("upper") : unbounded(Double.POSITIVE_INFINITY));
    if (!match(lower.size(), upper.size())) {
      throw p.bad(
          "lower",
          lower,
          "it has %d numbers and upper has %d, give both as many"
              .formatted(lower.size(), upper.size()));
    }
    int j = crossing(lower, upper);
    if (j >= 0) {
      throw p.bad(
          lower.size() == 1 ? "lower" : "lower[" + j + "]",
          of(lower, j),
          "it must not be above upper, whose number there is " + of(upper, j));
    }
    return new Box(lower, upper);
  }

  /** The box of all points from 0 on. */
  public static Box nonnegative() {
    return new Box(Coordinates.of(0), Coordinates.of(unbounded(Double.POSITIVE_INFINITY)));
  }

  /**
   * The box of the points that two boxes share.
   *
   * @throws BadInputException if there are none
   */
  static Box shared(Box a, Box b) {
    if (!match(sizes(a.lower, a.upper), sizes(b.lower, b.upper))) {
      throw new BadInputException(
          "The boxes %s and %s are given for two dimensions; give both as many numbers."
              .formatted(a, b));
    }
    double[] lower = new double[sizes(a.lower, b.lower)];
    double[] upper = new double[sizes(a.upper, b.upper)];
    for (int j = 0; j < lower.length; j++) {
      lower[j] = Math.max(of(a.lower, j), of(b.lower, j));
    }
    for (int j = 0; j < upper.length; j++) {
      upper[j] = Math.min(of(a.upper, j), of(b.upper, j));
    }
    int j = crossing(Coordinates.of(lower), Coordinates.of(upper));
    if (j >= 0) {
      throw new BadInputException(
          "The boxes %s and %s have no point in common, see coordinate %d; widen one of them."
              .formatted(a, b, j));
    }
    return new Box(Coordinates.of(lower), Coordinates.of(upper));
  }

  /** True if arrays of these lengths can stand side by side. */
  private static boolean match(int a, int b) {
    return a > 0 && b > 0 && (a == b || a == 1 || b == 1);
  }

  /** How many coordinates two bounds speak of; 1 if each is one number for all. */
  private static int sizes(Coordinates a, Coordinates b) {
    return Math.max(a.size(), b.size());
  }

  private static double[] unbounded(double infinity) {
    return new double[] {infinity};
  }

  private static double of(Coordinates bound, int j) {
    return bound.values[bound.values.length == 1 ? 0 : j];
  }

  /** The first coordinate where lower is above upper, -1 if there is none. */
  private static int crossing(Coordinates lower, Coordinates upper) {
    for (int j = 0; j < sizes(lower, upper); j++) {
      if (of(lower, j) > of(upper, j)) {
        return j;
      }
    }
    return -1;
  }

  @Override
  public void requireDimension(int n) {
    if (lower.size() != 1) {
      lower.requireSize("The lower bound of a box", n);
    }
    if (upper.size() != 1) {
      upper.requireSize("The upper bound of a box", n);
    }
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    double[] low = lower.values;
    double[] high = upper.values;
    int lowStep = low.length == 1 ? 0 : 1; // one number for all is read again and again
    int highStep = high.length == 1 ? 0 : 1;
    for (int j = 0; j < n; j++) {
      x[at + j] = Math.min(Math.max(x[at + j], low[j * lowStep]), high[j * highStep]);
    }
  }

  @Override
  public double reach(int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double most = Math.max(Math.abs(of(lower, j)), Math.abs(of(upper, j)));
      sum += most * most;
    }
    return Math.sqrt(sum);
  }

  @Override
  public ConstraintSet in(Coordinates units) {
    double[] low = new double[units.size()];
    double[] high = new double[units.size()];
    for (int j = 0; j < low.length; j++) {
      low[j] = of(lower, j) / units.values[j];
      high[j] = of(upper, j) / units.values[j];
    }
    return new Box(Coordinates.of(low), Coordinates.of(high));
  }
}
