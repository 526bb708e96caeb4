package io.sotto.bench;

import io.sotto.engine.LocalCarrier;
import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** B6: a tick of 32 per superstep on Spark against one in this process, on the common problem. */
final class ManyTicks implements Benchmark {
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
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) {
    Plan plan = Problems.common(CELLS, TICKS);
    List<Round> rounds = new ArrayList<>();
    try (SparkSession session = SparkLocal.open(CELLS)) {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      try (Supersteps onSpark = new Supersteps(plan, new GraphxCarrier(plan, spark));
          Supersteps local = new Supersteps(plan, new LocalCarrier(plan, CELLS))) {
        onSpark.millis(WARM);
        local.millis(SUPERSTEPS);
        for (int r = 0; r < ROUNDS; r++) {
          Round round =
              new Round(onSpark.millis(SUPERSTEPS) / TICKS, local.millis(SUPERSTEPS) / TICKS);
          log.accept("%.3f ms per tick, local %.3f".formatted(round.value(), round.baseline()));
          rounds.add(round);
        }
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
