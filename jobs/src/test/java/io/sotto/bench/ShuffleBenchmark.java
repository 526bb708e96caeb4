package io.sotto.bench;

import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCoordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * B8: bytes that a superstep shuffles against 8 bytes for each coordinate of each estimate that
 * crosses a border, and whether rows change them; and bytes that its stages carry to their tasks,
 * and whether agents change them. Nothing is compressed here, so that all bytes count.
 */
final class ShuffleBenchmark implements Benchmark {
  private static final int CELLS = 4;
  private static final int SUPERSTEPS = 10;

  @Override
  public String id() {
    return "B8";
  }

  @Override
  public String about() {
    return "engine graphx, bytes shuffled against bytes that must cross";
  }

  @Override
  public String heap() {
    return "2g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    List<Figure> figures = new ArrayList<>();
    SparkConf plain =
        new SparkConf()
            .set("spark.shuffle.compress", "false")
            .set("spark.broadcast.compress", "false");
    try (JavaSparkContext spark = SparkLocal.open(2, plain)) {
      ShuffleCounter counter = new ShuffleCounter();
      spark.sc().addSparkListener(counter);
      for (int dimension : new int[] {100, 16}) {
        for (int rows : new int[] {1, 100}) {
          Plan plan = Problems.common(rows, dimension, CELLS, 1);
          double least = 8.0 * dimension * plan.partition().borderPairs(plan.network());
          Round round = new Round(bytes(plan, spark, counter), least);
          log.accept(
              "d %d, rows %d: %,.0f bytes, least %,.0f"
                  .formatted(dimension, rows, round.value(), round.baseline()));
          figures.add(
              new Figure(
                  "B8-d%d-rows%d".formatted(dimension, rows),
                  "graphx, bytes shuffled in a superstep, against those of the estimates",
                  "bytes",
                  Target.atMost(1.2),
                  List.of(round),
                  "1,000 agents x %d, %d row(s) each, 4 cells".formatted(dimension, rows)));
        }
      }
      double few = bytes(Problems.common(5, 100, CELLS, 1), spark, counter);
      double many = bytes(Problems.common(500, 100, CELLS, 1), spark, counter);
      figures.add(
          new Figure(
              "B8-rows",
              "graphx, bytes shuffled in a superstep with 500 rows each against 5",
              "bytes",
              Target.atMost(1.0),
              List.of(new Round(many, few)),
              "1,000 agents x 100, 4 cells"));
      Round carried =
          new Round(
              carried(agents(100_000), spark, counter), carried(agents(1_000), spark, counter));
      log.accept(
          "carried by a superstep: %,.0f bytes of 100,000 agents, %,.0f of 1,000"
              .formatted(carried.value(), carried.baseline()));
      figures.add(
          new Figure(
              "B8-tasks",
              "graphx, bytes that a superstep's stages carry to their tasks, 100,000 agents against"
                  + " 1,000",
              "bytes",
              Target.atMost(1.05),
              List.of(carried),
              "a row of 2 each, ring, 4 cells"));
    }
    return figures;
  }

  /** On a ring, where as many estimates cross whatever its size. */
  private static Plan agents(int agents) {
    return Problems.plan(
        Problems.network("ring", agents), new GaussianRows(agents, 1, 2, Problems.SEED), CELLS, 1);
  }

  /** Bytes that the stages of a superstep carry. */
  private static double carried(Plan plan, JavaSparkContext spark, ShuffleCounter counter)
      throws TimeoutException {
    try (Supersteps run = new Supersteps(plan, new GraphxCoordinator(plan, spark))) {
      run.millis(1);
      counter.carried(spark);
      run.millis(SUPERSTEPS);
      return (double) counter.carried(spark) / SUPERSTEPS;
    }
  }

  /** Bytes of a superstep. */
  private static double bytes(Plan plan, JavaSparkContext spark, ShuffleCounter counter)
      throws TimeoutException {
    try (Supersteps run = new Supersteps(plan, new GraphxCoordinator(plan, spark))) {
      run.millis(1);
      counter.read(spark);
      run.millis(SUPERSTEPS);
      return (double) counter.read(spark) / SUPERSTEPS;
    }
  }
}
