package io.sotto.algorithm;

import io.sotto.problem.Curvature;
import io.sotto.problem.PivotedCholesky;
import io.sotto.problem.Vectors;
import java.util.Arrays;

/**
 * Newton's method on sums over all agents, as {@link SummingRounds} make them. In round t everybody
 * says F_i, its gradient g_i and its second derivatives H_i at y_t, and y_(t+1) minimises over X
 *
 * <pre>
 *   g.(z - y_t) + (z - y_t).H (z - y_t) / 2 + r(z),
 * </pre>
 *
 * <p>r being the penalty that is not smooth: by Cholesky's method where there is neither r nor X,
 * along flat directions not at all; else by {@link ProximalModel}. If F at y_(t+1) is higher than
 * at the best point, the next point is half-way back to that. Rounds end where the decrement says
 * that nothing is to be gained any more but rounding.
 *
 * <p>Above some number of coordinates nobody sums second derivatives. {@link LimitedMemory} then
 * has a model of them out of the last gradients, and rounds are more.
 *
 * <p>Agents take a new point for their estimate at once where the step before was right and this
 * one is expected to gain at most half as much; else once F is known to be lower there.
 *
 * <p>If numbers of agents are beyond what {@link Scales} allow, the same point is asked again with
 * larger bounds. If they are still beyond, F is taken to be high there.
 *
 * <p>Conditions: F convex, with two continuous derivatives but for r. Newton's method with damping
 * and the proximal one converge to an optimum (Lee, Sun and Saunders 2014), near it quadratically.
 *
 * <p>Cost for each agent and round: one value, one gradient, one matrix of second derivatives. It
 * says {@code d (d + 1) / 2 + d + 3} numbers up, 2 d + 4 down; without second derivatives d + 3 up.
 *
 * @param coordinates up to how many second derivatives are summed
 */
public record SecureNewton(int coordinates) implements Rule {
  // what the root keeps: figures, the best point, and the gradient there with the pairs
  private static final int BEST = 0;
  private static final int SCALES = 1;
  private static final int RAISED = 2;
  private static final int STALLED = 3;
  private static final int BACK = 4;
  private static final int GAINED = 5;
  private static final int POINT = 6;

  /** By how many bits bounds are raised. */
  private static final int BITS = 20;

  /** So often, at a point beyond them that is not the first. */
  private static final int RAISES = 1;

  /** What costs are off by themselves, relative to their sum. */
  private static final double ROUNDING = 1e-14;

  /** A gain of this part of F is none. */
  private static final double NOTHING = 1e-15;

  /** After so many rounds without one the last point is the result. */
  private static final int STALLS = 3;

  /** A way that was halved so often leads nowhere. */
  private static final int HALVED = 50;

  @Override
  public SecureNewton upTo(int other) {
    return new SecureNewton(other);
  }

  private boolean sumsHessians(int d) {
    return d <= coordinates;
  }

  @Override
  public int words(int d) {
    return 1 + d + (sumsHessians(d) ? Curvature.size(d) : 0);
  }

  @Override
  public int gradient() {
    return 1;
  }

  @Override
  public int keeps(int d) {
    return POINT + d + (sumsHessians(d) ? 0 : d + LimitedMemory.size(d));
  }

  @Override
  public void start(double[] kept, int at) {
    kept[at + BEST] = Double.NaN;
  }

  @Override
  public boolean part(Turn turn, double[] x, Scales scales, double[] out, int at) {
    int d = x.length;
    double most = Scales.most(turn.agents());
    boolean fits = Scales.write(turn.value(x, 0), scales.value(), most, out, at);
    if (!fits) {
      return false;
    }
    double[] g = turn.gradient(x, 0);
    for (int j = 0; j < d && fits; j++) {
      fits = Scales.write(g[j], scales.gradient(), most, out, at + 1 + j);
    }
    if (fits && sumsHessians(d)) {
      double[] h = new double[Curvature.size(d)];
      turn.addHessian(x, h);
      for (int k = 0; k < h.length && fits; k++) {
        fits = Scales.write(h[k], scales.hessian(), most, out, at + 1 + d + k);
      }
    }
    return fits;
  }

  @Override
  public Next next(Turn turn, double[] y, Sum sum) {
    double[] kept = turn.kept();
    int at = turn.rootAt();
    int d = y.length;
    Scales scales = sum.scales();
    double best = kept[at + BEST];
    boolean first = Double.isNaN(best);
    if (sum.beyond() > 0 && (first || kept[at + RAISED] < RAISES)) {
      kept[at + RAISED]++;
      return new Next(scales.coarser(BITS), false, first ? y.clone() : best(kept, at, d));
    }
    if (sum.beyond() > 0) {
      return back(kept, at, y);
    }
    kept[at + RAISED] = 0;
    double value = Scales.read(sum.words(), sum.at(), scales.value());
    double unsure = Scales.rounding(turn.agents(), scales.value()) + ROUNDING * Math.abs(value);
    if (!first && !(value <= best + unsure)) {
      return back(kept, at, y);
    }
    boolean straight = kept[at + BACK] == 0;
    kept[at + BACK] = 0;
    kept[at + GAINED] = first ? 0 : best - value;
    kept[at + STALLED] = first || value < best - unsure ? 0 : kept[at + STALLED] + 1;
    double[] g = new double[d];
    for (int j = 0; j < d; j++) {
      g[j] = Scales.read(sum.words(), sum.at() + 1 + j, scales.gradient());
    }
    if (!sumsHessians(d)) {
      learn(kept, at, y, g, first);
    }
    kept[at + BEST] = value;
    System.arraycopy(y, 0, kept, at + POINT, d);
    Scales fit = turn.scales().fit(turn.agents(), value, trace(sum, d));
    kept[at + SCALES] = Double.longBitsToDouble(fit.bits());
    if (kept[at + STALLED] >= STALLS) {
      return new Next(fit, true, y.clone());
    }
    double gain = move(turn, y, g, value, sum);
    boolean last = !(gain > NOTHING * Math.abs(value));
    boolean sure = straight && gain <= kept[at + GAINED] / 2;
    return new Next(fit, last, last || sure ? y.clone() : best(kept, at, d));
  }

  private static double[] best(double[] kept, int at, int d) {
    return Arrays.copyOfRange(kept, at + POINT, at + POINT + d);
  }

  /** The trace of the sum of second derivatives, which no agent's is above. */
  private double trace(Sum sum, int d) {
    double trace = 0;
    for (int j = 0; j < d && sumsHessians(d); j++) {
      int at = sum.at() + 1 + d + Curvature.at(j, j);
      trace += Scales.read(sum.words(), at, sum.scales().hessian());
    }
    return trace;
  }

  /**
   * Half-way back to the best point, with the scales that did there; with larger bounds if they
   * were too small even so, farther out.
   */
  private static Next back(double[] kept, int at, double[] y) {
    boolean moves = false;
    for (int j = 0; j < y.length; j++) {
      double middle = kept[at + POINT + j] / 2 + y[j] / 2;
      moves |= middle != y[j] && middle != kept[at + POINT + j];
      y[j] = middle;
    }
    kept[at + BACK]++;
    boolean last = !moves || kept[at + BACK] >= HALVED;
    if (last) {
      System.arraycopy(kept, at + POINT, y, 0, y.length);
    }
    Scales scales = Scales.of(Double.doubleToRawLongBits(kept[at + SCALES]));
    return new Next(
        kept[at + RAISED] > 0 ? scales.coarser(BITS) : scales, last, best(kept, at, y.length));
  }

  private static LimitedMemory memory(double[] kept, int at, int d) {
    return new LimitedMemory(kept, at + POINT + 2 * d, d);
  }

  /** Takes the move from the best point to y, and the change of the gradient. */
  private static void learn(double[] kept, int at, double[] y, double[] g, boolean first) {
    int d = y.length;
    if (!first) {
      double[] s = y.clone();
      Vectors.addScaled(-1, kept, at + POINT, s, 0, d);
      double[] c = g.clone();
      Vectors.addScaled(-1, kept, at + POINT + d, c, 0, d);
      memory(kept, at, d).add(s, c);
    }
    System.arraycopy(g, 0, kept, at + POINT + d, d);
  }

  /** Moves y to where the model is least; returns at least half of what the model gains. */
  private double move(Turn turn, double[] y, double[] g, double value, Sum sum) {
    int d = y.length;
    if (!sumsHessians(d)) {
      LimitedMemory memory = memory(turn.kept(), turn.rootAt(), d);
      double square = Vectors.dot(g, 0, g, 0, d);
      double guess = square / (Math.abs(value) > 0 ? Math.abs(value) : Math.sqrt(square));
      if (square == 0 && !turn.hasRest()) {
        return 0;
      }
      double first = guess > 0 ? guess : 1;
      return turn.hasRest()
          ? proximal(turn, memory.matrix(first), memory.curvature(first), y, g)
          : along(memory.way(g, first), y, g);
    }
    double[] h = new double[Curvature.size(d)];
    Arrays.setAll(h, k -> Scales.read(sum.words(), sum.at() + 1 + d + k, sum.scales().hessian()));
    if (turn.hasRest()) {
      double largest = 0;
      for (int j = 0; j < d; j++) {
        largest = Math.max(largest, h[Curvature.at(j, j)]);
      }
      return proximal(turn, ProximalModel.Matrix.packed(h), largest > 0 ? largest : 1, y, g);
    }
    double off = 4 * Scales.rounding(turn.agents(), sum.scales().hessian());
    PivotedCholesky factor = PivotedCholesky.of(positive(h, d), d, off);
    if (factor == null) {
      return 0;
    }
    double decrement = factor.decrement(g, Double.POSITIVE_INFINITY);
    System.arraycopy(factor.step(y, g), 0, y, 0, d);
    return decrement * decrement / 2;
  }

  /** The diagonal is nowhere below 0, but for rounding. */
  private static double[] positive(double[] h, int d) {
    for (int j = 0; j < d; j++) {
      h[Curvature.at(j, j)] = Math.max(0, h[Curvature.at(j, j)]);
    }
    return h;
  }

  private static double along(double[] way, double[] y, double[] g) {
    Vectors.addScaled(1, way, 0, y, 0, y.length);
    return -Vectors.dot(g, 0, way, 0, y.length) / 2;
  }

  private static double proximal(
      Turn turn, ProximalModel.Matrix matrix, double lipschitz, double[] y, double[] g) {
    ProximalModel.Rest rest = (x, curvature) -> turn.proxRest(x, 0, turn.agents() / curvature);
    double[] way = new ProximalModel(rest, matrix, lipschitz, y, g).minimise();
    Vectors.addScaled(1, way, 0, y, 0, y.length);
    turn.project(y, 0);
    return way[y.length];
  }
}
