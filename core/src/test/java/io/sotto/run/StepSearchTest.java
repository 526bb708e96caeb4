package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Coordinator;
import io.sotto.engine.DivergedException;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Quadratics;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Table;
import io.sotto.problem.Loss.Labels;
import io.sotto.problem.Poisson;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first step by trial. */
class StepSearchTest {
  private static final long SEED = 64;

  private static StepSearch.Choice choose(Plan plan) {
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      return new StepSearch(
              new Runner(plan, carrier),
              step -> new ProjectedSubgradient(IdleRule.MIX, new StepSize(step, 0.51)),
              RunClock.start())
          .choose();
    }
  }

  /** Labels of any unit, of which base = N F / |dF|^2 takes no notice. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1, 1e6})
  void lowestTrialWinsAndIsNoEnd(double unit) {
    Table table = Table.random(5, 10, 3, Labels.REAL, SEED);
    for (double[] labels : table.labels()) {
      for (int r = 0; r < labels.length; r++) {
        labels[r] *= unit;
      }
    }
    Plan plan =
        Setup.withIntercept(table.shards(new Squared(), new Regularizer(0, 0)), 5, 4).plan();
    StepSearch.Choice choice = choose(plan);
    List<StepSearch.Trial> trials = choice.trials();
    assertThat(trials).as("seed %d", SEED).hasSizeGreaterThanOrEqualTo(5);
    for (int k = 0; k + 1 < trials.size(); k++) {
      assertThat(trials.get(k + 1).initial() / trials.get(k).initial())
          .satisfiesAnyOf(
              ratio -> assertThat(ratio).isCloseTo(4, within(1e-12)),
              ratio -> assertThat(ratio).isCloseTo(16, within(1e-12)));
    }
    StepSearch.Trial best =
        trials.stream().min(Comparator.comparingDouble(StepSearch.Trial::objective)).orElseThrow();
    assertThat(choice.initial()).isEqualTo(best.initial());
    int at = trials.indexOf(best);
    assertThat(at).isBetween(1, trials.size() - 2);
    for (int beside : new int[] {at - 1, at + 1}) { // these have been tried, too
      double ratio = trials.get(beside).initial() / best.initial();
      assertThat(Math.max(ratio, 1 / ratio)).isCloseTo(4, within(1e-12));
    }
  }

  /** What a trial says is what a run of 300 ticks with that step says. */
  @Test
  void trialsAreRunsFromTheStart() {
    Plan plan = Setup.of(Quadratics.random(6, 3, SEED)).cells(2).ticksPerSuperstep(8).plan();
    Quadratics costs = Quadratics.random(6, 3, SEED);
    for (StepSearch.Trial trial : choose(plan).trials()) {
      if (trial.objective() < 1e3) { // a run would call the others diverged
        double[] mean =
            Setup.run(
                    plan,
                    new ProjectedSubgradient(IdleRule.MIX, new StepSize(trial.initial(), 0.51)),
                    300)
                .mean();
        assertThat(trial.objective())
            .as("%s, seed %d", trial, SEED)
            .isCloseTo(costs.total(mean), within(1e-12 * trial.objective()));
      }
    }
  }

  /** At x(0) the subgradient vanishes: the step is of the order of 1 / L, and nothing fails. */
  @Test
  void startAtTheOptimum() {
    Quadratics costs = new Quadratics(new double[][] {{2}, {6}}, new double[][] {{3}, {-1}});
    StepSearch.Choice choice = choose(Setup.of(costs).plan());
    assertThat(choice.initial()).as("%s", choice).isPositive().isFinite();
    assertThat(choice.trials())
        .filteredOn(trial -> trial.initial() == choice.initial())
        .singleElement()
        .satisfies(trial -> assertThat(trial.objective()).isFinite());
  }

  /** Steps at which a count's mean overflows are trials that failed, and no more. */
  @Test
  void overflowIsNoChoice() {
    Table table = Table.random(5, 10, 3, Labels.COUNT, SEED);
    Plan plan =
        Setup.withIntercept(table.shards(new Poisson(), new Regularizer(0, 0)), 5, 4).plan();
    StepSearch.Choice choice = choose(plan);
    assertThat(choice.trials())
        .as("%s", choice)
        .anyMatch(t -> t.objective() == Double.POSITIVE_INFINITY);
    assertThat(choice.trials())
        .filteredOn(trial -> trial.initial() == choice.initial())
        .allSatisfy(trial -> assertThat(trial.objective()).isFinite());
  }

  /** A gradient that no step can follow: each trial ends in what is not finite. */
  @Test
  void noFiniteTrialIsDivergence() {
    Quadratics costs =
        new Quadratics(new double[][] {{1e300}, {1e300}}, new double[][] {{1e300}, {-2e300}});
    assertThatThrownBy(() -> choose(Setup.of(costs).plan())).isInstanceOf(DivergedException.class);
  }
}
