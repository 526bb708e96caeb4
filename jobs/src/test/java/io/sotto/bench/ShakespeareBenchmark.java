package io.sotto.bench;

import io.sotto.algorithm.AsyncAdam;
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
 * @param step the longest
 * @param moments of Adam
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
    double step,
    AsyncAdam.Moments moments,
    long tokens,
    int seeds,
    double nano,
    double loss,
    double seconds)
    implements Benchmark {

  private static final int VOCABULARY = 65;

  /** nanoGPT's budget for a processor. */
  static final ShakespeareBenchmark PROCESSOR =
      new ShakespeareBenchmark(
          "E4",
          "tinyshakespeare, the tokens of nanoGPT on a processor (10 minutes)",
          new ModelShape(VOCABULARY, 128, 4, 1, 4, 32, 64, 32, 16, 352, 64, 8, 1, 2, 1, 1, 128, 0),
          4,
          3e-3,
          AsyncAdam.Moments.USUAL,
          Shakespeare.NANO_TOKENS,
          3,
          1.88,
          1.60,
          150);

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Shakespeare text = Shakespeare.read();
    Training training = Models.training(batch);
    List<Round> whole = new ArrayList<>();
    List<Round> batches = new ArrayList<>();
    List<Round> time = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      TextRun run =
          TextRun.central(shape, training, Tokens.of(text.trained()), tokens, 0.05, seed)
              .with(moments);
      TextRun.End end = run.end(step);
      double loss = text.loss(shape, end.estimates()[0]);
      double nanoLoss = text.nanoLoss(shape, end.estimates()[0], seed);
      log.accept(
          String.format(
              Locale.ROOT,
              "seed %d: %.4f over all of the last tenth, %.4f over 20 batches, %.0f CPU seconds",
              seed,
              loss,
              nanoLoss,
              end.seconds()));
      whole.add(new Round(loss, loss()));
      batches.add(new Round(nanoLoss, nano));
      time.add(new Round(end.seconds(), seconds));
    }
    String settings =
        String.format(
            Locale.ROOT,
            "%d parameters, %d tokens in %d updates of %d windows of %d, step %s",
            new Layout(shape).coefficients(),
            tokens,
            tokens / ((long) batch * shape.window()),
            batch,
            shape.window(),
            step);
    return List.of(
        new Figure(
            id + "-loss",
            "loss over all of the last tenth : the loss to reach",
            "nats",
            Target.atMost(1),
            whole,
            settings),
        new Figure(
            id + "-nano",
            "loss over 20 batches of 12 x 64 of the last tenth : what nanoGPT reports of them",
            "nats",
            Target.atMost(loss / nano),
            batches,
            "windows drawn anew, no token sees more than 63 before it"),
        new Figure(
            id + "-time",
            "processor time of training : what is allowed",
            "s",
            Target.atMost(1),
            time,
            "of the whole process, its compiler included"));
  }
}
