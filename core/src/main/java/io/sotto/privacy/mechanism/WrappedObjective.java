package io.sotto.privacy.mechanism;

import io.sotto.problem.Block;
import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Measures;
import io.sotto.problem.Proximal;
import io.sotto.problem.Regularizer;
import io.sotto.problem.RowChoice;
import io.sotto.problem.Scores;
import org.jspecify.annotations.Nullable;

/** The costs of a block of agents as they are; mechanisms override what they change. */
abstract class WrappedObjective implements LocalObjective {
  private static final long serialVersionUID = 1;

  final LocalObjective plain;

  WrappedObjective(LocalObjective plain) {
    this.plain = plain;
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
  }

  @Override
  public Regularizer regularizer() {
    return plain.regularizer();
  }

  @Override
  public double agentWeight() {
    return plain.agentWeight();
  }

  /** The operator's are, who asks {@link #measured}. */
  @Override
  public boolean exact() {
    return plain.exact();
  }

  @Override
  public Measures measures() {
    return plain.measures();
  }

  @Override
  public double[] measure(int agent, double[] x, int at) {
    return plain.measure(agent, x, at);
  }

  @Override
  public double[] measure(int agent, double[] x, int at, double[] reference, int referenceAt) {
    return plain.measure(agent, x, at, reference, referenceAt);
  }

  @Override
  public void startReference(int agent, double[] x, int at) {
    plain.startReference(agent, x, at);
  }

  @Override
  public int direct() {
    return plain.direct();
  }

  @Override
  public LocalObjective measured() {
    return this;
  }

  @Override
  public abstract LocalObjective with(Regularizer regularizer);

  @Override
  public @Nullable Block block() {
    return plain.block();
  }

  /** Rows are left out of {@link #plain} costs only: a mechanism is over all rows of an agent. */
  @Override
  public LocalObjective only(RowChoice chosen) {
    throw new UnsupportedOperationException("leave rows out of plain costs");
  }

  /**
   * Another loss is for {@link #plain} costs only: a mechanism is made for the one that is there.
   */
  @Override
  public LocalObjective under(Loss other) {
    throw new UnsupportedOperationException("give plain costs another loss");
  }

  /** Of the sum over all agents, whatever a mechanism adds to one and takes from another. */
  @Override
  public double lowest(int agent) {
    return plain.lowest(agent);
  }

  @Override
  public double smoothness(int agent) {
    return plain.smoothness(agent);
  }

  @Override
  public void gradient(int agent, long key, double[] x, int at, double[] out) {
    plain.gradient(agent, key, x, at, out);
  }

  @Override
  public void shrink(int agent, double step, double[] x, int at) {
    plain.shrink(agent, step, x, at);
  }

  @Override
  public @Nullable Curvature secondOrder() {
    return plain.secondOrder();
  }

  @Override
  public @Nullable Curvature smoothSecondOrder() {
    return plain.smoothSecondOrder();
  }

  @Override
  public @Nullable Scores scores() {
    return plain.scores();
  }

  @Override
  public LocalObjective plain() {
    return plain.plain();
  }

  @Override
  public Proximal proximal() {
    return plain.proximal();
  }
}
