package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundsBudgetTest {
  private static final double DELTA = 1e-6;

  /** Figures of an implementation in another language, to their last digit. */
  @ParameterizedTest
  @CsvSource({"1, 0.2367", "8, 1.5315"})
  void theCurveIsExact(double epsilon, double mu) {
    GaussianPrivacy found = GaussianPrivacy.within(epsilon, DELTA);
    assertThat(found.mu()).isCloseTo(mu, within(6e-5));
    assertThat(found.delta(epsilon)).isCloseTo(DELTA, within(1e-12));
    assertThat(found.epsilon(DELTA)).isCloseTo(epsilon, within(1e-6));
    assertThat(found.mu()).isGreaterThan(Math.sqrt(2 * Renyi.within(epsilon, DELTA).rho()));
  }

  @Test
  void theOddsOfTheBestPlayerAreThoseOfTwoNormals() {
    assertThat(GaussianPrivacy.within(1, DELTA).odds()).isCloseTo(0.547, within(5e-4));
    assertThat(GaussianPrivacy.within(8, DELTA).odds()).isCloseTo(0.778, within(5e-4));
  }

  @ParameterizedTest
  @CsvSource({"0.01, 569, 8", "1, 569, 8", "8, 48842, 100", "30, 1000000, 1000"})
  void whatIsSpentIsWhatIsAllowed(double epsilon, long rows, int agents) {
    int honest = agents / 2 + 1;
    RoundsBudget budget = RoundsBudget.of(epsilon, DELTA, 1, rows, agents, honest, 31, 20);
    assertThat(budget.spent(20)).isBetween(0.999 * epsilon, epsilon);
    assertThat(budget.spent(10)).isLessThan(budget.spent(20));
    assertThat(budget.spent(0)).isZero();
    assertThat(budget.deltaOfRounding()).isBetween(0.0, DELTA / 100);
    assertThat(budget.scale()).isBetween(RoundsBudget.COARSEST, DiscreteGaussian.LARGEST);
    assertThat(budget.coalition()).isEqualTo(agents - honest);
    double mu = Math.sqrt(20) * 2 / rows / budget.deviation();
    assertThat(budget.after(20).mu()).isCloseTo(mu, within(1e-3 * mu)).isGreaterThanOrEqualTo(mu);
  }

  /** No sum of clipped rows and noise is beyond 2^62, and none is scaled by what rows hold. */
  @Test
  void sumsFitIntoAWord() {
    RoundsBudget budget = RoundsBudget.of(8, DELTA, 1, 1_000_000_000L, 300, 151, 31, 20);
    double largest = Math.scalb(1.0, budget.exponent()) + 64.0 * budget.scale();
    assertThat(300 * largest).isLessThan(0x1p62);
    assertThatThrownBy(() -> RoundsBudget.of(8, 1e-14, 1, 569, 8, 5, 31, 20))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("lower privacy.epsilon or raise privacy.delta");
  }
}
