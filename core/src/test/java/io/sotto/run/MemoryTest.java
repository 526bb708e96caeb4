package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Setup;
import io.sotto.network.CellPartition;
import io.sotto.network.Network;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Objective;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a run takes, by the model that chooses the engine. */
class MemoryTest {
  private static final int AGENTS = 60;
  private static final int D = 1_001;

  private static Memory of(Algorithm algorithm, int latest, boolean spark) {
    Network network = Setup.network("complete", AGENTS, Map.of());
    int[] rowsOf = new int[AGENTS];
    Arrays.fill(rowsOf, 3);
    long rows = 3L * AGENTS;
    return Memory.of(
        network,
        CellPartition.contiguous(AGENTS, 4),
        latest,
        new Objective.Shape(1, D - 1, D),
        new Costs.Work(rowsOf, rows, 8 * rows * D, new double[AGENTS]),
        algorithm,
        0,
        false,
        spark,
        true);
  }

  @Test
  void aMethodOnLinksTakesVectorsForLinks() {
    long links = AGENTS * (AGENTS - 1L);
    Memory admm = of(AsyncAdmm.of(1), 0, false);
    Memory subgradient =
        of(new ProjectedSubgradient(IdleRule.MIX, new StepSize(1, 0.51)), 0, false);
    assertThat(admm.states()).isGreaterThanOrEqualTo(2 * 8 * D * links);
    assertThat(subgradient.states())
        .as("what 60 agents say, now and next, and three vectors of each of 4 cells")
        .isEqualTo(8L * D * (2 * AGENTS + 3 * 4));
    assertThat(admm.peak())
        .as("cells remember where agents and duals stood, while the penalty changes")
        .isEqualTo(admm.live() + 8L * D * (links + AGENTS))
        .isGreaterThan(15 * subgradient.peak());
  }

  @Test
  void cellsWhoseNumbersFitNoArrayAreRefused() {
    Algorithm admm = AsyncAdmm.of(1);
    Sizing.requireArrays(
        Setup.network("complete", AGENTS, Map.of()),
        CellPartition.contiguous(AGENTS, 4),
        new Objective.Shape(1, D - 1, D),
        work(),
        admm,
        0);
    int wide = 2_000_000;
    assertThatThrownBy(
            () ->
                Sizing.requireArrays(
                    Setup.network("complete", AGENTS, Map.of()),
                    CellPartition.contiguous(AGENTS, 2),
                    new Objective.Shape(1, wide, wide),
                    work(),
                    admm,
                    0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("engine.cells is 2; a cell of 30 agents", "Raise engine.cells");
    assertThatThrownBy(() -> Objective.Shape.linear(1_000, 1 << 28, true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("1000 classes", "data.features");
  }

  private static Costs.Work work() {
    return new Costs.Work(new int[AGENTS], 1, 8, new double[AGENTS]);
  }

  @Test
  void lateMessagesAreKeptAndSparkMakesNewOutOfOld() {
    Algorithm admm = AsyncAdmm.of(1);
    assertThat(of(admm, 10, false).states()).isGreaterThan(6 * of(admm, 0, false).states());
    Memory now = of(admm, 0, true);
    assertThat(now.peak()).as("no trials side by side").isLessThan(3 * now.live());
    assertThat(now.peak()).isGreaterThan(now.live() + now.states() / 2);
    assertThat(of(admm, 10, true).peak()).isGreaterThan(4 * now.peak());
    Algorithm tried = new ProjectedSubgradient(IdleRule.MIX, new StepSize(1, 0.51));
    assertThat(of(tried, 0, true).peak()).isGreaterThan(2 * of(tried, 0, false).peak());
  }
}
