package io.sotto.bench;

import io.sotto.config.RunConfig;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.io.FileRows;
import io.sotto.network.Network;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Hinge;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import io.sotto.run.RowSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * C1 to C4: seconds to a relative gap, against Spark MLlib, which sees all rows at once. The same
 * rows, in memory on both sides, the session up; the choice of the penalty counts. Clocks of rate
 * 1/2, and beside them all agents always.
 */
final class PeerBenchmark implements Benchmark {
  private static final int CELLS = 4; // as engine.cells = auto has it
  private static final int THREADS = 2;
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
  final String file;
  final int agents;
  final Loss loss;
  final double l2;
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
  interface Peer {
    /** The objective after each iteration of a long run. */
    double[] history();

    /** A fit of so many iterations. */
    void fit(int iterations);
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      FileRows source = source(spark);
      RowSource.ScannedRows data = source.scan(Objectives.of(loss), Map.of(), w -> {});
      LinearModel all =
          (LinearModel)
              data.under(Objectives.of(loss), new Regularizer(l2, 0))
                  .load(IntStream.range(0, agents).toArray());
      Peer peer = peer(rows(all));
      double[] history = peer.history();
      double theirs = Arrays.stream(history).min().orElseThrow();
      boolean small = all.dimension() < 1_000;
      double optimum = small ? PooledNewton.optimum(all) : ConjugateNewton.optimum(all);
      if (small && loss instanceof Logistic) {
        sameOptimum(optimum, ConjugateNewton.optimum(all));
      }
      if (loss.smooth()) {
        sameOptimum(optimum, theirs);
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
                  network,
                  data.under(Objectives.of(loss), new Regularizer(l2, 0)),
                  data.schema().shape().dimension(),
                  CELLS,
                  1)
              .perLink(true);
      return figures(plan, optimum, () -> seconds(() -> peer.fit(iterations)), iterations, log);
    }
  }

  /** Both clocks, each in the same rounds as the peer. */
  private List<Figure> figures(
      Plan plan, double optimum, Rounds.Side peer, int iterations, Consumer<String> log)
      throws Exception {
    List<Round> half = new ArrayList<>();
    List<Round> full = new ArrayList<>();
    try (Coordinator some = new LocalCoordinator(plan, THREADS);
        Coordinator always = new LocalCoordinator(Problems.always(plan), THREADS)) {
      GapRun ofSome;
      GapRun ofAlways;
      int r = 0;
      do {
        double before = r % 2 == 0 ? 0 : peer.measure();
        ofSome = GapRun.of(plan, some, optimum, gap, log);
        double theirs = r % 2 == 0 ? peer.measure() : before;
        ofAlways = GapRun.of(Problems.always(plan), always, optimum, gap, log);
        half.add(new Round(ofSome.seconds(), theirs));
        full.add(new Round(ofAlways.seconds(), theirs));
        log.accept(
            String.format(
                Locale.ROOT,
                "round %d of %d: %.3g and always %.3g against %.3g, ratios %.3f and %.3f",
                r + 1,
                ROUNDS,
                ofSome.seconds(),
                ofAlways.seconds(),
                theirs,
                half.get(r).ratio(),
                full.get(r).ratio()));
      } while (++r < ROUNDS);
      return List.of(
          figure(id, half, Target.atMost(reach), ofSome.text("bernoulli 0.5", agents), iterations),
          figure(
              id + "-always", full, Target.report(), ofAlways.text("always", agents), iterations));
    }
  }

  private Figure figure(
      String name, List<Round> rounds, Target target, String note, int iterations) {
    return new Figure(
        name,
        "to a relative gap of %s on %s: local : MLlib".formatted(gap, file),
        "s",
        target,
        rounds,
        "%s; MLlib takes %d iterations over all rows at once".formatted(note, iterations));
  }

  /** Fails if two solvers do not find the same. */
  private static void sameOptimum(double one, double other) {
    if (Math.abs(one - other) > INDEPENDENT * 10 * one) {
      throw new IllegalStateException("F* is %s, and by another %s".formatted(one, other));
    }
  }

  static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  FileRows source(JavaSparkContext spark) throws IOException {
    boolean csv = file.endsWith(".csv");
    return new FileRows(
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
          "There is no %s, which this figure reads. Put it there, or name its folder in SOTTO_DATA."
              .formatted(path));
    }
    return path.toString();
  }

  /** The rows as the agents have them, standardised where they are, for the peer, cached. */
  static Dataset<Row> rows(LinearModel all) {
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
    Dataset<Row> cached =
        SparkSession.builder()
            .getOrCreate()
            .createDataFrame(rows, columns)
            .repartition(THREADS)
            .cache();
    cached.count();
    return cached;
  }

  private Peer peer(Dataset<Row> rows) {
    return loss instanceof Hinge ? svc(rows) : logistic(rows);
  }

  Peer logistic(Dataset<Row> rows) {
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

  private Peer svc(Dataset<Row> rows) {
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
}
