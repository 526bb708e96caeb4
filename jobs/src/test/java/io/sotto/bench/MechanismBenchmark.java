package io.sotto.bench;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.config.RunConfig;
import io.sotto.engine.Checks;
import io.sotto.engine.LocalCarrier;
import io.sotto.engine.Measurement;
import io.sotto.engine.Plan;
import io.sotto.engine.Session;
import io.sotto.engine.Shards;
import io.sotto.engine.StepSearch;
import io.sotto.io.Dataset;
import io.sotto.io.Source;
import io.sotto.network.Network;
import io.sotto.privacy.mechanism.Budget;
import io.sotto.privacy.mechanism.DifferentialPrivacy;
import io.sotto.privacy.mechanism.FunctionSharing;
import io.sotto.privacy.mechanism.PrivateSteps;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Regularizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * D1 to D5: what mechanisms cost, on hospitals without a set, where everybody hears everybody:
 * ticks to a relative gap of 1e-3 beside those without, and the gap where they end. Each seed is
 * another secret and another clock. The leak goes beside these, in figures of the ids D1-leak and
 * so on, once there is an audit.
 */
final class MechanismBenchmark implements Benchmark {
  private static final double L2 = 1e-3;
  private static final double GAP = 1e-3;
  private static final int MOST_TICKS = 20_000;
  private static final int BUDGET_TICKS = 200;
  private static final double DELTA = 1e-6;
  private static final int SEEDS = 5;

  @Override
  public String id() {
    return "D";
  }

  @Override
  public String about() {
    return "D1 to D5: ticks and gap under each privacy.mechanism, hospitals, complete network";
  }

  @Override
  public String heap() {
    return "1g";
  }

  /** Where a run got to. */
  private record End(long ticks, double gap) {}

  /** The problem, and its optimum. */
  private record Work(Network network, Shards shards, Dataset data, double optimum) {

    End run(UnaryOperator<Shards> mechanism, DoubleFunction<? extends Algorithm> maker, int most) {
      boolean addressed = maker.apply(1).addressed();
      Plan plan =
          Problems.plan(network, mechanism.apply(shards), data.dimension(), 1, 1)
              .addressed(addressed);
      try (LocalCarrier carrier = new LocalCarrier(plan, 1)) {
        Session session = new Session(plan, carrier);
        double step = new StepSearch(session, maker).choose().initial();
        return run(session, maker.apply(step), most);
      }
    }

    End run(Session session, Algorithm algorithm, int most) {
      int every = addressed(session) ? 1 : 10;
      Measurement now = session.start(algorithm, new Checks(every, most));
      while (now.objective() > optimum * (1 + GAP) && now.tick() < most) {
        now = session.run(false, () -> false, tick -> {});
      }
      long ticks = now.tick();
      while (now.tick() < most) {
        now = session.run(false, () -> false, tick -> {});
      }
      return new End(ticks, now.objective() / optimum - 1);
    }

    private static boolean addressed(Session session) {
      return session.plan().addressed();
    }
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    try (JavaSparkContext spark = SparkLocal.open(1)) {
      Source source = source(spark);
      Dataset data = source.scan();
      Shards shards = source.shards(data, new Regularizer(L2, 0));
      int agents = data.agents().size();
      LinearModel all = (LinearModel) shards.load(IntStream.range(0, agents).toArray());
      Network network = Problems.network("complete", agents);
      Work work = new Work(network, cached(all, shards), data, PooledNewton.optimum(all));
      DoubleFunction<Algorithm> subgradient =
          step -> new ProjectedSubgradient(IdleRule.MIX, new StepSize(step, 0.51));
      List<Figure> figures = new ArrayList<>();
      figures.add(
          compared(
              "D1",
              "function-sharing, the default method",
              work,
              log,
              subgradient,
              4_000,
              seed -> plain -> new FunctionSharing(plain, network, 1.0 / agents, seed, "D")));
      figures.add(
          compared(
              "D2",
              "function-sharing, async-admm",
              work,
              log,
              AsyncAdmm::of,
              400,
              seed -> plain -> new FunctionSharing(plain, network, 1.0 / agents, seed, "D")));
      figures.add(
          compared(
              "D3",
              "private-steps, the default method",
              work,
              log,
              subgradient,
              4_000,
              seed -> plain -> new PrivateSteps(plain, 1, seed, "D")));
      figures.add(budgeted("D4", 1, work, log));
      figures.add(budgeted("D5", 8, work, log));
      return figures;
    }
  }

  /** The rows are read once. */
  private static Shards cached(LinearModel all, Shards shards) {
    return agents -> agents.length == all.agents() ? all : shards.load(agents);
  }

  private interface Seeded {
    UnaryOperator<Shards> under(Secret secret);
  }

  private static Secret secret(int seed) {
    return Secret.of(("bench of mechanisms, " + seed).getBytes(StandardCharsets.UTF_8));
  }

  private static Figure compared(
      String id,
      String title,
      Work work,
      Consumer<String> log,
      DoubleFunction<? extends Algorithm> maker,
      int most,
      Seeded mechanism) {
    End without = work.run(plain -> plain, maker, most);
    List<Round> rounds = new ArrayList<>();
    double worst = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      End with = work.run(mechanism.under(secret(seed)), maker, MOST_TICKS);
      log.accept(
          String.format(
              Locale.ROOT,
              "%s, secret %d: %d ticks, gap %.2e after %d; without %d ticks, gap %.2e after %d",
              title,
              seed,
              with.ticks(),
              with.gap(),
              MOST_TICKS,
              without.ticks(),
              without.gap(),
              most));
      worst = Math.max(worst, with.gap());
      rounds.add(new Round(with.ticks(), without.ticks()));
    }
    return new Figure(
        id,
        title + ": ticks to a gap of " + GAP + " : without",
        "ticks",
        Target.report(),
        rounds,
        String.format(
            Locale.ROOT,
            "of %d secrets, the worst gap after %,d ticks is %.1e; without, %.1e after %,d",
            SEEDS,
            MOST_TICKS,
            worst,
            without.gap(),
            most));
  }

  /** What a budget leaves of the gap; the step is what F says in hindsight, from four. */
  private static Figure budgeted(String id, double epsilon, Work work, Consumer<String> log) {
    int agents = work.data().agents().size();
    Budget budget =
        Budget.of(
            epsilon,
            DELTA,
            1,
            work.data().rows(),
            work.data().dimension(),
            OptionalDouble.empty(),
            Budget.expected(Problems.CLOCK, agents, BUDGET_TICKS));
    double start = Math.log(2) / work.optimum() - 1;
    double[] best = {};
    double bestStep = 0;
    for (double step : new double[] {0.03, 0.1, 0.3, 1, 3, 10}) {
      double[] gaps = new double[SEEDS];
      for (int seed = 1; seed <= SEEDS; seed++) {
        Secret secret = secret(seed);
        Plan plan =
            Problems.plan(
                work.network(),
                new DifferentialPrivacy(work.shards(), budget, secret, id + step),
                work.data().dimension(),
                1,
                1);
        try (LocalCarrier carrier = new LocalCarrier(plan, 1)) {
          Algorithm algorithm = new ProjectedSubgradient(IdleRule.MIX, new StepSize(step, 0.51));
          gaps[seed - 1] = work.run(new Session(plan, carrier), algorithm, BUDGET_TICKS).gap();
        }
      }
      log.accept(
          "epsilon %s, step %s: gaps %s"
              .formatted(epsilon, step, List.of(java.util.Arrays.stream(gaps).boxed().toArray())));
      if (best.length == 0 || median(gaps) < median(best)) {
        best = gaps;
        bestStep = step;
      }
    }
    List<Round> rounds = new ArrayList<>();
    for (double gap : best) {
      rounds.add(new Round(gap, start));
    }
    return new Figure(
        id,
        "differential-privacy, epsilon %s, delta %s, %d ticks: relative gap : at the start"
            .formatted(epsilon, DELTA, BUDGET_TICKS),
        "of F*",
        Target.report(),
        rounds,
        String.format(
            Locale.ROOT,
            "one row of %d, clip 1, noise %.3g in each coordinate of a subgradient, first step %s",
            work.data().rows(),
            budget.deviation(),
            bestStep));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static Source source(JavaSparkContext spark) throws java.io.IOException {
    return new Source(
        new RunConfig.Data(
            Machine.home().resolve("data/hospitals.csv").toString(),
            RunConfig.Format.CSV,
            Optional.of("diagnosis"),
            Optional.of("hospital"),
            Optional.empty(),
            List.of(),
            true,
            true,
            RunConfig.BadRows.FAIL,
            Optional.empty(),
            OptionalInt.empty()),
        new Logistic(),
        spark);
  }
}
