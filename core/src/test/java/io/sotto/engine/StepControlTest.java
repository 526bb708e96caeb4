package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.algorithm.AsyncAdmm;
import io.sotto.clock.Bernoulli;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss.Labels;
import io.sotto.problem.Regularizer;
import io.sotto.result.Result;
import io.sotto.result.StoppingRule;
import io.sotto.run.Optimization;
import io.sotto.run.RunClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step that changes on the way: finitely often, and from wherever it begins. */
class StepControlTest {
  private static final long SEED = 2017;

  private static Plan plan() {
    Table table = Table.random(8, 30, 4, Labels.BINARY, SEED);
    return Setup.withIntercept(table.shards(new Logistic(), new Regularizer(1e-3, 0)), 8, 5)
        .clock(new Bernoulli(SEED, 0.5, Map.of()))
        .cells(2)
        .plan()
        .perLink(true);
  }

  private static Result run(Plan plan, StepControl control, StoppingRule rule) {
    try (Coordinator cells = new LocalCoordinator(plan, 1)) {
      return new Optimization(
              new Runner(plan, cells),
              AsyncAdmm::of,
              rule,
              RunClock.start(),
              0,
              Optimization.Observer.none())
          .run(control);
    }
  }

  /** With what is best, and thirty times off to either side. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 30, 900})
  void aRunGetsThereFromAnyFirstStep(double first) {
    Plan plan = plan();
    StoppingRule rule = new StoppingRule(20_000, 1e-6, 1e-4, 20);
    Result changing = run(plan, StepControl.balanced(first, plan), rule);
    assertThat(changing.status()).as("seed %d", SEED).isEqualTo(Result.Status.CONVERGED);
    assertThat(changing.last().tick()).isLessThan(1_000);
  }

  @Test
  void nothingChangesAfterTheStatedTick() {
    Plan plan = plan();
    try (Coordinator cells = new LocalCoordinator(plan, 1)) {
      Runner runner = new Runner(plan, cells);
      StepControl control = StepControl.balanced(3, plan);
      Position at = runner.start(AsyncAdmm.of(3), control);
      List<Double> steps = new ArrayList<>();
      Checks checks = new Checks(1, 1_500);
      for (long tick = 0; tick < 1_500; tick++) {
        at = runner.run(tick, tick, at.control(), checks, false, Runner.Steering.none());
        steps.add(at.control().step());
      }
      double last = steps.get(steps.size() - 1);
      int settled = (int) StepControl.LAST + at.control().every() + 1;
      assertThat(steps.subList(0, 200).stream().distinct().count()).isGreaterThan(5);
      assertThat(steps.subList(settled, 1_500)).containsOnly(last);
      assertThat(at.control().next()).isEqualTo(Long.MAX_VALUE);
    }
  }

  /** A change leaves estimates and duals of links where they are, but not what is said. */
  @Test
  void aChangeMovesNeitherEstimatesNorDuals() {
    Plan plan = plan();
    try (LocalCoordinator changed = new LocalCoordinator(plan, 1);
        LocalCoordinator kept = new LocalCoordinator(plan, 1)) {
      for (LocalCoordinator cells : List.of(changed, kept)) {
        cells.start(List.of(AsyncAdmm.of(3)));
        double step = cells == changed ? 0.4 : 0;
        cells.superstep(new Superstep(1, 20, false, true, Superstep.Compare.NO, step));
      }
      for (int c = 0; c < 2; c++) {
        assertThat(changed.ask(CellReport.estimates(), null).get(c).estimates())
            .isEqualTo(kept.ask(CellReport.estimates(), null).get(c).estimates());
        double[] before = kept.ask(CellReport.links(), null).get(c).duals();
        assertThat(Arrays.stream(before).max().orElse(0)).as("seed %d", SEED).isGreaterThan(1e-3);
        assertThat(changed.ask(CellReport.links(), null).get(c).duals())
            .containsExactly(before, within(1e-12));
      }
    }
  }
}
