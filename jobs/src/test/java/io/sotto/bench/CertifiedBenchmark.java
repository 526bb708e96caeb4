package io.sotto.bench;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Rows;
import io.sotto.result.Result;
import io.sotto.result.StoppingRule;
import io.sotto.run.Optimization;
import io.sotto.run.RowSource;
import io.sotto.run.RunClock;
import io.sotto.run.StepSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * T1 to T3: seconds to a certified gap, all that comes after loading counted, against what one
 * would use on one machine: liblinear's logistic regression (L2R_LR, C = 1 / (l2 M), the bias not
 * penalised) on one thread, and MLlib on two, each to the same gap, of which they know nothing: for
 * both the loosest tolerance or the fewest iterations that get there are looked for before. All
 * sides are warm. Rows are as the agents have them, scaled; both peers get them sparse, for the
 * intercept makes up for centring.
 */
final class CertifiedBenchmark implements Benchmark {
  private static final int CELLS = 4;
  private static final int THREADS = 2;
  private static final int ROUNDS = 5;
  private static final int WARM = 2;
  private static final int CHECK_EVERY = 20; // as stop.check-every = auto has it

  static final CertifiedBenchmark ADULT =
      new CertifiedBenchmark("T1", "T2", PeerBenchmark.ADULT, 1e-6, 0.5, 0.2);
  static final CertifiedBenchmark REUTERS =
      new CertifiedBenchmark("T3L", "T3", PeerBenchmark.REUTERS, 1e-4, 5, 0.15);

  private final String ofLiblinear;
  private final String ofMllib;
  private final PeerBenchmark problem;
  private final double gap;
  private final double liblinearReach;
  private final double mllibReach;

  private CertifiedBenchmark(
      String ofLiblinear,
      String ofMllib,
      PeerBenchmark problem,
      double gap,
      double liblinearReach,
      double mllibReach) {
    this.ofLiblinear = ofLiblinear;
    this.ofMllib = ofMllib;
    this.problem = problem;
    this.gap = gap;
    this.liblinearReach = liblinearReach;
    this.mllibReach = mllibReach;
  }

  @Override
  public String id() {
    return ofMllib.equals("T2") ? ofLiblinear : ofMllib;
  }

  @Override
  public String about() {
    return "seconds to a certified gap of %s on %s, against liblinear and Spark MLlib"
        .formatted(gap, problem.file);
  }

  @Override
  public String heap() {
    return "4g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    try (JavaSparkContext spark = SparkLocal.open(THREADS)) {
      RowSource.ScannedRows data =
          problem.source(spark).scan(Objectives.of(problem.loss), Map.of(), w -> {});
      Regularizer penalty = new Regularizer(problem.l2, 0);
      LinearModel all =
          (LinearModel)
              data.under(Objectives.of(problem.loss), penalty)
                  .load(IntStream.range(0, problem.agents).toArray());
      boolean small = all.dimension() < 1_000;
      double optimum = small ? PooledNewton.optimum(all) : ConjugateNewton.optimum(all);
      double good = optimum * (1 + gap);
      Liblinear liblinear = new Liblinear(all, problem.l2, good);
      LinearModel uncentred =
          new LinearModel(
              all.rows(), problem.loss, penalty, all.rowWeight(), all.agentWeight(), true, null);
      PeerBenchmark.Peer mllib = problem.logistic(PeerBenchmark.rows(uncentred));
      double[] history = mllib.history();
      int iterations =
          IntStream.range(0, history.length)
              .filter(k -> history[k] <= good)
              .findFirst()
              .orElse(history.length - 1);
      Plan plan =
          Problems.withIntercept(
              Problems.plan(
                      Problems.network("regular", problem.agents),
                      data.under(Objectives.of(problem.loss), penalty),
                      data.schema().shape().dimension(),
                      CELLS,
                      1)
                  .perLink(true));
      List<Round> againstLiblinear = new ArrayList<>();
      List<Round> againstMllib = new ArrayList<>();
      String note = "";
      try (Coordinator cells = new LocalCoordinator(plan, THREADS)) {
        for (int r = -WARM; r < ROUNDS; r++) {
          long begin = System.nanoTime();
          Result result = solve(plan, cells, gap);
          double ours = (System.nanoTime() - begin) / 1e9;
          double theirs = PeerBenchmark.seconds(liblinear::fit);
          double spark2 = PeerBenchmark.seconds(() -> mllib.fit(iterations));
          note =
              String.format(
                  Locale.ROOT,
                  "%s after %d ticks, certified gap %.2g, true gap %.2g; two threads, liblinear one"
                      + " (eps %.2g), MLlib two (%d iterations)",
                  result.status(),
                  result.last().tick(),
                  result.certificate().gap(),
                  result.last().objective() / optimum - 1,
                  liblinear.eps,
                  iterations);
          log.accept(
              String.format(
                  Locale.ROOT,
                  "round %d: %.3f s against %.3f and %.3f; %s",
                  r + 1,
                  ours,
                  theirs,
                  spark2,
                  note));
          if (r >= 0) {
            againstLiblinear.add(new Round(ours, theirs));
            againstMllib.add(new Round(ours, spark2));
          }
        }
      }
      String title =
          "%s, %d agents, to a certified gap of %s: ".formatted(problem.file, problem.agents, gap);
      return List.of(
          new Figure(
              ofLiblinear,
              title + "local : liblinear on pooled rows",
              "s",
              Target.atMost(liblinearReach),
              againstLiblinear,
              note),
          new Figure(
              ofMllib,
              title + "local : MLlib on pooled rows",
              "s",
              Target.atMost(mllibReach),
              againstMllib,
              note));
    }
  }

  /** A run as optimize has it, from the first step to the certificate. */
  static Result solve(Plan plan, Coordinator cells, double gap) {
    Runner runner = new Runner(plan, cells);
    RunClock clock = RunClock.start();
    StepSearch.Choice step = new StepSearch(runner, AsyncAdmm::of, clock).begin();
    return new Optimization(
            runner,
            AsyncAdmm::of,
            new StoppingRule(20_000, gap, 1e-2, CHECK_EVERY),
            clock,
            0,
            Optimization.Observer.none())
        .run(step.control(plan));
  }

  /** The peer, with the loosest tolerance that is good enough. */
  private static final class Liblinear {
    private final Problem problem = new Problem();
    private final double cost;
    private double eps = 1;

    Liblinear(LinearModel all, double l2, double good) {
      Linear.disableDebugOutput();
      Rows rows = all.rows();
      int n = rows.features();
      int count = rows.first(rows.agents());
      problem.l = count;
      problem.n = n + 1;
      problem.bias = 1;
      problem.x = new Feature[count][];
      problem.y = new double[count];
      double[] row = new double[n];
      for (int r = 0; r < count; r++) {
        Arrays.fill(row, 0);
        rows.addScaled(r, 1, row, 0);
        List<Feature> entries = new ArrayList<>();
        for (int j = 0; j < n; j++) {
          if (row[j] != 0) {
            entries.add(new FeatureNode(j + 1, row[j]));
          }
        }
        entries.add(new FeatureNode(n + 1, 1));
        problem.x[r] = entries.toArray(Feature[]::new);
        problem.y[r] = rows.label(r);
      }
      cost = 1 / (l2 * count);
      while (objective(all, fit()) > good) {
        eps /= 2;
        if (eps < 1e-12) {
          throw new IllegalStateException("liblinear does not get there");
        }
      }
    }

    Model fit() {
      Parameter parameter = new Parameter(SolverType.L2R_LR, cost, eps);
      parameter.setRegularizeBias(false);
      return Linear.train(problem, parameter);
    }

    /** F where it ended, with the intercept as centred rows have it. */
    private static double objective(LinearModel all, Model model) {
      double[] w = model.getFeatureWeights();
      int n = all.rows().features();
      double sign = model.getLabels()[0] > 0 ? 1 : -1;
      double[] x = new double[n + 1];
      double shift = 0;
      for (int j = 0; j < n; j++) {
        x[j] = sign * w[j];
        shift += all.centre() == null ? 0 : all.centre()[j] * x[j];
      }
      x[n] = sign * w[n] + shift;
      double sum = 0;
      for (int i = 0; i < all.agents(); i++) {
        sum += all.value(i, x, 0);
      }
      return sum;
    }
  }
}
