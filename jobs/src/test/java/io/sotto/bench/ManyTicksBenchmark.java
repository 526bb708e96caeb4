package io.sotto.bench;

import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCoordinator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/** B6: a tick of 32 per superstep on Spark against one in this process, on the common problem. */
final class ManyTicksBenchmark implements Benchmark {
  private static final int CELLS = 2;
  private static final int TICKS = 32;
  private static final int WARM = 200;
  private static final int SUPERSTEPS = 20;
  private static final int ROUNDS = 7;

  @Override
  public String id() {
    return "B6";
  }

  @Override
  public String about() {
    return "engine graphx against engine local, 32 ticks per superstep";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Plan plan = Problems.common(CELLS, TICKS);
    List<Round> rounds;
    try (JavaSparkContext spark = SparkLocal.open(CELLS)) {
      try (Supersteps onSpark = new Supersteps(plan, new GraphxCoordinator(plan, spark));
          Supersteps local = new Supersteps(plan, new LocalCoordinator(plan, CELLS))) {
        onSpark.millis(WARM);
        local.millis(SUPERSTEPS);
        rounds =
            Rounds.alternating(
                ROUNDS,
                () -> onSpark.millis(SUPERSTEPS) / TICKS,
                () -> local.millis(SUPERSTEPS) / TICKS,
                log);
      }
    }
    return List.of(
        new Figure(
            "B6",
            "graphx, 32 ticks per superstep, against the local engine with the same settings",
            "ms/tick",
            Target.atMost(1.5),
            rounds,
            "1,000 agents x 100, 100 rows each, 2 cells, 2 threads"));
  }
}
