package io.sotto.model;

/**
 * Windows of a text, to be read and predicted.
 *
 * @param windows how many
 * @param length how many tokens of each are read
 * @param read the tokens that are read, window by window
 * @param targets by how far ahead, from the next token on, the tokens to be predicted
 * @param weights by token, what its prediction counts for in a mean: 0 where it is not to be
 *     predicted, 1 else
 * @param first by token, the first one of its window that it looks at, as a place in the window;
 *     empty if all look at all before them
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares batches
record Batch(
    int windows, int length, int[] read, int[][] targets, double[][] weights, int[] first) {

  /**
   * The windows of a text that begin at some tokens. Where prompts are only read, a token looks at
   * its own document alone, as it will when the model is asked.
   *
   * @param length tokens to be read of each
   * @param ahead how many tokens after the next one are predicted as well
   * @param end the token that documents begin with
   */
  static Batch of(Tokens text, int[] begin, int length, int ahead, int end) {
    int n = begin.length * length;
    int[] read = new int[n];
    int[][] targets = new int[ahead + 1][n];
    double[][] weights = new double[ahead + 1][n];
    int[] first = new int[text.silent().length > 0 ? n : 0];
    for (int b = 0; b < begin.length; b++) {
      for (int t = 0; t < length; t++) {
        int i = b * length + t;
        read[i] = text.ids()[begin[b] + t];
        if (t > 0 && first.length > 0) {
          first[i] = read[i] == end ? t : first[i - 1];
        }
        for (int k = 0; k <= ahead; k++) {
          int target = begin[b] + t + 1 + k;
          targets[k][i] = text.ids()[target];
          weights[k][i] = text.isSilent(target) ? 0 : 1;
        }
      }
    }
    return new Batch(begin.length, length, read, targets, weights, first);
  }

  /** By token, the position in its window. */
  int[] positions() {
    int[] positions = new int[read.length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i % length;
    }
    return positions;
  }

  /** The weights of targets that far ahead, so that they sum to a number; 0 if nothing counts. */
  double[] weights(int ahead, double sum) {
    double total = 0;
    for (double weight : weights[ahead]) {
      total += weight;
    }
    double[] scaled = new double[read.length];
    for (int i = 0; total > 0 && i < scaled.length; i++) {
      scaled[i] = weights[ahead][i] * sum / total;
    }
    return scaled;
  }
}
