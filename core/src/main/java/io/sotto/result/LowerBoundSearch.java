package io.sotto.result;

import io.sotto.engine.Question;
import io.sotto.problem.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best lower bound of F* from measurements, by convexity alone, whatever the method does.
 * With h the sum of the f_i without the penalty R, and g_t a subgradient of h at any point v_t,
 * {@code h(v_t) + g_t.(y - v_t)} is a minorant, affine and nowhere above h. If weights sum to 1,
 *
 * <pre>
 *   F* >= min over y in X of  sum_t weight_t ( h(v_t) + g_t.(y - v_t) ) + R(y)
 * </pre>
 *
 * <p>(Nemirovski, Onn and Rothblum 2010, "Accuracy certificates for computational problems with
 * convex structure"). {@link LeastValue} bounds the minimum from below. For linear models this is
 * the dual bound with the losses' derivatives as duals. Used are
 *
 * <ul>
 *   <li>the minorant at the network mean, which is enough where F is smooth: its gap then falls
 *       with the square of the gradient, divided by l2;
 *   <li>where F is not smooth, also the average of minorants, which restarts at powers of two of
 *       the number of measurements;
 *   <li>where the method takes proximal steps, the minorant that their duals give.
 * </ul>
 *
 * <p>The intercept has neither penalty nor set, so a minorant must not depend on it: each is mixed
 * with one whose slope there has the other sign. To have one near, each measurement also takes the
 * minorant at the mean with its intercept moved so far that the sign should change. {@link Corners}
 * do this for several.
 *
 * <p>Where l2 is 0, R and X bound y: a set by its {@link io.sotto.problem.ConstraintSet#reach}, the
 * penalty on absolute values by {@code l1 |w*| <= F(estimate) - lowest h}. A search is a value.
 */
public final class LowerBoundSearch {
  /** How much larger than the estimate an optimum is taken to be at most, where nothing says so. */
  private static final double NEAR = 10;

  /** A bound that there is already may become good enough: so many measurements are waited for. */
  private static final int BOUNDED = 4;

  /** Second derivatives of so many coordinates cost about as much as a measurement. */
  private static final int DEAR = 64;

  /** Corners are asked for from so many measurements on. */
  private static final int FEWEST = 4;

  private static final double ROUNDING = 2e-13;

  private final int dimension;
  private final int free;
  private final boolean smooth;

  // what follows is set while one is made of another, and then no more
  private double best = Double.NEGATIVE_INFINITY;
  private LowerBound.Kind kind = LowerBound.Kind.NONE;
  private String reason = "there was no measurement";
  private double lowest = Double.NaN;
  private double objective = Double.POSITIVE_INFINITY;

  /** The latest minorants that fall and rise along the intercept. */
  private @Nullable Minorant falling;

  private @Nullable Minorant rising;
  private double move = 1;

  /** For several unbounded coordinates: frees minorants from them. */
  private @Nullable Corners corners;

  private @Nullable Minorant average;
  private long averaged;
  private long taken;
  private LeastValue.Duals duals;

  /** See {@link #nearby()}. */
  private double nearby = Double.NEGATIVE_INFINITY;

  private boolean penalises;

  /** Whether costs have no exact subgradients, so that there are no bounds. */
  private boolean inexact;

  /** How many measurements there were, and at which one second derivatives were asked for last. */
  private int measured;

  private int asked;

  /** Those, if they were. */
  private @Nullable Newton newton;

  /** How far the optimum is from the estimate that is reported; NaN if that is not known. */
  private double distance = Double.NaN;

  /**
   * Of a run that nothing is known of yet.
   *
   * @param dimension coordinates of x
   * @param coefficients how many of them sets and penalty apply to
   * @param smooth whether F is
   */
  LowerBoundSearch(int dimension, int coefficients, boolean smooth, LeastValue.Duals duals) {
    this.dimension = dimension;
    this.free = dimension - coefficients;
    this.smooth = smooth;
    this.duals = duals;
  }

  /** For those who set all fields. */
  private LowerBoundSearch() {
    this(0, 0, true, new LeastValue.Duals());
  }

  private LowerBoundSearch(LowerBoundSearch other) {
    this.dimension = other.dimension;
    this.free = other.free;
    this.smooth = other.smooth;
    this.best = other.best;
    this.kind = other.kind;
    this.reason = other.reason;
    this.lowest = other.lowest;
    this.objective = other.objective;
    this.falling = other.falling;
    this.rising = other.rising;
    this.move = other.move;
    this.corners = other.corners;
    this.average = other.average;
    this.averaged = other.averaged;
    this.taken = other.taken;
    this.duals = other.duals.copy();
    this.nearby = other.nearby;
    this.inexact = other.inexact;
    this.penalises = other.penalises;
    this.measured = other.measured;
    this.asked = other.asked;
    this.newton = other.newton;
    this.distance = other.distance;
  }

  /** Of costs that are not convex: there is no bound, and nothing is asked to find one. */
  static LowerBoundSearch notConvex(LeastValue.Duals duals) {
    LowerBoundSearch none = new LowerBoundSearch(0, 0, false, duals);
    none.inexact = true;
    none.reason = LowerBound.NOT_CONVEX;
    return none;
  }

  /** The best bound so far. */
  public LowerBound bound() {
    return new LowerBound(kind, best, kind == LowerBound.Kind.NONE ? reason : "", distance);
  }

  /**
   * A lower bound of F over all points whose norm, in the coordinates of the run, is at most
   * {@value #NEAR} times that of the last measured point (at least {@value #NEAR}), or an estimate
   * by second derivatives. No certificate: the optimum may be farther away. -infinity if unknown.
   */
  double nearby() {
    return Math.max(nearby, best);
  }

  /** True if the penalty can make coefficients exactly 0. */
  boolean penalises() {
    return penalises;
  }

  /** True if subgradients are not exact, so that there is no bound. */
  boolean isInexact() {
    return inexact;
  }

  /**
   * True if second derivatives are worth asking for: at first when they cost no more than the
   * measurements so far, then each time that these have doubled, and whenever a certificate is
   * near.
   *
   * @param gradient of F at the mean
   * @param enough the gain at which a certificate is near
   */
  boolean wantsCurvature(double[] gradient, double value, double enough) {
    int first = (best > Double.NEGATIVE_INFINITY ? BOUNDED : 1) + dimension / DEAR;
    if (asked == 0 || newton == null) {
      return measured >= Math.max(first, 2 * asked);
    }
    double decrement = newton.decrement(gradient, value);
    return measured >= 2 * asked || decrement * decrement / 2 <= 2 * enough;
  }

  /** The same with the second derivatives of F at a point; null if they are of no use. */
  LowerBoundSearch curved(@Nullable Newton there, double value, double decrement) {
    LowerBoundSearch next = new LowerBoundSearch(this);
    next.newton = there;
    next.asked = Math.max(1, measured);
    if (decrement >= 0) {
      next.nearby = Math.max(nearby, value - decrement * decrement / 2);
    }
    return next;
  }

  /**
   * The same with Newton's bound from a point.
   *
   * @param moved how far that is from the estimate that is reported; NaN if that says nothing
   */
  LowerBoundSearch certified(double value, double decrement, double steepness, double moved) {
    LowerBoundSearch next = new LowerBoundSearch(this);
    double bound = value - Newton.gap(decrement, steepness) - ROUNDING * Math.abs(value);
    next.distance = moved + Newton.distance(decrement, steepness);
    if (bound > best) {
      next.best = bound;
      next.kind = LowerBound.Kind.NEWTON;
    }
    return next;
  }

  /** The same at the next measurement. */
  LowerBoundSearch next() {
    LowerBoundSearch next = new LowerBoundSearch(this);
    next.measured++;
    return next;
  }

  /** True until the intercept is bounded from both sides. */
  boolean isOpen() {
    return free == 1 && (falling == null || rising == null);
  }

  /** Where to take a minorant beside that at x; null if nowhere. */
  double @Nullable [] beside(double[] x) {
    if (free != 1) {
      return null;
    }
    double[] other = x.clone();
    other[dimension - 1] += move;
    return other;
  }

  /** What to ask beside other things: minorants at the first point and, if there is one, beside. */
  static int[] minorantsAt(int points, boolean beside) {
    return beside ? new int[] {0, points - 1} : new int[] {0};
  }

  /** How many minorants are wanted as corners, each with one unbounded coordinate moved. */
  int cornersWanted() {
    return free > 1 && free <= Corners.MOST ? free : 0;
  }

  /** True if corners are wanted at a measurement: at some, and nearer ones the longer it lasts. */
  boolean wantsCorners() {
    return cornersWanted() > 0 && measured >= FEWEST && Integer.bitCount(measured) == 1;
  }

  /** The same with the corners, in the order of coordinates. */
  LowerBoundSearch surrounded(Minorant[] minorants) {
    LowerBoundSearch next = new LowerBoundSearch(this);
    Corners nearer = Corners.of(minorants, dimension - free);
    next.corners = nearer == null ? corners : nearer;
    return next;
  }

  /** The minorant that an answer gives at the first point; null if costs have no exact ones. */
  @Nullable Minorant minorant(Question question, Question.Answer answer) {
    Question.Minorants given = answer.minorants();
    return given == null
        ? null
        : Minorant.of(given, 0, question.points()[0], answer.values()[0], dimension - free);
  }

  /** True if a number that the losses are never below would help. */
  boolean wantsLowest(LeastValue least) {
    return Double.isNaN(lowest) && Double.isInfinite(least.reach());
  }

  /**
   * The same after an answer to a question that asked for minorants.
   *
   * @param reached the objective at an estimate, for what lies on levels above it is no optimum
   * @param least of the sets of which X is the intersection
   */
  LowerBoundSearch learn(
      Question question, Question.Answer answer, double reached, LeastValue least) {
    LowerBoundSearch next = new LowerBoundSearch(this);
    next.take(question, answer, reached, least);
    return next;
  }

  private void take(Question question, Question.Answer answer, double reached, LeastValue least) {
    Question.Minorants given = answer.minorants();
    nearby = Double.NEGATIVE_INFINITY;
    distance = Double.NaN;
    if (given == null) {
      inexact = true;
      reason = "the costs give no exact subgradients";
      return;
    }
    penalises = given.penalty().penalises();
    if (free > 1 && corners == null) {
      reason = free + " coordinates have no penalty and no set, and no measurement bounds them";
      return;
    }
    objective = Math.min(objective, reached);
    double[] around = question.points()[0];
    double near =
        NEAR * Math.max(1, Math.sqrt(Vectors.dot(around, 0, around, 0, dimension - free)));
    if (question.lowest()) {
      lowest = given.lowest();
    }
    int last = dimension - 1;
    int[] at = question.minorants();
    Minorant[] minorants = new Minorant[at.length];
    for (int k = 0; k < at.length; k++) {
      minorants[k] =
          Minorant.of(given, k, question.points()[at[k]], answer.values()[at[k]], dimension - free);
    }
    if (free == 1) {
      for (Minorant minorant : minorants) {
        if (minorant.isFinite()) {
          falling = minorant.slope()[last] < 0 ? minorant : falling;
          rising = minorant.slope()[last] > 0 ? minorant : rising;
        }
      }
      if (minorants.length == 2) {
        plan(minorants[0].slope()[last], minorants[1].slope()[last]);
      }
    }
    for (Minorant minorant : minorants) {
      offer(LowerBound.Kind.TANGENT, minorant, given, near, least);
    }
    if (!smooth && minorants[0].isFinite()) {
      if (Long.bitCount(++taken) == 1) {
        averaged = 0;
      }
      averaged++;
      average =
          average == null || averaged == 1
              ? minorants[0]
              : average.mixed(minorants[0], 1.0 / averaged);
      offer(LowerBound.Kind.AVERAGE, average, given, near, least);
    }
    if (given.dualConstant() > Double.NEGATIVE_INFINITY) {
      double size = Math.abs(given.dualConstant()) + Math.abs(reached);
      Minorant dual = new Minorant(given.dual(), given.dualConstant(), size);
      offer(LowerBound.Kind.DUAL, dual, given, near, least);
    }
  }

  /** How far to move the intercept next, from its slope at x and beside. */
  private void plan(double slope, double beside) {
    double curvature = (beside - slope) / move;
    double next = -2 * slope / curvature;
    if (curvature > 0 && Double.isFinite(next) && next != 0) {
      move = next;
    } else if (!Double.isFinite(beside)) {
      move /= 8;
    } else if (slope != 0) {
      move = -Math.copySign(2 * move, slope);
    }
  }

  private void offer(
      LowerBound.Kind of,
      Minorant minorant,
      Question.Minorants given,
      double near,
      LeastValue least) {
    if (!minorant.isFinite()) {
      return;
    }
    Minorant level = corners == null ? minorant : corners.level(minorant);
    if (level == null) {
      reason = "the bounds on the intercepts are too loose";
      return;
    }
    double slope = free == 1 ? minorant.slope()[dimension - 1] : 0;
    if (slope != 0) {
      Minorant other = slope > 0 ? falling : rising;
      if (other == null) {
        reason = "no measurement so far bounds the intercept from both sides";
        return;
      }
      level = minorant.level(other);
    }
    double l1 = given.share() * given.penalty().l1();
    double absolute =
        l1 > 0 && lowest > Double.NEGATIVE_INFINITY
            ? Math.max(0, objective - lowest) / l1
            : Double.POSITIVE_INFINITY;
    double value = least.of(level, given.penalty(), given.share(), absolute, duals);
    nearby = Math.max(nearby, least.within(level, given.penalty(), given.share(), near, duals));
    if (value > best) {
      best = value;
      kind = of;
    } else if (value == Double.NEGATIVE_INFINITY) {
      reason = "l2 is 0, and no set with a known bound holds the coefficients";
    }
  }
}
