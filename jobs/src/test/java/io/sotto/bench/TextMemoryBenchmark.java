package io.sotto.bench;

import io.sotto.algorithm.AsyncAdam;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Superstep;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Workspaces;
import io.sotto.problem.Objective;
import io.sotto.run.Costs;
import io.sotto.run.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** E15: memory against what is forecast of it, at 1.3 and at 10 million parameters. */
final class TextMemoryBenchmark implements Benchmark {
  private static final int VOCABULARY = 66;
  private static final int AGENTS = 4;
  private static final int CELLS = 2;
  private static final int BATCH = 8;
  private static final int TOKENS = 100_000;
  private static final int TICKS = 2;

  @Override
  public String id() {
    return "E15";
  }

  @Override
  public String about() {
    return "memory of 4 agents with 1.3 and 10 M parameters against its forecast";
  }

  @Override
  public String heap() {
    return "12g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    ModelShape ten =
        new ModelShape(VOCABULARY, 256, 6, 1, 8, 32, 128, 64, 16, 704, 240, 8, 1, 2, 1, 1, 128, 0);
    return List.of(figure("E15-1", Models.large(VOCABULARY), log), figure("E15-10", ten, log));
  }

  private static Figure figure(String id, ModelShape shape, Consumer<String> log) {
    Layout layout = new Layout(shape);
    Tokens[] texts = new Tokens[AGENTS];
    Arrays.setAll(texts, i -> Tokens.of(new Random(i).ints(TOKENS, 0, VOCABULARY).toArray()));
    TextRun run =
        new TextRun(
            shape,
            Models.training(BATCH),
            texts,
            1,
            1,
            AsyncAdam.Moments.USUAL,
            0.05,
            0.01,
            1_000,
            1);
    Plan plan = run.plan(CELLS, 1);
    double forecast =
        Memory.of(
                plan.network(),
                plan.partition(),
                0,
                new Objective.Shape(0, layout.coefficients(), layout.dimension()),
                work(run),
                run.algorithm(1e-3),
                0,
                false,
                false,
                false)
            .live();
    double empty = Heap.live() - 4.0 * AGENTS * TOKENS; // the texts are there already
    List<Round> rounds = new ArrayList<>();
    try (Coordinator carrier = new LocalCoordinator(plan, CELLS)) {
      carrier.start(List.of(run.algorithm(1e-3)));
      for (long tick = 1; tick <= TICKS; tick++) {
        carrier.superstep(new Superstep(tick, 1, false, false));
      }
      double live = Heap.live() - empty;
      log.accept("%.0f MB, forecast %.0f".formatted(live / 1e6, forecast / 1e6));
      rounds.add(new Round(live, forecast));
    }
    return new Figure(
        id,
        "heap of 4 agents x %d parameters : its forecast".formatted(layout.coefficients()),
        "B",
        Target.within(1.1),
        rounds,
        "engine local, 2 threads, after two ticks, in a heap of 12 GiB");
  }

  /** As LanguageProblem counts it. */
  private static Costs.Work work(TextRun run) {
    int[] tokensOf = new int[AGENTS];
    Arrays.fill(tokensOf, TOKENS);
    long bytes = 5L * TOKENS * AGENTS + CELLS * Workspaces.bytes(run.shape(), run.training());
    return new Costs.Work(tokensOf, AGENTS, bytes, new double[AGENTS]);
  }
}
