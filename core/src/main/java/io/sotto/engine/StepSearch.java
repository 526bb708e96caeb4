package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
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
 * <p>As a rule all trials are as long, and the neighbours are j - 1 and j + 1. Where the first ones
 * are short ({@link Algorithm#firstTrialTicks}), there compete at full length the best of them, the
 * next one towards its better neighbour, and the one halfway between these two.
 *
 * <p>The lowest finite figure wins, and of equals the smaller step. Here base = N F(x0) /
 * |dF(x0)|^2, which is Polyak's step for an optimal value of 0, or 1 / L where the subgradient
 * vanishes.
 *
 * <p>The figure is F at the projected mean for methods that settle by mixing. Of others agents must
 * agree by themselves, and the mean of a few cells stands for them: it is the average of F at the
 * projected means of up to {@value #CELLS} cells, which is F at the mean and what it costs cells to
 * disagree.
 */
public final class StepSearch {
  private static final List<Double> FIRST = List.of(0.0, 2.0, 4.0);
  private static final int CAUTIOUS = -3;
  private static final int CELLS = 4;
  private static final int FARTHEST = 24;
  private static final int EXCHANGES = 20;

  /** One trial: the first step, its length, and the figure at its end, +infinity if it diverged. */
  public record Trial(double initial, int ticks, double objective) {}

  /**
   * What was chosen.
   *
   * @param from where it is from, in words for files
   * @param trials all trials, of each length in ascending order of steps
   */
  public record Choice(double initial, String from, List<Trial> trials) {}

  private final Session session;
  private final DoubleFunction<? extends Algorithm> algorithm;

  /**
   * @param session gives cells; its run is over after this
   * @param algorithm the algorithm for a first step
   */
  public StepSearch(Session session, DoubleFunction<? extends Algorithm> algorithm) {
    this.session = session;
    this.algorithm = algorithm;
  }

  /**
   * Runs the trials.
   *
   * @throws DivergedException if no trial at all ended at a finite F
   */
  public Choice choose() {
    Algorithm example = algorithm.apply(1);
    double base = base();
    int full = atLeast(example.trialTicks());
    int first = atLeast(example.firstTrialTicks());
    TreeMap<Double, Trial> trials = new TreeMap<>();
    run(base, FIRST, first, trials);
    while (true) {
      Map.Entry<Double, Trial> best = best(trials);
      boolean finite = Double.isFinite(best.getValue().objective());
      double lowest = trials.firstKey();
      double highest = trials.lastKey();
      if ((!finite || best.getKey() == lowest) && lowest > -FARTHEST) {
        run(base, List.of(lowest - 2), first, trials);
      } else if (finite && best.getKey() == highest && highest < FARTHEST) {
        run(base, List.of(highest + 2), first, trials);
      } else if (!finite) {
        throw new DivergedException(-1, first);
      } else if (first < full) {
        return compete(base, full, trials);
      } else {
        run(base, List.of(best.getKey() - 1, best.getKey() + 1), full, trials);
        return new Choice(
            best(trials).getValue().initial(), "trials", List.copyOf(trials.values()));
      }
    }
  }

  /** Late messages make everything slower: a trial sees so many words come and go at least. */
  private int atLeast(int ticks) {
    Plan plan = session.plan();
    return Math.max(
        plan.mechanism().patience() * ticks,
        EXCHANGES * (plan.ticksPerSuperstep() + plan.channel().delay().longest()));
  }

  /** The second round, of longer trials. */
  private Choice compete(double base, int ticks, TreeMap<Double, Trial> first) {
    double best = best(first).getKey();
    Map.Entry<Double, Trial> below = first.lowerEntry(best);
    Map.Entry<Double, Trial> above = first.higherEntry(best);
    boolean down =
        above == null
            || (below != null && below.getValue().objective() < above.getValue().objective());
    double next = down ? best - 1 : best + 1;
    TreeMap<Double, Trial> second = new TreeMap<>();
    run(base, List.of(best, next, (best + next) / 2), ticks, second);
    while (!Double.isFinite(best(second).getValue().objective())) {
      if (second.firstKey() < -FARTHEST) {
        throw new DivergedException(-1, ticks);
      }
      run(base, List.of(second.firstKey() - 1), ticks, second);
    }
    List<Trial> all = new ArrayList<>(first.values());
    all.addAll(second.values());
    return new Choice(best(second).getValue().initial(), "trials", List.copyOf(all));
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

  private double base() {
    CellSummary[] start = session.carrier().start(List.of(algorithm.apply(1)))[0];
    double[] x = session.projectedMean(start, session.plan().agents());
    Question.Answer answer = session.ask(new Question(new double[][] {x}, true, x), null);
    double slope = Vectors.norm(answer.gradient());
    double base = session.plan().agents() * Math.abs(answer.values()[0]) / (slope * slope);
    if (base > 0 && Double.isFinite(base)) {
      return base;
    }
    double lipschitz = session.lipschitz();
    return lipschitz > 0 && Double.isFinite(lipschitz) ? 1 / lipschitz : 1;
  }

  private void run(double base, List<Double> exponents, int ticks, TreeMap<Double, Trial> trials) {
    int width = Math.max(1, session.carrier().lanes());
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
    Coordinator carrier = session.carrier();
    carrier.start(lanes);
    CellSummary[][] summaries = {};
    for (int tick = 0; tick < last; ) {
      int ticks = Math.min(session.plan().ticksPerSuperstep(), last - tick);
      summaries = carrier.superstep(new Superstep(tick + 1, ticks, false, tick + ticks >= last));
      tick += ticks;
    }
    return figures(summaries, lanes.get(0).settlesByMixing() ? 1 : CELLS);
  }

  /** The figure of each lane; +infinity where a lane ran away. */
  private double[] figures(CellSummary[][] summaries, int parts) {
    int each = Math.min(parts, summaries[0].length);
    double[][] points = new double[summaries.length * each][];
    for (int p = 0; p < points.length; p++) {
      CellSummary[] lane = summaries[p / each];
      int cell = p % each * lane.length / each;
      points[p] =
          each == 1
              ? session.projectedMean(lane, session.plan().agents())
              : session.projectedMean(
                  new CellSummary[] {lane[cell]}, session.plan().cut().agentsOf(cell).length);
    }
    double[] values = session.ask(new Question(points, false, points[0]), null).values();
    double[] figures = new double[summaries.length];
    for (int lane = 0; lane < figures.length; lane++) {
      boolean ranAway = Arrays.stream(summaries[lane]).anyMatch(s -> s.fault() != null);
      double sum = Arrays.stream(values, lane * each, (lane + 1) * each).sum();
      figures[lane] = ranAway || !Double.isFinite(sum) ? Double.POSITIVE_INFINITY : sum / each;
    }
    return figures;
  }
}
