package io.sotto.clock;

import java.util.Map;
import java.util.TreeMap;

/**
 * Every agent tosses a coin of its own at every tick; with rate 1 it is always active, which is the
 * synchronous algorithm.
 *
 * @param seed of the coins
 * @param rate chance of being active, in (0, 1]
 * @param rates by agent, where it differs
 */
public record Bernoulli(long seed, double rate, Map<Integer, Double> rates)
    implements ActivationModel {

  /** Keeps a sorted copy of the map. */
  public Bernoulli {
    rates = new TreeMap<>(rates);
    rates.values().forEach(Bernoulli::check);
    check(rate);
  }

  private static void check(double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("a rate must lie in (0, 1], not " + rate);
    }
  }

  @Override
  public double rate(int agent) {
    return rates.isEmpty() ? rate : rates.getOrDefault(agent, rate);
  }

  @Override
  public boolean active(int agent, long tick) {
    return Draws.uniform(seed, agent, tick, Draws.Purpose.ACTIVATION) < rate(agent);
  }
}
