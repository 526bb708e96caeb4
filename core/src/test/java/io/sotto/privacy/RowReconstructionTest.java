package io.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Setup;
import io.sotto.problem.Hinge;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import io.sotto.problem.WholeSpace;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowReconstructionTest {
  private static final long SEED = 47;
  private static final Adversary CURIOUS = new Adversary.Neighbour(0);

  private static Trial trial(Loss loss, String topology, int rowsEach) {
    Regularizer regularizer = new Regularizer(0.01, 0);
    int[] rows = {8, rowsEach, 8, 8};
    Tables tables = Tables.random(rows, 5, loss, regularizer, SEED);
    return new Trial(
        Setup.network(topology, 4, Map.of()),
        tables,
        loss,
        regularizer,
        tables.rows(),
        5,
        "async-projected-subgradient",
        0.5,
        IdleRule.MIX,
        new StepSize(0.5, 0.51),
        new WholeSpace(),
        600,
        SEED);
  }

  static Stream<Loss> losses() {
    return Stream.of(new Logistic(), new Squared(), new Hinge());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void oneRowIsExact(Loss loss) {
    Trial.Watched watched = trial(loss, "complete", 1).watchedBy(CURIOUS);
    Finding found = new RowReconstruction().on(1, watched.knowledge(), watched.transcript());
    Judge judge = new Judge(watched.knowledge(), watched.truth(), watched.transcript());
    assertThat(judge.leak(Objects.requireNonNull(found), 1))
        .as("seed %d", SEED)
        .isGreaterThan(0.99);
  }

  @Test
  void kinksGiveRowsAway() {
    Trial.Watched watched = trial(new Hinge(), "complete", 20).watchedBy(CURIOUS);
    Finding found = new RowReconstruction().on(1, watched.knowledge(), watched.transcript());
    Judge judge = new Judge(watched.knowledge(), watched.truth(), watched.transcript());
    assertThat(((Finding.Rows) Objects.requireNonNull(found)).labels().length).isGreaterThan(4);
    assertThat(judge.leak(found, 1)).as("seed %d", SEED).isGreaterThan(0.8);
  }

  @Test
  void saysNothingWhereItKnowsNothing() {
    Trial.Watched ring = trial(new Hinge(), "ring", 20).watchedBy(CURIOUS);
    assertThat(new RowReconstruction().on(1, ring.knowledge(), ring.transcript())).isNull();
    Trial.Watched smooth = trial(new Logistic(), "complete", 20).watchedBy(CURIOUS);
    assertThat(new RowReconstruction().on(1, smooth.knowledge(), smooth.transcript())).isNull();
  }
}
