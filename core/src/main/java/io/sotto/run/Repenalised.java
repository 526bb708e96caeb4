package io.sotto.run;

import io.sotto.algorithm.Scales;
import io.sotto.engine.Mechanism;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Regularizer;
import org.jspecify.annotations.Nullable;

/**
 * A mechanism over the same rows under another penalty than the one that they were loaded with.
 *
 * @param mechanism what stands between rows and methods
 * @param penalty in place of the one before
 */
record Repenalised(Mechanism mechanism, Regularizer penalty) implements Mechanism {
  private static final long serialVersionUID = 1;

  @Override
  public LocalObjective over(int[] agents, LocalObjective costs) {
    return mechanism.over(agents, costs.with(penalty));
  }

  @Override
  public int trialLengthFactor() {
    return mechanism.trialLengthFactor();
  }

  @Override
  public void mask(int agent, long round, double[] words, int at, int count) {
    mechanism.mask(agent, round, words, at, count);
  }

  @Override
  public void noise(int agent, long round, double[] words, int at, int count) {
    mechanism.noise(agent, round, words, at, count);
  }

  @Override
  public boolean measurable() {
    return mechanism.measurable();
  }

  @Override
  public @Nullable Scales scales() {
    return mechanism.scales();
  }
}
