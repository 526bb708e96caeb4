package io.sotto.bench;

import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** E14: whether the loss of a long training ever jumps. */
final class SpikesBenchmark implements Benchmark {
  private static final int VOCABULARY = 65;
  private static final int BATCH = 4;
  private static final int STEPS = 4_000;
  private static final int SEEDS = 3;
  private static final double STEP = 5e-3;
  private static final int WINDOWS = 8;

  /** The weight of the past in the running mean. */
  private static final double PAST = 0.98;

  private static final double SPIKE = 1.2;

  @Override
  public String id() {
    return "E14";
  }

  @Override
  public String about() {
    return "jumps of the loss in 4,000 steps (10 minutes)";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Shakespeare text = Shakespeare.read();
    ModelShape shape = Models.small(VOCABULARY, 0);
    List<Round> spikes = new ArrayList<>();
    List<Round> most = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      TextRun run =
          TextRun.central(
              shape,
              Models.training(BATCH),
              Tokens.of(text.trained()),
              (long) STEPS * BATCH * shape.window(),
              0.05,
              seed);
      double[] seen = new double[3]; // the running mean, jumps, the largest ratio
      run.end(
          run.algorithm(STEP),
          1,
          (tick, estimates) -> {
            double loss = text.loss(shape, estimates[0], WINDOWS);
            double mean = tick == 1 ? loss : seen[0];
            seen[1] += loss > SPIKE * mean ? 1 : 0;
            seen[2] = Math.max(seen[2], loss / mean);
            seen[0] = PAST * mean + (1 - PAST) * loss;
          });
      log.accept(
          String.format(
              Locale.ROOT,
              "seed %d: %.0f jumps, at most %.3f of the mean",
              seed,
              seen[1],
              seen[2]));
      spikes.add(new Round(seen[1], 1));
      most.add(new Round(seen[2], SPIKE));
    }
    return List.of(
        new Figure(
            "E14-spikes",
            "steps after which the loss is above 1.2 of its running mean : 1",
            "steps",
            Target.atMost(0),
            spikes,
            "4,000 steps of the small model, losses of the same 8 windows of the last tenth after"
                + " each; no run was set back or started anew, which nothing here can do"),
        new Figure(
            "E14-most",
            "the largest loss as a part of its running mean : 1.2",
            "1",
            Target.atMost(1),
            most,
            ""));
  }
}
