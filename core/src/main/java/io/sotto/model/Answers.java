package io.sotto.model;

import io.sotto.model.task.Preference;
import io.sotto.model.task.Prompt;
import io.sotto.model.task.Reward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model wrote to some prompts.
 *
 * @param read the tokens of each prompt
 * @param written the tokens of each response
 * @param rewards of each response
 * @param end the token that begins a window and ends a response
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way; nobody compares these
record Answers(int[][] read, int[][] written, Reward[] rewards, int end) {
  /** Responses that are computed at once: so few that what is computed stays in a fast cache. */
  static final int AT_ONCE = 8;

  /**
   * Has a model write.
   *
   * @param preference judges answers that need no thought; null for none
   * @param x holds the model
   * @param at where in x it begins
   * @param longest how many tokens a response has at most
   */
  static Answers write(
      Rollouts rollouts,
      Vocabulary vocabulary,
      @Nullable Preference preference,
      double[] x,
      int at,
      Prompt[] prompts,
      int longest,
      double temperature,
      long seed) {
    int[][] read = new int[prompts.length][];
    for (int i = 0; i < prompts.length; i++) {
      boolean again = i > 0 && prompts[i] == prompts[i - 1];
      read[i] = again ? read[i - 1] : vocabulary.encode(prompts[i].text(), prompts[i].text());
    }
    int[][] written = rollouts.write(x, at, read, longest, temperature, seed);
    Reward[] rewards = new Reward[prompts.length];
    int end = vocabulary.end();
    for (int i = 0; i < prompts.length; i++) {
      boolean ended = written[i][written[i].length - 1] == end;
      String text = ended ? vocabulary.decode(written[i]) : null;
      rewards[i] = Reward.of(prompts[i], text, preference);
    }
    return new Answers(read, written, rewards, end);
  }

  /** The token of a response that a place of its window predicts; -1 if it predicts none. */
  int place(int response, int token) {
    int at = token - read[response].length;
    return at >= 0 && at < written[response].length ? at : -1;
  }

  /**
   * Some responses.
   *
   * @param first the number of the first
   * @param batch a window for each: the token that begins, the prompt, the response, and filling
   */
  record Part(int first, Batch batch) {

    /** The response to which a place belongs. */
    int response(int place) {
      return first + place / batch.length();
    }
  }

  /** All of them, a few at a time, so that a computation takes little memory. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int from = 0; from < read.length; from += AT_ONCE) {
      parts.add(new Part(from, batch(from, Math.min(AT_ONCE, read.length - from))));
    }
    return parts;
  }

  private Batch batch(int from, int count) {
    int length = 0;
    for (int i = from; i < from + count; i++) {
      length = Math.max(length, read[i].length + written[i].length);
    }
    int n = count * length;
    int[] tokens = new int[n];
    int[] targets = new int[n];
    double[] weights = new double[n];
    Arrays.fill(tokens, end);
    Arrays.fill(targets, end);
    for (int i = 0; i < count; i++) {
      int[] before = read[from + i];
      int[] after = written[from + i];
      int at = i * length;
      System.arraycopy(before, 0, tokens, at + 1, before.length);
      System.arraycopy(after, 0, tokens, at + 1 + before.length, after.length - 1);
      System.arraycopy(after, 0, targets, at + before.length, after.length);
      Arrays.fill(weights, at + before.length, at + before.length + after.length, 1);
    }
    return new Batch(
        count, length, tokens, new int[][] {targets}, new double[][] {weights}, new int[0]);
  }
}
