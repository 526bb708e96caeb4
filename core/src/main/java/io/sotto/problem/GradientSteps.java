package io.sotto.problem;

/**
 * Proximal steps of any costs, by a few projected gradient steps from where x is: {@value #STEPS}
 * of length 1 / (proxWeight + L) where f_i is L-smooth; else twenty times as many subgradient steps
 * of lengths 2 / (proxWeight (k + 1)), averaged with weights k, which come within order 1 / k of
 * the minimum (Lacoste-Julien, Schmidt and Bach 2012).
 */
final class GradientSteps implements Proximal {
  private static final int STEPS = 20;
  private static final int MORE = 20;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final LocalObjective objective;

  GradientSteps(LocalObjective objective) {
    this.objective = objective;
  }

  @Override
  public int duals(int agent, ConstraintSet set) {
    return 0;
  }

  @Override
  public int scratch(ConstraintSet set) {
    return 2 * objective.dimension() + set.scratch(objective.dimension());
  }

  @Override
  public void step(
      int agent,
      long key,
      double[] x,
      int at,
      double[] target,
      double proxWeight,
      ConstraintSet set,
      int n,
      double[] duals,
      int dualsAt,
      double[] work) {
    int d = objective.dimension();
    double[] g = new double[d];
    double smoothness = objective.smoothness(agent);
    boolean smooth = Double.isFinite(smoothness);
    int steps = smooth ? STEPS : STEPS * MORE;
    int mean = d; // in work, after the step that is to come
    Vectors.setScaled(1, x, at, work, 0, d);
    for (int k = 1; k <= steps; k++) {
      double length = smooth ? 1 / (proxWeight + smoothness) : 2 / (proxWeight * (k + 1));
      objective.subgradient(agent, inner(key, k), work, 0, g);
      for (int j = 0; j < d; j++) {
        work[j] -= length * (g[j] + proxWeight * (work[j] - target[j]));
      }
      set.project(work, 0, n, work, 2 * d);
      double share = smooth || k == 1 ? 1 : 2.0 / (k + 1);
      for (int j = 0; j < d; j++) {
        work[mean + j] = k == 1 ? work[j] : work[mean + j] + share * (work[j] - work[mean + j]);
      }
    }
    Vectors.setScaled(1, work, mean, x, at, d);
  }

  /**
   * The key of an inner step, so that a stochastic cost sees other rows at each: the finaliser of
   * SplitMix64 over both.
   */
  private static long inner(long key, int k) {
    long z = key + GOLDEN * k;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public double addMinorant(int agent, double[] duals, int dualsAt, double[] slope) {
    return Double.NEGATIVE_INFINITY;
  }
}
