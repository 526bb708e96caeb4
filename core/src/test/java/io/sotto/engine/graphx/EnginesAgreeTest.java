package io.sotto.engine.graphx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.AsyncAdam;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.OuterMomentum;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellReport;
import io.sotto.engine.Checks;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Plan;
import io.sotto.engine.Position;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Shards;
import io.sotto.engine.StepControl;
import io.sotto.engine.Superstep;
import io.sotto.engine.Table;
import io.sotto.network.CellPartition;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Network;
import io.sotto.network.Outages;
import io.sotto.network.Schedule;
import io.sotto.privacy.mechanism.AgreedKeys;
import io.sotto.privacy.mechanism.Budget;
import io.sotto.privacy.mechanism.DifferentialPrivacy;
import io.sotto.privacy.mechanism.KeyGraph;
import io.sotto.privacy.mechanism.Offsets;
import io.sotto.privacy.mechanism.PairKeys;
import io.sotto.privacy.mechanism.PrivateSteps;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.privacy.mechanism.Under;
import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Halfspace;
import io.sotto.problem.Hinge;
import io.sotto.problem.Intersection;
import io.sotto.problem.L1Ball;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss.Labels;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Simplex;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.run.RunClock;
import io.sotto.run.StepSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run is the same on one thread, on three and on Spark, to the last bit. */
class EnginesAgreeTest {
  private static final long SEED = 404;
  private static final int AGENTS = 12;
  private static final int FEATURES = 9;
  private static final int[] UNEVEN_CELLS = {0, 2, 1, 1, 0, 2, 2, 2, 1, 2, 2, 2};
  private static final Bernoulli CLOCK = new Bernoulli(SEED, 0.4, Map.of(0, 0.05, 7, 1.0));
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.start("engines agree");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  static Stream<Arguments> everyCase() {
    return Algorithms.REGISTRY.entries().stream()
        .flatMap(
            family ->
                Stream.of(IdleRule.values())
                    .filter(idle -> idle == IdleRule.HOLD || !sums(family))
                    .flatMap(
                        idle ->
                            Stream.of(1, 8, 32).map(ticks -> Arguments.of(family, idle, ticks))));
  }

  /** True for a method that sums second derivatives, which the rows under {@code mix} lack. */
  private static boolean sums(Registry.Entry<Method> family) {
    return family.makeExample().supports().contains(Condition.MASKED_SUMS);
  }

  /** Dense rows under {@code mix}, sparse and centred ones under {@code hold}; sets that differ. */
  private static Plan plan(IdleRule idle, int ticksPerSuperstep) {
    double[] centre = IntStream.range(0, FEATURES).mapToDouble(j -> 0.05 * j).toArray();
    Table table = Table.random(AGENTS, 5, FEATURES, Labels.BINARY, SEED);
    Shards shards =
        switch (idle) {
          case MIX -> table.shards(new Hinge(), new Regularizer(0.01, 0.02));
          case HOLD -> table.sparseShards(new Logistic(), new Regularizer(0.01, 0), centre);
        };
    ConstraintSet common = new L1Ball(1.5);
    ConstraintSet ball = new Ball(Coordinates.NONE, 0.8);
    double[] ones = new double[FEATURES];
    Arrays.fill(ones, 1);
    ConstraintSet half = new Halfspace(Coordinates.of(ones), 0.3);
    return Setup.withIntercept(shards, AGENTS, FEATURES + 1)
        .on(Setup.network("erdos-renyi", AGENTS, Map.of("probability", 0.3)))
        .in(new CellPartition(UNEVEN_CELLS))
        .within(
            common,
            Map.of(
                2, Intersection.of(List.of(common, half, ball)),
                5, new Box(Coordinates.of(-0.2), Coordinates.of(0.4)),
                9, Intersection.of(List.of(common, ball))))
        .clock(CLOCK)
        .idle(idle)
        .ticksPerSuperstep(ticksPerSuperstep)
        .plan();
  }

  /** All bits of a short run, seven supersteps of which some measure nothing. */
  private static List<Long> bits(Plan plan, Coordinator coordinator, Algorithm algorithm) {
    List<Long> bits = new ArrayList<>();
    Runner runner = new Runner(plan, coordinator);
    add(bits, runner.lipschitz());
    int ticks = plan.ticksPerSuperstep();
    Checks checks = new Checks(2L * ticks, 7L * ticks);
    Certifier certifier = new Certifier(runner);
    Measurement now = certifier.first(runner.start(algorithm), checks);
    add(bits, now);
    boolean mixes = algorithm.agreesByMixing(); // not what the check before foresaw
    for (boolean mixOnly : new boolean[] {false, false, mixes, mixes}) {
      Position at =
          runner.run(
              now.tick(),
              now.superstep(),
              StepControl.fixed(1),
              checks,
              mixOnly,
              Runner.Steering.none());
      now = certifier.measure(at, now, checks);
      add(bits, now);
    }
    for (CellEstimates cell : coordinator.ask(CellReport.estimates(), null)) {
      bits.add((long) cell.dimension());
      Arrays.stream(cell.agents()).forEach(agent -> bits.add((long) agent));
      Arrays.stream(cell.updates()).forEach(updates -> bits.add((long) updates));
      add(bits, cell.estimates());
    }
    coordinator.close();
    return bits;
  }

  private static void add(List<Long> bits, Measurement m) {
    bits.addAll(
        List.of(
            m.tick(),
            m.superstep(),
            (long) m.candidate().ordinal(),
            (long) m.active(),
            m.updates()));
    add(bits, m.objective(), m.infeasibility(), m.disagreement(), m.stationarity());
    add(bits, m.estimate());
    add(bits, m.mean());
  }

  private static void add(List<Long> bits, double... numbers) {
    Arrays.stream(numbers).forEach(number -> bits.add(Double.doubleToLongBits(number)));
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void enginesGiveTheSameBits(Registry.Entry<Method> method, IdleRule idle, int ticksPerSuperstep) {
    Algorithm algorithm = method.makeExample().of(idle, new StepSize(2, 0.6));
    Plan plan = plan(idle, ticksPerSuperstep).by(algorithm);
    List<Long> one = bits(plan, new LocalCoordinator(plan, 1), algorithm);
    assertThat(one).as("seed %d", SEED).hasSizeGreaterThan(AGENTS * (FEATURES + 1));
    assertThat(bits(plan, new LocalCoordinator(plan, 3), algorithm)).as("3 threads").isEqualTo(one);
    assertThat(bits(plan, new GraphxCoordinator(plan, spark), algorithm))
        .as("Spark")
        .isEqualTo(one);
  }

  static Stream<Arguments> everyMethod() {
    return Algorithms.REGISTRY.entries().stream()
        .flatMap(
            method ->
                Stream.of(IdleRule.values())
                    .filter(idle -> idle == IdleRule.HOLD || !sums(method))
                    .map(idle -> Arguments.of(method, idle)));
  }

  /** Messages lost and late, links and agents that come and go; also when it is run again. */
  @ParameterizedTest
  @MethodSource("everyMethod")
  void roughChannelsGiveTheSameBits(Registry.Entry<Method> method, IdleRule idle) {
    int[] ends = IntStream.range(0, AGENTS - 1).toArray();
    Schedule schedule =
        Schedule.of(
            List.of(
                new Schedule.Period(ends, Arrays.stream(ends).map(i -> i + 1).toArray(), 4),
                new Schedule.Period(ends, Arrays.stream(ends).map(i -> AGENTS - 1).toArray(), 3)));
    Channel channel =
        new Channel(
            SEED,
            0.1,
            0.8,
            schedule,
            Delay.of(Delay.Model.UNIFORM, 5),
            Outages.of(SEED, 0.1, 6, Map.of(3, 0.5), Map.of()));
    Algorithm algorithm = method.makeExample().of(idle, new StepSize(0.1, 0.6));
    Plan plan = plan(idle, 3).by(algorithm).through(channel);
    List<Long> one = bits(plan, new LocalCoordinator(plan, 1), algorithm);
    assertThat(one).as("seed %d", SEED).hasSizeGreaterThan(AGENTS * (FEATURES + 1));
    assertThat(bits(plan, new LocalCoordinator(plan, 3), algorithm)).as("3 threads").isEqualTo(one);
    Coordinator coordinator = new GraphxCoordinator(plan, spark);
    coordinator.start(List.of(algorithm));
    coordinator.superstep(new Superstep(1, 3, false, true));
    assertThat(bits(plan, coordinator, algorithm)).as("Spark, after a start").isEqualTo(one);
  }

  /** Agents who exchange at every sixth tick, with superstep that fit that and that do not. */
  @ParameterizedTest
  @CsvSource({"MIX, 6", "HOLD, 6", "MIX, 1", "HOLD, 4"})
  void localStepsGiveTheSameBits(IdleRule idle, int ticksPerSuperstep) {
    StepSize step = new StepSize(0.1, 1, new StepSize.Course(200, 0.1, 0.1));
    Algorithm adam = new AsyncAdam(idle, step, AsyncAdam.Moments.USUAL);
    Algorithm algorithm = new OuterMomentum(adam, 0.7, 0.6);
    Plan plan = plan(idle, ticksPerSuperstep).exchanging(6);
    List<Long> one = bits(plan, new LocalCoordinator(plan, 1), algorithm);
    assertThat(bits(plan, new LocalCoordinator(plan, 3), algorithm)).as("3 threads").isEqualTo(one);
    assertThat(bits(plan, new GraphxCoordinator(plan, spark), algorithm))
        .as("Spark")
        .isEqualTo(one);
    Plan always = plan(idle, ticksPerSuperstep);
    assertThat(bits(always, new LocalCoordinator(always, 1), algorithm)).isNotEqualTo(one);
  }

  static Stream<Mechanism> mechanisms() {
    Network network = plan(IdleRule.HOLD, 8).network();
    Secret secret = Under.secret("a");
    return Stream.of(
        Offsets.alike(KeyGraph.of(network), 1, FEATURES + 1, PairKeys.derived(secret, "run")),
        Offsets.alike(KeyGraph.of(network), 1, FEATURES + 1, new AgreedKeys(AGENTS, secret, "run")),
        new PrivateSteps(1, secret, "run"),
        new DifferentialPrivacy(
            Budget.of(1, 1e-6, 1, AGENTS * 5, FEATURES + 1, OptionalDouble.of(10), 1),
            secret,
            "run"));
  }

  /** What mechanisms draw does not depend on where, nor on how often. */
  @ParameterizedTest
  @MethodSource("mechanisms")
  void mechanismsGiveTheSameBits(Mechanism mechanism) {
    Algorithm algorithm = new ProjectedSubgradient(IdleRule.HOLD, new StepSize(2, 0.6));
    Plan plan = plan(IdleRule.HOLD, 8).under(mechanism);
    List<Long> one = bits(plan, new LocalCoordinator(plan, 1), algorithm);
    assertThat(
            bits(
                plan(IdleRule.HOLD, 8), new LocalCoordinator(plan(IdleRule.HOLD, 8), 1), algorithm))
        .as("without")
        .isNotEqualTo(one);
    assertThat(bits(plan, new LocalCoordinator(plan, 3), algorithm)).as("3 threads").isEqualTo(one);
    assertThat(bits(plan, new GraphxCoordinator(plan, spark), algorithm))
        .as("Spark")
        .isEqualTo(one);
  }

  /** Spark runs eight trials of steps side by side, the process one after the other. */
  @Test
  void trialsOfStepsAreTheSame() {
    Plan plan = plan(IdleRule.HOLD, 60);
    List<StepSearch.Trial> local = trials(plan, new LocalCoordinator(plan, 1));
    assertThat(trials(plan, new GraphxCoordinator(plan, spark))).isEqualTo(local);
    assertThat(local).hasSizeGreaterThanOrEqualTo(5);
  }

  private static List<StepSearch.Trial> trials(Plan plan, Coordinator coordinator) {
    Method family = Algorithms.REGISTRY.entries().iterator().next().makeExample();
    try (coordinator) {
      return new StepSearch(
              new Runner(plan, coordinator),
              step -> family.of(plan.idle(), new StepSize(step, 0.51)),
              RunClock.start())
          .choose()
          .trials();
    }
  }

  /** One cell has no border, and one agent no neighbour. */
  @Test
  void withoutBordersToo() {
    for (int agents : new int[] {1, 4}) {
      Plan plan =
          Setup.of(Quadratics.random(agents, 3, SEED))
              .within(new Simplex(1), Map.of())
              .clock(CLOCK)
              .plan();
      Algorithm algorithm =
          Algorithms.REGISTRY
              .entries()
              .iterator()
              .next()
              .makeExample()
              .of(IdleRule.MIX, new StepSize(0.5, 0.6));
      assertThat(bits(plan, new GraphxCoordinator(plan, spark), algorithm))
          .isEqualTo(bits(plan, new LocalCoordinator(plan, 1), algorithm));
    }
  }
}
