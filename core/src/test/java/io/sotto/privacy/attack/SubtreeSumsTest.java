package io.sotto.privacy.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Audit;
import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.judge.Staged;
import io.sotto.privacy.mechanism.Under;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums along a tree tell each agent's part without masks, and nothing with them. */
class SubtreeSumsTest {
  private static final int AGENTS = 7;
  private static final int DIMENSION = 8;
  private static final int TICKS = 400;
  private static final String METHOD = "secure-newton";
  private static final String ATTACK = "subtree-sums";
  private static final Quadratics COSTS = Quadratics.random(AGENTS, DIMENSION, 5);

  private static Staged staged(String topology, boolean masked) {
    Plan plan = Setup.of(COSTS).on(Setup.network(topology, AGENTS, Map.of())).plan();
    return Staged.run(Under.sums(plan, masked), COSTS, METHOD, 1, TICKS, List.of());
  }

  private static double off(Staged staged, Adversary adversary, int victim) {
    Finding.Subgradient finding =
        (Finding.Subgradient)
            Objects.requireNonNull(
                new SubtreeSums()
                    .on(victim, staged.knowledge(adversary), staged.transcript(adversary)));
    assertThat(finding.ticks().length).isGreaterThan(1);
    LocalObjective one = COSTS.load(new int[] {victim});
    double[] g = new double[DIMENSION];
    double most = 0;
    for (int k = 0; k < finding.ticks().length; k++) {
      one.subgradient(0, 0, finding.points(), k * DIMENSION, g);
      double far = Vectors.distance(finding.alongRun(), k * DIMENSION, g, 0, DIMENSION);
      most = Math.max(most, far / Vectors.norm(g));
    }
    return most;
  }

  /** The root of a star hears everybody, each alone. */
  @Test
  void withoutMasksAParentKnowsEachLeaf() {
    Audit.Outcome outcome = staged("complete", false).audited(ATTACK, COSTS, 0.1);

    Leak leaves = Objects.requireNonNull(outcome.exposed().atOptimum());
    assertThat(leaves.low()).isGreaterThan(1 - 1e-6);
    assertThat(Objects.requireNonNull(outcome.exposed().alongRun()).low()).isGreaterThan(1 - 1e-6);
    assertThat(outcome.victims()).isEqualTo(AGENTS * (AGENTS - 1));
  }

  /** Who is between two that conspire, and everybody for who listens on all links. */
  @Test
  void withoutMasksDifferencesOfSumsAreTheAgentInBetween() {
    Staged ring = staged("ring", false);
    int[] parents = ring.plan().parents();
    int leaf =
        IntStream.range(0, AGENTS)
            .filter(i -> Arrays.stream(parents).noneMatch(parent -> parent == i))
            .findFirst()
            .orElseThrow();
    int victim = parents[leaf];
    Adversary both =
        new Adversary.Coalition(IntStream.of(leaf, parents[victim]).sorted().toArray());

    assertThat(off(ring, both, victim)).isLessThan(1e-6);
    for (int agent = 0; agent < AGENTS; agent++) {
      assertThat(off(ring, new Adversary.Eavesdropper(), agent)).as("%d", agent).isLessThan(1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"complete", "ring"})
  void withMasksNothingIsFoundButWhatTheSumTells(String topology) {
    Staged masked = staged(topology, true);

    Audit.Outcome outcome = masked.audited(ATTACK, COSTS, 0.1);

    assertThat(Objects.requireNonNull(outcome.all().atOptimum()).high()).isLessThan(0.02);
    assertThat(outcome.all().alongRun()).isNull();
    Audit.Outcome unmasked = staged(topology, false).audited(ATTACK, COSTS, 0.1);
    assertThat(unmasked.all().alongRun()).isNotNull();
  }

  /** The keys of all others are known to all others: what is left is the victim's part. */
  @Test
  void allOthersTogetherKnowTheLast() {
    int victim = 2;
    Adversary others =
        new Adversary.Coalition(IntStream.range(0, AGENTS).filter(i -> i != victim).toArray());

    assertThat(off(staged("ring", true), others, victim)).isLessThan(1e-6);
  }

  @Test
  void noOtherAttackReadsSums() {
    Staged ring = staged("ring", false);

    Attacks.REGISTRY
        .names()
        .forEach(
            name ->
                assertThat(ring.audited(name, COSTS, 0.1).victims())
                    .as(name)
                    .isEqualTo(name.equals(ATTACK) ? AGENTS * (AGENTS - 1) : 0));
  }
}
