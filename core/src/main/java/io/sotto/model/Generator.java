package io.sotto.model;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Writes a text, token by token. If the model predicts tokens ahead, each pass through it also
 * reads the token that was predicted to be the next but one; where that is the token which is
 * chosen, the pass has given two (speculative decoding: Leviathan, Kalman, Matias 2023). The text
 * is the same without it.
 */
public final class Generator {
  private static final int[] FIRST = {0};
  private static final int[] BOTH = {0, 0};

  private final ModelShape shape;
  private final Decoder decoder;
  private final boolean speculative;
  private long passes;
  private long drafted;
  private long accepted;

  /**
   * @param x the model
   * @param speculative whether tokens ahead are used, if the model predicts any
   */
  public Generator(Layout layout, Kernels kernels, double[] x, boolean speculative) {
    this.shape = layout.shape();
    this.decoder = new Decoder(layout, kernels, x, 1);
    this.speculative = speculative && shape.mtp() > 0;
  }

  /** Passes through the model after the prompt was read. */
  public long passes() {
    return passes;
  }

  /** How many tokens were predicted ahead. */
  public long drafted() {
    return drafted;
  }

  /** How many of them were chosen. */
  public long accepted() {
    return accepted;
  }

  /**
   * Writes on from a prompt.
   *
   * @param prompt at least one token
   * @param sampler chooses
   * @param more takes each token, and says whether another one is wanted
   */
  public void generate(int[] prompt, Sampler sampler, IntPredicate more) {
    decoder.shorten(0, 0);
    Decoder.Reading last = null;
    for (int from = 0; from < prompt.length; from += shape.window()) {
      int[] part = Arrays.copyOfRange(prompt, from, Math.min(from + shape.window(), prompt.length));
      last = decoder.read(new int[part.length], part);
      if (speculative && from + part.length < prompt.length) {
        last.ahead(Arrays.copyOfRange(prompt, from + 1, from + part.length + 1));
      } else if (speculative && part.length > 1) {
        last.ahead(Arrays.copyOfRange(prompt, from + 1, prompt.length));
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("a prompt must have a token");
    }
    int row = last.rows() - 1;
    int token = sampler.choose(last.logits(row), prompt.length);
    while (more.test(token)) {
      int at = decoder.length(0); // the place of the token
      if (!speculative) {
        last = decoder.read(FIRST, new int[] {token});
        row = 0;
        passes++;
        token = sampler.choose(last.logits(row), at + 1L);
        continue;
      }
      int draft = sampler.choose(last.row(row).ahead(token).logits(0), at + 1L);
      last = decoder.read(BOTH, new int[] {token, draft});
      passes++;
      drafted++;
      int next = sampler.choose(last.logits(0), at + 1L);
      row = 0;
      if (next == draft) {
        accepted++;
        if (!more.test(next)) {
          return;
        }
        last.row(0).ahead(next);
        row = 1;
        next = sampler.choose(last.logits(1), at + 2L);
      } else {
        decoder.shorten(0, at + 1);
      }
      token = next;
    }
  }
}
