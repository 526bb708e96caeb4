package io.sotto.problem;

import java.io.Serializable;

/**
 * The cost of rows: makes the {@link LocalObjective} of a group of agents from their rows. A user's
 * own cost of rows implements this, with a constructor or a static {@code of} that takes {@link
 * Parameters}, and is named by {@code problem.objective}. {@link Objectives} has those that Sotto
 * brings, by name.
 */
public interface Objective extends Serializable {

  /** What the labels are. */
  Loss.Labels labels();

  /** True if the cost of rows is differentiable everywhere. */
  boolean smooth();

  /**
   * The coordinates of x.
   *
   * @param features how many features a row has
   * @param classes how many classes the labels have; 0 if they are numbers
   * @param intercept whether a constant is asked for
   */
  default Shape shape(int features, int classes, boolean intercept) {
    return Shape.linear(1, features, intercept);
  }

  /** The class that says what rows cost: for a loss of a single prediction, that of the loss. */
  default Class<?> type() {
    return getClass();
  }

  /** True if this cost uses offsets of rows. */
  default boolean offsets() {
    return true;
  }

  /**
   * False if the subgradients of its costs are estimates, as {@link LocalObjective#exact} says: the
   * method is chosen before any rows are loaded, and not every method supports such costs.
   */
  default boolean exact() {
    return true;
  }

  /** A typical second derivative of the cost of a row in its prediction, above 0. */
  default double curvature() {
    return 1;
  }

  /** The costs of the agents of the block. */
  LocalObjective over(Block block);

  /**
   * The coordinates of x: coefficients, which regularizer and sets apply to, then the others.
   *
   * @param outputs how many linear predictions a row has, the coefficients of each in order of the
   *     features, one prediction after the other, then an intercept for each; 0 for costs that are
   *     not made of linear predictions, whose coefficients have no units
   * @param coefficients how many
   * @param dimension how many coordinates there are in all
   */
  record Shape(int outputs, int coefficients, int dimension) implements Serializable {
    /** Some linear predictions. */
    public static Shape linear(int outputs, int features, boolean intercept) {
      long coefficients = (long) outputs * features;
      if (coefficients + outputs > Integer.MAX_VALUE - 8) {
        throw new BadInputException(
            ("%d classes times %d features are %d coefficients, and there can be %d at most. Name"
                    + " fewer features in data.features, or take a loss for two classes.")
                .formatted(outputs, features, coefficients, Integer.MAX_VALUE - 8));
      }
      int all = (int) coefficients;
      return new Shape(outputs, all, all + (intercept ? outputs : 0));
    }
  }
}
