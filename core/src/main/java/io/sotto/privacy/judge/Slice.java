package io.sotto.privacy.judge;

import io.sotto.problem.LocalObjective;
import io.sotto.problem.Regularizer;

/**
 * Some of the agents of a all.
 *
 * @param all the agents
 * @param which of them, in their order here
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Slice(LocalObjective all, int[] which) implements LocalObjective {
  @Override
  public int agents() {
    return which.length;
  }

  @Override
  public int dimension() {
    return all.dimension();
  }

  @Override
  public double value(int agent, double[] x, int at) {
    return all.value(which[agent], x, at);
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    all.subgradient(which[agent], key, x, at, out);
  }

  @Override
  public Slice with(Regularizer regularizer) {
    return new Slice(all.with(regularizer), which);
  }

  @Override
  public double smoothness(int agent) {
    return all.smoothness(which[agent]);
  }
}
