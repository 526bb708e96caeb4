package io.sotto.result;

import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Intersection;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a lower bound of the least value over X of a linear function plus a penalty. Of the sets
 * that make up X it uses nothing but their projections. With c = share l2, r the rest of the
 * penalty, and the blocks g_i = r and the indicators of the sets of which X is the intersection,
 *
 * <pre>
 *   x := -s / c - sum_i q_i                               (q_i as the last bound left c q_i, first 0)
 *   block i:   z := x + q_i;   x_i := argmin of g_i / c + |. - z|^2 / 2;   x := x_i;   q_i := z - x_i
 *   bound   =  s.x + c/2 |x|^2 + sum_i ( c q_i . (x - x_i) + g_i(x_i) )
 * </pre>
 *
 * <p>This is Dykstra's method, seen as ascent of the dual (Bauschke and Combettes 2008, "A
 * Dykstra-like algorithm for two monotone operators"): c q_i is a subgradient of g_i at x_i, so
 * that g_i(w) >= g_i(x_i) + c q_i.(w - x_i) for all w, and x minimises s.w + c/2 |w|^2 + sum_i c
 * q_i.w. So each cycle ends in a true bound, however far from its limit it is, and where it
 * converges, the bound is the least value itself.
 *
 * <p>Without l2, and if some minimiser w* of F has |w*| <= R, any c above 0 serves: s.w* is then at
 * least s.w* + c/2 (|w*|^2 - R^2). The best of a few c is taken, found by doubling and halving from
 * the one that was best the last time.
 *
 * <p>Subtracted are {@value #ROUNDING} times the absolute values of all that was summed, and what a
 * projection of far points loses, so that rounding does not lift the bound above the truth.
 *
 * <p>Cost: 10 n flops for each block and cycle, and a projection; most often two cycles.
 */
final class LeastValue {
  private static final double ROUNDING = 2e-13;
  private static final double FAR_ROUNDING = 4e-15;
  private static final int CYCLES = 100;
  private static final double STILL = 1e-13;
  private static final double PACE = 4;
  private static final int TRIALS = 12;
  private static final double LEAST = 1e-9;
  private static final double MOST = 10;
  private static final double TINY = 1e-100;

  private final List<ConstraintSet> members;
  private final int n;
  private final double reach;

  /** What one search leaves for the next, which begins where it ended. */
  static final class Duals {
    /** The c that was best the last time there was no l2. */
    private double weak = 1;

    /** By block, c q_i. */
    private final double[] values;

    private Duals(double[] values) {
      this.values = values;
    }

    /** For those who set all fields. */
    Duals() {
      this(new double[0]);
    }

    Duals copy() {
      Duals copy = new Duals(values.clone());
      copy.weak = weak;
      return copy;
    }
  }

  /**
   * @param sets of which X is the intersection
   * @param n the number of coefficients
   */
  LeastValue(List<ConstraintSet> sets, int n) {
    this.members = new ArrayList<>();
    ConstraintSet all = Intersection.of(sets);
    if (all instanceof Intersection several) {
      members.addAll(several.members());
    } else if (!(all instanceof WholeSpace)) {
      members.add(all);
    }
    this.n = n;
    this.reach = members.stream().mapToDouble(set -> set.reach(n)).min().orElse(infinity());
  }

  private static double infinity() {
    return Double.POSITIVE_INFINITY;
  }

  /** What the first search begins with. */
  Duals start() {
    return new Duals(new double[Math.multiplyExact(members.size() + 1, n)]);
  }

  /** An upper bound on the norm of the points of X; +infinity if none is known. */
  double reach() {
    return reach;
  }

  /**
   * A bound below {@code m(w) + share penalty(w)} over all w of X, or at least over all those whose
   * absolute values sum to no more than {@code absolute}, where that and not l2 bounds it.
   *
   * @param m does not depend on coordinates beyond the coefficients
   * @param absolute in units of the coefficients, as l1 has them
   * @param duals as the search before left them; takes those that this one ends with
   * @return -infinity if nothing bounds it
   */
  double of(Minorant m, Regularizer penalty, double share, double absolute, Duals duals) {
    double uniform = share * penalty.uniform();
    if (uniform > 0) {
      return bound(m, penalty, share, uniform, 0, duals);
    }
    double radius = Math.min(absolute / leastUnit(penalty), reach);
    return Math.max(
        absolutely(m, penalty, share, absolute), weakly(m, penalty, share, radius, duals));
  }

  /** By the penalty on absolute values alone: steeper slopes than it has cost what it may be. */
  private double absolutely(Minorant m, Regularizer penalty, double share, double absolute) {
    if (!(absolute < infinity())) {
      return Double.NEGATIVE_INFINITY;
    }
    double excess = 0;
    for (int j = 0; j < n; j++) {
      double slope = Math.abs(m.slope()[j]) / penalty.unit(j);
      excess = Math.max(excess, slope - share * penalty.l1());
    }
    double lost = absolute * excess;
    return m.constant() - lost - ROUNDING * (m.size() + lost);
  }

  private double leastUnit(Regularizer penalty) {
    double least = 1;
    for (int j = 0; j < n; j++) {
      least = j == 0 ? penalty.unit(0) : Math.min(least, penalty.unit(j));
    }
    return least;
  }

  /**
   * The same over all those w of X with norms up to {@code near} only, whatever bounds the others.
   *
   * @param duals as a search before left them; stay as they are
   */
  double within(Minorant m, Regularizer penalty, double share, double near, Duals duals) {
    if (members.isEmpty() && !penalty.groups().penalise()) {
      double separate = m.constant();
      for (int j = 0; j < n; j++) {
        separate += least(m.slope()[j], penalty, share, j, near);
      }
      double together = m.constant() - near * Math.sqrt(Vectors.dot(m.slope(), 0, m.slope(), 0, n));
      return Math.max(separate, together) - ROUNDING * m.size();
    }
    double uniform = share * penalty.uniform();
    return uniform > 0
        ? bound(m, penalty, share, uniform, 0, duals.copy())
        : weakly(m, penalty, share, Math.min(near, reach), duals.copy());
  }

  /** The least of {@code slope y + share penalty(y)} of coordinate j alone, for |y| up to near. */
  private static double least(double slope, Regularizer penalty, double share, int j, double near) {
    double unit = penalty.unit(j);
    double ridge = share * penalty.l2() * unit * unit;
    double steep = Math.max(0, Math.abs(slope) - share * penalty.l1() * unit);
    double y = Math.min(near, ridge > 0 ? steep / ridge : near);
    return ridge / 2 * y * y - steep * y;
  }

  private double weakly(Minorant m, Regularizer penalty, double share, double radius, Duals duals) {
    if (!(radius < infinity())) {
      return Double.NEGATIVE_INFINITY;
    }
    double steep = Math.sqrt(Vectors.dot(m.slope(), 0, m.slope(), 0, n));
    double scale =
        Math.max(Math.max(steep, Vectors.norm(duals.values)), TINY)
            / Math.max(radius, TINY); // beyond it c is of no use
    double from = Math.min(Math.max(duals.weak, LEAST * scale), MOST * scale);
    double best = bound(m, penalty, share, from, radius, duals);
    double c = from;
    double factor = 1 / PACE;
    for (int k = 0; k < TRIALS; k++) {
      double other = bound(m, penalty, share, c * factor, radius, duals);
      if (other > best) {
        best = other;
        c *= factor;
      } else if (factor < 1 && c == from) {
        factor = PACE;
      } else {
        break;
      }
    }
    duals.weak = c;
    return best;
  }

  private double bound(
      Minorant m, Regularizer penalty, double share, double c, double radius, Duals duals) {
    double[] s = m.slope();
    double uniform = penalty.uniform();
    int blocks = members.size() + 1;
    double[] x = new double[n];
    double[] z = new double[n];
    double[] q = new double[duals.values.length];
    double[] atOwn = new double[blocks]; // c q_i.x_i - g_i(x_i)
    double[] size = new double[blocks];
    double[] work = new double[members.stream().mapToInt(set -> set.scratch(n)).max().orElse(0)];
    Vectors.setScaled(-1 / c, s, 0, x, 0, n);
    Vectors.setScaled(1 / c, duals.values, 0, q, 0, q.length);
    double far = Math.sqrt(Vectors.dot(x, 0, x, 0, n));
    for (int i = 0; i < blocks; i++) {
      far += Math.sqrt(Vectors.dot(q, i * n, q, i * n, n));
      Vectors.addScaled(-1, q, i * n, x, 0, n);
    }
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      double changes = 0;
      for (int i = 0; i < blocks; i++) {
        Vectors.addScaled(1, q, i * n, x, 0, n);
        System.arraycopy(x, 0, z, 0, n);
        double value = 0;
        if (i == 0) {
          penalty.shrinkRest(share / c, x, 0, n);
          value = share * (penalty.value(x, 0, n) - (uniform > 0 ? uniform / 2 * square(x) : 0));
        } else {
          members.get(i - 1).project(x, 0, n, work, 0);
        }
        double inner = 0;
        double absolute = 0;
        double length = 0;
        for (int j = 0; j < n; j++) {
          double next = z[j] - x[j];
          double change = next - q[i * n + j];
          changes += change * change;
          q[i * n + j] = next;
          inner += next * x[j];
          absolute += Math.abs(next * x[j]);
          length += next * next;
        }
        atOwn[i] = c * inner - value;
        size[i] =
            c * absolute
                + value
                + FAR_ROUNDING / ROUNDING * c * far * (Math.sqrt(length) + Math.sqrt(square(x)));
      }
      if (!(changes > STILL * STILL * far * far)) {
        break;
      }
    }
    Vectors.setScaled(c, q, 0, duals.values, 0, q.length);
    double bound = m.constant() + c / 2 * (square(x) - radius * radius);
    double sum = m.size() + c / 2 * (square(x) + radius * radius);
    for (int j = 0; j < n; j++) {
      double slope = s[j];
      for (int i = 0; i < blocks; i++) {
        slope += c * q[i * n + j];
      }
      bound += slope * x[j];
      sum += Math.abs(slope * x[j]);
    }
    for (int i = 0; i < blocks; i++) {
      bound -= atOwn[i];
      sum += size[i];
    }
    return bound - ROUNDING * sum;
  }

  private static double square(double[] x) {
    return Vectors.dot(x, 0, x, 0, x.length);
  }
}
