package io.sotto.bench;

import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCoordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * B4: what a superstep on Spark costs beyond its arithmetic, against the least that a Spark job
 * with a shuffle of the same bytes costs. The common problem with one row for each agent, so that
 * there is little arithmetic to subtract; it is what the local engine takes for the same superstep
 * with as many threads.
 */
final class SuperstepBenchmark implements Benchmark {
  private static final int CELLS = 2;
  private static final int WARM = 600;
  private static final int SUPERSTEPS = 100;
  private static final int ROUNDS = 7;

  @Override
  public String id() {
    return "B4";
  }

  @Override
  public String about() {
    return "engine graphx, a superstep against a bare Spark job";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) {
    Plan plan = Problems.common(1, 100, CELLS, 1);
    List<Round> rounds = new ArrayList<>();
    double arithmetic = 0;
    try (JavaSparkContext spark = SparkLocal.open(CELLS)) {
      try (Supersteps onSpark = new Supersteps(plan, new GraphxCoordinator(plan, spark));
          Supersteps local = new Supersteps(plan, new LocalCoordinator(plan, CELLS))) {
        BareShuffle bare = new BareShuffle(spark, plan);
        onSpark.millis(WARM);
        bare.millis(WARM);
        local.millis(10 * WARM);
        for (int r = 0; r < ROUNDS; r++) {
          double superstep = onSpark.millis(SUPERSTEPS);
          double job = bare.millis(SUPERSTEPS);
          arithmetic = local.millis(10 * SUPERSTEPS);
          log.accept(
              "superstep %.2f ms, of which arithmetic %.2f; bare job %.2f"
                  .formatted(superstep, arithmetic, job));
          rounds.add(new Round(superstep - arithmetic, job));
        }
      }
    }
    return List.of(
        new Figure(
            "B4",
            "graphx, a superstep beyond its arithmetic, against a bare job with one shuffle",
            "ms",
            Target.atMost(1.3),
            rounds,
            "1,000 agents x 100, one row each, 2 cells; arithmetic of %.2f ms is subtracted"
                .formatted(arithmetic)));
  }
}
