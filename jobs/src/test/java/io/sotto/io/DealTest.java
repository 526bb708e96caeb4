package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DealTest {
  private static final long SEED = 5;

  private static int[] dealt(Deal deal, int rows) {
    return IntStream.range(0, rows).map(deal::agentOf).toArray();
  }

  private static int[] sizes(Deal deal, int agents, int rows) {
    int[] sizes = new int[agents];
    Arrays.stream(dealt(deal, rows)).forEach(agent -> sizes[agent]++);
    return sizes;
  }

  @Test
  void smallDealsByHand() {
    assertThat(dealt(Deal.byRowNumber(3), 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
    assertThat(dealt(Deal.contiguous(3, 7), 7)).containsExactly(0, 0, 0, 1, 1, 2, 2);
    assertThat(dealt(Deal.byLabel(2, new double[] {1, -1, 1, -1, 0, 1}), 6))
        .containsExactly(1, 0, 1, 0, 0, 1);
    assertThat(dealt(Deal.byLabel(3, new double[] {2, 2, 2, 2, 1, 2}), 6))
        .as("rows of equal labels keep their order")
        .containsExactly(0, 1, 1, 2, 0, 2);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 10", "3, 10", "7, 7", "16, 1000", "999, 1000"})
  void everyRowGoesToOneAgentAndSharesDifferByOneAtMost(int agents, int rows) {
    double[] labels = new Random(SEED).doubles(rows).toArray();
    for (Deal deal :
        List.of(
            Deal.byRowNumber(agents),
            Deal.contiguous(agents, rows),
            Deal.byLabel(agents, labels))) {
      int[] sizes = sizes(deal, agents, rows);
      assertThat(Arrays.stream(sizes).sum()).isEqualTo(rows);
      assertThat(sizes)
          .as("seed %d", SEED)
          .containsOnly(rows / agents, -Math.floorDiv(-rows, agents));
    }
  }

  @Test
  void byLabelNoAgentHasALabelAboveThoseOfTheNext() {
    double[] labels = new Random(SEED).ints(500, 0, 20).asDoubleStream().toArray();
    Deal deal = Deal.byLabel(7, labels);
    for (int a = 0; a < 500; a++) {
      for (int b = 0; b < 500; b++) {
        if (deal.agentOf(a) < deal.agentOf(b)) {
          assertThat(labels[a]).as("seed %d", SEED).isLessThanOrEqualTo(labels[b]);
        }
      }
    }
  }

  @Test
  void randomIsTheSameForASeedAndNearlyEven() {
    Deal deal = Deal.random(10, SEED);
    assertThat(dealt(deal, 10_000)).isEqualTo(dealt(Deal.random(10, SEED), 10_000));
    assertThat(dealt(deal, 10_000)).isNotEqualTo(dealt(Deal.random(10, SEED + 1), 10_000));
    // shares are binomial, mean 1000, deviation 30
    assertThat(Arrays.stream(sizes(deal, 10, 10_000)).boxed())
        .as("seed %d", SEED)
        .allMatch(share -> Math.abs(share - 1000) < 150);
  }

  @Test
  void contiguousDoesNotOverflow() {
    long rows = 3_000_000_000L;
    Deal deal = Deal.contiguous(1_000_000, rows);
    assertThat(deal.agentOf(rows - 1)).isEqualTo(999_999);
    assertThat(deal.agentOf(rows / 2)).isEqualTo(500_000);
  }
}
