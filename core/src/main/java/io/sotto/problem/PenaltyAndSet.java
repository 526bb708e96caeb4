package io.sotto.problem;

/**
 * The two blocks that proximal steps by dual ascent have besides their rows: what of the
 * regularizer is not the same for all coordinates and quadratic, with dual p, and the set, with
 * dual q, as in Dykstra's method.
 *
 * <pre>
 *   penalty:  z := x + p / c,   x := prox of penalty / c at z,   p := c (z - x)
 *   set:      z := x + q / c,   x := P_X(z),                     q := c (z - x)
 * </pre>
 *
 * @param regularizer holds the penalty
 * @param agentWeight the agent's share of it
 * @param coefficients how many coordinates, from the first, both apply to
 */
record PenaltyAndSet(Regularizer regularizer, double agentWeight, int coefficients) {

  /** How many numbers the two duals are. */
  int duals(ConstraintSet set) {
    return ((regularizer.hasRest() ? 1 : 0) + (set instanceof WholeSpace ? 0 : 1)) * coefficients;
  }

  /** Moves x by both duals: {@code x := x - (p + q) / c}. */
  void move(double[] x, int at, double c, double[] duals, int dualsAt, ConstraintSet set) {
    for (int from = 0; from < duals(set); from += coefficients) {
      Vectors.addScaled(-1 / c, duals, dualsAt + from, x, at, coefficients);
    }
  }

  /** Both blocks once; x then lies in the set. */
  void ascend(
      double[] x, int at, double c, double[] duals, int dualsAt, ConstraintSet set, double[] work) {
    int n = coefficients;
    int setAt = dualsAt;
    if (regularizer.hasRest()) {
      Vectors.addScaled(1 / c, duals, dualsAt, x, at, n);
      Vectors.setScaled(c, x, at, duals, dualsAt, n);
      regularizer.shrinkRest(agentWeight / c, x, at, n);
      Vectors.addScaled(-c, x, at, duals, dualsAt, n);
      setAt += n;
    }
    if (!(set instanceof WholeSpace)) {
      Vectors.addScaled(1 / c, duals, setAt, x, at, n);
      Vectors.setScaled(c, x, at, duals, setAt, n);
      set.project(x, at, n, work, 0);
      Vectors.addScaled(-c, x, at, duals, setAt, n);
    }
  }
}
