package io.sotto.bench;

import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCoordinator;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * B9: a million agents with a row of 16 numbers each on a torus, on both engines: time against a
 * tenth of the agents, and live heap against what the problem is made of. Rows are made inside the
 * cells and are nowhere else; the network that the plan holds counts as Sotto's.
 */
final class MillionAgentsBenchmark implements Benchmark {
  private static final int AGENTS = 1_000_000;
  private static final int DIMENSION = 16;
  private static final int THREADS = 2;
  private static final double MB = 1e6;

  @Override
  public String id() {
    return "B9";
  }

  @Override
  public String about() {
    return "a million agents, both engines: time and memory (minutes)";
  }

  @Override
  public String heap() {
    return "12g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) {
    List<Figure> figures = new ArrayList<>();
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      measure("local", plan -> new LocalCoordinator(plan, THREADS), 10, figures, log);
      measure("graphx", plan -> new GraphxCoordinator(plan, spark), 1, figures, log);
    }
    return figures;
  }

  private static void measure(
      String engine,
      Function<Plan, Coordinator> carrier,
      int effort,
      List<Figure> figures,
      Consumer<String> log) {
    double empty = Heap.live();
    double small = seconds(plan(AGENTS / 10), carrier, 40 * effort, 20 * effort);
    log.accept("%s: %.4f s per tick of 100,000 agents".formatted(engine, small));
    Plan plan = plan(AGENTS);
    try (Supersteps run = new Supersteps(plan, carrier.apply(plan))) {
      run.millis(5);
      Round time = new Round(run.millis(15) / 1e3, small);
      log.accept("%s: %.4f s per tick of 1,000,000 agents".formatted(engine, time.value()));
      Round memory = new Round((Heap.live() - empty) / MB, bytes() / MB);
      log.accept("%s: %.0f MB alive, least %.0f".formatted(engine, memory.value(), bytes() / MB));
      String size =
          "x 16, a row each, torus, %d cells, 2 threads".formatted(plan.partition().cells());
      figures.add(
          new Figure(
              "B9-" + engine,
              engine + ", a tick of 1,000,000 agents against 100,000",
              "s",
              Target.atMost(11),
              List.of(time),
              size));
      figures.add(
          new Figure(
              "B9-%s-heap".formatted(engine),
              engine + ", live heap beyond an empty session against states, rows and edges",
              "MB",
              Target.atMost(4),
              List.of(memory),
              "1,000,000 agents " + size + "; 12 bytes for each of 2,000,000 links"));
    }
  }

  private static double seconds(
      Plan plan, Function<Plan, Coordinator> carrier, int warm, int count) {
    try (Supersteps run = new Supersteps(plan, carrier.apply(plan))) {
      run.millis(warm);
      return run.millis(count) / 1e3;
    }
  }

  private static Plan plan(int agents) {
    Network network = Problems.network("torus", agents);
    GaussianRows rows = new GaussianRows(agents, 1, DIMENSION, Problems.SEED);
    long bytes = agents * (8L * DIMENSION + 8 + 8 * DIMENSION);
    int cells = (int) Math.max(4, bytes / (32L << 20)); // as engine.cells = auto has it
    return Problems.plan(network, rows, cells, 1);
  }

  /** A state, and a row with its label, for each agent; an index and a weight for each link. */
  private static double bytes() {
    return (double) AGENTS * (8 * DIMENSION + 8 * DIMENSION + 8) + 12.0 * 2 * AGENTS;
  }
}
