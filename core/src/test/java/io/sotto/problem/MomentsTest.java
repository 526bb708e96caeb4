package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
  private static final long SEED = 11;

  private static double[] column(int rows, double mean) {
    Random random = new Random(SEED);
    return random.doubles(rows).map(u -> mean + u).toArray();
  }

  /** Mean and sample deviation: first the mean, then the squares about it. */
  private static void assertTwoPass(double[] values, double[][] moments, int column) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double deviation = Math.sqrt(squares / (values.length - 1));
    assertThat(moments[0][column]).as("seed %d", SEED).isCloseTo(mean, within(ulps(mean)));
    assertThat(moments[1][column])
        .as("seed %d", SEED)
        .isCloseTo(deviation, within(1e-12 * deviation + ulps(mean)));
  }

  private static double ulps(double mean) {
    return 64 * Math.ulp(Math.max(1, Math.abs(mean)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -3, 1e6, 1e9, -1e12})
  void agreesWithTwoPassesHoweverHugeTheMean(double mean) {
    double[] values = column(1000, mean);
    Moments moments = new Moments();
    Arrays.stream(values).forEach(v -> moments.add(0, v, 1));
    assertTwoPass(values, moments.over(1000, 1000, 0, 1), 0);
  }

  @Test
  void whatIsNotStoredIsZeroAndTheFirstColumnsCanBeLeftOut() {
    double[][] columns = {column(50, 5), column(50, -1), new double[50]};
    Moments moments = new Moments();
    for (int row = 0; row < 50; row++) {
      for (int j = 0; j < 2; j++) {
        if (row % (j + 2) == 0) {
          moments.add(j + 1, columns[j][row], 1);
        } else {
          columns[j][row] = 0;
        }
      }
    }
    double[][] found = moments.over(50, 50, 1, 3);
    for (int j = 0; j < 3; j++) {
      assertTwoPass(columns[j], found, j);
    }
    assertThat(found[1][2]).isZero();
    assertThat(moments.over(50, 50, 1, 3)).as("asked twice").isDeepEqualTo(found);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 37, 99, 100})
  void partsGiveTheMomentsOfAll(int first) {
    double[] values = column(100, 1e6);
    Moments a = new Moments();
    Moments b = new Moments();
    for (int row = 0; row < 100; row++) {
      (row < first ? a : b).add(0, values[row], 1);
    }
    b.add(9, 1, 1); // a column that the other part does not have
    Moments all = new Moments();
    all.merge(a);
    all.merge(b);
    double[][] found = all.over(100, 100, 0, 10);
    assertTwoPass(values, found, 0);
    assertThat(found[0][9]).isCloseTo(0.01, within(1e-16));
    assertThat(found[1][9]).isCloseTo(0.1, within(1e-15)); // sqrt((1 - 1/100) / 99)
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, -7, 1e-300, 1e15})
  void aConstantColumnHasNoDeviationAlsoInParts(double value) {
    Moments all = new Moments();
    for (int rows : new int[] {3, 1, 1000}) {
      Moments part = new Moments();
      for (int row = 0; row < rows; row++) {
        part.add(0, value, 1);
      }
      all.merge(part);
    }
    assertThat(all.over(1004, 1004, 0, 1)).isDeepEqualTo(new double[][] {{value}, {0}});
  }

  @Test
  void oneRowHasItsValuesAsMeansAndNoDeviation() {
    Moments moments = new Moments();
    moments.add(0, 4, 1);
    assertThat(moments.over(1, 1, 0, 2)).isDeepEqualTo(new double[][] {{4, 0}, {0, 0}});
  }

  @Test
  void aColumnThatBarelyVariesIsNotTakenForConstant() {
    Moments moments = new Moments();
    moments.add(0, 1, 1);
    moments.add(0, 1 + 1e-12, 1);
    assertThat(moments.over(2, 2, 0, 1)[1][0]).isCloseTo(1e-12 / Math.sqrt(2), within(1e-15));
  }

  /** The same numbers times powers of 2 have the same moments, times those, to the last bit. */
  @ParameterizedTest
  @ValueSource(ints = {-1000, -700, -500, 0, 500, 700, 1000})
  void squaresNeitherOverflowNorUnderflow(int exponent) {
    double[] values = column(100, 3);
    Moments plain = new Moments();
    Moments all = new Moments();
    Moments part = new Moments();
    for (int r = 0; r < values.length; r++) {
      plain.add(0, values[r], 1);
      part.add(0, r == 0 ? 0 : Math.scalb(values[r], exponent), r == 0 ? 0 : 1);
    }
    Moments first = new Moments();
    first.add(0, Math.scalb(values[0], exponent), 1);
    all.merge(first);
    all.merge(part);
    double[][] found = all.over(100, 100, 0, 1);
    double[][] expected = plain.over(100, 100, 0, 1);
    for (int k = 0; k < 2; k++) {
      double of = Math.scalb(expected[k][0], exponent);
      assertThat(found[k][0]).isCloseTo(of, within(1e-12 * of));
    }
  }

  @Test
  void aColumnMayHoldTinyNumbersBeforeHugeOnes() {
    Moments moments = new Moments();
    for (double value : new double[] {0, 1e-300, -2, 1e200, -1e200}) {
      moments.add(0, value, 1);
    }
    double[][] found = moments.over(5, 5, 0, 1);
    assertThat(Math.abs(found[0][0])).isLessThan(1e185);
    assertThat(found[1][0]).isCloseTo(1e200 / Math.sqrt(2), within(1e187));
  }

  /** A weight of 3 moves the mean as three rows do; the variance is MLlib's. */
  @Test
  void weightsCount() {
    double[] values = column(40, 3);
    Moments moments = new Moments();
    Moments zeros = new Moments();
    double weights = 0;
    double squares = 0;
    double mean = 0;
    for (int r = 0; r < values.length; r++) {
      double w = r % 4;
      moments.add(0, values[r], w);
      zeros.add(0, values[r], w);
      zeros.add(0, values[r] + 100, 0);
      weights += w;
      squares += w * w;
      mean += w * values[r];
    }
    mean /= weights;
    double variance = 0;
    for (int r = 0; r < values.length; r++) {
      variance += (r % 4) * (values[r] - mean) * (values[r] - mean);
    }
    double[][] found = moments.over(weights, squares, 0, 1);
    assertThat(found[0][0]).isCloseTo(mean, within(1e-14));
    assertThat(found[1][0])
        .isCloseTo(Math.sqrt(variance / (weights - squares / weights)), within(1e-14));
    assertThat(zeros.over(weights, squares, 0, 1)).isDeepEqualTo(found);
  }
}
