package io.sotto.privacy.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Setup;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.judge.Tables;
import io.sotto.privacy.judge.Trial;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowReconstructionTest {
  private static final long SEED = 47;
  private static final Adversary CURIOUS = new Adversary.Neighbour(0);

  private static Trial trial(Loss loss, String topology, int rowsEach) {
    return trial(loss, topology, rowsEach, 0.5, 0.5);
  }

  private static Trial trial(
      Loss loss, String topology, int rowsEach, double rate, double firstStep) {
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
        rate,
        IdleRule.MIX,
        new StepSize(firstStep, 0.51),
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
    assertThat(watched.scored(Objects.requireNonNull(found), 1))
        .as("seed %d", SEED)
        .isGreaterThan(0.99);
  }

  @Test
  void kinksGiveRowsAway() {
    Trial.Watched watched = trial(new Hinge(), "complete", 20).watchedBy(CURIOUS);
    Finding found = new RowReconstruction().on(1, watched.knowledge(), watched.transcript());
    assertThat(((Finding.Rows) Objects.requireNonNull(found)).labels().length).isGreaterThan(4);
    assertThat(watched.scored(found, 1)).as("seed %d", SEED).isGreaterThan(0.8);
  }

  static Stream<Arguments> planted() {
    return Stream.of(
        Arguments.of(2, 1, 5),
        Arguments.of(4, 1, 20),
        Arguments.of(4, 0.5, 20),
        Arguments.of(5, 0.5, 60));
  }

  @ParameterizedTest
  @MethodSource("planted")
  void severalRowsOfASmoothLossAreExact(int rows, double rate, double firstStep) {
    Trial.Watched watched =
        trial(new Logistic(), "complete", rows, rate, firstStep).watchedBy(CURIOUS);
    Finding.Rows found = found(watched.knowledge(), watched, 1);
    assertThat(found.labels()).as("seed %d", SEED).hasSize(rows);
    assertThat(watched.scored(found, 1)).as("seed %d", SEED).isGreaterThan(0.99);
  }

  private static Finding.Rows found(Knowledge knowledge, Trial.Watched watched, int victim) {
    Finding found = new RowReconstruction().on(victim, knowledge, watched.transcript());
    return (Finding.Rows) Objects.requireNonNull(found, "nothing found, seed " + SEED);
  }

  /** The 18 rows of 30 features that one of the hospitals holds. */
  @Test
  void aHospitalsPatientsAreExact() {
    Regularizer regularizer = new Regularizer(1e-3, 0);
    Tables tables = Tables.hospitals(new Logistic(), regularizer);
    Trial trial =
        new Trial(
            Setup.network("complete", 8, Map.of()),
            tables,
            new Logistic(),
            regularizer,
            tables.rows(),
            30,
            "async-projected-subgradient",
            0.5,
            IdleRule.MIX,
            new StepSize(2829, 0.51), // what trial runs choose where there is no set
            new WholeSpace(),
            700,
            7);
    Trial.Watched watched = trial.watchedBy(CURIOUS);
    Finding.Rows found = found(watched.knowledge(), watched, 2);
    assertThat(found.labels()).hasSizeGreaterThan(15);
    assertThat(found.labels()).hasSizeLessThanOrEqualTo(tables.labels()[2].length);
    assertThat(watched.scored(found, 2)).isGreaterThan(0.99);
  }

  @Test
  void saysNothingWhereItKnowsNothing() {
    Trial.Watched ring = trial(new Hinge(), "ring", 20).watchedBy(CURIOUS);
    assertThat(new RowReconstruction().on(1, ring.knowledge(), ring.transcript())).isNull();
    Trial.Watched unheard = trial(new Logistic(), "ring", 4, 1, 20).watchedBy(CURIOUS);
    assertThat(new RowReconstruction().on(1, unheard.knowledge(), unheard.transcript())).isNull();
    Trial.Watched smooth = trial(new Logistic(), "complete", 20).watchedBy(CURIOUS);
    assertThat(new RowReconstruction().on(1, smooth.knowledge(), smooth.transcript())).isNull();
  }
}
