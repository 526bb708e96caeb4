package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * Gradient steps from sums with noise, as {@link SummingRounds} make them, a fixed number of them:
 *
 * <pre>
 *   y_(t+1) = P_X( y_t - a (g_t + gradient of the penalty at y_t) ),
 *   result  = the mean of y_(t+1) over the latter half of rounds,
 * </pre>
 *
 * <p>g_t being the sum over agents of the mean gradient over all rows, each clipped, with noise
 * ({@code privacy.mechanism.NoisySums}). A penalty that is not smooth takes a proximal step in
 * place of the projection. Penalty and set are public, and the root applies them. Rounds and step
 * are the same for all problems: what is chosen by looking at rows would tell of them. They were
 * good on all that were tried, as long as columns have deviations of about 1.
 *
 * <p>Conditions: F convex. Without noise it is the projected gradient method of a constant step,
 * which converges where a is below 2 / L; the noise leaves an error, and so do clipped gradients.
 *
 * <p>Cost for each agent and round: one gradient. It says d + 2 numbers up, 2 d + 4 down.
 *
 * @param rounds how many
 * @param step a
 */
public record NoisyGradient(int rounds, double step) implements Rule {
  /** How many rounds there are. */
  public static final int ROUNDS = 20;

  private static final double STEP = 2;

  // what the root keeps: how many rounds are done, and the sum of points
  private static final int DONE = 0;
  private static final int SUM = 1;

  /** With the rounds and the step that are used. */
  public static NoisyGradient usual() {
    return new NoisyGradient(ROUNDS, STEP);
  }

  @Override
  public int words(int d) {
    return d;
  }

  @Override
  public int keeps(int d) {
    return SUM + d;
  }

  @Override
  public void start(double[] kept, int at) {
    kept[at + DONE] = 0;
  }

  @Override
  public boolean part(Turn turn, double[] x, Scales scales, double[] out, int at) {
    double most = Scales.most(turn.agents());
    double[] g = turn.gradient(x, 0);
    boolean fits = true;
    for (int j = 0; j < x.length && fits; j++) {
      fits = Scales.write(g[j], scales.gradient(), most, out, at + j);
    }
    return fits;
  }

  /** A sum in which a number was too large is taken as it is: clipped ones are not too large. */
  @Override
  public Next next(Turn turn, double[] y, Sum sum) {
    double[] kept = turn.kept();
    int at = turn.rootAt();
    double done = ++kept[at + DONE];
    double[] penalty = turn.penaltyGradient(y);
    for (int j = 0; j < y.length; j++) {
      double g = Scales.read(sum.words(), sum.at() + j, sum.scales().gradient());
      y[j] -= step * (g + penalty[j]);
    }
    turn.proxRest(y, 0, step * turn.agents());
    if (done > rounds / 2) {
      Vectors.addScaled(1, y, 0, kept, at + SUM, y.length);
    }
    boolean last = done >= rounds;
    if (last) {
      Vectors.setScaled(1.0 / (rounds - rounds / 2), kept, at + SUM, y, 0, y.length);
      turn.project(y, 0);
    }
    return new Next(sum.scales(), last, y.clone());
  }
}
