package io.sotto.model;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses the next token. The choice at a place depends on the seed, the place and the logits
 * alone, so that a text is the same however its logits were computed.
 *
 * @param temperature by which logits are divided; 0 for the most likely token
 * @param topP only the most likely tokens are drawn from, as many as together have this probability
 * @param seed of the draws
 */
public record Sampler(double temperature, double topP, long seed) {

  /** Always the most likely token. */
  public static Sampler greedy() {
    return new Sampler(0, 1, 0);
  }

  /** Checks it. */
  public Sampler {
    if (!(temperature >= 0) || !(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "temperature must be 0 or more, top-p above 0 and at most 1");
    }
  }

  /** The token at a place. */
  public int choose(double[] logits, long place) {
    int best = 0;
    for (int j = 1; j < logits.length; j++) {
      if (logits[j] > logits[best]) {
        best = j;
      }
    }
    if (temperature == 0) {
      return best;
    }
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      weights[j] = StrictMath.exp((logits[j] - logits[best]) / temperature);
      sum += weights[j];
    }
    double least = leastWeight(weights, topP * sum);
    double left = 0;
    for (double weight : weights) {
      left += weight >= least ? weight : 0;
    }
    left *= new SplittableRandom(seed ^ (place * 0x9E37_79B9_7F4A_7C15L)).nextDouble();
    for (int j = 0; j < weights.length; j++) {
      left -= weights[j] >= least ? weights[j] : 0;
      if (left < 0) {
        return j;
      }
    }
    return best;
  }

  /** The weight of the last token that is needed to reach a sum. */
  private double leastWeight(double[] weights, double wanted) {
    if (topP == 1) {
      return 0;
    }
    double[] sorted = weights.clone();
    Arrays.sort(sorted);
    double sum = 0;
    int j = sorted.length - 1;
    for (; j > 0 && sum + sorted[j] < wanted; j--) {
      sum += sorted[j];
    }
    return sorted[j];
  }
}
