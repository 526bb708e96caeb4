package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Session;
import io.sotto.engine.Setup;
import io.sotto.engine.StepSearch;
import io.sotto.engine.Table;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.L1Ball;
import io.sotto.problem.Loss;
import io.sotto.problem.Losses;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import io.sotto.problem.WholeSpace;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run with the default rules comes near the optimum that solvers find who see all rows. */
class CentralOptimumTest {
  private static final long SEED = 1947;
  private static final int ROWS = 48;
  private static final int FEATURES = 3;
  private static final double GAP = 5e-3;

  static Stream<Arguments> everyCase() {
    return Losses.REGISTRY.entries().stream()
        .flatMap(loss -> Stream.of(IdleRule.values()).map(idle -> Arguments.of(loss, idle)));
  }

  static Stream<Arguments> smoothCases() {
    return everyCase().filter(c -> example(c.get()[0]).smooth());
  }

  private static Loss example(Object entry) {
    return (Loss) ((Registry.Entry<?>) entry).makeExample();
  }

  /** Six agents with eight rows each. */
  private static Table table(Loss loss) {
    return Table.random(6, ROWS / 6, FEATURES, loss.labels(), SEED);
  }

  private static Result run(
      Table table, Loss loss, Regularizer regularizer, ConstraintSet set, IdleRule idle) {
    Plan plan =
        Setup.withIntercept(table.shards(loss, regularizer), table.agents(), FEATURES + 1)
            .within(set, Map.of())
            .cells(2)
            .idle(idle)
            .plan();
    StoppingRule rule = new StoppingRule(20_000, 1e-3, 1e-3, 100, Duration.ofMinutes(5));
    DoubleFunction<ProjectedSubgradient> algorithm =
        step -> new ProjectedSubgradient(idle, new StepSize(step, 0.51));
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      Session session = new Session(plan, carrier);
      double step = new StepSearch(session, algorithm).choose().initial();
      return new Optimization(session, rule, Optimization.Observer.none())
          .run(algorithm.apply(step));
    }
  }

  private static void assertNear(
      Result result, CentralOptimum central, double[] optimum, String what) {
    double best = central.value(optimum);
    double[] estimate = result.last().estimate();
    double gap = (central.value(estimate) - best) / Math.abs(best);
    assertThat(result.last().objective())
        .as("F as both write it down, %s", what)
        .isCloseTo(central.value(estimate), within(1e-12 * Math.abs(best)));
    assertThat(gap).as("%s, seed %d, %s", what, SEED, result).isBetween(-1e-7, GAP);
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void everyLossComesNearTheCentralOptimum(Registry.Entry<Loss> entry, IdleRule idle) {
    Loss loss = entry.makeExample();
    double l2 = loss.smooth() ? 1e-3 : 0;
    Table table = table(loss);
    CentralOptimum central = CentralOptimum.of(entry.name(), table, l2, 0);
    Result result = run(table, loss, new Regularizer(l2, 0), new WholeSpace(), idle);
    assertNear(result, central, central.minimiser(), entry + " " + idle);
  }

  @ParameterizedTest
  @MethodSource("smoothCases")
  void soDoSmoothLossesWithSparseSolutions(Registry.Entry<Loss> entry, IdleRule idle) {
    Loss loss = entry.makeExample();
    Table table = table(loss);
    CentralOptimum central = CentralOptimum.of(entry.name(), table, 0.01, 0.1);
    Result result = run(table, loss, new Regularizer(0.01, 0.1), new WholeSpace(), idle);
    assertNear(result, central, central.minimiser(), entry + " with l1 " + idle);
  }

  @ParameterizedTest
  @EnumSource
  void rowsDealtByLabel(IdleRule idle) {
    Loss loss = make("logistic");
    Table table = table(loss);
    double[] y = Arrays.stream(table.labels()).flatMapToDouble(Arrays::stream).toArray();
    int[] sorted =
        IntStream.range(0, ROWS)
            .boxed()
            .sorted(Comparator.comparingDouble(r -> y[r]))
            .mapToInt(r -> r)
            .toArray();
    int[] holder = new int[ROWS];
    IntStream.range(0, ROWS).forEach(k -> holder[sorted[k]] = k / 8);
    Table dealt = table.dealt(holder);
    assertThat(dealt.labels()[0]).containsOnly(-1);
    assertThat(dealt.labels()[5]).containsOnly(1);
    CentralOptimum central = CentralOptimum.of("logistic", table, 1e-3, 0);
    Result result = run(dealt, loss, new Regularizer(1e-3, 0), new WholeSpace(), idle);
    assertNear(result, central, central.minimiser(), "logistic by label " + idle);
  }

  @ParameterizedTest
  @EnumSource
  void oneAgentHoldsNineTenths(IdleRule idle) {
    Loss loss = make("squared");
    Table table = table(loss);
    int[] holder = IntStream.range(0, ROWS).map(r -> r < 43 ? 0 : r - 42).toArray();
    CentralOptimum central = CentralOptimum.of("squared", table, 0, 0);
    Result result = run(table.dealt(holder), loss, new Regularizer(0, 0), new WholeSpace(), idle);
    assertNear(result, central, central.minimiser(), "squared, nine tenths at one " + idle);
  }

  /** What l1 = 0.2 finds is also the best within the l1 ball on whose boundary it lies. */
  @Test
  void withinAnL1Ball() {
    Loss loss = make("squared");
    Table table = table(loss);
    double[] optimum = CentralOptimum.of("squared", table, 0, 0.2).minimiser();
    double radius = IntStream.range(0, FEATURES).mapToDouble(j -> Math.abs(optimum[j])).sum();
    assertThat(radius).isGreaterThan(0.1);
    Result result = run(table, loss, new Regularizer(0, 0), new L1Ball(radius), IdleRule.MIX);
    CentralOptimum central = CentralOptimum.of("squared", table, 0, 0);
    assertThat(central.value(central.minimiser())).isLessThan(0.95 * central.value(optimum));
    assertNear(result, central, optimum, "squared in an l1 ball");
    assertThat(new L1Ball(radius).distance(result.last().estimate(), FEATURES)).isLessThan(1e-9);
  }

  private static Loss make(String name) {
    return Losses.REGISTRY.entries().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow()
        .makeExample();
  }
}
