package io.sotto.clock;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every agent tosses a coin of its own at every tick; with rate 1 it is always active, which is the
 * synchronous algorithm.
 */
public final class Bernoulli implements ActivationModel {
  private static final long serialVersionUID = 1;
  private final long seed;
  private final double common;

  /** Agents up to the last that has a rate of its own: everybody's rate. */
  private final double[] rates;

  /**
   * @param seed of the coins
   * @param rate chance of being active, in (0, 1]
   * @param rates by agent, where it differs
   */
  public Bernoulli(long seed, double rate, Map<Integer, Double> rates) {
    this.seed = seed;
    this.common = check(rate);
    TreeMap<Integer, Double> own = new TreeMap<>(rates);
    this.rates = new double[own.isEmpty() ? 0 : own.lastKey() + 1];
    Arrays.fill(this.rates, rate);
    own.forEach((agent, theirs) -> this.rates[agent] = check(theirs));
  }

  private static double check(double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("a rate must lie in (0, 1], not " + rate);
    }
    return rate;
  }

  @Override
  public double rate(int agent) {
    return agent < rates.length ? rates[agent] : common;
  }

  @Override
  public boolean active(int agent, long tick) {
    return Draws.uniform(seed, agent, tick, Draws.Purpose.ACTIVATION) < rate(agent);
  }
}
