package io.sotto.model;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Responses of a model to many prompts at once. One object serves one thread. */
public final class Rollouts {
  private final Decoder decoder;
  private final int sequences;
  private final int vocabulary;
  private final int end;

  /**
   * @param sequences how many are written at once; more are written in turn
   * @param end the token that stands before a prompt and ends a response
   */
  public Rollouts(Layout layout, Kernels kernels, int sequences, int end) {
    this.decoder = new Decoder(layout, kernels, sequences);
    this.sequences = sequences;
    this.vocabulary = layout.shape().vocabulary();
    this.end = end;
  }

  /**
   * Writes a response to each prompt. The k-th response depends on its prompt, the model, the seed
   * and k alone.
   *
   * @param x holds the model
   * @param at where in x it begins
   * @param prompts tokens, at least one each
   * @param longest how many tokens a response has at most, the one that ends it included
   * @param temperature as in {@link Sampler}
   * @return by prompt the tokens of its response; the last one is the one that ends it, unless it
   *     was cut
   */
  public int[][] write(
      double[] x, int at, int[][] prompts, int longest, double temperature, long seed) {
    int[][] responses = new int[prompts.length][];
    for (int from = 0; from < prompts.length; from += sequences) {
      decoder.begin(x, at);
      int to = Math.min(prompts.length, from + sequences);
      write(prompts, from, to, longest, temperature, seed, responses);
    }
    return responses;
  }

  private void write(
      int[][] prompts,
      int from,
      int to,
      int longest,
      double temperature,
      long seed,
      int[][] responses) {
    int count = to - from;
    Sampler[] samplers = new Sampler[count];
    int[] alive = new int[count];
    int[] ends = new int[count];
    int[] sequence = new int[0];
    int[] read = new int[0];
    for (int s = 0; s < count; s++) {
      samplers[s] = new Sampler(temperature, 1, new SplittableRandom(seed + from + s).nextLong());
      alive[s] = s;
      if (!isAgain(prompts, from, s)) {
        int[] prompt = prompts[from + s];
        int at = read.length;
        sequence = Arrays.copyOf(sequence, at + 1 + prompt.length);
        read = Arrays.copyOf(read, sequence.length);
        Arrays.fill(sequence, at, sequence.length, s);
        read[at] = end;
        System.arraycopy(prompt, 0, read, at + 1, prompt.length);
      }
      ends[s] = read.length - 1;
    }
    int[][] written = new int[count][longest];
    Decoder.Reading reading = decoder.read(sequence, read).rows(ends);
    for (int s = 0; s < count; s++) {
      if (isAgain(prompts, from, s)) {
        decoder.copy(s - 1, s);
      }
    }
    for (int length = 1; ; length++) {
      double[] logits = reading.logits();
      int[] chosen = new int[alive.length];
      int left = 0;
      for (int k = 0; k < alive.length; k++) {
        int s = alive[k];
        double[] own = Arrays.copyOfRange(logits, k * vocabulary, (k + 1) * vocabulary);
        int token = samplers[s].choose(own, length);
        written[s][length - 1] = token;
        if (token == end || length == longest) {
          responses[from + s] = Arrays.copyOf(written[s], length);
        } else {
          chosen[left] = token;
          alive[left++] = s;
        }
      }
      if (left == 0) {
        return;
      }
      alive = Arrays.copyOf(alive, left);
      reading = decoder.read(alive, Arrays.copyOf(chosen, left));
    }
  }

  /** Whether a prompt is the one before, which is then read once for both. */
  private static boolean isAgain(int[][] prompts, int from, int s) {
    return s > 0 && Arrays.equals(prompts[from + s], prompts[from + s - 1]);
  }
}
