package io.sotto.privacy.judge;

import io.sotto.problem.LocalObjective;
import io.sotto.problem.Regularizer;

/**
 * Some of the agents of a block.
 *
 * @param block all of them
 * @param which of them, in their order here
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Slice(LocalObjective block, int[] which) implements LocalObjective {
  @Override
  public int agents() {
    return which.length;
  }

  @Override
  public int dimension() {
    return block.dimension();
  }

  @Override
  public double value(int agent, double[] x, int at) {
    return block.value(which[agent], x, at);
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    block.subgradient(which[agent], key, x, at, out);
  }

  @Override
  public Slice with(Regularizer regularizer) {
    return new Slice(block.with(regularizer), which);
  }

  @Override
  public double smoothness(int agent) {
    return block.smoothness(which[agent]);
  }
}
