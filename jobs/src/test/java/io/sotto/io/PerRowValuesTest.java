package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import org.junit.jupiter.api.Test;

class PerRowValuesTest {

  @Test
  void numbersComeAgentByAgentInTheOrderOfRows() {
    PerRowValues values = new PerRowValues(2);
    for (int row = 0; row < 200; row++) {
      values.add(row % 2, row);
    }
    assertThat(values.build()).hasSize(200).startsWith(0, 2, 4).endsWith(195, 197, 199);
  }

  @Test
  void arraysGrowToTheLargestThatThereIsAndAreThenRefused() {
    assertThat(ShardBuilder.larger(64)).isEqualTo(128);
    int most = Integer.MAX_VALUE - 8;
    assertThat(ShardBuilder.larger(1 << 30)).isEqualTo(most);
    assertThatThrownBy(() -> ShardBuilder.larger(most))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("engine.cells");
  }
}
