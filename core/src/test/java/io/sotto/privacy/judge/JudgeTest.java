package io.sotto.privacy.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Setup;
import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.attack.Attacks;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Parameters;
import io.sotto.problem.Poisson;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import io.sotto.problem.WholeSpace;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the judge makes of models and first updates, and the control without messages. */
class JudgeTest {
  private static final long SEED = 19;
  private static final Regularizer REGULARIZER = new Regularizer(0.01, 0);

  /** Two features; agent 1 has four rows. */
  private static Tables tables(Loss loss, double... labels) {
    double[] rows = {1, 0, -1, 0, 0, 1, 0, -1};
    double[][] features = {rows, rows.clone(), rows.clone(), rows.clone()};
    double[][] all = {{1, -1, 1, -1}, labels, {-1, 1, 1, -1}, {1, 1, -1, -1}};
    return new Tables(features, all, 2, loss, REGULARIZER, 16);
  }

  private static Trial.Watched watched(Tables tables, String method, IdleRule idle) {
    return new Trial(
            Setup.network("ring", 4, Map.of()),
            tables,
            tables.loss(),
            REGULARIZER,
            16,
            2,
            method,
            0.5,
            idle,
            new StepSize(1, 0.51),
            new WholeSpace(),
            60,
            SEED)
        .watchedBy(new Adversary.Neighbour(0));
  }

  private static Judge judge(Loss loss, double... labels) {
    Trial.Watched watched =
        watched(tables(loss, labels), "async-projected-subgradient", IdleRule.MIX);
    return new Judge(watched.knowledge(), watched.truth(), watched.transcript());
  }

  @Test
  void ofTwoClassesAccuracyIsTheShareOfRowsOnTheRightSide() {
    Judge judge = judge(new Logistic(), 1, -1, 1, 1);
    assertThat(judge.accuracy(new double[] {1, 1, 0}, 1)).isEqualTo(0.75);
    assertThat(judge.accuracy(new double[] {1, 1, 5}, 1)).as("an intercept").isEqualTo(0.75);
    assertThat(judge.accuracy(new double[] {-1, -1, 0}, 1)).isEqualTo(0.25);
  }

  /** Labels 1, -1, 3, 1 about their mean of 1: squares sum to 8. */
  @Test
  void ofSquaredLossItIsTheShareOfSquaresThatIsExplained() {
    Judge judge = judge(new Squared(), 1, -1, 3, 1);
    assertThat(judge.accuracy(new double[] {0, 0, 1}, 1)).isCloseTo(0, within(1e-12));
    assertThat(judge.accuracy(new double[] {1, 1, 1}, 1)).isCloseTo(0.5, within(1e-12));
    assertThat(judge.accuracy(new double[] {0, 0, 3}, 1)).isCloseTo(-2, within(1e-12));
  }

  @Test
  void otherLossesHaveNone() {
    assertThat(judge(new Poisson(), 1, 0, 2, 1).accuracy(new double[3], 1)).isNaN();
  }

  /** Where each tick has a subgradient at a point, the first one is compared with it. */
  @Test
  void theFirstUpdateIsComparedWithTheSubgradientThere() {
    Trial.Watched watched =
        watched(tables(new Logistic(), 1, -1, 1, 1), "async-projected-subgradient", IdleRule.MIX);
    Judge judge = new Judge(watched.knowledge(), watched.truth(), watched.transcript());
    double[] point = {0.5, -1, 0.2};
    double[] g = watched.truth().subgradient(1, point, 0);
    int[] tick = {3};
    assertThat(judge.leakOfFirst(new Finding.Subgradient(g, tick, point, g), 1)).isEqualTo(1);
    double[] far = Arrays.stream(g).map(v -> v + 10).toArray();
    assertThat(judge.leakOfFirst(new Finding.Subgradient(g, tick, point, far), 1)).isZero();
    assertThat(judge.leakOfFirst(Finding.Subgradient.of(g), 1)).as("nothing is said").isNaN();
    assertThat(judge.leakOfFirst(null, 1)).isNaN();
  }

  private static Audit.Report audited(Trial.Watched watched) {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    for (String name : List.of("first-message", "inversion", "surrogate")) {
      attacks.put(name, Attacks.REGISTRY.make("attack", name, new Parameters("a", Map.of())));
    }
    Audit audit = new Audit(attacks, 0.1);
    int[] victims = {1, 2, 3};
    audit.attack(0, 0, watched.knowledge(), watched.transcript(), watched.truth(), victims);
    return audit.report();
  }

  /** Two of the three victims are heard, and each said something first. */
  @Test
  void firstMessagesAreScoredAsModels() {
    Audit.Report report =
        audited(watched(tables(new Logistic(), 1, -1, 1, -1), "async-admm", IdleRule.HOLD));
    Accuracy first = Objects.requireNonNull(report.firstMessage());
    assertThat(first.onVictim()).as("both fit some of their rows").isBetween(0.5, 1.0);
    assertThat(first.ofPublished()).isBetween(0.5, 1.0);
    assertThat(first.update()).as("this truth does not know the steps").isNull();

    Accuracy other =
        Objects.requireNonNull(
            audited(watched(tables(new Poisson(), 1, 0, 2, 1), "async-admm", IdleRule.HOLD))
                .firstMessage());
    assertThat(other.onVictim()).isNull();
    assertThat(other.ofPublished()).isNull();
  }

  /** Without a message the surrogate says the blind guess, and inversion nothing. */
  @Test
  void theControlHearsNothing() {
    Audit.Report report =
        audited(watched(tables(new Logistic(), 1, -1, 1, 1), "async-admm", IdleRule.HOLD));
    assertThat(report.control().stream().map(Audit.Outcome::name))
        .containsExactly(Audit.OWN_ROWS, "surrogate");
    Leak without = Objects.requireNonNull(report.control().get(1).all().atOptimum());
    assertThat(without.high()).as("no more than a blind guess").isLessThan(1e-9);
  }
}
