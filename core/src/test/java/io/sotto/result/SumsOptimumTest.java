package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.Setup;
import io.sotto.engine.Sums;
import io.sotto.engine.Table;
import io.sotto.problem.Ball;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Poisson;
import io.sotto.problem.Regularizer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums lead to the optimum that solvers find who see all rows. */
class SumsOptimumTest {
  private static final int AGENTS = 9;
  private static final int FEATURES = 4;
  private static final Table TABLE = Table.random(AGENTS, 8, FEATURES, Loss.Labels.BINARY, 5);
  private static final Regularizer RIDGE = new Regularizer(0.02, 0);

  private static Setup logistic() {
    return Setup.withIntercept(TABLE.shards(new Logistic(), RIDGE), AGENTS, FEATURES + 1).cells(3);
  }

  private static Measurement solved(Setup setup, int coordinates, int ticks) {
    return Setup.run(setup.plan(), Sums.method(coordinates), ticks);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 500})
  void theLimitIsTheOptimumWithAndWithoutSecondDerivatives(int coordinates) {
    CentralOptimum central = CentralOptimum.of("logistic", TABLE, 0.02, 0);
    double best = central.value(central.minimiser());
    Measurement end = solved(logistic(), coordinates, 3_000);
    assertThat(end.objective()).isCloseTo(best, within(1e-9 * best));
    assertThat(end.disagreement()).isLessThan(1e-14);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 500})
  void theProximalModelFindsTheOptimumInABallAndUnderL1(int coordinates) {
    Ball ball = new Ball(Coordinates.NONE, 0.5);
    CentralOptimum ridge = CentralOptimum.of("logistic", TABLE, 0.02, 0);
    double inBall = ridge.value(ridge.within(ball, FEATURES, true));
    Measurement end = solved(logistic().within(ball, Map.of()), coordinates, 3_000);
    assertThat(end.objective()).isCloseTo(inBall, within(1e-8 * inBall));

    CentralOptimum lasso = CentralOptimum.of("logistic", TABLE, 0.02, 0.05);
    double sparse = lasso.value(lasso.minimiser());
    Setup under =
        Setup.withIntercept(
            TABLE.shards(new Logistic(), new Regularizer(0.02, 0.05)), AGENTS, FEATURES + 1);
    assertThat(solved(under, coordinates, 3_000).objective())
        .isCloseTo(sparse, within(1e-8 * sparse));
  }

  /** Newton's first step overshoots by so much that numbers are beyond all bounds. */
  @Test
  void aCountFarOutIsDetectedAndTheResultIsRight() {
    Table counts = Table.random(AGENTS, 8, FEATURES, Loss.Labels.COUNT, 5);
    counts.labels()[3][2] = 3e6;
    Setup setup =
        Setup.withIntercept(counts.shards(new Poisson(), RIDGE), AGENTS, FEATURES + 1).cells(3);
    Sums.Course course = Sums.run(setup.plan(), Sums.method(500), 6_000);
    assertThat(course.end().open()).isFalse();
    assertThat(Set.copyOf(course.points().values()).size())
        .as("a point that was asked for again")
        .isLessThan(course.points().size());
    CentralOptimum central = CentralOptimum.of("poisson", counts, 0.02, 0);
    double best = central.value(central.minimiser());
    Measurement end = solved(setup, 500, 6_000);
    assertThat(end.objective()).isLessThanOrEqualTo(best + 1e-9 * Math.abs(best));
  }
}
