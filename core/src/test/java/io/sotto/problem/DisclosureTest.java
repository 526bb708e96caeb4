package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.problem.Disclosure.Broken;
import io.sotto.problem.Disclosure.Rule;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DisclosureTest {
  private static final Disclosure CELLS = new Disclosure(0, 3, Double.POSITIVE_INFINITY, List.of());

  /** Rows of one number each; agent 0 has the first, agent 1 the others. */
  private static Block block(int first, int classes, double[] labels, double... values) {
    int n = labels.length;
    return block(
        new DenseRows(values.length / n, new int[] {0, first, n}, labels, values), classes, null);
  }

  private static Block block(Rows rows, int classes, double @Nullable [] weights) {
    return new Block(rows, weights, null, 0.1, 0.5, new Regularizer(0, 0), true, null, classes);
  }

  private static double[] repeat(int n, double value) {
    double[] all = new double[n];
    Arrays.fill(all, value);
    return all;
  }

  @Test
  void anAgentWithFewerRowsThanTheRuleIsNamed() {
    double[] labels = repeat(7, 1);
    Block block = block(3, 2, labels, 1, 2, 3, 4, 5, 6, 7);
    assertThat(new Disclosure(4, 0, 9, List.of()).broken(block, 2))
        .containsExactly(new Broken(0, Rule.MIN_ROWS, -1));
    assertThat(new Disclosure(3, 0, 9, List.of()).broken(block, 2)).isEmpty();
  }

  @Test
  void rowsOfWeightZeroCountAsNone() {
    DenseRows rows =
        new DenseRows(1, new int[] {0, 3, 6}, repeat(6, 1), new double[] {1, 2, 3, 4, 5, 6});
    Block block = block(rows, 2, new double[] {1, 0, 1, 1, 1, 1});
    assertThat(new Disclosure(3, 0, 9, List.of()).broken(block, 2))
        .containsExactly(new Broken(0, Rule.MIN_ROWS, -1));
  }

  @Test
  void moreCoordinatesThanAShareOfTheRowsAreRefused() {
    Block block = block(10, 2, repeat(25, 1), new double[25]);
    assertThat(new Disclosure(0, 0, 0.2, List.of()).broken(block, 3))
        .containsExactly(new Broken(0, Rule.MAX_PARAMETERS, -1));
    assertThat(new Disclosure(0, 0, 0.3, List.of()).broken(block, 3)).isEmpty();
  }

  @Test
  void aRareClassIsRefusedAndAnAbsentOneIsNot() {
    double[] labels = {1, 1, -1, -1, -1, 1, 1, 1, 1};
    Block block = block(5, 2, labels, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(CELLS.broken(block, 2)).containsExactly(new Broken(0, Rule.MIN_CELL, -1));
    double[] classes = {0, 0, 0, 2, 2, 1, 1, 1, 1};
    assertThat(CELLS.broken(block(5, 3, classes, 1, 2, 3, 4, 5, 6, 7, 8, 9), 2))
        .containsExactly(new Broken(0, Rule.MIN_CELL, -1));
  }

  @Test
  void aRareValueOfTwoIsRefusedInEveryCoding() {
    double[] labels = {0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5};
    for (double[] two : new double[][] {{0, 1}, {1, 0}, {1, 2}, {-0.3, 2.7}}) {
      double a = two[0];
      double b = two[1];
      Block block = block(4, 0, labels, a, b, a, a, a, a, a, a);
      assertThat(CELLS.broken(block, 2)).containsExactly(new Broken(0, Rule.MIN_CELL, 0));
    }
    assertThat(CELLS.broken(block(4, 0, labels, 0, 1, 2, 2, 0, 0, 0, 0), 2)).isEmpty();
  }

  @Test
  void sparseRowsAreCountedWithTheirZeros() {
    // agent 0: column 0 has one 1 among five rows, column 1 three; agent 1: column 2 has all
    int[] offset = {0, 2, 3, 4, 4, 4, 5, 6, 7};
    SparseRows rows =
        new SparseRows(
            3,
            new int[] {0, 5, 8},
            new double[] {0, 1, 2, 3, 4, 5, 6, 7},
            offset,
            new int[] {0, 1, 1, 1, 2, 2, 2},
            new double[] {1, 1, 1, 1, 1, 1, 1});
    assertThat(CELLS.broken(block(rows, 0, null), 2))
        .containsExactly(new Broken(0, Rule.MIN_CELL, 0), new Broken(0, Rule.MIN_CELL, 1));
  }

  @Test
  void smallCountsAreNotTold() {
    assertThat(Disclosure.USUAL.count(2)).isEqualTo("fewer than 3");
    assertThat(Disclosure.USUAL.count(0)).isEqualTo("0");
    assertThat(Disclosure.USUAL.rowsOf(9)).isEqualTo("fewer than 10");
    assertThat(Disclosure.none().count(1)).isEqualTo("1");
    assertThat(Disclosure.none().isOn()).isFalse();
  }
}
