package io.sotto.privacy.attack;

import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.List;

/**
 * The directions that are normal to a set at a point, found by stepping out of the set in many
 * directions and looking from where the projection came back: an orthonormal basis.
 */
final class NormalSpace {
  private static final double STEP = 1e-4;

  /** What is shorter than this part of a step does not count. */
  private static final double SHORT = 1e-2;

  private static final int MOST_PROBES = 256;

  private final int n;
  private final List<double[]> basis = new ArrayList<>();

  /**
   * @param set a set
   * @param x the point, of which the first n coordinates count
   */
  NormalSpace(ConstraintSet set, double[] x, int n) {
    this.n = n;
    double[] at = set.projected(x, n);
    double size = Math.max(1, norm(at));
    double[] probe = new double[at.length];
    System.arraycopy(at, 0, probe, 0, n);
    look(set, at, probe, size);
    for (int j = 0; j < Math.min(n, MOST_PROBES); j++) {
      for (int sign = -1; sign <= 1; sign += 2) {
        probe = new double[at.length];
        probe[j] = sign;
        look(set, at, probe, size);
      }
    }
  }

  private double norm(double[] x) {
    return Math.sqrt(Vectors.dot(x, 0, x, 0, n));
  }

  private void look(ConstraintSet set, double[] at, double[] direction, double size) {
    double length = norm(direction);
    if (length == 0) {
      return;
    }
    double[] beyond = at.clone();
    Vectors.addScaled(STEP * size / length, direction, 0, beyond, 0, n);
    double[] back = set.projected(beyond, n);
    double[] normal = new double[n];
    for (int j = 0; j < n; j++) {
      normal[j] = (beyond[j] - back[j]) / (STEP * size);
    }
    for (double[] known : basis) {
      Vectors.addScaled(-Vectors.dot(known, 0, normal, 0, n), known, 0, normal, 0, n);
    }
    double left = norm(normal);
    if (left > SHORT) {
      Vectors.setScaled(1 / left, normal, 0, normal, 0, n);
      basis.add(normal);
    }
  }

  boolean isEmpty() {
    return basis.isEmpty();
  }

  /** The part of a vector that lies in this space. */
  double[] part(double[] of) {
    double[] part = new double[of.length];
    for (double[] known : basis) {
      Vectors.addScaled(Vectors.dot(known, 0, of, 0, n), known, 0, part, 0, n);
    }
    return part;
  }
}
