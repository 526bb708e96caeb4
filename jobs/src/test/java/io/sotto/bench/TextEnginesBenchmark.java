package io.sotto.bench;

import io.sotto.algorithm.AsyncAdam;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Superstep;
import io.sotto.engine.graphx.GraphxCoordinator;
import io.sotto.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/** E13: a tick of eight agents with 1.33 M parameters each, on Spark and in one process. */
final class TextEnginesBenchmark implements Benchmark {
  private static final int VOCABULARY = 66;
  private static final int AGENTS = 8;
  private static final int CELLS = 2;
  private static final int BATCH = 8;
  private static final int TICKS = 8;
  private static final int WARM = 32;
  private static final int MEASURED = 16;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "E13";
  }

  @Override
  public String about() {
    return "engine graphx against engine local, 8 agents x 1.33 M parameters (10 minutes)";
  }

  @Override
  public String heap() {
    return "6g";
  }

  /** A run that goes on. */
  private static final class Going implements AutoCloseable {
    private final Coordinator carrier;
    private final int ticks;
    private long tick;

    Going(TextRun run, Coordinator carrier, int ticks) {
      this.carrier = carrier;
      this.ticks = ticks;
      carrier.start(List.of(run.algorithm(1e-3)));
    }

    /** The milliseconds of a tick. */
    double millis(int count) {
      long begin = System.nanoTime();
      for (int k = 0; k < count; k += ticks) {
        carrier.superstep(new Superstep(tick + 1, ticks, false, false));
        tick += ticks;
      }
      return (System.nanoTime() - begin) / 1e6 / count;
    }

    @Override
    public void close() {
      carrier.close();
    }
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Tokens[] texts = new Tokens[AGENTS];
    Arrays.setAll(texts, i -> Tokens.of(new Random(i).ints(20_000, 0, VOCABULARY).toArray()));
    TextRun run =
        new TextRun(
            Models.large(VOCABULARY),
            Models.training(BATCH),
            texts,
            1,
            1,
            AsyncAdam.Moments.USUAL,
            0.05,
            0.01,
            100_000,
            1);
    List<Figure> figures = new ArrayList<>();
    for (int ticks : new int[] {TICKS, 1}) {
      Plan plan = run.plan(CELLS, ticks);
      try (JavaSparkContext spark = SparkLocal.open(CELLS);
          Going onSpark = new Going(run, new GraphxCoordinator(plan, spark), ticks);
          Going local = new Going(run, new LocalCoordinator(plan, CELLS), ticks)) {
        onSpark.millis(WARM);
        local.millis(WARM);
        figures.add(
            new Figure(
                ticks == 1 ? "E13-1" : "E13-8",
                "graphx, ticks per superstep: %d : local with the same".formatted(ticks),
                "ms/tick",
                Target.atMost(ticks == 1 ? 2 : 1.2),
                Rounds.alternating(
                    ROUNDS, () -> onSpark.millis(MEASURED), () -> local.millis(MEASURED), log),
                "8 agents on a ring, all active, 1,024 tokens each, 2 cells, 2 threads"));
      }
    }
    return figures;
  }
}
