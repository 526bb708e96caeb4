package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decoding with a cache against passes over whole windows. They agree as long as a sequence is no
 * longer than a window. After that each layer of the decoder sees a window of what the layer below
 * it says, and that was told of tokens from before the window: a pass over the last window is not
 * told of them. With one layer there is no layer below, so there both agree at any length.
 */
class DecoderTest {
  private static Stream<ModelShape> shapes() {
    return LanguageModelTest.shapes();
  }

  private static int[] tokens(ModelShape shape, int count, long seed) {
    return new SplittableRandom(seed).ints(count, 0, shape.vocabulary()).toArray();
  }

  /**
   * The logarithms of probabilities after a token, by a pass over a whole window.
   *
   * @param at the place of that token in the window
   * @param deep 0 for the next token, 1 for the one after it
   */
  private static double[] whole(
      LanguageModel model, ModelShape shape, double[] x, int[] window, int at, int deep) {
    double[] all = new double[shape.vocabulary()];
    for (int v = 0; v < all.length; v++) {
      int[][] targets = new int[shape.mtp() + 1][window.length];
      double[][] weights = new double[shape.mtp() + 1][window.length];
      System.arraycopy(window, 1, targets[0], 0, window.length - 1);
      targets[deep][at] = v;
      weights[deep][at] = 1;
      Batch batch = new Batch(1, window.length, window, targets, weights, new int[0]);
      LanguageModel.Loss loss = model.loss(x, 0, batch, deep > 0);
      all[v] = -(deep == 0 ? loss.next() : loss.later()[deep - 1]);
    }
    return all;
  }

  private static double[] logs(double[] logits) {
    double most = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - most)).sum();
    return Arrays.stream(logits).map(logit -> logit - most - Math.log(sum)).toArray();
  }

  private static void assertSame(double[] logits, double[] whole, double error) {
    double size = Arrays.stream(whole).map(Math::abs).max().orElseThrow();
    assertThat(logs(logits)).containsExactly(whole, within(error * size));
  }

  private static void compare(ModelShape shape, Kernels kernels, double error) {
    Layout layout = new Layout(shape);
    double[] x = LanguageModelTest.start(layout, 5);
    int[] text = tokens(shape, shape.window(), 6);
    LanguageModel model = new LanguageModel(layout, LanguageModelTest.TRAINING, kernels);
    Decoder decoder = new Decoder(layout, kernels, x, 1);
    int prompt = shape.window() / 2;
    Decoder.Reading read = decoder.read(new int[prompt], Arrays.copyOf(text, prompt));
    for (int t = 0; t < prompt; t++) {
      assertSame(read.logits(t), whole(model, shape, x, text, t, 0), error);
    }
    if (shape.mtp() > 0) {
      Decoder.Reading ahead = read.ahead(Arrays.copyOfRange(text, 1, prompt + 1));
      for (int t = 0; t < prompt; t++) {
        assertSame(ahead.logits(t), whole(model, shape, x, text, t, 1), error);
      }
    }
    for (int t = prompt; t < text.length; t++) {
      read = decoder.read(new int[1], new int[] {text[t]});
      assertSame(read.logits(), whole(model, shape, x, text, t, 0), error);
      if (shape.mtp() > 0 && t + 1 < text.length) {
        assertSame(read.ahead(text[t + 1]).logits(0), whole(model, shape, x, text, t, 1), error);
      }
    }
    assertThat(decoder.length(0)).isEqualTo(text.length);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void cachedDecodingIsTheWholePass(ModelShape shape) {
    compare(shape, new DoubleKernels(), 1e-7); // the scale of attention is a float
    compare(shape, new WideKernels(), 1e-5);
  }

  /** For any length, and however the text is cut. */
  @Test
  void withOneLayerItIsAPassOverTheLastWindow() {
    ModelShape shape = new ModelShape(17, 16, 1, 0, 2, 8, 8, 8, 4, 32, 8, 5, 1, 2, 1, 1, 12, 0);
    Layout layout = new Layout(shape);
    double[] x = LanguageModelTest.start(layout, 7);
    Kernels kernels = new WideKernels();
    LanguageModel model = new LanguageModel(layout, LanguageModelTest.TRAINING, kernels);
    int[] text = tokens(shape, 150, 8);
    SplittableRandom random = new SplittableRandom(9);
    Decoder decoder = new Decoder(layout, kernels, x, 1);
    int done = 0;
    while (done < text.length) {
      int count = Math.min(1 + random.nextInt(shape.window()), text.length - done);
      int[] part = Arrays.copyOfRange(text, done, done + count);
      Decoder.Reading read = decoder.read(new int[count], part);
      done += count;
      for (int row = 0; row < count; row++) {
        int end = done - count + row + 1;
        int[] window = Arrays.copyOfRange(text, Math.max(0, end - shape.window()), end);
        assertSame(read.logits(row), whole(model, shape, x, window, window.length - 1, 0), 1e-5);
      }
    }
  }

  /** Bits do not depend on what else is read in a pass, nor on how a text is cut. */
  @ParameterizedTest
  @MethodSource("shapes")
  void severalSequencesAreEachAsIfAlone(ModelShape shape) {
    Layout layout = new Layout(shape);
    double[] x = LanguageModelTest.start(layout, 11);
    int[][] texts = {tokens(shape, 90, 1), tokens(shape, 7, 2), tokens(shape, 41, 3)};
    List<List<double[]>> alone = new ArrayList<>();
    for (int[] text : texts) {
      Decoder decoder = new Decoder(layout, new PlainKernels(), x, 1);
      List<double[]> logits = new ArrayList<>();
      for (int token : text) {
        logits.add(decoder.read(new int[1], new int[] {token}).logits());
      }
      alone.add(logits);
    }
    Decoder decoder = new Decoder(layout, new WideKernels(), x, texts.length);
    SplittableRandom random = new SplittableRandom(4);
    int[] done = new int[texts.length];
    while (done[0] < 90 || done[1] < 7 || done[2] < 41) {
      List<Integer> sequences = new ArrayList<>();
      List<Integer> tokens = new ArrayList<>();
      int[] from = done.clone();
      for (int s = 0; s < texts.length; s++) {
        int count = Math.min(random.nextInt(shape.window() + 1), texts[s].length - done[s]);
        for (int k = 0; k < count; k++) {
          sequences.add(s);
          tokens.add(texts[s][done[s]++]);
        }
      }
      if (sequences.isEmpty()) {
        continue;
      }
      int[] of = sequences.stream().mapToInt(Integer::intValue).toArray();
      Decoder.Reading read =
          decoder.read(of, tokens.stream().mapToInt(Integer::intValue).toArray());
      for (int row = 0; row < of.length; row++) {
        assertThat(read.logits(row)).isEqualTo(alone.get(of[row]).get(from[of[row]]++));
      }
    }
  }

  @Test
  void aShortenedSequenceGoesOnAsIfNothingHadBeenForgotten() {
    ModelShape shape = shapes().skip(1).findFirst().orElseThrow();
    Layout layout = new Layout(shape);
    double[] x = LanguageModelTest.start(layout, 13);
    int[] text = tokens(shape, 70, 14);
    Decoder straight = new Decoder(layout, new WideKernels(), x, 1);
    Decoder other = new Decoder(layout, new WideKernels(), x, 1);
    for (int run = 0; run < 2; run++) {
      straight.shorten(0, 0);
      other.shorten(0, 0);
      for (int t = 0; t < text.length; t++) {
        double[] logits = straight.read(new int[1], new int[] {text[t]}).logits();
        assertThat(other.read(new int[2], new int[] {text[t], 3}).logits(0)).isEqualTo(logits);
        other.shorten(0, t + 1);
      }
    }
    assertThatThrownBy(() -> other.shorten(0, 20))
        .hasMessage("a sequence of 70 tokens cannot be shortened to 20");
    assertThatThrownBy(() -> other.shorten(0, 71)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> other.read(new int[13], new int[13]))
        .hasMessage("more than a window of tokens at once");
  }
}
