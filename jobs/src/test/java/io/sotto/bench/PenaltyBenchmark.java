package io.sotto.bench;

import io.sotto.config.RunConfig;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.engine.Shards;
import io.sotto.engine.StepControl;
import io.sotto.io.FileRows;
import io.sotto.problem.Hinge;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Objectives;
import io.sotto.problem.Poisson;
import io.sotto.problem.Quantile;
import io.sotto.problem.Regularizer;
import io.sotto.result.Result;
import io.sotto.run.MemoryRows;
import io.sotto.run.Optimize;
import io.sotto.run.RowSource;
import io.sotto.run.RowsProblem;
import io.sotto.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * T4 and T5: ticks. T4: hospitals with raw columns and no ball, to a certified gap of 1e-6, against
 * the same standardised; the ridge is on raw coefficients, so it is another problem, and a worse
 * conditioned one. T5: a whole run, its penalty chosen on the way, against one with the best fixed
 * penalty of a grid around, which nobody knows beforehand; both measured at every other tick.
 */
final class PenaltyBenchmark implements Benchmark {
  private static final int CELLS = 4;
  private static final int THREADS = 2;
  private static final double FACTOR = 1.6;
  private static final int WIDTH = 6;
  private static final double CERTAIN = 1e-6;

  private final boolean raw;

  static final PenaltyBenchmark RAW = new PenaltyBenchmark(true);
  static final PenaltyBenchmark GRID = new PenaltyBenchmark(false);

  private PenaltyBenchmark(boolean raw) {
    this.raw = raw;
  }

  @Override
  public String id() {
    return raw ? "T4" : "T5";
  }

  @Override
  public String about() {
    return raw
        ? "ticks on raw columns against standardised ones"
        : "ticks with the penalty chosen on the way against the best fixed one";
  }

  @Override
  public String heap() {
    return "4g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      return raw ? List.of(rawColumns(spark, log)) : grids(spark, log);
    }
  }

  private static Figure rawColumns(JavaSparkContext spark, Consumer<String> log) throws Exception {
    long[] ticks = new long[2];
    for (int k = 0; k < 2; k++) {
      RunResult done =
          Optimize.of(RowsProblem.of(hospitals(spark, k == 1), new Logistic()).l2(1e-3))
              .tolerance(CERTAIN)
              .run();
      if (done.result().status() != Result.Status.CONVERGED) {
        throw new IllegalStateException(done.result().stopReason());
      }
      ticks[k] = done.result().last().tick();
      log.accept((k == 1 ? "standardised: " : "raw: ") + done.result().stopReason());
    }
    return new Figure(
        "T4",
        "hospitals, no ball, to a certified 1e-6: raw columns : standardised",
        "ticks",
        Target.atMost(8),
        List.of(new Round(ticks[0], ticks[1])),
        "");
  }

  private static FileRows hospitals(JavaSparkContext spark, boolean standardize) {
    return new FileRows(
        new RunConfig.Data(
            Machine.home().resolve("data/hospitals.csv").toString(),
            RunConfig.Format.CSV,
            Optional.of("diagnosis"),
            Optional.of("hospital"),
            Optional.empty(),
            List.of(),
            standardize,
            true,
            RunConfig.BadRows.FAIL,
            Optional.empty(),
            OptionalInt.empty()),
        spark);
  }

  private List<Figure> grids(JavaSparkContext spark, Consumer<String> log) throws Exception {
    List<Figure> figures = new ArrayList<>();
    for (PeerBenchmark known :
        List.of(
            PeerBenchmark.HOSPITALS,
            PeerBenchmark.ADULT,
            PeerBenchmark.HINGE,
            PeerBenchmark.REUTERS)) {
      RowSource.ScannedRows data =
          known.source(spark).scan(Objectives.of(known.loss), Map.of(), w -> {});
      Shards shards = data.under(Objectives.of(known.loss), new Regularizer(known.l2, 0));
      LinearModel all = (LinearModel) shards.load(IntStream.range(0, known.agents).toArray());
      boolean small = all.dimension() < 1_000;
      double optimum = small ? PooledNewton.optimum(all) : ConjugateNewton.optimum(all);
      double gap = known.loss instanceof Hinge ? 1e-3 : small ? 1e-6 : 1e-4;
      String name = known.file.split("\\.")[0] + (known.loss instanceof Hinge ? "-hinge" : "");
      figures.add(figure(name, plan(shards, known.agents, all.dimension()), optimum, gap, log));
    }
    for (boolean counts : new boolean[] {true, false}) {
      RowSource.ScannedRows data =
          synthetic(counts)
              .scan(Objectives.of(counts ? new Poisson() : new Quantile(0.3)), Map.of(), w -> {});
      Shards shards =
          data.under(
              Objectives.of(counts ? new Poisson() : new Quantile(0.3)), new Regularizer(0, 0));
      Plan plan = plan(shards, 20, data.schema().shape().dimension());
      double optimum = optimum(plan);
      figures.add(
          figure(counts ? "poisson" : "quantile", plan, optimum, counts ? 1e-6 : 1e-3, log));
    }
    return figures;
  }

  private static Plan plan(Shards shards, int agents, int dimension) {
    return Problems.plan(
            Problems.network(agents < 50 ? "ring" : "regular", agents), shards, dimension, CELLS, 1)
        .perLink(true);
  }

  /** Twenty agents with 60 rows of 12 columns that go together. */
  private static MemoryRows synthetic(boolean counts) {
    SplittableRandom random = new SplittableRandom(5);
    int rows = 1_200;
    int n = 12;
    double[][] values = new double[rows][n];
    double[] labels = new double[rows];
    String[] agents = new String[rows];
    double[] w = random.doubles(n, -0.3, 0.3).toArray();
    for (int r = 0; r < rows; r++) {
      agents[r] = "agent " + r % 20;
      double common = random.nextGaussian();
      double z = 0.5;
      for (int j = 0; j < n; j++) {
        values[r][j] = 0.7 * random.nextGaussian() + 0.7 * common;
        z += w[j] * values[r][j];
      }
      labels[r] =
          counts
              ? Math.floor(Math.exp(z) * -Math.log(1 - random.nextDouble()))
              : z + random.nextGaussian() * (random.nextInt(5) == 0 ? 5 : 1);
    }
    return MemoryRows.of(
        IntStream.range(0, n).mapToObj(j -> "x" + j).toList(), agents, values, labels);
  }

  /** The best that long runs with different penalties find. */
  private static double optimum(Plan plan) {
    try (Coordinator cells = new LocalCoordinator(plan, THREADS)) {
      double best = Double.POSITIVE_INFINITY;
      for (double gap : new double[] {1e-9, 1e-10}) {
        best = Math.min(best, CertifiedBenchmark.solve(plan, cells, gap).last().objective());
      }
      return best;
    }
  }

  private static Figure figure(
      String name, Plan plan, double optimum, double gap, Consumer<String> log) throws Exception {
    try (Coordinator cells = new LocalCoordinator(plan, THREADS)) {
      GapRun auto = GapRun.of(plan, cells, optimum, gap, 2, line -> {});
      Runner runner = new Runner(plan, cells);
      long best = Long.MAX_VALUE;
      double at = 0;
      StringBuilder grid = new StringBuilder();
      for (int k = -WIDTH; k <= WIDTH; k++) {
        double step = auto.last() * Math.pow(FACTOR, k);
        GapRun fixed =
            GapRun.of(
                runner,
                StepControl.fixed(step),
                optimum,
                gap,
                2,
                4 * auto.ticks(),
                System.nanoTime(),
                line -> {});
        grid.append(String.format(Locale.ROOT, " %.3g: %d", step, fixed.ticks()));
        if (fixed.gap() <= gap && fixed.ticks() < best) {
          best = fixed.ticks();
          at = step;
        }
      }
      String note =
          String.format(
              Locale.ROOT,
              "the step went from %.3g to %.3g in %d changes; best fixed %.3g; grid%s",
              auto.first(),
              auto.last(),
              auto.changes(),
              at,
              grid);
      log.accept(name + ": " + auto.ticks() + " ticks; " + note);
      return new Figure(
          "T5-" + name,
          "%s to %s: the penalty chosen on the way : the best fixed one".formatted(name, gap),
          "ticks",
          Target.atMost(1.3),
          List.of(new Round(auto.ticks(), best)),
          note);
    }
  }
}
