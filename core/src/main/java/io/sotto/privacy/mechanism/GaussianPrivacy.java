package io.sotto.privacy.mechanism;

import java.io.Serializable;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.special.Erf;

/**
 * What has been given away, as Gaussian differential privacy states it: two neighbouring tables are
 * as hard to tell apart as two normal distributions of deviation 1 whose means differ by mu (Dong,
 * Roth and Su 2022). An answer of sensitivity D under normal noise of deviation s has mu = D / s.
 * Answers add up, also where later questions depend on earlier answers: mu^2 is the sum of theirs
 * (corollary 3.3), without loss. Nor is there any in the curve
 *
 * <pre>
 *   delta(epsilon) = Phi(-epsilon / mu + mu / 2) - e^epsilon Phi(-epsilon / mu - mu / 2)
 * </pre>
 *
 * <p>(Balle and Wang 2018, theorem 8): no smaller delta is true. {@link Renyi} asks for 7 % more
 * noise at epsilon 1 and delta 1e-6.
 *
 * @param mu above 0
 */
public record GaussianPrivacy(double mu) implements Serializable {
  private static final int HALVINGS = 200;

  /** The least delta that goes with an epsilon. */
  public double delta(double epsilon) {
    double tail = below(-epsilon / mu - mu / 2);
    double less = tail > 0 ? StrictMath.exp(epsilon + StrictMath.log(tail)) : 0;
    return Math.max(0, below(-epsilon / mu + mu / 2) - less);
  }

  /** Phi(z). */
  private static double below(double z) {
    return Erf.erfc(-z / Math.sqrt(2)) / 2;
  }

  /** The least epsilon that goes with a delta. */
  public double epsilon(double delta) {
    return least(epsilon -> delta(epsilon) <= delta ? 1 : -1);
  }

  /** The most that may be given away for (epsilon, delta). */
  public static GaussianPrivacy within(double epsilon, double delta) {
    return new GaussianPrivacy(
        1 / least(inverse -> new GaussianPrivacy(1 / inverse).delta(epsilon) <= delta ? 1 : -1));
  }

  /** The odds of the best player who has to say which of two tables it was. */
  public double odds() {
    return below(mu / 2);
  }

  /** The least number from 0 on from which a function that rises is above 0. */
  private static double least(DoubleUnaryOperator sign) {
    double low = 0;
    double high = 1;
    while (sign.applyAsDouble(high) < 0) {
      low = high;
      high *= 2;
    }
    for (int k = 0; k < HALVINGS; k++) {
      double middle = low / 2 + high / 2;
      if (middle > 0 && sign.applyAsDouble(middle) > 0) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}
