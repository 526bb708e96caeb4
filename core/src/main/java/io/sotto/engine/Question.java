package io.sotto.engine;

import java.io.Serializable;

/**
 * What the operator asks of every cell at a measurement.
 *
 * @param points where to evaluate F
 * @param gradient whether to sum subgradients at the first point
 * @param mean from where to take distances to the estimates of lane 0
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares questions
public record Question(double[][] points, boolean gradient, double[] mean) implements Serializable {

  /**
   * A cell's answer.
   *
   * @param values the sum of its agents' f_i at each point
   * @param gradient the sum of their subgradients at the first point; empty if not asked
   * @param distance the largest Euclidean distance of an estimate from the mean
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(double[] values, double[] gradient, double distance)
      implements Serializable {}
}
