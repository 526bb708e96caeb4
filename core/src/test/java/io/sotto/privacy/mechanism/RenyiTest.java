package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenyiTest {

  /**
   * The noise for which the accountant of google/differential-privacy (dp_accounting, its test
   * test_compute_epsilon_delta_gaussian) gives epsilon 1 and delta 1e-6.
   */
  @Test
  void agreesWithAPublishedAccountant() {
    Renyi once = Renyi.of(1, 4.530877117);
    assertThat(once.epsilon(1e-6)).isCloseTo(1, within(1e-7));
    assertThat(once.delta(1)).isCloseTo(1e-6, within(1e-12));
    // 81 times with nine times the noise is the same
    assertThat(Renyi.of(1, 9 * 4.530877117).times(81).epsilon(1e-6)).isCloseTo(1, within(1e-7));
  }

  /** Gaussian noise has a guarantee in closed form (Balle and Wang 2018, theorem 8). */
  @ParameterizedTest
  @CsvSource({"0.3, 1", "1, 1", "1, 4", "2, 3", "0.1, 0.2", "4, 20"})
  void isAboveTheExactGuaranteeAndNear(double ratio, double epsilon) {
    double exact =
        Erf.erfc((epsilon / ratio - ratio / 2) / Math.sqrt(2)) / 2
            - Math.exp(epsilon) * Erf.erfc((epsilon / ratio + ratio / 2) / Math.sqrt(2)) / 2;
    double bound = Renyi.of(ratio, 1).delta(epsilon);
    assertThat(bound).isBetween(exact, 12 * exact);
    assertThat(Renyi.of(ratio, 1).epsilon(bound)).isCloseTo(epsilon, within(1e-6));
  }

  /**
   * Against composition by brute force: the sum of so many discrete Gaussian numbers of scale 8,
   * one of whose means is moved by 1 each time. The likelihood ratio is a function of the sum
   * alone.
   */
  @ParameterizedTest
  @CsvSource({"1, 0.3", "5, 0.5", "40, 1", "40, 3"})
  void isAboveCompositionByBruteForceAndNear(int count, double epsilon) {
    int scale = 8;
    int reach = 10 * scale;
    double[] one = new double[2 * reach + 1];
    double total = 0;
    for (int k = -reach; k <= reach; k++) {
      one[k + reach] = Math.exp(-k * k / (2.0 * scale * scale));
      total += one[k + reach];
    }
    double[] sum = {1};
    for (int n = 0; n < count; n++) {
      double[] next = new double[sum.length + one.length - 1];
      for (int a = 0; a < sum.length; a++) {
        for (int b = 0; b < one.length; b++) {
          next[a + b] += sum[a] * one[b] / total;
        }
      }
      sum = next;
    }
    double exact = 0;
    for (int k = 0; k < sum.length; k++) {
      double value = k - count * (double) reach;
      double loss = (count - 2 * value) / (2.0 * scale * scale);
      exact += sum[k] * Math.max(0, 1 - Math.exp(epsilon - loss));
    }
    assertThat(Renyi.of(1, scale).times(count).delta(epsilon)).isBetween(exact, 12 * exact);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1e-9", "1, 1e-6", "8, 1e-5", "100, 1e-3"})
  void withinIsTheMostThatFits(double epsilon, double delta) {
    Renyi most = Renyi.within(epsilon, delta);
    assertThat(most.epsilon(delta)).isBetween(epsilon * (1 - 1e-9), epsilon);
    assertThat(most.times(1.001).epsilon(delta)).isGreaterThan(epsilon);
    // never more than by the older conversion (Bun and Steinke 2016, proposition 1.3)
    double rho = most.rho();
    assertThat(epsilon).isLessThanOrEqualTo(rho + 2 * Math.sqrt(rho * Math.log(1 / delta)));
  }

  @Test
  void costsAddUp() {
    Renyi both = Renyi.of(1, 5).plus(Renyi.of(2, 20));
    assertThat(both.rho()).isCloseTo(0.02 + 0.005, within(1e-15));
    assertThat(new Renyi(0).epsilon(1e-6)).isZero();
    assertThat(new Renyi(0).delta(1)).isZero();
  }
}
