package io.sotto.bench;

import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * E4 and E5: tinyshakespeare by characters against what nanoGPT reports of it, one agent alone.
 *
 * @param id of the figure
 * @param about in a line
 * @param shape of the model
 * @param batch windows of an update
 * @param steps the longest ones that are tried, with the first seed; the best of them counts
 * @param tokens that are trained on
 * @param seeds how many
 * @param nano what nanoGPT reports of its 20 batches
 * @param loss to reach
 * @param seconds of one core in which to reach it
 */
record ShakespeareBenchmark(
    String id,
    String about,
    ModelShape shape,
    int batch,
    List<Double> steps,
    long tokens,
    int seeds,
    double nano,
    double loss,
    double seconds)
    implements Benchmark {

  private static final int VOCABULARY = 65;
  private static final double WARM_UP = 0.05;

  /** nanoGPT's budget for a processor. */
  static final ShakespeareBenchmark PROCESSOR =
      new ShakespeareBenchmark(
          "E4",
          "tinyshakespeare, the tokens of nanoGPT on a processor (15 minutes)",
          new ModelShape(VOCABULARY, 128, 4, 1, 4, 32, 64, 32, 16, 352, 64, 8, 1, 2, 1, 1, 128, 0),
          2,
          List.of(1.5e-3, 2e-3),
          Shakespeare.NANO_TOKENS,
          3,
          1.88,
          1.60,
          150);

  /** nanoGPT's on a graphics processor, which has trained on 82 million tokens. */
  static final ShakespeareBenchmark GRAPHICS =
      new ShakespeareBenchmark(
          "E5",
          "tinyshakespeare, the loss of nanoGPT on a graphics processor (20 minutes; only by name)",
          PROCESSOR.shape(),
          8,
          List.of(2e-3),
          12_000_000,
          1,
          1.4697,
          1.50,
          7_200);

  @Override
  public boolean onlyByName() {
    return id.equals("E5");
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Shakespeare text = Shakespeare.read();
    Training training = Models.training(batch);
    List<Trained> all = new ArrayList<>();
    double best = steps.get(0);
    for (double step : steps) {
      Trained trained = trained(text, training, step, 1, log);
      if (all.isEmpty() || trained.loss() < all.get(0).loss()) {
        all = new ArrayList<>(List.of(trained));
        best = step;
      }
    }
    for (int seed = 2; seed <= seeds; seed++) {
      all.add(trained(text, training, best, seed, log));
    }
    String settings =
        String.format(
            Locale.ROOT,
            "%d parameters, %d tokens in %d updates of %d windows of %d, step %s of %s by this loss",
            new Layout(shape).coefficients(),
            tokens,
            tokens / ((long) batch * shape.window()),
            batch,
            shape.window(),
            best,
            steps);
    return List.of(
        new Figure(
            id + "-loss",
            "loss over all of the last tenth : the loss to reach",
            "nats",
            Target.atMost(1),
            all.stream().map(t -> new Round(t.loss(), loss)).toList(),
            settings),
        new Figure(
            id + "-nano",
            "loss over 20 batches of 12 x 64 of the last tenth : what nanoGPT reports of them",
            "nats",
            Target.atMost(loss / nano),
            all.stream().map(t -> new Round(t.nanoLoss(), nano)).toList(),
            "windows drawn anew, no token sees more than 63 before it"),
        new Figure(
            id + "-time",
            "processor time of training : what is allowed",
            "s",
            Target.atMost(1),
            all.stream().map(t -> new Round(t.seconds(), seconds)).toList(),
            "of the whole process, its compiler included"));
  }

  /** What became of one training. */
  private record Trained(double loss, double nanoLoss, double seconds) {}

  private Trained trained(
      Shakespeare text, Training training, double step, int seed, Consumer<String> log) {
    TextRun.End end =
        TextRun.central(shape, training, Tokens.of(text.trained()), tokens, WARM_UP, seed)
            .end(step);
    Trained trained =
        new Trained(
            text.loss(shape, end.estimates()[0]),
            text.nanoLoss(shape, end.estimates()[0], seed),
            end.seconds());
    log.accept(
        String.format(
            Locale.ROOT,
            "seed %d, step %s: %.4f over all of the last tenth, %.4f over 20 batches, %.0f CPU"
                + " seconds",
            seed,
            step,
            trained.loss(),
            trained.nanoLoss(),
            trained.seconds()));
    return trained;
  }
}
