package io.sotto.bench;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Checks;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.engine.graphx.GraphxCoordinator;
import io.sotto.problem.Objective;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.run.Costs;
import io.sotto.run.Forecast;
import io.sotto.run.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** V: what {@code validate} forecasts, against what a run then takes, on three problems. */
final class ForecastBenchmark implements Benchmark {
  private static final int THREADS = 2;
  private static final int CHECK_EVERY = 100;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "V";
  }

  @Override
  public String about() {
    return "what validate forecasts, against what a run takes";
  }

  @Override
  public String heap() {
    return "4g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      Plan dense = Problems.common(4, 1);
      figures.addAll(
          figures(
              spark,
              "V1",
              "1,000 agents x 100, 100 rows each, 4-regular, local",
              dense,
              () -> new LocalCoordinator(dense, THREADS),
              memory(dense, 100, false),
              1_000,
              log));
      Plan torus =
          Problems.plan(
              Problems.network("torus", 200_000),
              new GaussianRows(200_000, 1, 16, Problems.SEED),
              4,
              1);
      figures.addAll(
          figures(
              spark,
              "V2",
              "200,000 agents x 16, one row each, torus, local",
              torus,
              () -> new LocalCoordinator(torus, THREADS),
              memory(torus, 1, false),
              200,
              log));
      Plan onSpark = Problems.common(50, 100, 4, 8);
      figures.addAll(
          figures(
              spark,
              "V3",
              "1,000 agents x 100, 50 rows each, 4-regular, graphx, 8 ticks per superstep",
              onSpark,
              () -> new GraphxCoordinator(onSpark, spark),
              memory(onSpark, 50, true),
              2_000,
              log));
    }
    return figures;
  }

  private static Memory memory(Plan plan, int rowsEach, boolean spark) {
    int[] rowsOf = new int[plan.agents()];
    Arrays.fill(rowsOf, rowsEach);
    long rows = (long) plan.agents() * rowsEach;
    Costs.Work work =
        new Costs.Work(rowsOf, rows, 8 * rows * (plan.dimension() + 1), new double[rowsOf.length]);
    return Memory.of(
        plan.network(),
        plan.partition(),
        0,
        new Objective.Shape(1, plan.coefficients(), plan.dimension()),
        work,
        new ProjectedSubgradient(IdleRule.MIX, new StepSize(1, 0.51)),
        0,
        false,
        spark,
        false);
  }

  private static List<Figure> figures(
      JavaSparkContext spark,
      String id,
      String title,
      Plan plan,
      Supplier<Coordinator> make,
      Memory memory,
      int ticks,
      Consumer<String> log)
      throws TimeoutException {
    DoubleFunction<Algorithm> algorithm =
        step -> new ProjectedSubgradient(IdleRule.MIX, new StepSize(step, 0.51));
    ShuffleCounter shuffled = new ShuffleCounter();
    spark.sc().addSparkListener(shuffled);
    double empty = Heap.live();
    try (Coordinator carrier = make.get()) {
      Runner runner = new Runner(plan, carrier);
      Forecast forecast = Forecast.of(runner, algorithm, memory);
      double live = Heap.live() - empty;
      List<Round> seconds = new ArrayList<>();
      double bytes = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Checks checks = new Checks(CHECK_EVERY, ticks);
        Certifier certifier = new Certifier(runner);
        Measurement now =
            certifier.first(runner.start(algorithm.apply(0.1 * plan.agents())), checks);
        shuffled.read(spark);
        long begin = System.nanoTime();
        while (now.tick() < ticks) {
          now =
              certifier.measure(
                  runner.run(
                      now.tick(),
                      now.superstep(),
                      StepControl.fixed(1),
                      checks,
                      false,
                      Runner.Steering.none()),
                  now,
                  checks);
        }
        double measured = (System.nanoTime() - begin) / 1e9;
        bytes = (double) shuffled.read(spark) / now.superstep();
        double told = forecast.seconds(ticks, CHECK_EVERY);
        log.accept("%s: forecast %.3g s, measured %.3g s".formatted(id, told, measured));
        seconds.add(new Round(Math.max(told, measured), Math.min(told, measured)));
        forecast = Forecast.of(runner, algorithm, memory);
      }
      List<Figure> figures = new ArrayList<>();
      figures.add(
          new Figure(
              id + "-seconds",
              title + ": time of " + ticks + " ticks",
              "s",
              Target.atMost(1.3),
              seconds,
              "the larger of forecast and measured against the smaller"));
      figures.add(
          figure(
              id + "-memory",
              title + ": live heap",
              "MB",
              forecast.memory().live() / 1e6,
              live / 1e6));
      if (bytes > 0) {
        figures.add(
            figure(
                id + "-bytes",
                title + ": bytes per superstep",
                "kB",
                forecast.bytesPerSuperstep() / 1e3,
                bytes / 1e3));
      }
      figures.forEach(f -> log.accept(f.id() + ": " + f.note()));
      return figures;
    } finally {
      spark.sc().removeSparkListener(shuffled);
    }
  }

  /** The larger against the smaller, so that either way off counts. */
  private static Figure figure(
      String id, String title, String unit, double forecast, double measured) {
    return new Figure(
        id,
        title,
        unit,
        Target.atMost(1.3),
        List.of(new Round(Math.max(forecast, measured), Math.min(forecast, measured))),
        String.format(Locale.ROOT, "forecast %.4g, measured %.4g %s", forecast, measured, unit));
  }
}
