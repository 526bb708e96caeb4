package io.sotto.bench;

import io.sotto.model.Decoder;
import io.sotto.model.Kernels;
import io.sotto.model.LanguageCosts;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** E11 and E12: decoding with a cache of latent vectors. */
final class DecodingBenchmark implements Benchmark {
  private static final int VOCABULARY = 65;
  private static final int SEQUENCES = 64;
  private static final int ROUNDS = 5;
  private static final int WARM = 3;

  @Override
  public String id() {
    return "E11";
  }

  @Override
  public String about() {
    return "E11, E12: decoding with a cache of latent vectors";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    ModelShape shape = Models.large(VOCABULARY);
    Layout layout = new Layout(shape);
    double[] x = new double[layout.dimension()];
    layout.start(3, x, 0);
    int[] text = new Random(4).ints(shape.window() + 1 + shape.mtp(), 0, VOCABULARY).toArray();
    double worst = worst(layout, x, text);
    log.accept(String.format(Locale.ROOT, "largest difference %.3g", worst));
    Rounds.Side many = () -> tokensPerSecond(layout, x, SEQUENCES);
    Rounds.Side single = () -> tokensPerSecond(layout, x, 1);
    for (int w = 0; w < WARM; w++) {
      many.measure();
      single.measure();
    }
    List<Round> speed = Rounds.alternating(ROUNDS, many, single, log);
    List<Round> reached = new ArrayList<>();
    for (Round round : speed) {
      reached.add(new Round(round.value(), TOKENS_PER_SECOND));
    }
    return List.of(
        new Figure(
            "E11-cache",
            "numbers cached for each token and layer : by plain attention",
            "numbers",
            Target.atMost(48.0 / 320),
            List.of(new Round(shape.cached(), shape.cachedByPlainAttention())),
            "4 heads of 32, 16 of position, a latent vector of 32"),
        new Figure(
            "E11-same",
            "largest difference of log-probabilities from those of the full pass : 1e-5",
            "nats",
            Target.atMost(1),
            List.of(new Round(worst, 1e-5)),
            "all characters after 8 places of a window of 128"),
        new Figure(
            "E12",
            "decoding 64 sequences at once : what is asked for",
            "tokens/s",
            Target.atLeast(1),
            reached,
            "1.33 M parameters, a window of 128 each, time of one thread"),
        new Figure(
            "E12-one",
            "decoding 64 sequences at once : one",
            "tokens/s",
            Target.report(),
            speed,
            ""));
  }

  private static final double TOKENS_PER_SECOND = 40_000;

  /**
   * The largest difference of log-probabilities, decoded token by token, from what the loss of
   * training says of each token if it alone is to be predicted.
   */
  private static double worst(Layout layout, double[] x, int[] text) {
    ModelShape shape = layout.shape();
    Decoder decoder = new Decoder(layout, Kernels.fastest(), x, 1);
    Training training = new Training(1, 1, 0, 0, 0, Training.Precision.FLOAT, 0, 1);
    double worst = 0;
    for (int t = 0; t < shape.window(); t++) {
      double[] logits = decoder.read(new int[1], new int[] {text[t]}).logits();
      if (t % (shape.window() / 8) != shape.window() / 8 - 1) {
        continue;
      }
      double sum = Arrays.stream(logits).map(Math::exp).sum();
      Tokens[] cases = new Tokens[shape.vocabulary()];
      for (int v = 0; v < cases.length; v++) {
        int[] ids = text.clone();
        boolean[] silent = new boolean[ids.length];
        Arrays.fill(silent, true);
        silent[t + 1] = false;
        ids[t + 1] = v;
        cases[v] = new Tokens(ids, silent);
      }
      LanguageCosts full = new LanguageCosts(shape, training, cases, 1);
      for (int v = 0; v < cases.length; v++) {
        worst = Math.max(worst, Math.abs(full.value(v, x, 0) - Math.log(sum) + logits[v]));
      }
    }
    return worst;
  }

  /** Decodes a window of each sequence, of tokens that are as likely as any. */
  private static double tokensPerSecond(Layout layout, double[] x, int sequences) {
    int window = layout.shape().window();
    Decoder decoder = new Decoder(layout, Kernels.fastest(), x, sequences);
    int[] each = new int[sequences];
    Arrays.setAll(each, s -> s);
    int[] tokens = new int[sequences];
    double begin = StepBenchmark.threadMillis();
    for (int t = 0; t < window; t++) {
      double[] logits = decoder.read(each, tokens).logits();
      for (int s = 0; s < sequences; s++) {
        tokens[s] = best(logits, s * VOCABULARY);
      }
    }
    return 1e3 * window * sequences / (StepBenchmark.threadMillis() - begin);
  }

  private static int best(double[] logits, int from) {
    int best = 0;
    for (int v = 1; v < VOCABULARY; v++) {
      if (logits[from + v] > logits[from + best]) {
        best = v;
      }
    }
    return best;
  }
}
