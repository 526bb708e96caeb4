package io.sotto.result;

import io.sotto.engine.Checks;
import io.sotto.engine.CurvatureRequest;
import io.sotto.engine.Plan;
import io.sotto.engine.Position;
import io.sotto.engine.Question;
import io.sotto.engine.Runner;
import io.sotto.engine.Superstep;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import io.sotto.result.Measurement.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures a run at its checks, and looks for a lower bound of F*. It asks cells for F, its
 * gradient and minorants at the points that could be reported. It keeps nothing: all that it learns
 * is in the {@link Measurement}s that it returns.
 */
public final class Certifier {
  /** How often to look, at the start, for what bounds the intercept from both sides. */
  private static final int FIRST_ROUNDS = 16;

  /** How many more minorants are asked for at the end, and the gap at which no more are needed. */
  private static final int LAST_ROUNDS = 30;

  private static final double ENOUGH = 1e-7;

  /** How many proximal steps find which coefficients are 0. */
  private static final int SPARSE_ROUNDS = 10;

  /** How many of them may leave the gap within this part of what it was. */
  private static final int LAST_IDLE = 8;

  private static final double WORTH = 0.9;

  /** The first step moves the estimate by this part of itself. */
  private static final double START = 1e-4;

  private final Runner runner;
  private final List<ConstraintSet> sets;
  private final boolean convex;
  private final boolean smooth;
  private final LeastValue least;
  private final double tolerance;
  private final boolean curved;

  /** For the run of that runner; without second derivatives. */
  public Certifier(Runner runner) {
    this(runner, 0, 0);
  }

  /**
   * For the run of that runner.
   *
   * @param tolerance the relative gap that is wanted
   * @param coordinates second derivatives are used for it if x has at most this many coordinates
   */
  public Certifier(Runner runner, double tolerance, int coordinates) {
    this.runner = runner;
    this.tolerance = tolerance;
    this.sets = runner.plan().constraints().distinct();
    this.convex = runner.plan().convex();
    this.smooth = convex && Double.isFinite(runner.lipschitz());
    this.least = new LeastValue(sets, runner.plan().coefficients());
    boolean free = sets.stream().allMatch(WholeSpace.class::isInstance);
    this.curved = smooth && free && runner.plan().dimension() <= coordinates;
  }

  /**
   * The measurement before tick 1.
   *
   * @param checks when the next one is
   */
  public Measurement first(Position start, Checks checks) {
    Plan plan = runner.plan();
    LowerBoundSearch nothing =
        convex
            ? new LowerBoundSearch(plan.dimension(), plan.coefficients(), smooth, least.start())
            : LowerBoundSearch.notConvex(least.start());
    // more is asked before the first superstep if the intercept is open
    Superstep next = nothing.isOpen() ? null : runner.next(start.tick(), start.control(), checks);
    Measurement first = measure(start, nothing, next);
    LowerBoundSearch lower = first.lower();
    for (int round = 0; round < FIRST_ROUNDS && lower.isOpen(); round++) {
      Question question = question(first.tick(), lower, 0, first.estimate(), first.estimate());
      lower = lower.learn(question, runner.ask(question, null), first.objective(), least);
    }
    return first.with(lower);
  }

  /**
   * The measurement at a later position.
   *
   * @param before the measurement before it
   * @param checks when the next one is
   */
  public Measurement measure(Position at, Measurement before, Checks checks) {
    return measure(at, before.lower(), runner.next(at.tick(), at.control(), checks));
  }

  /** What could be reported, before and after its projection onto X. */
  private record Option(Candidate name, double[] raw, double[] projected) {}

  private Measurement measure(Position at, LowerBoundSearch lower, @Nullable Superstep next) {
    List<Option> options = options(at);
    double[][] points = options.stream().map(Option::projected).toArray(double[][]::new);
    Question question = question(at.tick(), lower, points.length, at.mean(), points);
    Question.Answer answer = runner.ask(question, next);
    int best = 0;
    for (int p = 1; p < points.length; p++) {
      if (answer.values()[p] < answer.values()[best]) {
        best = p;
      }
    }
    double objective = answer.values()[best];
    LowerBoundSearch known = lower;
    if (convex) {
      known = lower.next().learn(question, answer, objective, least);
      known = corners(known, at, options.get(best).projected(), objective);
      known = curved(known, at.tick(), points[0], answer, objective, best == 0);
    }
    double scale = Math.max(1, Vectors.norm(at.mean()));
    return new Measurement(
        at.tick(),
        at.superstep(),
        options.get(best).name(),
        points[best],
        objective,
        infeasibility(options.get(best).raw()) / scale,
        answer.distance() / scale,
        smooth ? stationarity(points[0], answer) : Double.NaN,
        at.active(),
        at.updates(),
        at.mean(),
        Measured.of(answer.names(), answer.measured()[best]),
        known);
  }

  /** With corners for several intercepts, at the measurements where they are wanted. */
  private LowerBoundSearch corners(
      LowerBoundSearch known, Position at, double[] x, double objective) {
    if (!known.wantsCorners() || known.bound().gap(objective) <= tolerance) {
      return known;
    }
    LowerBoundSearch surrounded = surrounded(known, at.tick(), x, () -> false);
    if (surrounded == known) {
      return known;
    }
    Question question = question(at.tick(), surrounded, 0, x, x);
    return surrounded.learn(question, runner.ask(question, null), objective, least);
  }

  /** With what second derivatives at the mean tell, where they are wanted. */
  private LowerBoundSearch curved(
      LowerBoundSearch known,
      long tick,
      double[] x,
      Question.Answer answer,
      double best,
      boolean reported) {
    double enough = tolerance * Math.abs(best);
    double certain = known.bound().gap(best);
    if (!curved || !answer.exact() || !(enough > 0) || certain <= tolerance) {
      return known;
    }
    double value = answer.values()[0];
    double slope = stationarity(x, answer);
    // F is at least that much above its least value
    boolean far = slope * slope / (2 * runner.lipschitz()) > enough;
    return far || !known.wantsCurvature(answer.gradient(), value, enough)
        ? known
        : newton(known, tick, x, value, answer.gradient(), enough, reported);
  }

  /**
   * What second derivatives at a point tell. Newton's step leads nearer to the optimum than any
   * estimate is, so that bounds are tighter there: where the one at the point is not enough, they
   * are asked for once more.
   *
   * @param enough the gain of Newton's step there at which a certificate is worth asking for
   * @param last whether the point is the estimate that is reported
   */
  private LowerBoundSearch newton(
      LowerBoundSearch known,
      long tick,
      double[] x,
      double value,
      double[] gradient,
      double enough,
      boolean last) {
    Newton there = at(x);
    double decrement = there == null ? Double.NaN : there.decrement(gradient, value);
    LowerBoundSearch next = known.curved(there, value, decrement);
    if (there == null || !(decrement * decrement / 2 <= enough)) {
      return next;
    }
    next = certified(next, there, value, decrement, last ? 0 : Double.NaN);
    if (next.bound().gap(value) <= tolerance) {
      return next;
    }
    double[] nearer = there.step(x, gradient);
    Question question = question(tick, next, 0, nearer, nearer);
    Question.Answer answer = runner.ask(question, null);
    next = next.learn(question, answer, value, least);
    Newton beyond = next.bound().gap(value) <= tolerance ? null : at(nearer);
    if (beyond == null) {
      return next;
    }
    double left = beyond.decrement(answer.gradient(), value);
    double moved = last ? beyond.distance(x, nearer) : Double.NaN;
    return certified(next, beyond, answer.values()[0], left, moved);
  }

  private @Nullable Newton at(double[] x) {
    CurvatureRequest.Answer hessian = CurvatureRequest.hessian(runner, x);
    return hessian == null ? null : Newton.of(hessian.sum(), x.length);
  }

  /**
   * With Newton's bound from a point.
   *
   * @param moved how far the point is from the estimate that is reported; NaN if that is not wanted
   */
  private LowerBoundSearch certified(
      LowerBoundSearch known, Newton there, double value, double decrement, double moved) {
    CurvatureRequest.Answer steepness = CurvatureRequest.steepness(runner, there.inverse());
    if (steepness == null || !(decrement * steepness.most() < 1)) {
      return known;
    }
    // along a flat direction coefficients may be anything, and no distance says how near they are
    return known.certified(
        value, decrement, steepness.most(), there.isUnique() ? moved : Double.NaN);
  }

  /** The end of a run at another estimate x, with F there and its first and second derivatives. */
  public Measurement at(Measurement end, double[] x, double value, double[] g, double[] packed) {
    Newton there = smooth ? Newton.of(packed, x.length) : null;
    LowerBoundSearch known = end.lower();
    if (there != null) {
      known = certified(known, there, value, there.decrement(g, value), 0);
    }
    return end.with(Candidate.NEWTON_STEP, x, value, known);
  }

  /** The network mean first, then the averages that there are. */
  private List<Option> options(Position at) {
    List<Option> options = new ArrayList<>();
    add(options, Candidate.LAST_MEAN, at.mean());
    add(options, Candidate.CURRENT_WINDOW, at.current());
    add(options, Candidate.FINISHED_WINDOW, at.finished());
    return options;
  }

  private void add(List<Option> options, Candidate name, double @Nullable [] mean) {
    if (mean != null) {
      options.add(new Option(name, mean, runner.projected(mean)));
    }
  }

  /**
   * F at some points, and what bounds want: minorants at the first, and one beside it.
   *
   * @param measured at how many of them to say what agents measure beside F
   */
  private Question question(
      long tick, LowerBoundSearch lower, int measured, double[] mean, double[]... points) {
    double[] beside = lower.beside(points[0]);
    double[][] all = Arrays.copyOf(points, points.length + (beside == null ? 0 : 1));
    if (beside != null) {
      all[points.length] = beside;
    }
    return new Question(
        tick,
        all,
        smooth,
        convex ? LowerBoundSearch.minorantsAt(all.length, beside != null) : new int[0],
        convex && lower.wantsLowest(least),
        measured,
        mean);
  }

  /**
   * The same measurement with a better bound, from minorants at the estimate and at points a few
   * proximal gradient steps from it (of the lengths of Barzilai and Borwein 1988), since the gap at
   * a point falls with the square of the gradient there. The agents stay as they are, and so does
   * what is reported, unless there is a penalty that makes coefficients 0: no mean of agents' is 0
   * unless all of them are, but after a proximal step those are that the optimum has at 0, and of
   * these points the one with the lowest F is reported.
   *
   * @param expired asked before every question; once true, the bound stays as it is then
   */
  public Measurement certified(Measurement end, BooleanSupplier expired) {
    boolean sparse = !smooth && end.lower().penalises();
    if (!convex || (end.gap() <= tolerance && !sparse)) {
      return end;
    }
    double[] x = end.estimate();
    LowerBoundSearch lower = surrounded(end.lower(), end.tick(), x, expired);
    if (curved && !expired.getAsBoolean()) {
      Question.Answer answer = runner.ask(Question.gradient(end.tick(), x), null);
      if (answer.exact()) {
        double value = answer.values()[0];
        lower = newton(lower, end.tick(), x, value, answer.gradient(), Math.abs(value), true);
      }
    }
    double[] before = x;
    double[] slopeBefore = {};
    double[] best = x;
    double lowest = end.objective();
    int idle = 0;
    for (int round = 0;
        round < LAST_ROUNDS && idle < LAST_IDLE && !expired.getAsBoolean();
        round++) {
      double gap = lower.bound().gap(end.objective());
      Question question = question(end.tick(), lower, 0, x, x);
      Question.Answer answer = runner.ask(question, null);
      lower = lower.learn(question, answer, end.objective(), least);
      Question.Minorants here = answer.minorants();
      double now = lower.bound().gap(end.objective());
      if (sparse && answer.values()[0] < lowest) {
        lowest = answer.values()[0];
        best = x;
      }
      if (here == null || (now <= ENOUGH && !(sparse && round < SPARSE_ROUNDS))) {
        break;
      }
      idle = now < WORTH * gap || Double.isNaN(gap) ? 0 : idle + 1;
      double[] slope = here.slopes()[0];
      double step = START * Math.max(1, Vectors.norm(x)) / Vectors.norm(slope);
      if (round > 0) {
        double moved = 0;
        double bent = 0;
        for (int j = 0; j < x.length; j++) {
          double move = x[j] - before[j];
          moved += move * move;
          bent += move * (slope[j] - slopeBefore[j]);
        }
        step = moved / bent;
      }
      if (!(step > 0 && Double.isFinite(step))) {
        break;
      }
      before = x;
      slopeBefore = slope;
      double[] next = x.clone();
      Vectors.addScaled(-step, slope, 0, next, 0, next.length);
      here.penalty().shrink(step * here.share(), next, 0, runner.plan().coefficients());
      x = runner.projected(next);
    }
    return lowest < end.objective()
        ? end.with(Candidate.PROXIMAL_STEP, best, lowest, lower)
        : end.with(lower);
  }

  /** Asks for the corners around the estimate, where they are wanted. */
  private LowerBoundSearch surrounded(
      LowerBoundSearch lower, long tick, double[] x, BooleanSupplier expired) {
    Minorant[] corners = new Minorant[lower.cornersWanted()];
    for (int k = 0; k < corners.length; k++) {
      double[] corner = x.clone();
      corner[runner.plan().coefficients() + k] += 1;
      Question question = question(tick, lower, 0, x, corner);
      Minorant minorant =
          expired.getAsBoolean() ? null : lower.minorant(question, runner.ask(question, null));
      if (minorant == null) {
        return lower;
      }
      corners[k] = minorant;
    }
    return corners.length > 0 ? lower.surrounded(corners) : lower;
  }

  private double infeasibility(double[] x) {
    int n = runner.plan().coefficients();
    return sets.stream().mapToDouble(set -> set.distance(x, n)).max().orElse(0);
  }

  /**
   * The gradient mapping {@code L |x - P_X(x - g / L)|}: 0 exactly at the minimisers of F on X. NaN
   * where g is an estimate.
   */
  private double stationarity(double[] x, Question.Answer answer) {
    if (!answer.exact()) {
      return Double.NaN;
    }
    double lipschitz = runner.lipschitz();
    double[] moved = x.clone();
    Vectors.addScaled(-1 / lipschitz, answer.gradient(), 0, moved, 0, moved.length);
    return lipschitz * Vectors.distance(x, runner.projected(moved));
  }
}
