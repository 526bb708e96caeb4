package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.CellSummary.Fault;
import io.sotto.engine.CellSummary.Sums;
import io.sotto.engine.Measurement.Candidate;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Intersection;
import io.sotto.problem.Minorant;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One run on one carrier: ticks, and measurements between them. All sums over cells are taken here,
 * in the order of cells, so that bits do not depend on the carrier.
 */
public final class Session {
  /** An objective this many times the first one is called divergence. */
  private static final double RUNAWAY = 1e10;

  /** How often to look, at the start, for what bounds the intercept from both sides. */
  private static final int FIRST_ROUNDS = 16;

  /** How many tangents more a result gets, and the gap with which it needs no more. */
  private static final int LAST_ROUNDS = 30;

  private static final double ENOUGH = 1e-7;

  /** How many of them may leave the gap within this part of what it was. */
  private static final int LAST_IDLE = 8;

  private static final double WORTH = 0.9;

  /** The first step moves the estimate by this part of itself. */
  private static final double START = 1e-4;

  private final Plan plan;
  private final Coordinator carrier;
  private final List<ConstraintSet> sets;
  private final ConstraintSet feasible;
  private final double lipschitz;
  private Checks checks = new Checks(1, 0);
  private long tick;
  private long supersteps;
  private double coldStationarity = Double.NaN;
  private double firstObjective = Double.POSITIVE_INFINITY;
  private LowerBound lower;
  private @Nullable Recording recording;

  /** A session over the carrier's cells; asks them for the smoothness of F. */
  public Session(Plan plan, Coordinator carrier) {
    this.plan = plan;
    this.carrier = carrier;
    this.sets = plan.constraints().distinct();
    this.feasible = Intersection.accurate(Intersection.of(sets));
    this.lipschitz = carrier.ask(CellReport.smoothness(), null).stream().reduce(0.0, Double::sum);
    this.lower = new LowerBound(plan, sets, Double.isFinite(lipschitz));
  }

  /** The plan. */
  public Plan plan() {
    return plan;
  }

  /** The carrier. */
  public Coordinator carrier() {
    return carrier;
  }

  /** An estimate of the Lipschitz constant L of F's gradient; +infinity where F is not smooth. */
  public double lipschitz() {
    return lipschitz;
  }

  /** Of a run that starts from an earlier one, the stationarity at P_X(0), to compare with. */
  public double stationarityAtZero() {
    return coldStationarity;
  }

  private double coldStationarity() {
    double[] x = project(new double[plan.dimension()]);
    boolean smooth = Double.isFinite(lipschitz);
    return smooth
        ? stationarity(x, ask(new Question(new double[][] {x}, true, x), null).gradient())
        : Double.NaN;
  }

  /** Ticks so far. */
  public long tick() {
    return tick;
  }

  /** Supersteps so far. */
  public long supersteps() {
    return supersteps;
  }

  /** From the next start on, keeps what is said there. */
  public Recording record(Wiretap tap) {
    carrier.record(tap);
    recording = new Recording(tap);
    return recording;
  }

  private void keep(CellSummary[] summaries, boolean mixOnly) {
    if (recording != null) {
      recording.add(summaries, mixOnly);
    }
  }

  /**
   * Puts all agents at x_i(0) and measures there.
   *
   * @param checks when to measure from then on
   */
  public Measurement start(Algorithm algorithm, Checks checks) {
    CellSummary[] summaries = carrier.start(List.of(algorithm))[0];
    coldStationarity = plan.origin() == null ? Double.NaN : coldStationarity();
    this.checks = checks;
    keep(summaries, false);
    tick = 0;
    supersteps = 0;
    firstObjective = Double.POSITIVE_INFINITY;
    lower = new LowerBound(plan, sets, Double.isFinite(lipschitz));
    Measurement first = measure(summaries, false);
    firstObjective = first.objective();
    for (int round = 0; round < FIRST_ROUNDS && lower.isOpen(); round++) {
      bound(first.estimate(), first.objective());
    }
    return first.with(lower.bound());
  }

  /**
   * Runs to the next check, and measures.
   *
   * @param mixOnly true if nobody updates and everybody mixes
   * @param expired asked before every superstep; once true, that superstep is the last
   * @param progress told the tick after every superstep
   * @throws DivergedException if an estimate or the objective is not finite, or has run away
   * @throws IllegalStateException if the last tick was reached before
   */
  public Measurement run(boolean mixOnly, BooleanSupplier expired, LongConsumer progress) {
    long target = checks.after(tick);
    CellSummary[] summaries;
    Superstep superstep;
    do {
      superstep = superstep(target, mixOnly, expired.getAsBoolean());
      summaries = carrier.superstep(superstep)[0];
      tick += superstep.ticks();
      supersteps++;
      keep(summaries, mixOnly);
      firstFault(summaries);
      progress.accept(tick);
    } while (!superstep.report());
    return measure(summaries, mixOnly);
  }

  private Superstep superstep(long target, boolean mixOnly, boolean last) {
    int ticks = (int) Math.min(plan.ticksPerSuperstep(), checks.last() - tick);
    if (ticks <= 0) {
      throw new IllegalStateException("tick " + tick + " was the last");
    }
    return new Superstep(tick + 1, ticks, mixOnly, last || tick + ticks >= target);
  }

  private static void firstFault(CellSummary[] summaries) {
    Arrays.stream(summaries)
        .map(CellSummary::fault)
        .filter(Objects::nonNull)
        .min(Comparator.comparingLong(Fault::tick).thenComparingInt(Fault::agent))
        .ifPresent(
            fault -> {
              throw new DivergedException(fault.agent(), fault.tick());
            });
  }

  /** What could be reported, before and after its projection onto X. */
  private record Option(Candidate name, double[] raw, double[] projected) {}

  private Measurement measure(CellSummary[] summaries, boolean mixOnly) {
    List<Option> options = options(summaries);
    double[] mean = options.get(0).raw();
    double[][] points = options.stream().map(Option::projected).toArray(double[][]::new);
    boolean smooth = Double.isFinite(lipschitz);
    boolean alone = tick == 0 && lower.isOpen(); // more is asked before the first superstep
    Superstep next =
        tick < checks.last() && !alone ? superstep(checks.after(tick), mixOnly, false) : null;
    Question question = question(points, mean);
    Question.Answer answer = ask(question, next);
    int best = 0;
    for (int p = 1; p < points.length; p++) {
      if (answer.values()[p] < answer.values()[best]) {
        best = p;
      }
    }
    double objective = answer.values()[best];
    if (!(Math.abs(objective) <= RUNAWAY * Math.max(1, Math.abs(firstObjective)))) {
      throw new DivergedException(-1, tick);
    }
    lower.learn(question, answer, objective);
    double scale = Math.max(1, Vectors.norm(mean));
    return new Measurement(
        tick,
        supersteps,
        options.get(best).name(),
        points[best],
        objective,
        infeasibility(options.get(best).raw()) / scale,
        answer.distance() / scale,
        smooth ? stationarity(points[0], answer.gradient()) : Double.NaN,
        Arrays.stream(summaries).mapToInt(CellSummary::active).sum(),
        Arrays.stream(summaries).mapToLong(CellSummary::updates).sum(),
        mean,
        lower.bound());
  }

  /** F at those points, and what bounds want: tangents at the first, and one beside it. */
  private Question question(double[][] points, double[] mean) {
    double[] beside = lower.beside(points[0]);
    double[][] all = Arrays.copyOf(points, points.length + (beside == null ? 0 : 1));
    if (beside != null) {
      all[points.length] = beside;
    }
    return new Question(
        all,
        Double.isFinite(lipschitz),
        LowerBound.tangentsAt(all.length, beside != null),
        lower.wantsLowest(),
        mean);
  }

  /**
   * The same measurement with a better bound, from tangents at the estimate and at points a few
   * proximal gradient steps from it (of the lengths of Barzilai and Borwein 1988), since the gap at
   * a point falls with the square of the gradient there. The agents, and what is reported, stay as
   * they are.
   */
  public Measurement certified(Measurement end) {
    double[] x = end.estimate();
    surround(x);
    double[] before = x;
    double[] slopeBefore = {};
    int idle = 0;
    for (int round = 0; round < LAST_ROUNDS && idle < LAST_IDLE; round++) {
      double gap = lower.bound().gap(end.objective());
      Question.Tangents here = bound(x, end.objective()).tangents();
      double now = lower.bound().gap(end.objective());
      if (here == null || now <= ENOUGH) {
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
      here.penalty().shrink(step * here.share(), next, 0, plan.coefficients());
      x = project(next);
    }
    return end.with(lower.bound());
  }

  /** Asks for the corners around a point, where they are wanted. */
  private void surround(double[] x) {
    Minorant[] corners = new Minorant[lower.cornersWanted()];
    for (int k = 0; k < corners.length; k++) {
      double[] corner = x.clone();
      corner[plan.coefficients() + k] += 1;
      Question question = question(new double[][] {corner}, x);
      Minorant tangent = lower.tangent(question, ask(question, null));
      if (tangent == null) {
        return;
      }
      corners[k] = tangent;
    }
    if (corners.length > 0) {
      lower.surround(corners);
    }
  }

  /** Asks at one point for what bounds want, the agents aside. */
  private Question.Answer bound(double[] x, double objective) {
    Question question = question(new double[][] {x}, x);
    Question.Answer answer = ask(question, null);
    lower.learn(question, answer, objective);
    return answer;
  }

  /** The network mean first, then the averages that there are. */
  private List<Option> options(CellSummary[] summaries) {
    List<Sums> sums =
        Arrays.stream(summaries).map(s -> Objects.requireNonNull(s.sums(), "sums")).toList();
    List<Option> options = new ArrayList<>();
    options.add(option(Candidate.LAST_MEAN, sums, Sums::last, 1));
    if (sums.get(0).currentWeight() > 0) {
      options.add(
          option(Candidate.CURRENT_WINDOW, sums, Sums::current, sums.get(0).currentWeight()));
    }
    if (sums.get(0).finishedWeight() > 0) {
      options.add(
          option(Candidate.FINISHED_WINDOW, sums, Sums::finished, sums.get(0).finishedWeight()));
    }
    return options;
  }

  private Option option(
      Candidate name, List<Sums> sums, Function<Sums, double[]> which, double weight) {
    double[] mean = mean(sums, which, weight, plan.agents());
    return new Option(name, mean, project(mean));
  }

  private double[] mean(
      List<Sums> sums, Function<Sums, double[]> which, double weight, int agents) {
    double[] mean = new double[plan.dimension()];
    for (Sums s : sums) {
      Vectors.addScaled(1, which.apply(s), 0, mean, 0, mean.length);
    }
    Vectors.setScaled(1 / (weight * agents), mean, 0, mean, 0, mean.length);
    return mean;
  }

  /** The mean of the agents of some cells in one lane, projected onto X. */
  double[] projectedMean(CellSummary[] summaries, int agents) {
    List<Sums> sums =
        Arrays.stream(summaries).map(s -> Objects.requireNonNull(s.sums(), "sums")).toList();
    return project(mean(sums, Sums::last, 1, agents));
  }

  private double[] project(double[] x) {
    return feasible.projected(x, plan.coefficients());
  }

  private double infeasibility(double[] x) {
    return sets.stream().mapToDouble(set -> set.distance(x, plan.coefficients())).max().orElse(0);
  }

  /** The gradient mapping {@code L |x - P_X(x - g / L)|}: 0 exactly at the minimisers of F on X. */
  private double stationarity(double[] x, double[] gradient) {
    double[] moved = x.clone();
    Vectors.addScaled(-1 / lipschitz, gradient, 0, moved, 0, moved.length);
    return lipschitz * Vectors.distance(x, project(moved));
  }

  /** Asks all cells, and adds up their answers in the order of cells. */
  Question.Answer ask(Question question, @Nullable Superstep next) {
    double[] values = new double[question.points().length];
    double[] gradient = new double[question.gradient() ? plan.dimension() : 0];
    double distance = 0;
    Question.Tangents tangents = null;
    boolean first = true;
    for (Question.Answer answer : carrier.ask(question, next)) {
      Vectors.addScaled(1, answer.values(), 0, values, 0, values.length);
      Vectors.addScaled(1, answer.gradient(), 0, gradient, 0, gradient.length);
      distance = Math.max(distance, answer.distance());
      tangents =
          first ? answer.tangents() : tangents == null ? null : tangents.plus(answer.tangents());
      first = false;
    }
    return new Question.Answer(values, gradient, distance, tangents);
  }
}
