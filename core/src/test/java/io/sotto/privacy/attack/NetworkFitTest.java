package io.sotto.privacy.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.clock.ActivationModels;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Audit;
import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.judge.Staged;
import io.sotto.privacy.mechanism.Under;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fits through the whole network find agents that are not exposed, heard or not. */
class NetworkFitTest {
  private static final long SEED = 5;
  private static final int AGENTS = 6;
  private static final int DIMENSION = 3;
  private static final int TICKS = 400;
  private static final Quadratics COSTS = Quadratics.random(AGENTS, DIMENSION, SEED);

  /** All of the same curvature, which the adversary then has, too. */
  private static final Quadratics ALIKE =
      new Quadratics(
          Collections.nCopies(AGENTS, new double[] {1, 0.5, 1.5}).toArray(double[][]::new),
          COSTS.minimiser());

  private static Setup ring() {
    return Setup.of(COSTS).on(Setup.network("ring", AGENTS, Map.of()));
  }

  private static Leak known(Audit.Group group) {
    return Objects.requireNonNull(group.atOptimum(), "seed " + SEED);
  }

  static Stream<Arguments> runs() {
    return Stream.of(
        Arguments.of("async-admm", 1.0, ring().idle(IdleRule.HOLD).plan()),
        Arguments.of("async-admm", 1.0, ring().idle(IdleRule.HOLD).ticksPerSuperstep(3).plan()),
        Arguments.of("async-projected-subgradient", 0.3, ring().idle(IdleRule.HOLD).plan()),
        Arguments.of("async-projected-subgradient", 0.3, ring().plan()),
        Arguments.of(
            "async-projected-subgradient",
            0.3,
            ring().idle(IdleRule.HOLD).ticksPerSuperstep(3).plan()),
        Arguments.of(
            "synchronous-subgradient", 0.3, ring().clock(ActivationModels.always()).plan()));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void quadraticsAreIdentified(String method, double step, Plan plan) {
    Staged staged = Staged.run(plan, COSTS, method, step, TICKS, List.of());

    Audit.Outcome outcome = staged.audited("system-identification", COSTS, 0.1);

    assertThat(known(outcome.unexposed()).median()).as("seed %d", SEED).isGreaterThan(0.9);
    assertThat(known(outcome.beyond()).median()).as("seed %d", SEED).isGreaterThan(0.3);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void costsLikeOnesOwnAreFound(String method, double step, Plan plan) {
    Staged staged = Staged.run(plan.over(ALIKE), ALIKE, method, step, TICKS, List.of());

    Audit.Outcome outcome = staged.audited("surrogate", ALIKE, 0.1);

    assertThat(known(outcome.unexposed()).median()).as("seed %d", SEED).isGreaterThan(0.95);
    assertThat(known(outcome.beyond()).median()).as("seed %d", SEED).isGreaterThan(0.5);
  }

  /** The limit does not tell them from the linear terms that moved them, whose size is public. */
  @Test
  void offsetsAreWeighed() {
    Plan plan = Under.sharing(ring().idle(IdleRule.HOLD).plan().over(ALIKE), 100, "weighed");
    Staged staged = Staged.run(plan, ALIKE, "async-admm", 1, TICKS, List.of());

    for (String attack : List.of("surrogate", "system-identification")) {
      Leak leak = staged.audited(attack, ALIKE, 0.1).all().atOptimum();
      assertThat(leak == null ? 0 : leak.median()).as("%s, seed %d", attack, SEED).isLessThan(0.05);
    }
  }

  @Test
  void withoutMessagesASurrogateIsTheBlindGuess() {
    Staged staged =
        Staged.run(ring().idle(IdleRule.HOLD).plan(), COSTS, "async-admm", 1, 20, List.of());
    Knowledge knowledge = staged.knowledge(new Adversary.Neighbour(0));

    Finding finding = new Surrogate().on(1, knowledge, Transcript.silent());

    assertThat(((Finding.Subgradient) Objects.requireNonNull(finding)).atOptimum())
        .containsExactly(new BlindGuess(knowledge).atOptimum(1), within(1e-12));
  }

  /** It takes subgradients away from the optimum, where agents disagree by a step. */
  @Test
  void theSameMethodLeaksTheSame() {
    Quadratics costs = Quadratics.random(AGENTS, 12, SEED);
    Plan plan =
        Setup.of(costs)
            .on(Setup.network("complete", AGENTS, Map.of()))
            .clock(ActivationModels.always())
            .plan();
    for (String method : List.of("synchronous-subgradient", "async-projected-subgradient")) {
      Staged staged = Staged.run(plan, costs, method, 0.5, 1500, List.of());
      assertThat(known(staged.audited("system-identification", costs, 0.1).exposed()).low())
          .as("%s, seed %d", method, SEED)
          .isGreaterThan(0.995);
    }
  }
}
