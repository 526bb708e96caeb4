package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Halfspace;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import io.sotto.result.Measurement;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each agent has a set of its own, and nobody knows the intersection. */
class PrivateSetsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Their intersection is {@code x >= 0, x_1 + x_2 + x_3 <= 1, x_1 <= 3/4}; the ball is slack. */
  private static final Map<Integer, ConstraintSet> SETS =
      Map.of(
          0, new Halfspace(Coordinates.of(1, 1, 1), 1),
          1, Box.nonnegative(),
          2, new Ball(Coordinates.of(0.5, 0, 0), 2),
          3, new Box(Coordinates.of(-INFINITY), Coordinates.of(0.75, INFINITY, INFINITY)),
          4, new Halfspace(Coordinates.of(0, 1, -2), 3));

  /** The mean of the minimisers is (2, 1, -1). */
  private static final Quadratics COSTS =
      Quadratics.around(
          new double[] {5, 1, -1},
          new double[] {-1, 4, -1},
          new double[] {2, -2, 2},
          new double[] {3, 3, -5},
          new double[] {1, -1, 0});

  /**
   * With costs of curvature 1, the point of X nearest to that mean: c - x = (5/4, 3/4, -1) is 3/4
   * of the first halfspace's normal, 1/2 of the normal of x_1's bound and 7/4 of that of x_3's.
   */
  private static final double[] OPTIMUM = {0.75, 0.25, 0};

  @ParameterizedTest
  @CsvSource({"MIX,1", "MIX,8", "HOLD,1", "HOLD,8"})
  void reportIsFeasibleAndOptimal(IdleRule idle, int ticksPerSuperstep) {
    Plan plan =
        Setup.of(COSTS)
            .cells(2)
            .within(new WholeSpace(), SETS)
            .idle(idle)
            .ticksPerSuperstep(ticksPerSuperstep)
            .plan();
    Measurement end =
        Setup.run(plan, new ProjectedSubgradient(idle, new StepSize(0.5, 0.7)), 20_000);
    SETS.forEach(
        (agent, set) ->
            assertThat(set.distance(end.estimate(), 3)).as("agent %d", agent).isLessThan(1e-6));
    double best = COSTS.total(OPTIMUM);
    assertThat(end.objective())
        .isCloseTo(COSTS.total(end.estimate()), within(1e-12 * best))
        .isBetween(best * (1 - 1e-5), best * (1 + 1e-2));
    assertThat(Vectors.distance(end.estimate(), OPTIMUM)).isLessThan(3e-2);
    assertThat(end.infeasibility()).as("of the raw mean").isBetween(1e-5, 3e-2);
  }
}
