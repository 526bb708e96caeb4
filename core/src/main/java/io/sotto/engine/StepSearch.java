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
import java.util.stream.IntStream;

/**
 * Chooses the first step by trial: no closed formula serves smooth and nonsmooth costs, constrained
 * and free, even and uneven splits alike. From x(0), runs of {@link Algorithm#trialTicks} ticks
 * with steps base * 4^j, j = -3 ... 2, and further on while the best stands at an end; the lowest
 * finite F at the projected mean wins, and of equals the smaller step. Here base = N F(x0) /
 * |dF(x0)|^2, which is Polyak's step for an optimal value of 0, or 1 / L where the subgradient
 * vanishes.
 */
public final class StepSearch {
  private static final int LOWEST = -3;
  private static final int HIGHEST = 2;
  private static final int FARTHEST = 24;

  /** One trial: the first step, and where it led; +infinity if it diverged. */
  public record Trial(double initial, double objective) {}

  /** What was chosen, and all trials in ascending order of steps. */
  public record Choice(double initial, List<Trial> trials) {}

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
    double base = base();
    TreeMap<Integer, Trial> trials = new TreeMap<>();
    run(base, IntStream.rangeClosed(LOWEST, HIGHEST).boxed().toList(), trials);
    while (true) {
      Map.Entry<Integer, Trial> best = best(trials);
      boolean finite = Double.isFinite(best.getValue().objective());
      int lowest = trials.firstKey();
      int highest = trials.lastKey();
      boolean lower = !finite || best.getKey() == lowest;
      boolean higher = finite && best.getKey() == highest;
      if (lower && lowest > -FARTHEST) {
        run(base, List.of(lowest - 2, lowest - 1), trials);
      } else if (higher && highest < FARTHEST) {
        run(base, List.of(highest + 1, highest + 2), trials);
      } else if (finite) {
        return new Choice(best.getValue().initial(), List.copyOf(trials.values()));
      } else {
        throw new DivergedException(-1, algorithm.apply(base).trialTicks());
      }
    }
  }

  private static Map.Entry<Integer, Trial> best(TreeMap<Integer, Trial> trials) {
    return trials.entrySet().stream()
        .min(Comparator.comparingDouble(trial -> trial.getValue().objective()))
        .orElseThrow();
  }

  /** The shortest step that is tried at first. */
  double cautious() {
    return base() * StrictMath.pow(4, LOWEST);
  }

  private double base() {
    CellSummary[] start = session.carrier().start(List.of(algorithm.apply(1)))[0];
    double[] x = session.projectedMean(start);
    Question.Answer answer = session.ask(new Question(new double[][] {x}, true, x), null);
    double slope = Vectors.norm(answer.gradient());
    double base = session.plan().agents() * Math.abs(answer.values()[0]) / (slope * slope);
    if (base > 0 && Double.isFinite(base)) {
      return base;
    }
    double lipschitz = session.lipschitz();
    return lipschitz > 0 && Double.isFinite(lipschitz) ? 1 / lipschitz : 1;
  }

  private void run(double base, List<Integer> exponents, TreeMap<Integer, Trial> trials) {
    int width = Math.max(1, session.carrier().lanes());
    for (int from = 0; from < exponents.size(); from += width) {
      List<Integer> batch = exponents.subList(from, Math.min(from + width, exponents.size()));
      double[] steps = batch.stream().mapToDouble(j -> base * StrictMath.pow(4, j)).toArray();
      double[] objectives = objectives(steps);
      for (int k = 0; k < steps.length; k++) {
        trials.put(batch.get(k), new Trial(steps[k], objectives[k]));
      }
    }
  }

  private double[] objectives(double[] steps) {
    List<Algorithm> lanes = new ArrayList<>();
    for (double step : steps) {
      lanes.add(algorithm.apply(step));
    }
    int last = lanes.get(0).trialTicks();
    Carrier carrier = session.carrier();
    carrier.start(lanes);
    CellSummary[][] summaries = {};
    for (int tick = 0; tick < last; ) {
      int ticks = Math.min(session.plan().ticksPerSuperstep(), last - tick);
      summaries = carrier.superstep(new Superstep(tick + 1, ticks, false, tick + ticks >= last));
      tick += ticks;
    }
    return objectives(summaries);
  }

  /** F at the projected mean of each lane; +infinity where a lane ran away. */
  private double[] objectives(CellSummary[][] summaries) {
    double[][] points = new double[summaries.length][];
    for (int lane = 0; lane < points.length; lane++) {
      points[lane] = session.projectedMean(summaries[lane]);
    }
    double[] values = session.ask(new Question(points, false, points[0]), null).values();
    for (int lane = 0; lane < points.length; lane++) {
      boolean ranAway = Arrays.stream(summaries[lane]).anyMatch(s -> s.fault() != null);
      if (ranAway || !Double.isFinite(values[lane])) {
        values[lane] = Double.POSITIVE_INFINITY;
      }
    }
    return values;
  }
}
