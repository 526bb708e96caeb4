package io.sotto.bench;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.config.RunConfig;
import io.sotto.engine.Checks;
import io.sotto.engine.LocalCarrier;
import io.sotto.engine.Measurement;
import io.sotto.engine.Plan;
import io.sotto.engine.Session;
import io.sotto.engine.StepSearch;
import io.sotto.io.Dataset;
import io.sotto.io.Source;
import io.sotto.network.Network;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Hinge;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * C1 to C4: seconds to a relative gap, against Spark MLlib, which sees all rows at once. The same
 * rows, in memory on both sides, the session up; the trials for the penalty count. Clocks of rate
 * 1/2, and beside them all agents always.
 */
final class PeerBenchmark implements Benchmark {
  private static final int CELLS = 4; // as engine.cells = auto has it
  private static final int THREADS = 2;
  private static final long MOST_TICKS = 20_000;
  private static final double NEVER = 1e-12; // tolerance of a fit that ends by its iterations
  private static final int LONG_RUN = 2_000;
  private static final int ROUNDS = 3;
  private static final double INDEPENDENT = 1e-9;

  static final PeerBenchmark ADULT =
      new PeerBenchmark("C1", "adult.trn.bz2", 100, new Logistic(), 1e-4, true, 1e-6, 0.5);
  static final PeerBenchmark REUTERS =
      new PeerBenchmark("C2", "reuters.trn.bz2", 100, new Logistic(), 1e-4, false, 1e-4, 0.5);
  static final PeerBenchmark HOSPITALS =
      new PeerBenchmark("C3", "hospitals.csv", 8, new Logistic(), 1e-3, true, 1e-6, 0.2);
  static final PeerBenchmark HINGE =
      new PeerBenchmark("C4", "adult.trn.bz2", 100, new Hinge(), 1e-4, true, 1e-3, 1);

  private final String id;
  private final String file;
  private final int agents;
  private final Loss loss;
  private final double l2;
  private final boolean standardize;
  private final double gap;
  private final double reach;

  private PeerBenchmark(
      String id,
      String file,
      int agents,
      Loss loss,
      double l2,
      boolean standardize,
      double gap,
      double reach) {
    this.id = id;
    this.file = file;
    this.agents = agents;
    this.loss = loss;
    this.l2 = l2;
    this.standardize = standardize;
    this.gap = gap;
    this.reach = reach;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String about() {
    return "seconds to a gap of %s on %s, %s, against Spark MLlib"
        .formatted(gap, file, loss.getClass().getSimpleName().toLowerCase(Locale.ROOT));
  }

  @Override
  public String heap() {
    return "3g";
  }

  /** The peer's side. */
  private interface Peer {
    /** The objective after each iteration of a long run. */
    double[] history();

    /** A fit of so many iterations. */
    void fit(int iterations);
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      Source source = source(spark);
      Dataset data = source.scan();
      LinearModel all =
          (LinearModel)
              source
                  .shards(data, new Regularizer(l2, 0))
                  .load(IntStream.range(0, agents).toArray());
      Peer peer = peer(rows(all));
      double[] history = peer.history();
      double theirs = Arrays.stream(history).min().orElseThrow();
      boolean small = all.dimension() < 1_000;
      double optimum = small ? PooledNewton.optimum(all) : theirs;
      if (loss.smooth() && Math.abs(theirs - optimum) > INDEPENDENT * 10 * optimum) {
        throw new IllegalStateException("F* is %s, and MLlib's %s".formatted(optimum, theirs));
      }
      double good = optimum * (1 + gap);
      int iterations =
          IntStream.range(0, history.length)
              .filter(k -> history[k] <= good)
              .findFirst()
              .orElse(history.length - 1);
      log.accept(
          String.format(
              Locale.ROOT,
              "F* = %.12f; MLlib's lowest of %d iterations is %.2e above; it is at %.2e after %d",
              optimum,
              history.length - 1,
              theirs / optimum - 1,
              history[iterations] / optimum - 1,
              iterations));
      Network network = Problems.network(agents == 8 ? "ring" : "regular", agents);
      Plan plan =
          Problems.plan(
                  network, source.shards(data, new Regularizer(l2, 0)), data.dimension(), CELLS, 1)
              .addressed(true);
      try (LocalCarrier carrier = new LocalCarrier(plan, THREADS)) {
        Said said = new Said();
        List<Round> rounds =
            Rounds.alternating(
                ROUNDS,
                () -> solve(plan, carrier, optimum, log, said),
                () -> seconds(() -> peer.fit(iterations)),
                log);
        return List.of(
            new Figure(
                id,
                "to a relative gap of %s on %s: local, trials included : MLlib"
                    .formatted(gap, file),
                "s",
                Target.atMost(reach),
                rounds,
                String.format(
                    Locale.ROOT,
                    "bernoulli 0.5, %d agents, %,d ticks and %,.1f MB said after the trials; MLlib"
                        + " takes %d iterations over all rows at once",
                    agents,
                    said.ticks,
                    said.bytes / 1e6,
                    iterations)));
      }
    }
  }

  /** What the last run said. */
  private static final class Said {
    private long ticks;
    private double bytes;
  }

  private static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private Source source(JavaSparkContext spark) throws IOException {
    boolean csv = file.endsWith(".csv");
    return new Source(
        new RunConfig.Data(
            csv ? Machine.home().resolve("data").resolve(file).toString() : shared(file),
            csv ? RunConfig.Format.CSV : RunConfig.Format.LIBSVM,
            csv ? Optional.of("diagnosis") : Optional.empty(),
            csv ? Optional.of("hospital") : Optional.empty(),
            csv
                ? Optional.empty()
                : Optional.of(new RunConfig.Deal(agents, RunConfig.DealBy.ROW_NUMBER, 1)),
            List.of(),
            standardize,
            true,
            RunConfig.BadRows.FAIL,
            Optional.empty(),
            OptionalInt.empty()),
        loss,
        spark);
  }

  /** A file that is too large to come along. */
  static String shared(String file) {
    String folder = System.getenv("SOTTO_DATA");
    Path path = (folder == null ? Machine.home().resolve("data") : Path.of(folder)).resolve(file);
    Path beside = Machine.home().resolve("../shared/data").resolve(file);
    if (folder == null && !Files.exists(path) && Files.exists(beside)) {
      return beside.toString();
    }
    if (!Files.exists(path)) {
      throw new BadInputException(
          "There is no %s: libsvm, from the Python package tick-datasets. Put it there, or name its folder in SOTTO_DATA."
              .formatted(path));
    }
    return path.toString();
  }

  /** The rows as the agents have them, standardised where they are, for the peer, cached. */
  private static org.apache.spark.sql.Dataset<Row> rows(LinearModel all) {
    int n = all.rows().features();
    int count = all.rows().first(all.agents());
    double[] centre = all.centre() == null ? new double[n] : all.centre();
    List<Row> rows =
        IntStream.range(0, count)
            .mapToObj(
                r -> {
                  double[] row = new double[n];
                  all.rows().addScaled(r, 1, row, 0);
                  for (int j = 0; j < n; j++) {
                    row[j] -= centre[j];
                  }
                  return RowFactory.create(
                      all.rows().label(r) > 0 ? 1.0 : 0.0,
                      all.centre() == null ? Vectors.dense(row).toSparse() : Vectors.dense(row));
                })
            .toList();
    StructType columns =
        new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType());
    org.apache.spark.sql.Dataset<Row> cached =
        SparkSession.builder()
            .getOrCreate()
            .createDataFrame(rows, columns)
            .repartition(THREADS)
            .cache();
    cached.count();
    return cached;
  }

  private Peer peer(org.apache.spark.sql.Dataset<Row> rows) {
    return loss instanceof Hinge ? svc(rows) : logistic(rows);
  }

  private Peer logistic(org.apache.spark.sql.Dataset<Row> rows) {
    return new Peer() {
      private LogisticRegressionModel model(int iterations) {
        return new LogisticRegression()
            .setFamily("binomial")
            .setStandardization(false)
            .setRegParam(l2)
            .setElasticNetParam(0)
            .setFitIntercept(true)
            .setTol(NEVER)
            .setMaxIter(iterations)
            .fit(rows);
      }

      @Override
      public double[] history() {
        return model(LONG_RUN).summary().objectiveHistory();
      }

      @Override
      public void fit(int iterations) {
        model(iterations);
      }
    };
  }

  private Peer svc(org.apache.spark.sql.Dataset<Row> rows) {
    return new Peer() {
      private LinearSVCModel model(int iterations) {
        return new LinearSVC()
            .setStandardization(false)
            .setRegParam(l2)
            .setFitIntercept(true)
            .setTol(NEVER)
            .setMaxIter(iterations)
            .fit(rows);
      }

      @Override
      public double[] history() {
        return model(LONG_RUN).summary().objectiveHistory();
      }

      @Override
      public void fit(int iterations) {
        model(iterations);
      }
    };
  }

  /** Trials and run, as the optimize command has them; seconds until F is good. */
  private double solve(
      Plan plan, LocalCarrier carrier, double optimum, Consumer<String> log, Said said) {
    long begin = System.nanoTime();
    Session session = new Session(plan, carrier);
    StepSearch.Choice step = new StepSearch(session, AsyncAdmm::of).choose();
    double trials = (System.nanoTime() - begin) / 1e9;
    Algorithm algorithm = AsyncAdmm.of(step.initial());
    Measurement now = session.start(algorithm, new Checks(algorithm.trialTicks() / 3, MOST_TICKS));
    StringBuilder path = new StringBuilder();
    double decade = 0.1;
    while (now.objective() > optimum * (1 + gap) && now.tick() < MOST_TICKS) {
      now = session.run(false, () -> false, tick -> {});
      for (; now.objective() <= optimum * (1 + decade) && decade > gap; decade /= 10) {
        path.append(String.format(Locale.ROOT, " %.0e at %d", decade, now.tick()));
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    said.ticks = now.tick();
    double links = plan.network().heard().length - plan.agents();
    said.bytes = 8.0 * plan.dimension() * now.updates() * links / plan.agents();
    log.accept(
        String.format(
            Locale.ROOT,
            "%d trials in %.2f s, step %.4g;%s; %d ticks, %.2f s in all, gap %.2e",
            step.trials().size(),
            trials,
            step.initial(),
            path,
            now.tick(),
            seconds,
            now.objective() / optimum - 1));
    return seconds;
  }
}
