package io.sotto.bench;

import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCoordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * B7: whether superstep 2,000 costs what superstep 200 does, in time and in memory, on a problem of
 * the size of hospitals. Memory is taken in the first run of a session, where nothing has filled up
 * yet; it is also the warm-up for the later runs, in which time is taken.
 */
final class LongRunBenchmark implements Benchmark {
  private static final int ROUNDS = 5;
  private static final double MB = 1e6;

  @Override
  public String id() {
    return "B7";
  }

  @Override
  public String about() {
    return "engine graphx, superstep 2,000 against superstep 200";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) {
    Plan plan =
        Problems.plan(
            Problems.network("ring", 8), new GaussianRows(8, 71, 31, Problems.SEED), 4, 1);
    List<Round> memory = new ArrayList<>();
    List<Round> time = new ArrayList<>();
    try (JavaSparkContext spark = SparkLocal.open(2)) {
      try (Supersteps first = new Supersteps(plan, new GraphxCoordinator(plan, spark))) {
        first.millis(200);
        double early = Heap.live() / MB;
        first.millis(1_800);
        memory.add(new Round(Heap.live() / MB, early));
      }
      log.accept("heap %.1f MB, before %.1f".formatted(memory.get(0).value(), early(memory)));
      for (int r = 0; r < ROUNDS; r++) {
        try (Supersteps run = new Supersteps(plan, new GraphxCoordinator(plan, spark))) {
          run.millis(100);
          double early = run.millis(100);
          run.millis(1_700);
          Round round = new Round(run.millis(100), early);
          log.accept("%.2f ms, before %.2f".formatted(round.value(), round.baseline()));
          time.add(round);
        }
      }
    }
    String size = "8 agents x 31, 71 rows each, on a ring in 4 cells, local[2]";
    return List.of(
        new Figure(
            "B7",
            "graphx, supersteps 1,901 to 2,000 against 101 to 200",
            "ms",
            Target.atMost(1.1),
            time,
            size),
        new Figure(
            "B7-heap",
            "graphx, live heap after superstep 2,000 against after superstep 200",
            "MB",
            Target.atMost(1.1),
            memory,
            size + "; the first run of its session"));
  }

  private static double early(List<Round> memory) {
    return memory.get(0).baseline();
  }
}
