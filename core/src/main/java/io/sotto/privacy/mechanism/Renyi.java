package io.sotto.privacy.mechanism;

import java.io.Serializable;

/**
 * What has been given away: the Renyi divergence of every order a between what may be seen of two
 * neighbouring tables is at most a rho (Mironov 2017; concentrated differential privacy of Bun and
 * Steinke 2016). Gaussian noise of deviation s on an answer of sensitivity D costs rho = D^2 / (2
 * s^2), discrete Gaussian noise no more (Canonne, Kamath and Steinke 2020, theorem 14), and costs
 * add up, also where later questions depend on earlier answers.
 *
 * @param rho at least 0
 */
public record Renyi(double rho) implements Serializable {
  private static final int SCAN = 400;
  private static final int NARROW = 100;
  private static final double LOWEST = 1e-5; // of the order, less 1
  private static final double HIGHEST = 1e9;

  /** One answer of a sensitivity, with Gaussian noise of a deviation. */
  public static Renyi of(double sensitivity, double deviation) {
    double ratio = sensitivity / deviation;
    return new Renyi(ratio * ratio / 2);
  }

  /** This many times over. */
  public Renyi times(double count) {
    return new Renyi(rho * count);
  }

  /** Both. */
  public Renyi plus(Renyi other) {
    return new Renyi(rho + other.rho);
  }

  /**
   * The least epsilon, over all orders, such that (epsilon, delta) differential privacy follows:
   * {@code a rho + log(1 - 1/a) - (log delta + log a) / (a - 1)} (Canonne, Kamath and Steinke 2020,
   * proposition 12). Whatever order is tried, the bound holds.
   */
  public double epsilon(double delta) {
    return rho == 0 ? 0 : Math.max(0, least(less -> epsilon(delta, less)));
  }

  /** The least delta that goes with an epsilon, by the same proposition. */
  public double delta(double epsilon) {
    double log = least(less -> less * (epsilon(1, less) - epsilon));
    return rho == 0 ? 0 : StrictMath.exp(Math.min(0, log));
  }

  private double epsilon(double delta, double less) {
    double order = 1 + less;
    return order * rho
        - StrictMath.log1p(1 / less)
        - (StrictMath.log(delta) + StrictMath.log(order)) / less;
  }

  /** The most that may be given away for (epsilon, delta). */
  public static Renyi within(double epsilon, double delta) {
    double low = 0;
    double high = 1;
    while (new Renyi(high).epsilon(delta) <= epsilon) {
      high *= 2;
    }
    for (int k = 0; k < NARROW; k++) {
      double middle = (low + high) / 2;
      if (new Renyi(middle).epsilon(delta) <= epsilon) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new Renyi(low);
  }

  private interface OfOrder {
    double at(double less);
  }

  /** The least value over orders: where a scan finds it, narrowed down. */
  private static double least(OfOrder f) {
    double low = StrictMath.log(LOWEST);
    double pace = (StrictMath.log(HIGHEST) - low) / SCAN;
    int best = 0;
    double value = Double.POSITIVE_INFINITY;
    for (int k = 0; k <= SCAN; k++) {
      double here = f.at(StrictMath.exp(low + k * pace));
      if (here < value) {
        value = here;
        best = k;
      }
    }
    double left = low + (best - 1) * pace;
    double right = low + (best + 1) * pace;
    for (int k = 0; k < NARROW; k++) {
      double a = left + (right - left) / 3;
      double b = right - (right - left) / 3;
      double atA = f.at(StrictMath.exp(a));
      double atB = f.at(StrictMath.exp(b));
      value = Math.min(value, Math.min(atA, atB));
      if (atA < atB) {
        right = b;
      } else {
        left = a;
      }
    }
    return value;
  }
}
