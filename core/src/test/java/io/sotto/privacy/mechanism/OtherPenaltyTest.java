package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.engine.Mechanism;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Setup;
import io.sotto.engine.Shards;
import io.sotto.engine.Table;
import io.sotto.network.Network;
import io.sotto.privacy.judge.Slice;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Costs that take another penalty are those that were loaded with it. */
class OtherPenaltyTest {
  private static final long SEED = 40;
  private static final int AGENTS = 4;
  private static final Regularizer OTHER = new Regularizer(0.3, 0.02);

  static Stream<Mechanism> mechanisms() {
    Network network = Setup.network("ring", AGENTS, Map.of());
    Secret secret = Under.secret("a");
    Budget budget = Budget.of(1, 1e-6, 1, AGENTS * 5, 4, OptionalDouble.of(10), 1);
    return Stream.of(
        Mechanism.none(),
        (agents, costs) -> new Slice(costs, agents),
        Offsets.alike(KeyGraph.of(network), 1, 4, PairKeys.derived(secret, "run")),
        new PrivateSteps(1, secret, "run"),
        new DifferentialPrivacy(budget, secret, "run"));
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void isAsIfLoadedWithIt(Mechanism mechanism) {
    Table table = Table.random(AGENTS, 5, 3, Loss.Labels.BINARY, SEED);
    Shards before = table.shards(new Logistic(), new Regularizer(0.1, 0));
    Shards fresh = table.shards(new Logistic(), OTHER);
    LocalObjective moved = Under.all(mechanism, before, AGENTS).with(OTHER);
    LocalObjective expected = Under.all(mechanism, fresh, AGENTS);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < AGENTS; i++) {
      double[] x = random.doubles(4, -1, 1).toArray();
      assertThat(moved.value(i, x, 0)).isEqualTo(expected.value(i, x, 0));
      assertThat(Under.subgradient(moved, i, 7, x))
          .as("seed %d", SEED)
          .containsExactly(Under.subgradient(expected, i, 7, x));
      assertThat(Under.subgradient(moved.measured(), i, 7, x))
          .containsExactly(Under.subgradient(expected.measured(), i, 7, x));
    }
    assertThat(moved.regularizer()).isEqualTo(expected.regularizer());
  }

  @Test
  void costsOfOnesOwnSayThatTheyCannot() {
    LocalObjective own = Quadratics.random(3, 2, SEED);
    assertThatThrownBy(() -> own.with(OTHER))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "io.sotto.engine.Quadratics keeps the penalty that it was made with: load its rows"
                + " again with the other one, or let it implement with(Regularizer).");
  }
}
