package io.sotto.privacy.attack;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.StepSize;
import io.sotto.algorithm.Turn;
import io.sotto.problem.Vectors;

/**
 * A method that the registry does not know: subgradient steps with momentum, all agents active at
 * all ticks,
 *
 * <pre>
 *   x_i := v_i - s(k) g_i + (x_i - x_i before) / 4,   g_i a subgradient of f_i at v_i = sum_j w_ij x_j
 * </pre>
 *
 * <p>What it says does not follow from the mix alone.
 */
record HeavyBall(StepSize step) implements Algorithm, Recursion.Exact {
  private static final double MOMENTUM = 0.25;

  @Override
  public int says(int d) {
    return d;
  }

  /** x_i, and x_i before. */
  @Override
  public int keeps(int d) {
    return 2 * d;
  }

  @Override
  public void start(Turn turn) {
    int d = turn.dimension();
    System.arraycopy(turn.kept(), turn.keptAt(), turn.kept(), turn.keptAt() + d, d);
    System.arraycopy(turn.kept(), turn.keptAt(), turn.said(), turn.at(), d);
  }

  @Override
  public void update(Turn turn) {
    int d = turn.dimension();
    double[] v = turn.said();
    int at = turn.at();
    double[] kept = turn.kept();
    int x = turn.keptAt();
    double[] g = turn.subgradient(v, at);
    Vectors.addScaled(-step.at(turn.ticks()), g, 0, v, at, d);
    Vectors.addScaled(MOMENTUM, kept, x, v, at, d);
    Vectors.addScaled(-MOMENTUM, kept, x + d, v, at, d);
    System.arraycopy(kept, x, kept, x + d, d);
    System.arraycopy(v, at, kept, x, d);
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
    return true;
  }

  /** s g_i = v_i + (x_i - x_i before) / 4 - (x_i after). */
  @Override
  public void solve(Heard heard, Solved to) {
    int d = heard.dimension();
    int at = heard.at();
    for (int t = 1; t <= heard.ticks(); t++) {
      double[] v = heard.mix(t);
      double[] pull = v.clone();
      Vectors.addScaled(MOMENTUM, heard.said(t - 1), at, pull, 0, d);
      Vectors.addScaled(-MOMENTUM, heard.said(Math.max(0, t - 2)), at, pull, 0, d);
      Vectors.addScaled(-1, heard.said(t), at, pull, 0, d);
      to.add(t, v, 0, 1 / step.at(t), pull);
    }
  }

  @Override
  public double first() {
    return step.at(1);
  }

  /** Minus x_i over s, in the mean over the latter half. */
  @Override
  public void potential(Heard heard, double[] phi) {
    int from = heard.ticks() / 2;
    for (int t = from + 1; t <= heard.ticks(); t++) {
      double by = -1 / step.at(t) / (heard.ticks() - from);
      Vectors.addScaled(by, heard.said(t), heard.at(), phi, 0, phi.length);
    }
  }
}
