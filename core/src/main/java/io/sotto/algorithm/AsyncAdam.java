package io.sotto.algorithm;

import io.sotto.problem.Vectors;
import java.io.Serializable;

/**
 * Adam (Kingma and Ba 2015) with decoupled decay (Loshchilov and Hutter 2019), by agents who mix
 * their estimates: at every tick, with v_i = sum_j w_ij x_j, agent i
 *
 * <pre>
 *   active:      m_i := b1 m_i + (1 - b1) g_i,   q_i := b2 q_i + (1 - b2) g_i^2,   g_i at v_i
 *                x_i := P_Xi( v_i - alpha_i ( m' / (sqrt(q') + epsilon) + decay v_i ) )
 *   idle, mix:   x_i := v_i
 *   idle, hold:  x_i stays
 * </pre>
 *
 * <p>coordinate by coordinate, m' = m_i / (1 - b1^Gamma_i) and q' = q_i / (1 - b2^Gamma_i), Gamma_i
 * being the count of i's own updates. alpha_i is as in {@link ProjectedSubgradient}, so that slow
 * clocks weigh as much as fast ones. Coordinates that are {@link Turn#direct} are moved by g_i,
 * whatever the first step.
 *
 * <p>It is for costs that are not convex, and stochastic ones above all. For convex costs it is
 * refused: each agent divides by the size of its own subgradients, so that the limit balances the
 * directions of agents and not their subgradients, which is not the optimum of the plain sum.
 *
 * <p>Cost for each active agent: one subgradient, one projection, some 12 d flops and d square
 * roots. It says d numbers, its estimate, and keeps 2 d.
 *
 * @param idle what idle agents do
 * @param step the schedule s
 * @param moments how m and q are averaged, and the decay
 */
public record AsyncAdam(IdleRule idle, StepSize step, Moments moments)
    implements Algorithm, Recursion.Steps {

  private static final double USUAL = 5e-3;

  /**
   * How subgradients are averaged.
   *
   * @param beta1 the weight of the past in m, in [0, 1)
   * @param beta2 the weight of the past in q, in [0, 1)
   * @param epsilon keeps from dividing by 0
   * @param decay pulls coordinates to 0, by this part of them times the step
   */
  public record Moments(double beta1, double beta2, double epsilon, double decay)
      implements Serializable {

    /** Good for small models of language. */
    public static final Moments USUAL = new Moments(0.9, 0.99, 1e-8, 0.1);

    /** Refuses averages that never forget, and divisions by 0. */
    public Moments {
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && decay >= 0)) {
        throw new IllegalArgumentException(
            "beta1 and beta2 must lie in [0, 1), epsilon above 0 and decay from 0 on");
      }
    }
  }

  @Override
  public AsyncAdam with(Moments other) {
    return new AsyncAdam(idle, step, other);
  }

  @Override
  public int says(int d) {
    return d;
  }

  /** m and q. */
  @Override
  public int keeps(int d) {
    return Math.multiplyExact(2, d);
  }

  @Override
  public boolean keepsEstimate() {
    return false;
  }

  @Override
  public double usualStep(int agents) {
    return USUAL;
  }

  @Override
  public void update(Turn turn) {
    double[] x = turn.said();
    int at = turn.at();
    int d = turn.dimension();
    int n = d - turn.direct();
    double[] g = turn.subgradient(x, at);
    double share = idle == IdleRule.MIX ? turn.rate() * turn.availability() : turn.availability();
    double alpha = step.at(turn) / share;
    double first = 1 / (1 - StrictMath.pow(moments.beta1, turn.updates()));
    double second = 1 / (1 - StrictMath.pow(moments.beta2, turn.updates()));
    move(x, at, g, turn.kept(), turn.keptAt(), d, n, alpha, first, second);
    Vectors.addScaled(-step.direct(turn), g, n, x, at + n, d - n);
    turn.project(x, at);
  }

  /** The first n of d coordinates. */
  private void move(
      double[] x,
      int at,
      double[] g,
      double[] kept,
      int keptAt,
      int d,
      int n,
      double alpha,
      double first,
      double second) {
    double b1 = moments.beta1;
    double b2 = moments.beta2;
    double a1 = 1 - b1;
    double a2 = 1 - b2;
    double epsilon = moments.epsilon;
    double shrink = 1 - alpha * moments.decay;
    int squareAt = keptAt + d;
    for (int j = 0; j < n; j++) {
      double m = b1 * kept[keptAt + j] + a1 * g[j];
      double q = b2 * kept[squareAt + j] + a2 * (g[j] * g[j]);
      kept[keptAt + j] = m;
      kept[squareAt + j] = q;
      x[at + j] = shrink * x[at + j] - alpha * (first * m) / (Math.sqrt(second * q) + epsilon);
    }
  }

  /** What stands for g there is Adam's direction: of subgradients it tells an average. */
  @Override
  public Recursion recursion() {
    return this;
  }

  @Override
  public boolean saysEstimate() {
    return true;
  }

  /** s(k) / p under {@code mix}, s(k) under {@code hold}. */
  @Override
  public double length(double k, double p) {
    return idle == IdleRule.MIX ? step.at(k) / p : step.at(k);
  }

  /** v_i. */
  @Override
  public void point(double[] before, int at, double[] mix, double[] point) {
    System.arraycopy(mix, 0, point, 0, point.length);
  }

  @Override
  public double averagingWeight(long tick) {
    return step.at(tick);
  }
}
