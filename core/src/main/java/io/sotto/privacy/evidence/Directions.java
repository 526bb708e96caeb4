package io.sotto.privacy.evidence;

import io.sotto.clock.Draws;
import io.sotto.problem.Vectors;

/** Random directions: attacks start searches with them, and the judge draws anew what is kept. */
public final class Directions {
  private Directions() {}

  /** A vector of length 1 in a random direction; the same for the same arguments. */
  public static double[] random(long seed, int victim, long which, int d) {
    double[] u = new double[d];
    for (int j = 0; j < d; j++) {
      long draw = 2 * (which * d + j);
      double r = 1 - Draws.uniform(seed, victim, draw, Draws.Purpose.AUDIT);
      double angle = 2 * Math.PI * Draws.uniform(seed, victim, draw + 1, Draws.Purpose.AUDIT);
      u[j] = Math.sqrt(-2 * StrictMath.log(r)) * StrictMath.cos(angle);
    }
    Vectors.setScaled(1 / Vectors.norm(u), u, 0, u, 0, d);
    return u;
  }
}
