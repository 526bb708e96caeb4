package io.sotto.bench;

import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** B5: supersteps of one tick against the textbook loop, on the common problem, in one session. */
final class AgainstTextbook implements Benchmark {
  private static final int PARTITIONS = 2;
  private static final int WARM = 400;
  private static final int SUPERSTEPS = 100; // a multiple of the ticks between checkpoints
  private static final int ROUNDS = 5;

  @Override
  public String id() {
    return "B5";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Plan plan = Problems.common(PARTITIONS, 1);
    List<Round> rounds = new ArrayList<>();
    try (SparkSession session = SparkLocal.open(PARTITIONS)) {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      try (Supersteps sotto = new Supersteps(plan, new GraphxCarrier(plan, spark));
          Textbook textbook = new Textbook(spark, plan)) {
        sotto.millis(WARM);
        textbook.millis(WARM);
        for (int r = 0; r < ROUNDS; r++) {
          Round round = new Round(1e3 / sotto.millis(SUPERSTEPS), 1e3 / textbook.millis(SUPERSTEPS));
          log.accept(
              "%.1f supersteps/s, textbook %.1f".formatted(round.value(), round.baseline()));
          rounds.add(round);
        }
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
