package io.sotto.bench;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.config.RunConfig;
import io.sotto.engine.Checks;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.io.FileRows;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.run.RowSource;
import io.sotto.run.RunClock;
import io.sotto.run.StepSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * B10: seconds to a relative gap of 1e-2 on Reuters money-fx, against Spark MLlib's logistic
 * regression, which sees all rows at once. The rows are dealt to 100 agents with four neighbours
 * each; otherwise all is default, and the trials for the step count. Neither side reads rows within
 * its time.
 */
final class MllibBenchmark implements Benchmark {
  private static final String FILE = "reuters.trn.bz2";
  private static final int AGENTS = 100;
  private static final int CELLS = 4; // as engine.cells = auto has it
  private static final int THREADS = 2;
  private static final int CHECK_EVERY = 100;
  private static final long MOST_TICKS = 100_000;
  private static final double L2 = 1e-4;
  private static final double GAP = 1e-2;
  private static final double NEVER = 1e-12; // tolerance of a fit that ends by its iterations
  private static final int LONG_RUN = 2_000;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "B10";
  }

  @Override
  public String about() {
    return "seconds to a gap of 1e-2 on reuters, against Spark MLlib (wants data/%s)"
        .formatted(FILE);
  }

  @Override
  public String heap() {
    return "3g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    String path = file();
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      Plan plan = plan(path, spark);
      Dataset<Row> rows = cached(path, plan.dimension() - 1);
      LogisticRegressionModel best = fit(rows, LONG_RUN);
      double[] history = best.summary().objectiveHistory();
      double optimum = history[history.length - 1];
      double again = objective(plan, best);
      if (Math.abs(again - optimum) > 1e-9 * optimum) {
        throw new IllegalStateException(
            "at MLlib's solution F is %s, and MLlib says %s".formatted(again, optimum));
      }
      double good = optimum * (1 + GAP);
      int iterations =
          IntStream.range(0, history.length)
              .filter(k -> history[k] <= good)
              .findFirst()
              .orElseThrow();
      log.accept(
          "F* = %.9f after %d iterations; MLlib is within 1e-2 after %d"
              .formatted(optimum, history.length - 1, iterations));
      try (Coordinator carrier = new LocalCoordinator(plan, THREADS)) {
        List<Round> rounds =
            Rounds.alternating(
                ROUNDS,
                () -> solve(plan, carrier, good, log),
                () -> seconds(() -> fit(rows, iterations)),
                log);
        return List.of(
            new Figure(
                "B10",
                "to a relative gap of 1e-2 on reuters: local, trials included : MLlib",
                "s",
                Target.report(),
                rounds,
                "7,770 rows x 8,315, 100 agents, logistic, l2 1e-4, intercept, not standardised;"
                    + " MLlib takes %d iterations over all rows at once".formatted(iterations)));
      }
    }
  }

  private static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static String file() {
    String folder = System.getenv("SOTTO_DATA");
    Path file = (folder == null ? Machine.home().resolve("data") : Path.of(folder)).resolve(FILE);
    Path beside = Machine.home().resolve("../shared/data").resolve(FILE);
    if (folder == null && !Files.exists(file) && Files.exists(beside)) {
      return beside.toString();
    }
    if (!Files.exists(file)) {
      throw new BadInputException(
          "There is no %s, which B10 reads: libsvm, 7,770 rows of 8,315 features, from the Python package tick-datasets. Put it there, or name its folder in SOTTO_DATA."
              .formatted(file));
    }
    return file.toString();
  }

  /** All that is default, but for the network. */
  private static Plan plan(String path, JavaSparkContext spark) throws IOException {
    FileRows source =
        new FileRows(
            new RunConfig.Data(
                path,
                RunConfig.Format.LIBSVM,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new RunConfig.Deal(AGENTS, RunConfig.DealBy.ROW_NUMBER, 1)),
                List.of(),
                false,
                true,
                RunConfig.BadRows.FAIL,
                Optional.empty(),
                OptionalInt.empty()),
            spark);
    RowSource.ScannedRows data = source.scan(Objectives.of(new Logistic()), Map.of(), w -> {});
    return Problems.plan(
        Problems.network("regular", AGENTS),
        data.under(Objectives.of(new Logistic()), new Regularizer(L2, 0)),
        data.schema().shape().dimension(),
        CELLS,
        1);
  }

  private static Dataset<Row> cached(String path, int features) {
    Dataset<Row> rows =
        SparkSession.builder()
            .getOrCreate()
            .read()
            .format("libsvm")
            .option("numFeatures", Integer.toString(features))
            .load(path)
            .selectExpr("cast(label > 0 as double) as label", "features")
            .repartition(THREADS)
            .cache();
    rows.count();
    return rows;
  }

  private static LogisticRegressionModel fit(Dataset<Row> rows, int iterations) {
    return new LogisticRegression()
        .setFamily("binomial")
        .setStandardization(false)
        .setRegParam(L2)
        .setElasticNetParam(0)
        .setFitIntercept(true)
        .setTol(NEVER)
        .setMaxIter(iterations)
        .fit(rows);
  }

  /** F by Sotto's own sums. */
  private static double objective(Plan plan, LogisticRegressionModel model) {
    LocalObjective all = plan.shards().load(IntStream.range(0, AGENTS).toArray());
    double[] x = Arrays.copyOf(model.coefficients().toArray(), plan.dimension());
    x[plan.dimension() - 1] = model.intercept();
    return IntStream.range(0, AGENTS).mapToDouble(i -> all.value(i, x, 0)).sum();
  }

  /** Trials and run, as the optimize command has them; seconds until F is good. */
  private static double solve(Plan plan, Coordinator carrier, double good, Consumer<String> log) {
    long begin = System.nanoTime();
    Runner runner = new Runner(plan, carrier);
    DoubleFunction<Algorithm> algorithm =
        step -> new ProjectedSubgradient(IdleRule.MIX, new StepSize(step, 0.51));
    StepSearch.Choice step = new StepSearch(runner, algorithm, RunClock.start()).choose();
    double trials = (System.nanoTime() - begin) / 1e9;
    Checks checks = new Checks(CHECK_EVERY, MOST_TICKS);
    Certifier certifier = new Certifier(runner);
    Measurement now = certifier.first(runner.start(algorithm.apply(step.initial())), checks);
    while (now.objective() > good && now.tick() < MOST_TICKS) {
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
    if (now.objective() > good) {
      throw new IllegalStateException(
          "F is %s after %d ticks, and should be %s".formatted(now.objective(), now.tick(), good));
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    log.accept(
        "%d trials in %.1f s, step %.4g; then %d ticks, %.1f s in all"
            .formatted(step.trials().size(), trials, step.initial(), now.tick(), seconds));
    return seconds;
  }
}
