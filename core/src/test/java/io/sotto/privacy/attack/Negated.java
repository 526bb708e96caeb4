package io.sotto.privacy.attack;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.StepSize;
import io.sotto.algorithm.Turn;
import io.sotto.problem.Vectors;

/**
 * A method that the registry does not know: the synchronous subgradient method, but that agents say
 * minus twice their estimates. With v_i the sum over j of w_ij x_j,
 *
 * <pre>
 *   x_i := v_i - s(k) g_i,   g_i a subgradient of f_i at v_i,   said: -2 x_i
 * </pre>
 */
record Negated(StepSize step) implements Algorithm, Recursion.Steps {

  @Override
  public int says(int d) {
    return d;
  }

  /** x_i. */
  @Override
  public int keeps(int d) {
    return d;
  }

  @Override
  public void start(Turn turn) {
    Vectors.setScaled(-2, turn.kept(), turn.keptAt(), turn.said(), turn.at(), turn.dimension());
  }

  @Override
  public void update(Turn turn) {
    int d = turn.dimension();
    double[] x = turn.kept();
    int xAt = turn.keptAt();
    Vectors.setScaled(-0.5, turn.said(), turn.at(), x, xAt, d);
    double[] g = turn.subgradient(x, xAt);
    Vectors.addScaled(-step.at(turn.ticks()), g, 0, x, xAt, d);
    Vectors.setScaled(-2, x, xAt, turn.said(), turn.at(), d);
  }

  @Override
  public double averagingWeight(long tick) {
    return step.at(tick);
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public boolean saysEstimate() {
    return false;
  }

  /** What is said grows by 2 s g_i. */
  @Override
  public double length(double k, double p) {
    return -2 * step.at(k) / p;
  }

  /** v_i. */
  @Override
  public void point(double[] before, int at, double[] mix, double[] point) {
    Vectors.setScaled(-0.5, mix, 0, point, 0, point.length);
  }
}
