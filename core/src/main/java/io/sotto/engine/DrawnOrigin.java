package io.sotto.engine;

import java.io.Serializable;
import java.util.function.IntUnaryOperator;

/**
 * All agents start at one point, which a function of the seed writes: the same wherever it is
 * called.
 *
 * @param start writes the point
 * @param seed of the run
 * @param dimension the coordinates of x
 */
public record DrawnOrigin(Start start, long seed, int dimension) implements Origin {

  /** Writes a point that is drawn from a seed. */
  @FunctionalInterface
  public interface Start extends Serializable {
    /**
     * Writes it.
     *
     * @param out takes its coordinates, from {@code at} on
     */
    void write(long seed, double[] out, int at);
  }

  @Override
  public boolean isCommon() {
    return true;
  }

  @Override
  public double ticks() {
    return 0;
  }

  @Override
  public void estimates(int[] agents, double[] out, IntUnaryOperator at) {
    start.write(seed, out, at.applyAsInt(0));
    for (int i = 1; i < agents.length; i++) {
      System.arraycopy(out, at.applyAsInt(0), out, at.applyAsInt(i), dimension);
    }
  }

  /** There are none. */
  @Override
  public void duals(int[] agents, int[] offset, int[] neighbours, double[] out) {}
}
