package io.sotto.bench;

import io.sotto.model.LanguageCosts;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;

/**
 * E2: one gradient of a model of 1.33 M parameters in a JVM that has just started, against
 * libtorch's of the same model, by turns in one thread.
 */
final class StepBenchmark implements Benchmark {
  /** Windows of a step. */
  static final int BATCH = 8;

  private static final int VOCABULARY = 66;
  private static final int WARM = 40;
  private static final int ROUNDS = 5;
  private static final int CALLS = 10;

  @Override
  public String id() {
    return "E2";
  }

  @Override
  public String about() {
    return "a gradient of 1.33 M parameters in a fresh JVM against libtorch's";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    ModelShape shape = Models.large(VOCABULARY);
    Layout layout = new Layout(shape);
    Training training = TorchGradients.unclipped(BATCH);
    Tokens text = Tokens.of(Shakespeare.read().trained());
    LanguageCosts costs = new LanguageCosts(shape, training, new Tokens[] {text}, 1);
    double[] x = TorchGradients.start(layout, 1);
    double[] out = new double[layout.dimension()];
    Runnable ours = () -> costs.subgradient(0, 1, x, 0, out);
    for (int w = 0; w < WARM; w++) {
      ours.run();
    }
    double first = millis(ours); // before libtorch is loaded
    log.accept("%.1f ms after %d calls".formatted(first, WARM));
    TorchGradients.Side torch = new TorchGradients.Side(layout, training, text, x, false);
    for (int w = 0; w < WARM; w++) {
      torch.step();
    }
    return List.of(
        new Figure(
            id(),
            "gradient of %d parameters, 1,024 tokens : libtorch's".formatted(layout.coefficients()),
            "ms",
            Target.atMost(0.5),
            Rounds.alternating(ROUNDS, () -> millis(ours), () -> millis(torch::step), log),
            "time of one thread, %d calls a round; %.1f ms right after the first 40 calls"
                .formatted(CALLS, first)));
  }

  private static double millis(Runnable call) {
    double begin = threadMillis();
    for (int c = 0; c < CALLS; c++) {
      call.run();
    }
    return (threadMillis() - begin) / CALLS;
  }

  /** Milliseconds of processor time that this thread has taken. */
  static double threadMillis() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-6;
  }
}
