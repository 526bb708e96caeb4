package io.sotto.engine;

import io.sotto.problem.LocalObjective;
import java.util.SplittableRandom;

/**
 * Quadratic costs whose subgradients are off by chance, and of whose coordinates the last ones are
 * moved directly.
 *
 * @param noise how far a subgradient is off at most, in each coordinate
 * @param direct how many of the last coordinates are moved directly
 */
public record Pulled(Quadratics plain, double noise, int direct) implements LocalObjective, Shards {

  @Override
  public LocalObjective load(int[] agents) {
    return new Pulled(plain.load(agents), noise, direct);
  }

  @Override
  public int agents() {
    return plain.agents();
  }

  @Override
  public int dimension() {
    return plain.dimension();
  }

  @Override
  public double value(int agent, double[] x, int at) {
    return plain.value(agent, x, at);
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    plain.subgradient(agent, key, x, at, out);
    SplittableRandom random = new SplittableRandom(key);
    for (int j = 0; j < out.length - direct && noise > 0; j++) {
      out[j] += random.nextDouble(-noise, noise);
    }
  }

  @Override
  public boolean exact() {
    return noise == 0;
  }

  @Override
  public double smoothness(int agent) {
    return plain.smoothness(agent);
  }
}
