package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cuts, and what crosses them. */
class CellPartitionTest {

  private static Network ring(int agents) {
    return Network.of(new Ring().draw(agents, new Random(1)), MixingRules.METROPOLIS);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 3", "8, 4", "100, 100", "1000, 7"})
  void contiguousCellsAreEvenAndHoldEverybody(int agents, int cells) {
    CellPartition partition = CellPartition.contiguous(agents, cells);
    assertThat(partition.agents()).isEqualTo(agents);
    assertThat(partition.cells()).isEqualTo(cells);
    int next = 0;
    for (int cell = 0; cell < cells; cell++) {
      assertThat(partition.agentsOf(cell).length)
          .isBetween(agents / cells, (agents - 1) / cells + 1);
      for (int agent : partition.agentsOf(cell)) {
        assertThat(agent).isEqualTo(next++);
        assertThat(partition.cellOf(agent)).isEqualTo(cell);
      }
    }
    assertThat(next).isEqualTo(agents);
  }

  @Test
  void manyAgentsInManyCellsDoNotOverflow() {
    assertThat(CellPartition.contiguous(1_000_000, 10_000).cellOf(999_999)).isEqualTo(9_999);
  }

  @Test
  void countsWhatCrosses() {
    assertThat(CellPartition.contiguous(12, 1).borderPairs(ring(12))).isZero();
    assertThat(CellPartition.contiguous(12, 4).borderPairs(ring(12))).isEqualTo(8);
    assertThat(CellPartition.contiguous(12, 12).borderPairs(ring(12))).isEqualTo(24);
    // the hub is heard in two other cells, the six who live there in the hub's
    Network star = Network.of(new Star().draw(9, new Random(1)), MixingRules.METROPOLIS);
    assertThat(CellPartition.contiguous(9, 3).borderPairs(star)).isEqualTo(2 + 6);
    assertThatThrownBy(() -> CellPartition.contiguous(9, 3).borderPairs(ring(8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsWhatCrossesAnyCut() {
    Random random = new Random(3);
    Network w =
        Network.of(
            Topologies.connected(new ErdosRenyi(0.1), 80, 3).links(), MixingRules.METROPOLIS);
    int[] cellOf = random.ints(80, 0, 6).toArray();
    Set<String> pairs = new HashSet<>();
    for (int i = 0; i < 80; i++) {
      for (int e = w.offset()[i]; e < w.offset()[i + 1]; e++) {
        if (cellOf[w.heard()[e]] != cellOf[i]) {
          pairs.add(w.heard()[e] + " in " + cellOf[i]);
        }
      }
    }
    assertThat(new CellPartition(cellOf).borderPairs(w)).as("seed 3").isEqualTo(pairs.size());
  }

  @Test
  void isAValue() {
    int[] cellOf = {0, 1, 0};
    CellPartition partition = new CellPartition(cellOf);
    cellOf[0] = 1;
    assertThat(partition.agentsOf(0)).containsExactly(0, 2);
    assertThat(partition)
        .isEqualTo(new CellPartition(new int[] {0, 1, 0}))
        .isNotEqualTo(new CellPartition(cellOf));
    assertThat(partition).hasSameHashCodeAs(new CellPartition(new int[] {0, 1, 0}));
    assertThat(CellPartition.contiguous(4, 2)).isEqualTo(new CellPartition(new int[] {0, 0, 1, 1}));
  }

  @Test
  void refusesEmptyCells() {
    assertThatThrownBy(() -> CellPartition.contiguous(3, 4))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "engine.cells is 4 with 3 agents; it must lie between 1 and the number of agents.");
    for (int[] cellOf : new int[][] {{}, {0, 2, 2}, {0, -1}, {5}}) {
      assertThatThrownBy(() -> new CellPartition(cellOf))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
