package io.sotto.algorithm;

import io.sotto.problem.Vectors;
import java.util.Arrays;

/**
 * Gradient tracking (DIGing). At every tick agent i sets
 *
 * <pre>
 *   x_i := sum_j w_ij x_j - a y_i
 *   y_i := sum_j w_ij y_j + grad f_i(new x_i) - grad f_i(old x_i),   at first grad f_i(x_i(0))
 * </pre>
 *
 * <p>and says both; y_i tracks the mean gradient, since the sum of all y_i is that of the
 * gradients.
 *
 * <p>Conditions: all agents active at every tick, no message late or lost, no sets, each f_i
 * smooth, F strongly convex, network connected and mixing matrix doubly stochastic, a small enough.
 * Then all estimates converge to the optimum at a linear rate: Nedic, Olshevsky and Shi 2017,
 * theorem 3.14.
 *
 * <p>Started from an earlier run, only x_i(0) is from there.
 *
 * <p>Cost for each agent: one gradient, 5 d flops. It says 2 d numbers, and keeps 2 d. It says its
 * gradient outright at first.
 *
 * @param step a, above 0
 */
public record GradientTracking(double step) implements Algorithm, Recursion.Exact {

  @Override
  public int says(int d) {
    return 2 * d;
  }

  /** x_i, and the gradient there. */
  @Override
  public int keeps(int d) {
    return 2 * d;
  }

  @Override
  public void start(Turn turn) {
    int d = turn.dimension();
    double[] kept = turn.kept();
    int at = turn.keptAt();
    double[] g = turn.subgradient(kept, at);
    Vectors.setScaled(1, g, 0, kept, at + d, d);
    Vectors.setScaled(1, kept, at, turn.said(), turn.at(), 2 * d);
  }

  @Override
  public void update(Turn turn) {
    int d = turn.dimension();
    double[] said = turn.said();
    int x = turn.at();
    int y = x + d;
    double[] kept = turn.kept();
    int gAt = turn.keptAt() + d;
    Vectors.addScaled(-step, turn.before(), turn.beforeAt() + d, said, x, d);
    double[] g = turn.subgradient(said, x);
    Vectors.addScaled(1, g, 0, said, y, d);
    Vectors.addScaled(-1, kept, gAt, said, y, d);
    Vectors.setScaled(1, g, 0, kept, gAt, d);
    Vectors.setScaled(1, said, x, kept, turn.keptAt(), d);
  }

  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public boolean saysEstimate() {
    return true;
  }

  /** The gradient is y_i, and what mixing has taken from it so far. */
  @Override
  public void solve(Heard heard, Solved to) {
    int d = heard.dimension();
    int x = heard.at();
    int y = x + d;
    double[] g = Arrays.copyOfRange(heard.said(0), y, y + d);
    to.add(0, heard.said(0), x, 1, g);
    for (int t = 1; t <= heard.ticks(); t++) {
      Vectors.addScaled(1, heard.said(t), y, g, 0, d);
      Vectors.addScaled(-1, heard.mix(t), d, g, 0, d);
      to.add(t, heard.said(t), x, 1, g);
    }
  }

  /** a: y_i(0) is the gradient. */
  @Override
  public double first() {
    return step;
  }

  /** The sum of all y_i but the last. */
  @Override
  public void potential(Heard heard, double[] phi) {
    for (int t = 0; t < heard.ticks(); t++) {
      Vectors.addScaled(1, heard.said(t), heard.at() + phi.length, phi, 0, phi.length);
    }
  }

  @Override
  public double averagingWeight(long tick) {
    return 1;
  }
}
