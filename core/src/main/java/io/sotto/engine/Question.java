package io.sotto.engine;

import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What the operator asks of every cell at a measurement.
 *
 * @param points where to evaluate F
 * @param gradient whether to sum subgradients at the first point
 * @param tangents the points at which to give tangents of F without its penalty; where the gradient
 *     is asked for too, F is smooth, and the first tangent is at the first point, whose gradient
 *     serves for it
 * @param lowest whether to say below what F without its penalty never is
 * @param mean from where to take distances to the estimates of lane 0
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares questions
public record Question(
    double[][] points, boolean gradient, int[] tangents, boolean lowest, double[] mean)
    implements Request<Question.Answer> {

  @Override
  public Answer of(Cell cell, CellState[] lanes) {
    return CellReport.answer(cell, lanes[0], this);
  }

  /** Without tangents. */
  public Question(double[][] points, boolean gradient, double[] mean) {
    this(points, gradient, new int[0], false, mean);
  }

  /**
   * A cell's answer.
   *
   * @param values the sum of its agents' f_i at each point
   * @param gradient the sum of their subgradients at the first point; empty if not asked
   * @param distance the largest Euclidean distance of an estimate from the mean
   * @param tangents null if not asked, or if there are none
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(
      double[] values, double[] gradient, double distance, @Nullable Tangents tangents)
      implements Serializable {}

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
  public record Tangents(
      double[][] slopes,
      double[] dual,
      double dualConstant,
      double lowest,
      Regularizer penalty,
      double share)
      implements Serializable {

    /** The sum with another cell's, for which the arrays of this are used; null if none. */
    @Nullable Tangents plus(@Nullable Tangents other) {
      if (other == null || !penalty.equals(other.penalty)) {
        return null;
      }
      for (int p = 0; p < slopes.length; p++) {
        Vectors.addScaled(1, other.slopes[p], 0, slopes[p], 0, slopes[p].length);
      }
      Vectors.addScaled(1, other.dual, 0, dual, 0, dual.length);
      return new Tangents(
          slopes,
          dual,
          dualConstant + other.dualConstant,
          lowest + other.lowest,
          penalty,
          share + other.share);
    }
  }
}
