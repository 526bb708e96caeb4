package io.sotto.privacy.attack;

import static io.sotto.algorithm.Condition.IDLE_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.Recursion;
import io.sotto.clock.ActivationModels;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Audit;
import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.judge.Staged;
import io.sotto.privacy.mechanism.Under;
import io.sotto.problem.Ball;
import io.sotto.problem.Coordinates;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Registry;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks find what is there to be found, and nothing where there is nothing. */
class AttacksTest {
  private static final long SEED = 77;
  private static final int AGENTS = 7;
  private static final int DIMENSION = 20;
  private static final int TICKS = 1500;
  private static final double THRESHOLD = 0.1;
  private static final Quadratics COSTS = Quadratics.random(AGENTS, DIMENSION, SEED);

  private static Setup on(String topology) {
    return Setup.of(COSTS).on(Setup.network(topology, AGENTS, Map.of()));
  }

  private static Plan always(Setup setup) {
    return setup.clock(ActivationModels.always()).plan();
  }

  private static Leak known(Audit.Group group) {
    return Objects.requireNonNull(group.atOptimum(), "seed " + SEED);
  }

  static Stream<Arguments> exposedVictims() {
    return Stream.of(
        Arguments.of("async-projected-subgradient", 0.5, on("complete").plan()),
        Arguments.of("async-projected-subgradient", 0.5, on("complete").idle(IdleRule.HOLD).plan()),
        Arguments.of("async-admm", 1.0, on("complete").idle(IdleRule.HOLD).plan()),
        Arguments.of("synchronous-subgradient", 0.5, always(on("complete"))),
        Arguments.of("dual-averaging", 0.5, on("complete").plan()),
        Arguments.of("gradient-tracking", 0.2, always(on("complete"))),
        Arguments.of("nids", 0.5, always(on("complete"))),
        Arguments.of("pg-extra", 0.3, always(on("complete"))),
        Arguments.of("subgradient-push", 0.5, on("complete").plan()));
  }

  @ParameterizedTest
  @MethodSource("exposedVictims")
  void inversionKnowsExposedVictims(String method, double step, Plan plan) {
    Staged staged = Staged.run(plan, COSTS, method, step, TICKS, List.of());

    Audit.Outcome outcome = staged.audited("inversion", COSTS, THRESHOLD);

    assertThat(known(outcome.exposed()).median())
        .as("%s, seed %d", method, SEED)
        .isGreaterThan(0.95); // what is missing is how far the run is from the optimum
    assertThat(outcome.victims()).isEqualTo(AGENTS * (AGENTS - 1));
  }

  static Stream<Arguments> regressed() {
    return Stream.of(
        Arguments.of("async-admm", 1.0, on("complete").idle(IdleRule.HOLD).plan()),
        Arguments.of(
            "async-admm", 1.0, on("complete").idle(IdleRule.HOLD).ticksPerSuperstep(3).plan()),
        Arguments.of(
            "async-projected-subgradient", 0.5, on("complete").ticksPerSuperstep(3).plan()),
        Arguments.of("async-projected-subgradient", 0.5, on("ring").ticksPerSuperstep(3).plan()));
  }

  /** On links, and with several ticks per superstep, as long as nothing crosses cells. */
  @ParameterizedTest
  @MethodSource("regressed")
  void trajectoriesAreRegressed(String method, double step, Plan plan) {
    Staged staged = Staged.run(plan, COSTS, method, step, TICKS, List.of());

    Audit.Outcome outcome = staged.audited("trajectory-regression", COSTS, THRESHOLD);

    assertThat(known(outcome.all()).median())
        .as("%s, seed %d", method, SEED)
        .isGreaterThan(outcome.exposed().atOptimum() == null ? 0.7 : 0.95);
    Attack attack = new TrajectoryRegression();
    assertThat(attack.limits(staged.setting()) == null).isEqualTo(!method.equals("async-admm"));
  }

  /** What crosses cells is heard less often than it is said. */
  @Test
  void acrossCellsTrajectoriesAreNotRegressed() {
    Plan plan = on("ring").cells(3).ticksPerSuperstep(3).plan();
    Staged staged = Staged.run(plan, COSTS, "async-projected-subgradient", 0.5, 200, List.of());

    assertThat(staged.audited("trajectory-regression", COSTS, THRESHOLD).victims()).isZero();
    assertThat(new TrajectoryRegression().limits(staged.setting())).contains("in another cell");
  }

  /** All but those whose messages are sums, which give no agent's subgradient. */
  /** All that an audit takes: those for convex costs. */
  static Stream<Arguments> everyRegisteredMethod() {
    return Algorithms.REGISTRY.entries().stream()
        .filter(entry -> entry.makeExample().supports().contains(Condition.CONVEX))
        .filter(entry -> !entry.makeExample().supports().contains(Condition.MASKED_SUMS))
        .filter(entry -> !entry.makeExample().supports().contains(Condition.NOISY_SUMS))
        .flatMap(
            entry -> {
              Set<Condition> supports = entry.makeExample().supports();
              return Stream.of(IdleRule.values())
                  .filter(idle -> idle == IdleRule.MIX || supports.contains(Condition.HOLD))
                  .map(idle -> Arguments.of(entry, idle, supports.contains(IDLE_AGENTS)));
            });
  }

  /**
   * Whoever adds a method says its recursion, and this is the test of it. Where an agent does not
   * say its estimate it is that of its last update: of idle ticks in between attacks know nothing.
   */
  @ParameterizedTest
  @MethodSource("everyRegisteredMethod")
  void everyRecursionGivesTheSubgradientsThatWereTaken(
      Registry.Entry<Method> method, IdleRule idle, boolean idleAgents) {
    Setup setup = on("complete").idle(idle);
    Plan plan = idleAgents ? setup.plan() : always(setup);
    Staged staged = Staged.run(plan, COSTS, method.makeExample(), 0.2, 300, List.of());
    Adversary neighbour = new Adversary.Neighbour(0);
    LocalObjective all = COSTS.load(IntStream.range(0, AGENTS).toArray());
    boolean keepsItsEstimate =
        staged.setting().recursion() instanceof Recursion.Steps steps && !steps.saysEstimate();
    double[] g = new double[DIMENSION];
    for (int victim = 1; victim < AGENTS; victim++) {
      Samples samples =
          Objects.requireNonNull(
              new Updates(staged.knowledge(neighbour), staged.transcript(neighbour)).of(victim));
      assertThat(samples.size()).isGreaterThan(idleAgents ? 50 : 290);
      for (int k = 0; k < samples.size(); k++) {
        int last = k == 0 ? 0 : samples.tick(k - 1);
        if (samples.tick(k) > last + 1 && keepsItsEstimate) {
          continue;
        }
        all.subgradient(victim, 0, samples.points(), samples.at(k), g);
        assertThat(Vectors.distance(samples.pulls(), samples.at(k), g, 0, DIMENSION))
            .as("%s, %s, tick %d of agent %d, seed %d", method, idle, samples.tick(k), victim, SEED)
            .isLessThan(1e-9 * Vectors.norm(g) + 1e-9);
      }
    }
    assertThat(staged.setting().recursion() instanceof Recursion.Links)
        .isEqualTo(method.makeExample().of(idle, staged.setting().step()).perLink());
  }

  static Stream<Arguments> methodsOfThisTest() {
    Method heavyBall =
        new Method((idle, step) -> new HeavyBall(step), Set.of(), Method.Privacy.LEAKING, true);
    Method negated =
        new Method((idle, step) -> new Negated(step), Set.of(), Method.Privacy.LEAKING, true);
    return Stream.of(Arguments.of("heavy-ball", heavyBall), Arguments.of("negated", negated));
  }

  /** A file and a line: no attack has ever heard of these. */
  @ParameterizedTest
  @MethodSource("methodsOfThisTest")
  void aMethodThatNobodyKnowsIsAttackedByItsRecursion(String name, Method method) {
    Staged complete = Staged.run(always(on("complete")), COSTS, method, 0.5, TICKS, List.of());
    Staged ring = Staged.run(always(on("ring")), COSTS, method, 0.5, TICKS, List.of());

    assertThat(Algorithms.REGISTRY.names()).doesNotContain(name);
    assertThat(known(complete.audited("inversion", COSTS, THRESHOLD).exposed()).median())
        .as("%s, seed %d", name, SEED)
        .isGreaterThan(0.9);
    assertThat(known(complete.audited("consensus-inversion", COSTS, THRESHOLD).exposed()).median())
        .as("%s, seed %d", name, SEED)
        .isGreaterThan(0.5);
    assertThat(known(ring.audited("consensus-inversion", COSTS, THRESHOLD).unexposed()).median())
        .as("%s, seed %d", name, SEED)
        .isGreaterThan(0.1);
    Leak first =
        Objects.requireNonNull(ring.audited("first-step", COSTS, THRESHOLD).unexposed().alongRun());
    assertThat(first.low()).as("%s, seed %d", name, SEED).isGreaterThan(0.999);
  }

  @Test
  void inversionSaysNothingOfVictimsWithAnUnheardNeighbour() {
    Staged staged =
        Staged.run(on("ring").plan(), COSTS, "async-projected-subgradient", 0.5, 200, List.of());

    Audit.Outcome outcome = staged.audited("inversion", COSTS, THRESHOLD);

    assertThat(outcome.victims()).isZero();
    assertThat(outcome.all().atOptimum()).isNull();
  }

  static Stream<Arguments> everyMethod() {
    return Stream.of("ring", "complete")
        .flatMap(
            topology ->
                Stream.of(
                    Arguments.of("async-projected-subgradient", 0.5, on(topology).plan()),
                    Arguments.of("async-admm", 1.0, on(topology).idle(IdleRule.HOLD).plan()),
                    Arguments.of("dual-averaging", 0.5, always(on(topology))),
                    Arguments.of("gradient-tracking", 0.2, always(on(topology))),
                    Arguments.of("nids", 0.5, always(on(topology))),
                    Arguments.of("pg-extra", 0.3, always(on(topology)))));
  }

  /** On a ring there is less to learn, but what consensus implies is more than a blind guess. */
  @ParameterizedTest
  @MethodSource("everyMethod")
  void consensusInversionBeatsABlindGuess(String method, double step, Plan plan) {
    Staged staged = Staged.run(plan, COSTS, method, step, TICKS, List.of());

    Audit.Outcome outcome = staged.audited("consensus-inversion", COSTS, THRESHOLD);

    boolean exposed = outcome.exposed().atOptimum() != null;
    assertThat(known(exposed ? outcome.exposed() : outcome.unexposed()).median())
        .as("%s, seed %d", method, SEED)
        .isGreaterThan(exposed && !method.equals("async-admm") ? 0.5 : 0.1);
  }

  @Test
  void clockInferenceReadsTheClocks() {
    for (String topology : List.of("complete", "ring")) {
      for (IdleRule idle : IdleRule.values()) {
        Plan plan = on(topology).idle(idle).plan();
        Staged staged =
            Staged.run(plan, COSTS, "async-projected-subgradient", 0.5, TICKS, List.of());

        Audit.Outcome outcome = staged.audited("clock-inference", COSTS, THRESHOLD);

        boolean exact = idle == IdleRule.HOLD || topology.equals("complete");
        assertThat(known(outcome.all()).median())
            .as("%s %s, seed %d", topology, idle, SEED)
            .isGreaterThan(exact ? 0.999 : 0.3);
      }
    }
  }

  /** Within a ball that the optimum without it is far out of. */
  @Test
  void projectionCompletesWhatASetHides() {
    Plan plan = on("complete").within(new Ball(Coordinates.NONE, 1), Map.of()).plan();
    Staged staged =
        Staged.run(plan, COSTS, "async-projected-subgradient", 0.05, TICKS, List.of("ball"));

    Leak inverted = known(staged.audited("inversion", COSTS, THRESHOLD).exposed());
    Leak completed = known(staged.audited("projection", COSTS, THRESHOLD).exposed());

    assertThat(completed.median()).as("seed %d", SEED).isGreaterThan(0.7);
    assertThat(completed.median()).isGreaterThanOrEqualTo(inverted.median());
  }

  @Test
  void theFirstStepOfWhoeverIsActiveShowsItsSubgradientToNeighbours() {
    Staged staged =
        Staged.run(always(on("ring")), COSTS, "async-projected-subgradient", 0.5, 200, List.of());

    Audit.Outcome outcome = staged.audited("first-step", COSTS, THRESHOLD);

    Leak along = Objects.requireNonNull(outcome.unexposed().alongRun());
    assertThat(along.low()).as("seed %d", SEED).isGreaterThan(0.999);
  }

  static Stream<Registry.Entry<Attack>> everyAttack() {
    return Attacks.REGISTRY.entries().stream();
  }

  /**
   * What victims keep is drawn anew when the run is over: what was heard tells nothing about it.
   * Within the stated rate of false alarms, 5 %, an attack finds nothing.
   */
  @ParameterizedTest
  @MethodSource("everyAttack")
  void whereNothingCanBeLearntNothingIsFound(Registry.Entry<Attack> attack) {
    Staged staged =
        Staged.run(
            on("complete").plan(), COSTS, "async-projected-subgradient", 0.5, TICKS, List.of());

    Audit.Outcome outcome =
        staged.audited(attack.name(), Quadratics.random(AGENTS, DIMENSION, SEED + 1), THRESHOLD);

    if (outcome.about().equals("subgradient")) {
      Leak leak = outcome.all().atOptimum();
      assertThat(leak == null ? 0 : leak.median()).as("seed %d", SEED).isLessThan(THRESHOLD);
    }
    assertThat(outcome.falseAlarmRate() == null ? 0 : outcome.falseAlarmRate())
        .as("seed %d", SEED)
        .isLessThanOrEqualTo(0.05);
  }

  /** Function sharing has moved subgradients far: what was heard tells nothing about them. */
  @ParameterizedTest
  @MethodSource("everyAttack")
  void nothingIsFoundOfSubgradientsThatAreMovedFar(Registry.Entry<Attack> attack) {
    for (String topology : List.of("complete", "ring")) {
      Plan plan = Under.sharing(on(topology).plan(), 1000, "far");
      Staged staged = Staged.run(plan, COSTS, "async-projected-subgradient", 0.5, TICKS, List.of());

      Audit.Outcome outcome = staged.audited(attack.name(), COSTS, THRESHOLD);

      if (outcome.about().equals("subgradient")) {
        for (Leak leak : new Leak[] {outcome.all().atOptimum(), outcome.all().alongRun()}) {
          assertThat(leak == null ? 0 : leak.median()).as("%s, seed %d", topology, SEED).isZero();
        }
      }
    }
  }

  /** All neighbours together drew, or were told, all that moves an agent's cost. */
  @Test
  void functionSharingDoesNotProtectFromAllNeighbours() {
    Staged staged =
        Staged.run(
            Under.sharing(on("ring").plan(), 10, "told"),
            COSTS,
            "async-projected-subgradient",
            0.5,
            TICKS,
            List.of());
    Adversary both = new Adversary.Coalition(new int[] {1, 3});
    Knowledge knowledge = staged.knowledge(both);
    Transcript transcript = staged.transcript(both);
    Samples samples =
        Objects.requireNonNull(new Updates(knowledge, transcript).of(2), "2 hears 1 and 3");
    double[] point = Arrays.copyOfRange(samples.points(), samples.at(5), samples.at(6));
    double[] g = new double[DIMENSION];
    COSTS.load(new int[] {2}).subgradient(0, 0, point, 0, g);

    assertThat(Vectors.distance(samples.pulls(), samples.at(5), g, 0, DIMENSION))
        .as("seed %d", SEED)
        .isLessThan(1e-6 * Vectors.norm(knowledge.told(2)));
  }

  @ParameterizedTest
  @MethodSource("everyAttack")
  void theSameTranscriptGivesTheSameFinding(Registry.Entry<Attack> attack) {
    Staged staged =
        Staged.run(
            on("complete").plan(), COSTS, "async-projected-subgradient", 0.5, 200, List.of());

    assertThat(staged.audited(attack.name(), COSTS, THRESHOLD))
        .isEqualTo(staged.audited(attack.name(), COSTS, THRESHOLD));
  }
}
