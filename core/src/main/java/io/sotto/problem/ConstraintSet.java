package io.sotto.problem;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A closed convex set of coefficients, known by its projection. A set never sees the intercept.
 *
 * <p>Implementations are values (records), compare equal when they are the same set, and do not
 * change. {@link ConstraintSets} is their registry; a contract test checks that each set in it
 * projects into the set, that its projection is idempotent and non-expansive, and that it satisfies
 * {@code <x - P(x), z - P(x)> <= 0} with every member z.
 */
public interface ConstraintSet extends Serializable {

  /**
   * Replaces a point by the member that is nearest to it.
   *
   * @param x holds the point
   * @param at where in x its first coordinate stands
   * @param n how many coordinates it has
   * @param work scratch space; what is in it before and after means nothing
   * @param workAt where in {@code work} the {@link #scratch} doubles begin that may be used
   */
  void project(double[] x, int at, int n, double[] work, int workAt);

  /** How many doubles of scratch space {@link #project} wants for n coordinates. */
  default int scratch(int n) {
    return 0;
  }

  /**
   * Refuses a space in which this set makes no sense.
   *
   * @param n the number of coefficients
   * @throws BadInputException if a parameter has another length than n
   */
  default void requireDimension(int n) {}

  /**
   * An upper bound on the Euclidean norm of the members with n coordinates; +infinity where there
   * is none, or none is known. Lower bounds of F* need it where there is no l2.
   */
  default double reach(int n) {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * The same set in other coordinates x, where a coefficient is {@code w_j = units_j x_j}. It
   * projects to the member that is nearest in x.
   *
   * @param units above 0, one for each coefficient
   * @return null if that projection is not known
   */
  default @Nullable ConstraintSet in(Coordinates units) {
    return null;
  }

  /** A projected copy; allocates, so not for inner loops. */
  default double[] projected(double[] x, int n) {
    double[] copy = x.clone();
    project(copy, 0, n, new double[scratch(n)], 0);
    return copy;
  }

  /** The Euclidean distance of the first n coordinates of x; allocates. */
  default double distance(double[] x, int n) {
    return Vectors.distance(Arrays.copyOf(x, n), projected(Arrays.copyOf(x, n), n));
  }
}
