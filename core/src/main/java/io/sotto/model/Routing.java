package io.sotto.model;

import java.util.Arrays;

/**
 * Which experts each token has, and with which weights (DeepSeek-V3, equations 12 to 20). Biases
 * count when experts are chosen and nowhere else. Where experts are in groups, a token uses those
 * groups whose best experts have the largest sum of biased scores.
 */
final class Routing {
  private final ModelShape shape;
  private final double[] scores;
  private final double[] chosenSum;
  private final int tokens;

  /** By token and choice: the expert, and the weight of what it says. */
  final int[] expert;

  final double[] weight;

  /** By token and choice: its place among all choices in the order of experts. */
  final int[] place;

  /** By place: the token. */
  final int[] tokenAt;

  /** Where the places of an expert begin; one more than there are experts. */
  final int[] begin;

  /**
   * Chooses.
   *
   * @param scores by token and expert, between 0 and 1
   * @param bias by expert
   */
  Routing(ModelShape shape, double[] scores, double[] bias) {
    this.shape = shape;
    this.scores = scores;
    int experts = shape.experts();
    int active = shape.active();
    tokens = scores.length / experts;
    expert = new int[tokens * active];
    weight = new double[tokens * active];
    place = new int[tokens * active];
    tokenAt = new int[tokens * active];
    begin = new int[experts + 1];
    chosenSum = new double[tokens];
    double[] biased = new double[experts];
    for (int n = 0; n < tokens; n++) {
      for (int e = 0; e < experts; e++) {
        biased[e] = scores[n * experts + e] + bias[e];
      }
      limitGroups(biased);
      double sum = 0;
      for (int k = 0; k < active; k++) {
        int best = best(biased, 0, experts);
        expert[n * active + k] = best;
        biased[best] = Double.NEGATIVE_INFINITY;
        sum += scores[n * experts + best];
        begin[best + 1]++;
      }
      chosenSum[n] = sum;
      for (int k = 0; k < active; k++) {
        weight[n * active + k] = scores[n * experts + expert[n * active + k]] / sum;
      }
    }
    for (int e = 0; e < experts; e++) {
      begin[e + 1] += begin[e];
    }
    int[] next = Arrays.copyOf(begin, experts);
    for (int a = 0; a < place.length; a++) {
      place[a] = next[expert[a]]++;
      tokenAt[place[a]] = a / active;
    }
  }

  private static int best(double[] of, int from, int to) {
    int best = from;
    for (int e = from + 1; e < to; e++) {
      if (of[e] > of[best]) {
        best = e;
      }
    }
    return best;
  }

  private void limitGroups(double[] biased) {
    int groups = shape.groups();
    if (shape.activeGroups() == groups) {
      return;
    }
    int size = shape.experts() / groups;
    int counted = Math.max(1, shape.active() / shape.activeGroups());
    double[] sums = new double[groups];
    double[] left = biased.clone();
    for (int g = 0; g < groups; g++) {
      for (int k = 0; k < Math.min(counted, size); k++) {
        int best = best(left, g * size, (g + 1) * size);
        sums[g] += left[best];
        left[best] = Double.NEGATIVE_INFINITY;
      }
    }
    boolean[] allowed = new boolean[groups];
    for (int m = 0; m < shape.activeGroups(); m++) {
      int best = best(sums, 0, groups);
      allowed[best] = true;
      sums[best] = Double.NEGATIVE_INFINITY;
    }
    for (int e = 0; e < biased.length; e++) {
      if (!allowed[e / size]) {
        biased[e] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  /** How many tokens an expert has. */
  int load(int of) {
    return begin[of + 1] - begin[of];
  }

  /** The sign of how much more than the mean an expert has. */
  double overload(int of) {
    return Math.signum((double) load(of) * shape.experts() - place.length);
  }

  /**
   * By expert, how often it is chosen in a sequence over what an equal share would be [f], times
   * its mean share of scores [P], summed: the balance loss of that sequence without its weight.
   */
  double balance(int sequence, int length) {
    double[] often = often(sequence, length);
    int experts = shape.experts();
    double sum = 0;
    for (int n = sequence * length; n < (sequence + 1) * length; n++) {
      double total = total(n);
      for (int e = 0; e < experts; e++) {
        sum += often[e] * scores[n * experts + e] / total / length;
      }
    }
    return sum;
  }

  private double total(int token) {
    double total = 0;
    for (int e = 0; e < shape.experts(); e++) {
      total += scores[token * shape.experts() + e];
    }
    return total;
  }

  private double[] often(int sequence, int length) {
    double[] often = new double[shape.experts()];
    double one = (double) shape.experts() / ((double) shape.active() * length);
    for (int a = sequence * length * shape.active();
        a < (sequence + 1) * length * shape.active();
        a++) {
      often[expert[a]] += one;
    }
    return often;
  }

  /**
   * The gradient with respect to what scores are the logistic function of.
   *
   * @param dweight by token and choice, that of the loss with respect to the weight
   * @param balanceWeight what the balance loss of each sequence counts for
   */
  double[] back(double[] dweight, int length, double balanceWeight) {
    int experts = shape.experts();
    int active = shape.active();
    double[] gradient = new double[scores.length];
    double[] often = new double[experts];
    for (int n = 0; n < tokens; n++) {
      if (n % length == 0) {
        often = often(n / length, length);
      }
      int at = n * experts;
      double mix = 0;
      for (int a = n * active; a < (n + 1) * active; a++) {
        mix += dweight[a] * weight[a];
      }
      for (int a = n * active; a < (n + 1) * active; a++) {
        gradient[at + expert[a]] += (dweight[a] - mix) / chosenSum[n];
      }
      double total = total(n);
      double mean = 0;
      for (int e = 0; e < experts; e++) {
        mean += often[e] * scores[at + e] / total;
      }
      for (int e = 0; e < experts; e++) {
        gradient[at + e] += balanceWeight / length * (often[e] - mean) / total;
        gradient[at + e] *= scores[at + e] * (1 - scores[at + e]);
      }
    }
    return gradient;
  }
}
