package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test of chance fails once in a million seeds. */
class DiscreteGaussianTest {
  private static final int DRAWS = 300_000;

  private static Keystream bits(int agent) {
    return new Keystream(Under.secret("seed").key("test", "run"), agent, 1);
  }

  /** Against the probabilities as they are defined. */
  @ParameterizedTest
  @ValueSource(longs = {1, 3, 4, 11, 16})
  void smallOnesHaveTheStatedProbabilities(long scale) {
    DiscreteGaussian noise = new DiscreteGaussian(scale);
    int edge = (int) (3 * scale); // beyond it, one bin on each side
    double[] odds = new double[2 * edge + 3];
    for (long k = -60 * scale; k <= 60 * scale; k++) {
      odds[bin(k, edge)] += Math.exp(-(double) k * k / (2.0 * scale * scale));
    }
    double total = Arrays.stream(odds).sum();
    Arrays.setAll(odds, b -> odds[b] / total);
    long[] counts = new long[odds.length];
    Keystream bits = bits((int) scale);
    for (int n = 0; n < DRAWS; n++) {
      counts[bin(noise.next(bits), edge)]++;
    }
    assertThat(ChiSquare.excess(counts, odds)).isLessThan(1);
  }

  private static int bin(long k, int edge) {
    return (int) Math.max(-edge - 1, Math.min(edge + 1, k)) + edge + 1;
  }

  /** The one that is used has the normal distribution to more digits than a test can see. */
  @Test
  void theFineOneIsNormal() {
    DiscreteGaussian noise = new DiscreteGaussian(Budget.GRID);
    int bins = 60; // of a tenth of a deviation, from -3 to 3, and two more
    long[] counts = new long[bins + 2];
    double[] odds = new double[bins + 2];
    for (int b = 0; b <= bins; b++) {
      double below = (1 + Erf.erf((-3 + 0.1 * b) / Math.sqrt(2))) / 2;
      odds[b] += below;
      odds[b + 1] -= below;
    }
    odds[bins + 1] += 1;
    Keystream bits = bits(0);
    for (int n = 0; n < DRAWS; n++) {
      double z = noise.next(bits) / (double) Budget.GRID;
      counts[(int) Math.max(0, Math.min(bins + 1, Math.floor((z + 3) * 10) + 1))]++;
    }
    assertThat(ChiSquare.excess(counts, odds)).isLessThan(1);
  }

  @Test
  void otherScalesAreRefused() {
    for (long scale : new long[] {0, -4, DiscreteGaussian.LARGEST + 1}) {
      assertThatThrownBy(() -> new DiscreteGaussian(scale)).hasMessageContaining("" + scale);
    }
  }

  @Test
  void wholeNumbersBelowABoundAreUniform() {
    long[] counts = new long[6];
    double[] odds = new double[6];
    Arrays.fill(odds, 1.0 / 6);
    Keystream bits = bits(9);
    for (int n = 0; n < DRAWS; n++) {
      counts[(int) bits.below(6)]++;
    }
    assertThat(ChiSquare.excess(counts, odds)).isLessThan(1);
  }
}
