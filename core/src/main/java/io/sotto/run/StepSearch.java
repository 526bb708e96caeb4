package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Coordinator;
import io.sotto.engine.DivergedException;
import io.sotto.engine.Plan;
import io.sotto.engine.Question;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.engine.Superstep;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * Chooses the first step by trial: no closed formula serves smooth and nonsmooth costs, constrained
 * and free, even and uneven splits alike. Trials are runs from x(0) with steps base * 4^j: first j
 * = 0, 2, 4, by twos further on while the best stands at an end, for figures need not be unimodal
 * in the step; then the best one's neighbours.
 *
 * <p>All trials of a method are as long ({@link Algorithm#trialTicks}): a step that gets shorter
 * with time shows late what it is worth, one that stays shows it sooner.
 *
 * <p>The lowest finite figure wins, and of equals the smaller step. Here base = N F(x0) /
 * |dF(x0)|^2, which is Polyak's step for an optimal value of 0, or 1 / L where the subgradient
 * vanishes.
 *
 * <p>The figure is F at the projected mean for methods that agree by mixing. For other methods it
 * is the average of F at the projected means of up to {@value #CELLS} cells: that is more than F at
 * the mean where cells disagree, and so it counts disagreement as well.
 */
public final class StepSearch {
  private static final List<Double> FIRST = List.of(0.0, 2.0, 4.0);
  private static final int CAUTIOUS = -3;
  private static final int CELLS = 4;
  private static final int FARTHEST = 24;
  private static final int EXCHANGES = 20;
  private static final double TRUSTED = 300;
  private static final double SHORTER = 0.3;

  /** One trial: the first step, its length, and the figure at its end, +infinity if it diverged. */
  public record Trial(double initial, int ticks, double objective) {}

  /**
   * What was chosen.
   *
   * @param from where the step comes from, as {@code run.json} says it
   * @param trials all trials, of each length in ascending order of steps
   * @param changes whether the step changes during the run
   */
  public record Choice(double initial, String from, List<Trial> trials, boolean changes) {

    private static final String NONE = "none";

    /** For a method without a step. */
    static Choice none() {
      return new Choice(1, NONE, List.of(), false);
    }

    /** True for a method without a step. */
    public boolean isNone() {
      return from.equals(NONE);
    }

    /** How the step goes on. */
    public StepControl control(Plan plan) {
      return changes ? StepControl.balanced(initial, plan) : StepControl.fixed(initial);
    }
  }

  private final Runner runner;
  private final DoubleFunction<? extends Algorithm> algorithm;
  private final RunClock clock;

  /**
   * @param runner runs the cells; whatever ran on them before has ended
   * @param algorithm the algorithm for a first step
   * @param clock whose deadline ends the trials
   */
  public StepSearch(Runner runner, DoubleFunction<? extends Algorithm> algorithm, RunClock clock) {
    this.runner = runner;
    this.algorithm = algorithm;
    this.clock = clock;
  }

  /**
   * A first step for a method that changes it on the way, without a trial: where F is smooth and
   * has a ridge of mu, {@value #SHORTER} times the one that theory has for quadratics, {@code links
   * / sqrt(L mu)}, links counted from both ends, within {@value #TRUSTED} times base; else base.
   *
   * @throws DeadlineException if the deadline has passed
   */
  public Choice begin() {
    double base = base();
    Plan plan = runner.plan();
    double[] x = runner.projected(new double[plan.dimension()]);
    Question question = new Question(0, new double[][] {x}, false, new int[] {0}, false, 0, x);
    Question.Minorants here = runner.ask(question, null).minorants();
    boolean even = here != null && here.penalty().units().size() == 0; // a ridge like any other's
    double ridge = here == null || !even ? 0 : here.share() * here.penalty().uniform();
    double lipschitz = runner.lipschitz();
    if (!(ridge > 0 && Double.isFinite(lipschitz))) {
      return new Choice(base, "gradient", List.of(), true);
    }
    double links = plan.network().heard().length - plan.agents();
    double theory = SHORTER * links / Math.sqrt(lipschitz * ridge);
    double best = Math.max(base, Math.min(TRUSTED * base, theory));
    return new Choice(best, "curvature", List.of(), true);
  }

  /**
   * Runs the trials.
   *
   * @throws DivergedException if no trial at all ended at a finite F
   * @throws DeadlineException if the deadline passes meanwhile
   */
  public Choice choose() {
    Algorithm example = algorithm.apply(1);
    double base = base();
    int ticks = atLeast(example.trialTicks());
    TreeMap<Double, Trial> trials = new TreeMap<>();
    run(base, FIRST, ticks, trials);
    while (true) {
      Map.Entry<Double, Trial> best = best(trials);
      boolean finite = Double.isFinite(best.getValue().objective());
      double lowest = trials.firstKey();
      double highest = trials.lastKey();
      if ((!finite || best.getKey() == lowest) && lowest > -FARTHEST) {
        run(base, List.of(lowest - 2), ticks, trials);
      } else if (finite && best.getKey() == highest && highest < FARTHEST) {
        run(base, List.of(highest + 2), ticks, trials);
      } else if (!finite) {
        throw new DivergedException(-1, ticks);
      } else {
        run(base, List.of(best.getKey() - 1, best.getKey() + 1), ticks, trials);
        return new Choice(
            best(trials).getValue().initial(), "trials", List.copyOf(trials.values()), false);
      }
    }
  }

  /** Late messages make everything slower: a trial sees so many words come and go at least. */
  private int atLeast(int ticks) {
    Plan plan = runner.plan();
    return Math.max(
        plan.mechanism().trialLengthFactor() * ticks,
        EXCHANGES * (plan.ticksPerSuperstep() + plan.channel().delay().longest()));
  }

  private static Map.Entry<Double, Trial> best(TreeMap<Double, Trial> trials) {
    return trials.entrySet().stream()
        .min(Comparator.comparingDouble(trial -> trial.getValue().objective()))
        .orElseThrow();
  }

  /** A short step: of a trial that does not diverge where any does, as a rule. */
  double cautious() {
    return base() * StrictMath.pow(4, CAUTIOUS);
  }

  private double[] projectedMean(CellSummary[] summaries, int agents) {
    return runner.projected(runner.mean(summaries, agents));
  }

  private double base() {
    clock.requireLeft();
    CellSummary[] start = runner.cells().start(List.of(algorithm.apply(1)))[0];
    double[] x = projectedMean(start, runner.plan().agents());
    Question.Answer answer = runner.ask(Question.gradient(0, x), null);
    double slope = Vectors.norm(answer.gradient());
    double base = runner.plan().agents() * Math.abs(answer.values()[0]) / (slope * slope);
    if (base > 0 && Double.isFinite(base)) {
      return base;
    }
    double lipschitz = runner.lipschitz();
    return lipschitz > 0 && Double.isFinite(lipschitz) ? 1 / lipschitz : 1;
  }

  private void run(double base, List<Double> exponents, int ticks, TreeMap<Double, Trial> trials) {
    int width = Math.max(1, runner.cells().lanes());
    for (int from = 0; from < exponents.size(); from += width) {
      List<Double> batch = exponents.subList(from, Math.min(from + width, exponents.size()));
      double[] steps = batch.stream().mapToDouble(j -> base * StrictMath.pow(4, j)).toArray();
      double[] figures = figures(steps, ticks);
      for (int k = 0; k < steps.length; k++) {
        trials.put(batch.get(k), new Trial(steps[k], ticks, figures[k]));
      }
    }
  }

  private double[] figures(double[] steps, int last) {
    List<Algorithm> lanes = new ArrayList<>();
    for (double step : steps) {
      lanes.add(algorithm.apply(step));
    }
    Coordinator cells = runner.cells();
    cells.start(lanes);
    CellSummary[][] summaries = {};
    for (int tick = 0; tick < last; ) {
      clock.requireLeft();
      int ticks = Math.min(runner.plan().ticksPerSuperstep(), last - tick);
      summaries = cells.superstep(new Superstep(tick + 1, ticks, false, tick + ticks >= last));
      tick += ticks;
    }
    return figures(summaries, lanes.get(0).agreesByMixing() ? 1 : CELLS, last);
  }

  /** The figure of each lane; +infinity for a lane that diverged. */
  private double[] figures(CellSummary[][] summaries, int parts, long tick) {
    int each = Math.min(parts, summaries[0].length);
    double[][] points = new double[summaries.length * each][];
    for (int p = 0; p < points.length; p++) {
      CellSummary[] lane = summaries[p / each];
      int cell = p % each * lane.length / each;
      points[p] =
          each == 1
              ? projectedMean(lane, runner.plan().agents())
              : projectedMean(
                  new CellSummary[] {lane[cell]}, runner.plan().partition().agentsOf(cell).length);
    }
    double[] values = runner.ask(Question.values(tick, points), null).values();
    double[] figures = new double[summaries.length];
    for (int lane = 0; lane < figures.length; lane++) {
      boolean ranAway = Arrays.stream(summaries[lane]).anyMatch(s -> s.fault() != null);
      double sum = Arrays.stream(values, lane * each, (lane + 1) * each).sum();
      figures[lane] = ranAway || !Double.isFinite(sum) ? Double.POSITIVE_INFINITY : sum / each;
    }
    return figures;
  }
}
