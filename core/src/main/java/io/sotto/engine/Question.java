package io.sotto.engine;

import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator asks of every cell at a measurement.
 *
 * @param tick when; subgradients that are estimates are drawn anew at each tick
 * @param points where to evaluate F
 * @param gradient whether to sum subgradients at the first point
 * @param minorants the points at which to give minorants of F without its penalty; where the
 *     gradient is asked for too, F is smooth, and the first minorant is at the first point, whose
 *     gradient serves for it
 * @param lowest whether to say below what F without its penalty never is
 * @param measured at how many of the points, from the first, to say what agents measure beside F
 * @param mean from where to take distances to the estimates of lane 0
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares questions
public record Question(
    long tick,
    double[][] points,
    boolean gradient,
    int[] minorants,
    boolean lowest,
    int measured,
    double[] mean)
    implements Request<Question.Answer> {

  @Override
  public Answer of(Cell cell, CellState[] lanes) {
    return CellReport.answer(cell, lanes[0], this);
  }

  /** F at some points, and no more. */
  public static Question values(long tick, double[]... points) {
    return new Question(tick, points, false, new int[0], false, 0, points[0]);
  }

  /** F and a subgradient at one point. */
  public static Question gradient(long tick, double[] point) {
    return new Question(tick, new double[][] {point}, true, new int[0], false, 0, point);
  }

  /**
   * A cell's answer, or the sum of those of all cells.
   *
   * @param values the sum of its agents' f_i at each point
   * @param gradient the sum of their subgradients at the first point; empty if not asked
   * @param exact whether subgradients are exact
   * @param distance the largest Euclidean distance of an estimate from the mean
   * @param minorants null if not asked, or if there are none
   * @param names of what agents measure beside F
   * @param measured by point that was asked for: these numbers, added up or averaged over agents,
   *     and then those of each agent, of all cells, one agent after the other. NaN where there is
   *     none; no agents where they are too many
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(
      double[] values,
      double[] gradient,
      boolean exact,
      double distance,
      @Nullable Minorants minorants,
      List<String> names,
      double[][] measured)
      implements Serializable {

    /** The answers of all cells as one, added up in their order. */
    static Answer sum(List<Answer> answers) {
      Answer first = answers.get(0);
      double[] values = new double[first.values.length];
      double[] gradient = new double[first.gradient.length];
      double[][] measured = new double[first.measured.length][];
      for (int p = 0; p < measured.length; p++) {
        measured[p] = new double[first.measured[p].length];
        Arrays.fill(measured[p], Double.NaN);
      }
      boolean exact = true;
      double distance = 0;
      Minorants minorants = first.minorants;
      for (Answer answer : answers) {
        Vectors.addScaled(1, answer.values, 0, values, 0, values.length);
        Vectors.addScaled(1, answer.gradient, 0, gradient, 0, gradient.length);
        for (int p = 0; p < measured.length; p++) {
          for (int k = 0; k < measured[p].length; k++) {
            measured[p][k] = plus(measured[p][k], answer.measured[p][k]);
          }
        }
        exact &= answer.exact;
        distance = Math.max(distance, answer.distance);
        if (answer != first && minorants != null) {
          minorants =
              minorants.plus(answer.minorants); // after its gradient, which may be its slope
        }
      }
      return new Answer(values, gradient, exact, distance, minorants, first.names, measured);
    }

    /** The sum of two numbers, of which NaN says that there is none. */
    static double plus(double sum, double more) {
      return Double.isNaN(more) ? sum : Double.isNaN(sum) ? more : sum + more;
    }
  }

  /**
   * What bounds on the optimum are made of.
   *
   * @param slopes at each point that was asked for, the sum of the gradients of f_i without the
   *     absolute values in its penalty, but with l2
   * @param dual the slope of what the duals of proximal steps know of F without its penalty
   * @param dualConstant and its value at 0; -infinity if there are no duals
   * @param lowest a number that F without its penalty is nowhere below, if asked for
   * @param penalty of F
   * @param share how many times F has it
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Minorants(
      double[][] slopes,
      double[] dual,
      double dualConstant,
      double lowest,
      Regularizer penalty,
      double share)
      implements Serializable {

    /** The sum with another cell's, for which the arrays of this are used; null if none. */
    @Nullable Minorants plus(@Nullable Minorants other) {
      if (other == null || !penalty.equals(other.penalty)) {
        return null;
      }
      for (int p = 0; p < slopes.length; p++) {
        Vectors.addScaled(1, other.slopes[p], 0, slopes[p], 0, slopes[p].length);
      }
      Vectors.addScaled(1, other.dual, 0, dual, 0, dual.length);
      return new Minorants(
          slopes,
          dual,
          dualConstant + other.dualConstant,
          lowest + other.lowest,
          penalty,
          share + other.share);
    }
  }
}
