package io.sotto.problem;

/**
 * What inference wants of the rows of a block of agents, beside their loss and its gradient. A
 * score is the derivative of a row's loss by its prediction. Matrices are packed as {@link
 * Curvature} says, and of the loss alone: the penalty is no part of them.
 */
public interface Scores {

  /** How many of the agent's rows count: those of a weight above 0. */
  int rows(int agent);

  /**
   * The sum over the agent's rows of weight times {@link Loss#base}: what the sum of losses lacks
   * to be the negative log-likelihood.
   */
  double base(int agent);

  /**
   * The losses of the agent's subjects, without a penalty.
   *
   * @return how many subjects count, then sums over them: of weights, of weight times loss, of
   *     weight times squared loss; weights are parts of 1 as in F
   */
  double[] losses(int agent, double[] x);

  /**
   * Where the agent's residuals lie; a residual is the label less the prediction.
   *
   * @param levels in units of the label
   * @return sums of weights of rows, which are parts of 1 as in F: times the residual, times its
   *     square, and for each level those of rows whose residual is not above it
   * @throws UnsupportedOperationException if rows have several predictions
   */
  default double[] residuals(int agent, double[] x, double... levels) {
    throw new UnsupportedOperationException(getClass().getName() + " has no residuals");
  }

  /** Adds the second derivatives of the agent's loss at x. */
  void addInformation(int agent, double[] x, double[] packed);

  /**
   * Adds the sum over rows of {@code weight score^2 a a^T}, a being the row with its constant;
   * where a subject has several rows, the sum over subjects of the product of their summed scores.
   *
   * @param squared whether it is of the squared weight
   */
  void addSquaredScores(int agent, double[] x, boolean squared, double[] packed);
}
