package io.sotto.bench;

import io.sotto.model.LanguageCosts;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;

/**
 * Tinyshakespeare by characters, as nanoGPT splits it: the first nine tenths are trained on, the
 * last tenth is not.
 *
 * @param characters by token
 * @param trained nine tenths
 * @param held the last tenth
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record Shakespeare(int[] characters, int[] trained, int[] held) {
  /** nanoGPT's evaluation on a processor: so many batches of so many windows of so many tokens. */
  static final int NANO_BATCHES = 20;

  static final int NANO_BATCH = 12;
  static final int NANO_WINDOW = 64;

  /** What nanoGPT trains on with its settings for a processor: 2,000 of these batches. */
  static final int NANO_TOKENS = 2_000 * NANO_BATCH * NANO_WINDOW;

  /** Reads it. */
  static Shakespeare read() throws IOException {
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(new Configuration());
    Path file = Path.of(PeerBenchmark.shared("tinyshakespeare.txt.bz2"));
    String text;
    try (InputStream in =
        codec.createInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    int[] characters = text.chars().distinct().sorted().toArray();
    int[] ids = text.chars().map(c -> Arrays.binarySearch(characters, c)).toArray();
    int cut = (int) (ids.length * 9L / 10);
    return new Shakespeare(
        characters, Arrays.copyOf(ids, cut), Arrays.copyOfRange(ids, cut, ids.length));
  }

  /** The part that is trained on, in so many contiguous pieces. */
  Tokens[] pieces(int agents) {
    Tokens[] pieces = new Tokens[agents];
    for (int i = 0; i < agents; i++) {
      int from = (int) ((long) trained.length * i / agents);
      int to = (int) ((long) trained.length * (i + 1) / agents);
      pieces[i] = Tokens.of(Arrays.copyOfRange(trained, from, to));
    }
    return pieces;
  }

  /** The mean loss over the last tenth, all of it, in windows as long as those of training. */
  double loss(ModelShape shape, double[] x) {
    return loss(shape, x, Integer.MAX_VALUE);
  }

  /** The same over so many windows, evenly spaced. */
  double loss(ModelShape shape, double[] x, int windows) {
    return new LanguageCosts(shape, evaluation(windows), new Tokens[] {Tokens.of(held)}, 1)
        .value(0, x, 0);
  }

  /** The mean loss over nanoGPT's batches of the last tenth: windows at random, of 64 tokens. */
  double nanoLoss(ModelShape shape, double[] x, long seed) {
    ModelShape shorter = Models.withWindow(shape, NANO_WINDOW);
    int span = LanguageCosts.span(shorter);
    SplittableRandom random = new SplittableRandom(seed);
    Tokens[] windows = new Tokens[NANO_BATCHES * NANO_BATCH];
    for (int w = 0; w < windows.length; w++) {
      int from = random.nextInt(held.length - span + 1);
      windows[w] = Tokens.of(Arrays.copyOfRange(held, from, from + span));
    }
    LanguageCosts costs = new LanguageCosts(shorter, evaluation(1), windows, 1);
    double sum = 0;
    for (int w = 0; w < windows.length; w++) {
      sum += costs.value(w, x, 0);
    }
    return sum / windows.length;
  }

  private static Training evaluation(int windows) {
    return new Training(8, 1, 0, 0, 0, Training.Precision.FLOAT, 0, windows);
  }
}
