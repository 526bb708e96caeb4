package io.sotto.bench;

import io.sotto.model.LanguageCosts;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** E8 and E10: one model, with the balancing of experts off, and with products in 8 bits. */
final class SwitchesBenchmark implements Benchmark {
  private static final int VOCABULARY = 65;
  private static final int BATCH = 12;
  private static final long TOKENS = 614_400;
  private static final int SEEDS = 3;
  private static final double STEP = 5e-3;
  private static final double WARM_UP = 0.05;

  /** Windows of 64 tokens that loads are counted over: 8,192 tokens. */
  private static final int COUNTED = 128;

  @Override
  public String id() {
    return "E8";
  }

  @Override
  public String about() {
    return "E8, E10: balancing of experts on and off, 8 bits against floats (10 minutes)";
  }

  @Override
  public String heap() {
    return "1g";
  }

  /** What became of one training. */
  private record Trained(double loss, double violation) {}

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Shakespeare text = Shakespeare.read();
    List<Round> balance = new ArrayList<>();
    List<Round> free = new ArrayList<>();
    List<Round> losses = new ArrayList<>();
    List<Round> coarse = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      Trained on = trained(text, Models.BALANCE_STEP, Training.Precision.FLOAT, seed, log);
      Trained off = trained(text, 0, Training.Precision.FLOAT, seed, log);
      Trained bits = trained(text, Models.BALANCE_STEP, Training.Precision.FP8, seed, log);
      balance.add(new Round(on.violation(), MOST_VIOLATION));
      free.add(new Round(off.violation(), LEAST_WITHOUT));
      losses.add(new Round(on.loss(), off.loss()));
      coarse.add(new Round(bits.loss(), on.loss()));
    }
    String settings =
        String.format(
            Locale.ROOT,
            "16 experts, 2 of them for each token, %d tokens, step %s; seeds 1 to %d",
            TOKENS,
            STEP,
            SEEDS);
    return List.of(
        new Figure(
            "E8-on",
            "MaxVio with balancing, over 8,192 tokens : the most that is allowed",
            "1",
            Target.atMost(1),
            balance,
            settings),
        new Figure(
            "E8-off",
            "MaxVio without balancing : the least that shows that it is needed",
            "1",
            Target.atLeast(1),
            free,
            "the mean of both layers, in text that is trained on; ideal random routing has 0.054"),
        new Figure(
            "E8-loss",
            "loss with balancing : without",
            "nats",
            Target.within(1.01),
            losses,
            "over all of the last tenth"),
        new Figure(
            "E10",
            "loss with products in 8 bits : in floats",
            "nats",
            Target.within(1.0025),
            coarse,
            "the same seeds; over all of the last tenth, in floats"));
  }

  private static final double MOST_VIOLATION = 0.1;
  private static final double LEAST_WITHOUT = 1;

  private static Trained trained(
      Shakespeare text,
      double balanceStep,
      Training.Precision precision,
      int seed,
      Consumer<String> log) {
    ModelShape shape = Models.small(VOCABULARY, 0);
    Training training = Models.training(BATCH, balanceStep, precision);
    Tokens trainedOn = Tokens.of(text.trained());
    TextRun.End end = TextRun.central(shape, training, trainedOn, TOKENS, WARM_UP, seed).end(STEP);
    double[] x = end.estimates()[0];
    LanguageCosts counted =
        new LanguageCosts(
            shape,
            new Training(BATCH, 1, 0, 0, 0, Training.Precision.FLOAT, 0, COUNTED),
            new Tokens[] {trainedOn},
            1);
    double violation = 0;
    long[][] loads = counted.loads(0, x, 0);
    for (long[] layer : loads) {
      violation += maxViolation(layer) / loads.length;
    }
    Trained trained = new Trained(text.loss(shape, x), violation);
    log.accept(
        String.format(
            Locale.ROOT,
            "seed %d, balance step %s, %s: loss %.4f, MaxVio %.3f, %.0f CPU seconds",
            seed,
            balanceStep,
            precision,
            trained.loss(),
            trained.violation(),
            end.seconds()));
    return trained;
  }

  /** How much more than the mean the busiest expert has, as a part of the mean. */
  static double maxViolation(long[] loads) {
    long most = 0;
    long sum = 0;
    for (long load : loads) {
      most = Math.max(most, load);
      sum += load;
    }
    return (double) most * loads.length / sum - 1;
  }
}
