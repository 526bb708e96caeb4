package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.StepControl;
import io.sotto.engine.Table;
import io.sotto.network.Links;
import io.sotto.network.Network;
import io.sotto.problem.Box;
import io.sotto.problem.Coordinates;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Losses;
import io.sotto.problem.Proximal;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import io.sotto.result.Measurement;
import io.sotto.result.StoppingRule;
import io.sotto.run.Optimization;
import io.sotto.run.RunClock;
import io.sotto.run.StepSearch;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Costs move, their sum does not; nor does any limit. */
class OffsetsTest {
  private static final long SEED = 1701;
  private static final int AGENTS = 10;
  private static final double SCALE = 2;

  /** Costs that are 0 everywhere, so that their subgradients are what was added. */
  private static final class Nothing implements LocalObjective {
    private final int agents;
    private final int dimension;

    Nothing(int agents, int dimension) {
      this.agents = agents;
      this.dimension = dimension;
    }

    @Override
    public int agents() {
      return agents;
    }

    @Override
    public int dimension() {
      return dimension;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return 0;
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      Arrays.fill(out, 0, dimension, 0);
    }

    @Override
    public double smoothness(int agent) {
      return 0;
    }
  }

  private static Offsets offsets(Network network, double deviation, int d, String secret) {
    return Offsets.alike(
        KeyGraph.of(network), deviation, d, PairKeys.derived(Under.secret(secret), "run"));
  }

  private static double[] term(Offsets offsets, int agent, int d) {
    return Under.subgradient(
        offsets.over(new int[] {agent}, new Nothing(1, d)), 0, 0, new double[d]);
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("path", 2, 1),
        Arguments.of("star", 50, 3),
        Arguments.of("complete", 40, 31),
        Arguments.of("erdos-renyi", 60, 4),
        Arguments.of("scale-free", 1_000, 10),
        Arguments.of("small-world", 1_000, 7));
  }

  private static Network network(String topology, int agents) {
    return Setup.network(
        topology,
        agents,
        Map.of("probability", 0.2, "attach", 3, "degree", 4, "rewire", 0.2).entrySet().stream()
            .filter(e -> uses(topology, e.getKey()))
            .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static boolean uses(String topology, String key) {
    return switch (topology) {
      case "erdos-renyi" -> key.equals("probability");
      case "scale-free" -> key.equals("attach");
      case "small-world" -> key.equals("degree") || key.equals("rewire");
      default -> false;
    };
  }

  /** Exactly, in whatever order; and each agent's own is what its links say, and not small. */
  @ParameterizedTest
  @MethodSource("networks")
  void whatIsAddedSumsToZeroToTheLastBit(String topology, int agents, int d) {
    Network network = network(topology, agents);
    Offsets offsets = offsets(network, 0.3, d, "a");
    Links keys = offsets.keys();
    double[] sum = new double[d];
    double squares = 0;
    for (int k = 0; k < agents; k++) {
      int i = (int) ((k * 7L + 3) % agents); // 7 divides no number of agents here
      double[] c = term(offsets, i, d);
      double[] shared = new double[d];
      for (int e = 0; e < keys.degree(i); e++) {
        int j = keys.neighbour(i, e);
        double[] there = offsets.shared(j, i);
        Vectors.setScaled(-1, there, 0, there, 0, d);
        assertThat(offsets.shared(i, j)).containsExactly(there);
        Vectors.addScaled(1, offsets.shared(i, j), 0, shared, 0, d);
      }
      assertThat(c).containsExactly(shared);
      Vectors.addScaled(1, c, 0, sum, 0, d);
      squares += Vectors.dot(c, 0, c, 0, d);
    }
    assertThat(sum).containsOnly(0);
    double expected = 2.0 * keys.count() * d * 0.09;
    if (agents >= 40) {
      assertThat(squares / expected).as("variance").isBetween(0.6, 1.5);
    } else {
      assertThat(squares).isPositive();
    }
  }

  /** In bins of equal chance, and far out. */
  @Test
  void drawnNumbersAreNormal() {
    int d = 400_000;
    double[] v = offsets(network("path", 3), 1, d, "a").shared(0, 1);
    int bins = 50;
    long[] counts = new long[bins];
    double[] odds = new double[bins];
    Arrays.fill(odds, 1.0 / bins);
    NormalDistribution normal = new NormalDistribution();
    long far = 0;
    for (double x : v) {
      counts[(int) (normal.cumulativeProbability(x) * bins)]++;
      far += Math.abs(x) > 3.7 ? 1 : 0; // beyond the last layer
    }
    assertThat(ChiSquare.excess(counts, odds)).isLessThan(1);
    double expected = 2 * d * normal.cumulativeProbability(-3.7);
    assertThat((double) far).isCloseTo(expected, within(5 * Math.sqrt(expected)));
  }

  /** What two agents share, by a matrix, has the covariance of its product with its transpose. */
  @Test
  void aMatrixShapesThem() {
    double[] factor = {2, 0, -1, 0.5};
    int agents = 60;
    Offsets offsets =
        new Offsets(
            KeyGraph.of(network("complete", agents)),
            factor,
            2,
            PairKeys.derived(Under.secret("a"), "run"));
    double[] sums = new double[3];
    for (int i = 0; i < agents; i++) {
      for (int j = 0; j < i; j++) {
        double[] v = offsets.shared(i, j);
        sums[0] += v[0] * v[0];
        sums[1] += v[0] * v[1];
        sums[2] += v[1] * v[1];
      }
    }
    int pairs = agents * (agents - 1) / 2;
    assertThat(sums[0] / pairs).isCloseTo(4, within(0.5));
    assertThat(sums[1] / pairs).isCloseTo(-2, within(0.3));
    assertThat(sums[2] / pairs).isCloseTo(1.25, within(0.2));
  }

  /** Whoever loads an agent, alone or with others, once or again, loads the same. */
  @Test
  void recomputedTheyAreTheSame() {
    Network network = network("small-world", 200);
    Offsets offsets = offsets(network, 1, 5, "a");
    Offsets again = offsets(network, 1, 5, "a");
    LocalObjective all = Under.all(offsets, agents -> new Nothing(agents.length, 5), 200);
    for (int i = 0; i < 200; i++) {
      double[] alone = term(again, i, 5);
      assertThat(Under.subgradient(all, i, i, new double[5])).containsExactly(alone);
    }
  }

  @Test
  void anotherSecretOrRunDrawsOthers() {
    Network network = network("complete", 5);
    double[] c = term(offsets(network, 1, 6, "a"), 2, 6);
    assertThat(term(offsets(network, 1, 6, "b"), 2, 6)).isNotEqualTo(c);
    Offsets other =
        Offsets.alike(KeyGraph.of(network), 1, 6, PairKeys.derived(Under.secret("a"), "other run"));
    assertThat(term(other, 2, 6)).isNotEqualTo(c);
  }

  /** All for convex costs but the one whose rounds end before it is at the optimum. */
  static Stream<Registry.Entry<Method>> methods() {
    return Algorithms.REGISTRY.entries().stream()
        .filter(entry -> entry.makeExample().supports().contains(Condition.CONVEX))
        .filter(entry -> !entry.makeExample().supports().contains(Condition.NOISY_SUMS));
  }

  private static ActivationModel clock(Method method) {
    return method.supports().contains(Condition.IDLE_AGENTS)
        ? new Bernoulli(SEED, 0.5, Map.of(2, 0.2, 5, 1.0))
        : ActivationModels.always();
  }

  /** Linear terms as large as the subgradients. */
  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodHasTheLimitThatItHasWithout(Registry.Entry<Method> entry) {
    Method method = entry.makeExample();
    Quadratics costs = Quadratics.random(AGENTS, 3, SEED);
    Plan plan = Under.sharing(Setup.of(costs).cells(3).clock(clock(method)).plan(), SCALE, "a");
    boolean linear = method.offsetsCancel();
    double exponent = entry.name().equals("dual-averaging") ? 0.51 : 0.75;
    Algorithm algorithm =
        linear
            ? Setup.searched(plan, step -> method.of(IdleRule.MIX, new StepSize(step, 0.75)))
            : method.of(IdleRule.MIX, new StepSize(1, exponent));
    Measurement end = Setup.run(plan, algorithm, linear ? 2_000 : 80_000);
    double miss = Vectors.distance(end.estimate(), costs.optimum());
    assertThat(miss).as("seed %d, %s", SEED, end).isLessThan(linear ? 1e-9 : 4e-2);
  }

  static Collection<Registry.Entry<Loss>> losses() {
    return Losses.REGISTRY.entries();
  }

  /**
   * Terms far larger than subgradients at the optimum: agents first undo them, and nothing else,
   * and the step that changes on the way must not end far from where it does without them.
   */
  @Test
  void theStepSeesPastTheTerms() {
    Table table = Table.random(8, 60, 4, Loss.Labels.BINARY, SEED);
    Plan plan =
        Setup.withIntercept(table.shards(new Logistic(), new Regularizer(1e-3, 0)), 8, 5)
            .on(network("complete", 8))
            .plan()
            .perLink(true);
    assertThat(step(Under.sharing(plan, 0.2, "a")) / step(plan))
        .as("seed %d", SEED)
        .isBetween(0.1, 10.0);
  }

  private static double step(Plan plan) {
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      Runner runner = new Runner(plan, carrier);
      RunClock clock = RunClock.start();
      double first = new StepSearch(runner, AsyncAdmm::of, clock).begin().initial();
      return new Optimization(
              runner,
              AsyncAdmm::of,
              new StoppingRule(400, 0, 0, 100),
              clock,
              0,
              Optimization.Observer.none())
          .run(StepControl.balanced(first, plan))
          .control()
          .step();
    }
  }

  /** Proximal steps of tilted costs, by their own target, for all losses, with l1 and own sets. */
  @ParameterizedTest
  @MethodSource("losses")
  void everyLossHasTheOptimumThatItHasWithout(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    Table table = Table.random(8, 6, 4, loss.labels(), SEED);
    Plan plan =
        Setup.withIntercept(table.shards(loss, new Regularizer(0.05, 0.01)), 8, 5)
            .on(network("complete", 8))
            .within(new WholeSpace(), Map.of(1, new Box(Coordinates.of(-0.3), Coordinates.of(0.3))))
            .cells(3)
            .plan()
            .perLink(true);
    Method method =
        methods()
            .filter(m -> m.name().equals("async-admm"))
            .findFirst()
            .orElseThrow()
            .makeExample();
    Algorithm algorithm =
        Setup.searched(plan, step -> method.of(IdleRule.MIX, new StepSize(step, 0.75)));
    double without = Setup.run(plan, algorithm, 6_000).objective();
    double with = Setup.run(Under.sharing(plan, 0.25, "a"), algorithm, 6_000).objective();
    assertThat(with).as("seed %d", SEED).isCloseTo(without, within(2e-5 * Math.abs(without)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void subgradientsAndCutsAreThoseOfTheMovedCosts(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    Table table = Table.random(3, 6, 4, loss.labels(), SEED);
    Plan plan =
        Under.sharing(
            Setup.withIntercept(table.shards(loss, new Regularizer(0, 0)), 3, 5).plan(), 1, "a");
    LocalObjective moved = Under.all(plan);
    Proximal steps = moved.proximal();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int k = 0; k < 60; k++) {
      int i = k % 3;
      double[] x = random.doubles(5, -2, 2).toArray();
      double[] y = random.doubles(5, -2, 2).toArray();
      double[] g = Under.subgradient(moved, i, 1, x);
      double line = moved.value(i, x, 0) + Vectors.dot(g, 0, y, 0, 5) - Vectors.dot(g, 0, x, 0, 5);
      assertThat(moved.value(i, y, 0)).isGreaterThanOrEqualTo(line - 1e-9);
      double[] duals = new double[steps.duals(i, new WholeSpace())];
      double[] target = x.clone();
      steps.step(i, 0, x, 0, target, 1, new WholeSpace(), 4, duals, 0, new double[100]);
      double[] slope = new double[5];
      double constant = steps.addMinorant(i, duals, 0, slope);
      assertThat(moved.value(i, y, 0))
          .as("seed %d", SEED)
          .isGreaterThanOrEqualTo(constant + Vectors.dot(slope, 0, y, 0, 5) - 1e-9);
    }
  }

  /** What is not handed on would be silently that of an empty default. */
  @Test
  void wrappersHandEverythingOn() {
    assertThat(WrappedObjective.class.getDeclaredMethods())
        .extracting(java.lang.reflect.Method::getName)
        .containsAll(
            Stream.of(LocalObjective.class.getMethods())
                .map(java.lang.reflect.Method::getName)
                .distinct()
                .toList());
    Class<?> steps =
        Stream.of(Offsets.class.getDeclaredClasses())
            .filter(Proximal.class::isAssignableFrom)
            .findFirst()
            .orElseThrow();
    assertThat(steps.getDeclaredMethods())
        .extracting(java.lang.reflect.Method::getName)
        .containsAll(
            Stream.of(Proximal.class.getMethods())
                .map(java.lang.reflect.Method::getName)
                .distinct()
                .toList());
  }

  @Test
  void secretsDoNotShowThemselves() {
    Secret secret = Under.secret("xyzzy");
    assertThat(secret.toString()).isEqualTo("a secret");
    assertThat(secret.mark()).hasSize(16).isEqualTo(Under.secret("xyzzy").mark());
    assertThat(Under.secret("other").mark()).isNotEqualTo(secret.mark());
  }
}
