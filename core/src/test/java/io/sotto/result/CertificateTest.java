package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Shards;
import io.sotto.engine.Table;
import io.sotto.problem.Ball;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.ConstraintSets;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Intersection;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Losses;
import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import io.sotto.problem.WholeSpace;
import io.sotto.run.Optimization;
import io.sotto.run.RunClock;
import io.sotto.run.RunState;
import io.sotto.run.StepSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds hold whatever the method does, and come near the optimum where they must. */
class CertificateTest {
  private static final int FEATURES = 3;
  private static final int AGENTS = 6;
  private static final List<Long> SEEDS = List.of(3L, 8L);

  /** Relative to F, as numbers are rounded. */
  private static final double ROUNDING = 1e-12;

  /**
   * Points that are said to be in a set may be outside by so much, and F be as much lower there.
   */
  private static final double OUTSIDE = 1e-9;

  /** What the certified gap of a smooth loss is at most, at the end of a run of six digits. */
  private static final double SMOOTH = 1e-4;

  /** The same of others, with the duals of proximal steps. */
  private static final double ROUGH = 1e-3;

  /** A problem, and what is known of it without any method of ours. */
  private record Case(
      String loss, ConstraintSet set, double l2, double l1, boolean intercept, long seed) {
    Loss made() {
      return Losses.REGISTRY.make("loss", loss, new Parameters("", example()));
    }

    private Map<String, ?> example() {
      return Losses.REGISTRY.entries().stream()
          .filter(entry -> entry.name().equals(loss))
          .findFirst()
          .orElseThrow()
          .example();
    }

    Table table() {
      return Table.random(AGENTS, 8, FEATURES, made().labels(), seed);
    }

    Shards shards() {
      Table table = table();
      Regularizer penalty = new Regularizer(l2, l1);
      double rowWeight = 1.0 / table.count();
      return agents ->
          new LinearModel(
              table.dense(agents), made(), penalty, rowWeight, 1.0 / AGENTS, intercept, null);
    }

    Plan plan() {
      int dimension = FEATURES + (intercept ? 1 : 0);
      Setup setup =
          intercept
              ? Setup.withIntercept(shards(), AGENTS, dimension)
              : Setup.of(shards(), AGENTS, dimension);
      return setup.within(set, Map.of()).cells(2).plan();
    }

    boolean bounded() {
      return l1 > 0 || near();
    }

    boolean near() {
      return l2 > 0 || Double.isFinite(set.reach(FEATURES));
    }

    /**
     * The least F that solvers find who see all rows: at a point of X, so not below the optimum.
     */
    double optimum() {
      CentralOptimum central = CentralOptimum.of(loss, table(), l2, l1);
      return central.value(central.within(set, FEATURES, intercept));
    }
  }

  static Stream<Arguments> everyCase() {
    List<ConstraintSet> sets = new ArrayList<>(List.of(new WholeSpace()));
    ConstraintSets.REGISTRY.entries().forEach(entry -> sets.add(entry.makeExample()));
    sets.add(Intersection.of(List.of(new Ball(Coordinates.NONE, 0.7), sets.get(5))));
    List<Arguments> cases = new ArrayList<>();
    for (Registry.Entry<Loss> loss : Losses.REGISTRY.entries()) {
      for (ConstraintSet set : sets) {
        for (double l2 : new double[] {0, 0.02}) {
          for (double l1 : new double[] {0, 0.05}) {
            boolean intercept = (cases.size() / 2 + cases.size()) % 2 == 0;
            long seed = SEEDS.get(cases.size() / 4 % SEEDS.size());
            cases.add(Arguments.of(new Case(loss.name(), set, l2, l1, intercept, seed)));
          }
        }
      }
    }
    return cases.stream();
  }

  /** What a run measured, its certified end last. */
  private static List<Measurement> run(Plan any, String method, int ticks) {
    Method made = Algorithms.REGISTRY.make("algorithm", method, new Parameters("", Map.of()));
    DoubleFunction<Algorithm> algorithm = step -> made.of(IdleRule.MIX, new StepSize(step, 0.51));
    Plan plan = any.by(algorithm.apply(1));
    List<Measurement> measured = new ArrayList<>();
    Optimization.Observer observer =
        new Optimization.Observer() {
          @Override
          public void ticked(long tick, long supersteps) {}

          @Override
          public void measured(RunState now) {
            measured.add(now.last());
          }
        };
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      Runner runner = new Runner(plan, carrier);
      RunClock clock = RunClock.start();
      double step = new StepSearch(runner, algorithm, clock).choose().initial();
      StoppingRule rule = new StoppingRule(ticks, 0, 0, 50);
      measured.add(new Optimization(runner, algorithm, rule, clock, 0, observer).run(step).last());
    }
    return measured;
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void neverAboveTheOptimumAndNearIt(Case problem) {
    double optimum = problem.optimum();
    double slack = OUTSIDE + ROUNDING * Math.abs(optimum);
    for (String method : List.of("async-projected-subgradient", "async-admm")) {
      List<Measurement> measured = run(problem.plan(), method, 600);
      for (Measurement now : measured) {
        assertThat(now.bound().value())
            .as("%s at tick %d", method, now.tick())
            .isLessThanOrEqualTo(Math.min(optimum, now.objective()) + slack);
        if (problem.bounded()) {
          assertThat(now.bound().value()).as("tick %d", now.tick()).isFinite();
        }
      }
      if (problem.near() && method.equals("async-admm")) {
        Certificate end = Certificate.of(measured.get(measured.size() - 1));
        assertThat(end.gap())
            .as("%s of F* %s", end, optimum)
            .isLessThan(problem.made().smooth() ? SMOOTH : ROUGH);
      }
    }
  }

  /** A cost of one's own, without penalty, is bounded where the set is. */
  @Test
  void costsOfOnesOwnAreBoundedWithinASet() {
    Case problem = new Case("logistic", new Ball(Coordinates.NONE, 0.5), 0.02, 0.05, true, 3);
    Shards plain = agents -> new Opaque(problem.shards().load(agents), true);
    Plan plan =
        Setup.withIntercept(plain, AGENTS, FEATURES + 1).within(problem.set(), Map.of()).plan();
    List<Measurement> measured = run(plan, "async-projected-subgradient", 2_000);
    Measurement end = measured.get(measured.size() - 1);
    assertThat(end.bound().value()).isLessThanOrEqualTo(problem.optimum() + OUTSIDE);
    assertThat(end.gap()).isLessThan(1e-2);
  }

  @Test
  void noneSaysWhy() {
    Case free = new Case("huber", new WholeSpace(), 0, 0, true, 3);
    List<Measurement> measured = run(free.plan(), "async-projected-subgradient", 200);
    Certificate none = Certificate.of(measured.get(measured.size() - 1));
    assertThat(none.kind()).isEqualTo(LowerBound.Kind.NONE);
    assertThat(none.toMap()).containsOnlyKeys("kind", "reason");
    assertThat(none.gap()).isNaN();
    assertThat(none.reason()).contains("l2 is 0");

    Case held = new Case("logistic", new Ball(Coordinates.NONE, 0.5), 0.02, 0, true, 3);
    Shards drawn = agents -> new Opaque(held.shards().load(agents), false);
    Plan plan = Setup.withIntercept(drawn, AGENTS, FEATURES + 1).plan();
    measured = run(plan, "async-projected-subgradient", 200);
    assertThat(Certificate.of(measured.get(measured.size() - 1)).reason())
        .contains("no exact subgradients");
  }

  /** A cost of which nothing is known but values and subgradients. */
  private record Opaque(LocalObjective inner, boolean exact) implements LocalObjective {
    @Override
    public int agents() {
      return inner.agents();
    }

    @Override
    public int dimension() {
      return inner.dimension();
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return inner.value(agent, x, at);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      inner.subgradient(agent, key, x, at, out);
    }

    @Override
    public double smoothness(int agent) {
      return inner.smoothness(agent);
    }
  }
}
