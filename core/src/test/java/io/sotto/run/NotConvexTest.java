package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.Shards;
import io.sotto.privacy.attack.Attacks;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Ball;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Measures;
import io.sotto.problem.Objective;
import io.sotto.problem.Simplex;
import io.sotto.problem.Squared;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.result.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Runs of costs that are not convex: what they ask for, what they report, and what is refused. */
class NotConvexTest {
  private static final int AGENTS = 5;
  private static final AtomicLong SUBGRADIENTS = new AtomicLong();

  /** Agent i loses {@code (u v - i)^2 / 2}, which has a saddle at 0; w is moved directly to i. */
  private record Products(int[] who) implements LocalObjective {
    @Override
    public int agents() {
      return who.length;
    }

    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      throw new IllegalStateException("it follows from what is measured");
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      SUBGRADIENTS.incrementAndGet();
      double r = x[at] * x[at + 1] - who[agent];
      out[0] = r * x[at + 1] / AGENTS;
      out[1] = r * x[at] / AGENTS;
      out[2] = (x[at + 2] - who[agent]) / 4;
    }

    @Override
    public int direct() {
      return 1;
    }

    @Override
    public Measures measures() {
      return Measures.HELD_OUT_MEAN;
    }

    @Override
    public double[] measure(int agent, double[] x, int at) {
      double r = x[at] * x[at + 1] - who[agent];
      return new double[] {r * r / 2};
    }

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public double smoothness(int agent) {
      return Double.POSITIVE_INFINITY;
    }

    @Override
    public double lowest(int agent) {
      throw new IllegalStateException("there is no bound to look for");
    }

    @Override
    public Curvature secondOrder() {
      throw new IllegalStateException("nobody asks for second derivatives");
    }
  }

  private static Costs costs() {
    Shards shards = Products::new;
    double[] ones = new double[AGENTS];
    Arrays.fill(ones, 1);
    return new Costs(
        IntStream.range(0, AGENTS).mapToObj(i -> "p" + i).toList(),
        new Objective.Shape(0, 2, 3),
        shards,
        new Costs.Nature(false, false, false, true, false, false),
        new Costs.Work(new int[AGENTS], 1, 1000, ones),
        null,
        null,
        new double[0],
        "products",
        "digest",
        "products",
        Map.of(),
        null,
        (seed, x, at) -> {
          x[at] = 0.5;
          x[at + 1] = 0.25;
          x[at + 2] = seed;
        });
  }

  private static Optimize run() {
    return Optimize.of(warnings -> costs()).maxTicks(600);
  }

  private static Optimize with(UnaryOperator<RunSettings.Algorithm> change) {
    RunSettings settings = run().settings();
    return run().settings(settings.algorithm(change.apply(settings.algorithm())));
  }

  private static void isRefused(Optimize run, String... words) {
    assertThatThrownBy(run::prepare)
        .isInstanceOf(BadInputException.class)
        .message()
        .contains(words);
  }

  @Test
  void aRunMeasuresAndAsksForNothingElse() throws Exception {
    List<RunState> seen = new ArrayList<>();
    SUBGRADIENTS.set(0);
    RunResult run =
        run()
            .firstStep(0.05)
            .listener(
                new Optimize.Listener() {
                  @Override
                  public void measured(RunState now) {
                    seen.add(now);
                  }
                })
            .run();
    Result result = run.result();
    assertThat(SUBGRADIENTS.get()).isEqualTo(result.last().updates());
    assertThat(result.status()).isEqualTo(Result.Status.MAX_TICKS);
    assertThat(result.stopReason())
        .startsWith("stop.max-ticks was reached; F is ")
        .contains("the costs are not convex, so that nothing tells how low it can get");
    assertThat(result.certificate().toMap())
        .containsEntry("kind", "none")
        .containsEntry("reason", "the costs are not convex");
    Measurement first = seen.get(0).last();
    assertThat(first.estimate()).containsExactly(0.5, 0.25, 1);
    double sum = 0;
    for (int i = 0; i < AGENTS; i++) {
      assertThat(first.measured().of("heldOutLoss", i))
          .isCloseTo((0.125 - i) * (0.125 - i) / 2, within(1e-12));
      sum += first.measured().of("heldOutLoss", i);
    }
    assertThat(first.objective()).isCloseTo(sum / AGENTS, within(1e-12));
    assertThat(first.measured().of("heldOutLoss")).as("their mean").isEqualTo(first.objective());
    assertThat(first.gap()).isNaN();
    assertThat(first.stationarity()).isNaN();
    double[] x = result.last().estimate();
    assertThat(x[0] * x[1]).isCloseTo(2, within(0.3));
    assertThat(x[2]).isCloseTo(2, within(1.0));
    Trace.Point last = result.trace().last();
    assertThat(last.measured()).isEqualTo(result.last().measured());
    assertThat(last.measured().byAgent().get(0)).hasSize(AGENTS);
    assertThat(run.record().map().get("heldOutLossByAgent"))
        .isEqualTo(
            IntStream.range(0, AGENTS)
                .boxed()
                .collect(
                    Collectors.toMap(i -> "p" + i, i -> last.measured().of("heldOutLoss", i))));
  }

  @Test
  void autoTakesAdamWithDefaultsOfItsOwn() throws Exception {
    Prepared prepared = run().prepare();
    assertThat(prepared.settings().algorithm().name()).isEqualTo("async-adam");
    assertThat(prepared.because("algorithm")).contains("costs that are not convex");
    assertThat(prepared.because("tolerance")).startsWith("0: the costs are not convex");
    assertThat(prepared.settings().stop().tolerance()).isZero();
    assertThat(prepared.protection().name()).isEqualTo("none");
    assertThat(prepared.protection().words()).contains("offsets do not cancel in Adam");
    RunRecord record = run().run().record();
    assertThat(record.map().get("step"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("initial", 5e-3)
        .containsEntry("from", "default")
        .containsEntry("auto", true);
    RunRecord other = run().method("async-projected-subgradient").maxTicks(1).run().record();
    assertThat(other.map().get("step"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("initial", 0.5 * AGENTS);
  }

  @Test
  void sameSettingsGiveTheSameBits() throws Exception {
    RunSettings.Algorithm local = run().settings().algorithm();
    Optimize eight = with(a -> local.stepping(local.stepping().localSteps(8)));
    double[] one = eight.run().result().last().estimate();
    Prepared prepared = eight.prepare();
    assertThat(prepared.plan().ticksPerSuperstep()).isEqualTo(8);
    assertThat(prepared.plan().exchangeEvery()).isEqualTo(8);
    RunSettings settings = eight.settings();
    RunSettings.Engine cells =
        new RunSettings.Engine(RunSettings.EngineName.LOCAL, OptionalInt.of(3), OptionalInt.of(1));
    assertThat(eight.settings(settings.engine(cells)).run().result().last().updates())
        .isEqualTo(eight.run().result().last().updates());
    assertThat(eight.run().result().last().estimate()).containsExactly(one);
    assertThat(run().run().result().last().estimate()).isNotEqualTo(one);
  }

  @Test
  void whatNeedsConvexCostsIsRefused() {
    isRefused(
        run().tolerance(1e-3),
        "stop.tolerance is 0.001, but the costs are not convex",
        "Set stop.tolerance = 0");
    RunSettings settings = run().settings();
    RunSettings.Stop stop = settings.stop();
    isRefused(
        run()
            .settings(
                settings.stop(
                    new RunSettings.Stop(
                        100, 0, 0, OptionalInt.empty(), stop.deadline(), true, 500, false))),
        "stop.require-certificate is true, but the costs are not convex");
    isRefused(
        run().settings(settings.privacy(settings.privacy().with(RunSettings.Mechanism.OFFSETS))),
        "privacy.protect is offsets, but the costs are not convex",
        "offsets do not cancel in Adam",
        "Set privacy.protect = none.");
    isRefused(
        run().settings(settings.privacy(settings.privacy().with(RunSettings.Mechanism.SUMS))),
        "privacy.protect is sums, but the costs are not convex");
    isRefused(
        run().constraint(new Simplex(1)),
        "problem.constraints[0].set is",
        "only the sets ball and box",
        "costs are not convex");
    isRefused(
        run().method("async-admm"),
        "algorithm.name is 'async-admm', which does not end near a stationary point with costs that"
            + " are not convex",
        "set algorithm.name = async-adam or async-projected-subgradient");
    isRefused(
        with(
            a ->
                new RunSettings.Algorithm(
                    "dual-averaging", true, a.scale(), a.step(), 1, a.stepping())),
        "costs that are not convex");
  }

  @Test
  void aBallIsFine() throws Exception {
    RunResult run = run().constraint(new Ball(Coordinates.NONE, 0.7)).run();
    double[] x = run.result().last().estimate();
    assertThat(Math.hypot(x[0], x[1])).isLessThanOrEqualTo(0.7 + 1e-9);
  }

  private static Optimize rows(UnaryOperator<RunSettings.Algorithm> change) {
    MemoryRows rows =
        MemoryRows.of(
            List.of("a"),
            new String[] {"p", "q", "r", "p"},
            new double[][] {{1}, {2}, {3}, {5}},
            new String[] {"1", "2", "4", "4"});
    Optimize run = Optimize.of(RowsProblem.of(rows, new Squared()));
    return run.settings(run.settings().algorithm(change.apply(run.settings().algorithm())));
  }

  /** What is for costs that are not convex is refused for others; local steps are for both. */
  @Test
  void convexCostsHaveTheirOwnRules() throws Exception {
    isRefused(
        rows(a -> a.named("async-adam")),
        "algorithm.name is 'async-adam', which does not find the optimum with costs that are convex",
        "set algorithm.name = async-projected-subgradient; or set algorithm.name = auto.");
    Stepping usual = Stepping.usual();
    isRefused(
        rows(
            a ->
                a.stepping(
                    new Stepping(Stepping.Schedule.COSINE, 0.1, 0.1, 1, 0, 0, usual.adam()))),
        "algorithm.step.schedule is cosine, but the costs are convex",
        "Set algorithm.step.schedule = power.");
    isRefused(
        rows(
            a ->
                a.stepping(
                    new Stepping(Stepping.Schedule.AUTO, 0.1, 0.1, 4, 0.7, 0.6, usual.adam()))),
        "algorithm.outer.step is 0.7, but the costs are convex");
    isRefused(
        rows(a -> a.named("async-admm").stepping(usual.localSteps(4))),
        "which does not find the optimum with steps between exchanges",
        "set algorithm.local-steps = 1");
    Optimize local = rows(a -> a.stepping(usual.localSteps(4)));
    Prepared prepared = local.prepare();
    assertThat(prepared.settings().algorithm().name()).isEqualTo("async-projected-subgradient");
    assertThat(prepared.plan().ticksPerSuperstep()).isEqualTo(4);
    assertThat(prepared.settings().stop().tolerance()).isEqualTo(1e-3);
    assertThatThrownBy(() -> new AuditRun(audit(), local).prepare(0, true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("algorithm.local-steps is 4")
        .hasMessageContaining("Set algorithm.local-steps = 1.");
  }

  private static AuditSettings audit() {
    return new AuditSettings(
        AuditSettings.Adversary.NEIGHBOUR,
        List.of(),
        1,
        0,
        1,
        0,
        0.5,
        false,
        List.copyOf(Attacks.REGISTRY.names()));
  }

  @Test
  void anAuditIsRefused() {
    assertThatThrownBy(() -> new AuditRun(audit(), run()).prepare(0, true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the costs are not convex")
        .hasMessageContaining("generalised linear models");
  }
}
