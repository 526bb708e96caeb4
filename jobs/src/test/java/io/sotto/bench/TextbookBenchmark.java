package io.sotto.bench;

import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCoordinator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/** B5: supersteps of one tick against the textbook loop, on the common problem, in one session. */
final class TextbookBenchmark implements Benchmark {
  private static final int PARTITIONS = 2;
  private static final int WARM = 400;
  private static final int SUPERSTEPS = 100; // a multiple of the ticks between checkpoints
  private static final int ROUNDS = 5;

  @Override
  public String id() {
    return "B5";
  }

  @Override
  public String about() {
    return "engine graphx against the textbook GraphX loop";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Plan plan = Problems.common(PARTITIONS, 1);
    List<Round> rounds;
    try (JavaSparkContext spark = SparkLocal.open(PARTITIONS)) {
      try (Supersteps sotto = new Supersteps(plan, new GraphxCoordinator(plan, spark));
          Textbook textbook = new Textbook(spark, plan)) {
        sotto.millis(WARM);
        textbook.millis(WARM);
        rounds =
            Rounds.alternating(
                ROUNDS,
                () -> 1e3 / sotto.millis(SUPERSTEPS),
                () -> 1e3 / textbook.millis(SUPERSTEPS),
                log);
      }
    }
    return List.of(
        new Figure(
            "B5",
            "graphx, one tick per superstep, against the textbook GraphX loop",
            "supersteps/s",
            Target.atLeast(2.5),
            rounds,
            "1,000 agents x 100, 100 rows each, 2 partitions; both with their arithmetic"));
  }
}
