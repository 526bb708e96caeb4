package io.sotto.model;

import java.util.List;

/**
 * Responses that an update is made from, and what each of their tokens counts for in it.
 *
 * @param tokens of all of them
 * @param parts of them
 * @param advantages of each response
 * @param ofReference by part, the losses of the reference; empty if the divergence does not count
 * @param begin those when the responses were written; empty if they serve one step only
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way; nobody compares these
record Rolled(
    Policy policy,
    Answers answered,
    long tokens,
    List<Answers.Part> parts,
    double[] advantages,
    List<double[]> ofReference,
    List<double[]> begin) {

  /** Of ratios of probabilities in the gradient of the divergence. */
  private static final double LARGEST_LOG_RATIO = 5;

  /** What the token that a place predicts counts for; 0 if it is none of a response. */
  private double share(Answers.Part part, int place) {
    int i = part.response(place);
    int[][] written = answered.written();
    if (answered.place(i, place % part.batch().length()) < 0) {
      return 0;
    }
    return policy.byToken() ? 1.0 / tokens : 1.0 / written.length / written[i].length;
  }

  /**
   * What the losses of tokens count for, so that their weighted sum has the gradient of minus the
   * objective.
   *
   * @param number of the part
   * @param losses of its tokens: minus the logarithms of their probabilities
   */
  double[] weights(int number, double[] losses) {
    Answers.Part part = parts.get(number);
    double[] weights = new double[losses.length];
    for (int k = 0; k < losses.length; k++) {
      double share = share(part, k);
      if (share > 0) {
        double a = advantages[part.response(k)];
        double ratio = begin.isEmpty() ? 1 : StrictMath.exp(begin.get(number)[k] - losses[k]);
        boolean clipped = a > 0 ? ratio > 1 + policy.clip() : ratio < 1 - policy.clip();
        double weight = clipped ? 0 : ratio * a;
        if (!ofReference.isEmpty()) {
          double log = Math.min(losses[k] - ofReference.get(number)[k], LARGEST_LOG_RATIO);
          weight += policy.divergence() * (StrictMath.exp(log) - 1);
        }
        weights[k] = share * weight;
      }
    }
    return weights;
  }

  /**
   * Minus the objective of a part.
   *
   * @param losses of its tokens
   * @param wrote those of the model that wrote it
   */
  double loss(int number, double[] losses, double[] wrote) {
    Answers.Part part = parts.get(number);
    double sum = 0;
    for (int k = 0; k < losses.length; k++) {
      double share = share(part, k);
      if (share > 0) {
        double a = advantages[part.response(k)];
        double ratio = Math.exp(wrote[k] - losses[k]);
        double clipped = Math.max(1 - policy.clip(), Math.min(1 + policy.clip(), ratio));
        sum -= share * Math.min(ratio * a, clipped * a);
        if (!ofReference.isEmpty()) {
          double log = losses[k] - ofReference.get(number)[k];
          sum += share * policy.divergence() * (Math.exp(log) - log - 1);
        }
      }
    }
    return sum;
  }
}
