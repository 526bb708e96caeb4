package io.sotto.run;

import io.sotto.problem.BadInputException;
import io.sotto.problem.PiecewiseExponential;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a solution says of a row. The row's values are in the order of the solution's features.
 *
 * @param kind what its predictions are
 * @param labels the classes, of two the one that is +1 last; empty for numbers
 * @param estimate the coefficients, those of one prediction after the other's
 * @param intercepts one for each prediction
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Predictor(Kind kind, List<String> labels, double[] estimate, double[] intercepts)
    implements Serializable {

  /** What predictions are. */
  public enum Kind {
    /** A number, z itself. */
    NUMBER,
    /** An expected count, exp(z). */
    COUNT,
    /** One of two classes, with the probability 1 / (1 + exp(-z)) of the one that is +1. */
    PROBABILITY,
    /** One of two classes by the sign of z, without a probability. */
    SIDE,
    /** One of several classes, with a probability of each. */
    CLASSES
  }

  private static final Set<String> NUMBERS = Set.of("squared", "absolute", "huber", "quantile");

  /**
   * Of a solution over features.
   *
   * @throws BadInputException if it is one of something else
   */
  public static Predictor of(Solution solution) {
    if (solution.features().isEmpty() || solution.outputs() == 0) {
      throw new BadInputException(
          "The solution is not one over features of rows, and cannot be applied to rows.");
    }
    if (solution.loss().equals(PiecewiseExponential.NAME)) {
      throw new BadInputException(
          "The solution is one of times to an event (survival): what it says of a row depends on a time,"
              + " and score does not apply it. Multiply the hazards in survival.csv by"
              + " exp(estimate . (row - at)), where at is survival.at in solution.json.");
    }
    Kind kind =
        switch (solution.loss()) {
          case "poisson" -> Kind.COUNT;
          case "logistic" -> Kind.PROBABILITY;
          default ->
              solution.outputs() > 1
                  ? Kind.CLASSES
                  : solution.labels().size() == 2 && !NUMBERS.contains(solution.loss())
                      ? Kind.SIDE
                      : Kind.NUMBER;
        };
    return new Predictor(kind, solution.labels(), solution.estimate(), solution.intercepts());
  }

  /** How many features a row has. */
  public int features() {
    return estimate.length / intercepts.length;
  }

  /**
   * The linear predictions of a row.
   *
   * @param index the places of the values among the features; null if all are there, in order
   * @param values of the row
   * @param count how many of them count
   * @param offset what is added to each prediction
   * @param z takes one number for each prediction
   */
  public void scores(
      int @Nullable [] index, double[] values, int count, double offset, double[] z) {
    int n = features();
    for (int k = 0; k < z.length; k++) {
      double sum = intercepts[k];
      for (int e = 0; e < count; e++) {
        sum += estimate[k * n + (index == null ? e : index[e])] * values[e];
      }
      z[k] = sum + offset;
    }
  }

  /** The class of these predictions: its place among the labels. */
  public int classOf(double[] z) {
    if (z.length == 1) {
      return z[0] > 0 ? 1 : 0;
    }
    int best = 0;
    for (int k = 1; k < z.length; k++) {
      best = z[k] > z[best] ? k : best;
    }
    return best;
  }

  /** The probability of the class that is +1. */
  public static double probability(double z) {
    return 1 / (1 + StrictMath.exp(-z));
  }

  /** The probabilities of all classes, in the order of the labels, which add up to 1. */
  public static double[] probabilities(double[] z) {
    double most = Double.NEGATIVE_INFINITY;
    for (double one : z) {
      most = Math.max(most, one);
    }
    double[] p = new double[z.length];
    double sum = 0;
    for (int k = 0; k < z.length; k++) {
      p[k] = StrictMath.exp(z[k] - most);
      sum += p[k];
    }
    for (int k = 0; k < z.length; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
