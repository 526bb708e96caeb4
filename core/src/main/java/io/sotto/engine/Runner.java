package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.CellSummary.Fault;
import io.sotto.engine.CellSummary.Sums;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Intersection;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan over its cells, from check to check, and asks its cells. All sums over cells are
 * taken here, in the order of cells, so that bits do not depend on where cells are. It does not
 * remember how far a run is: the caller says so. Another runner over the same cells goes on in the
 * same way.
 */
public final class Runner {
  private final Plan plan;
  private final Coordinator cells;
  private final ConstraintSet feasible;
  private final double lipschitz;
  private @Nullable Recording recording;

  /** Is asked and told about the supersteps between two checks. */
  public interface Steering {
    /** Asked before every superstep; true if it must be the last before the check. */
    boolean last();

    /** Told after every superstep. */
    void ticked(long tick, long supersteps, StepControl control);

    /** Always runs to the check. */
    static Steering none() {
      return new Steering() {
        @Override
        public boolean last() {
          return false;
        }

        @Override
        public void ticked(long tick, long supersteps, StepControl control) {}
      };
    }
  }

  /** A runner over cells; asks them for the smoothness of F. */
  public Runner(Plan plan, Coordinator cells) {
    this.plan = plan;
    this.cells = cells;
    this.feasible = Intersection.accurate(Intersection.of(plan.constraints().distinct()));
    this.lipschitz = cells.ask(CellReport.smoothness(), null).stream().reduce(0.0, Double::sum);
  }

  private Runner(Plan plan, Runner before) {
    this.plan = plan;
    this.cells = before.cells;
    this.feasible = before.feasible;
    this.lipschitz = before.lipschitz;
  }

  /** The same cells with a mechanism around their costs, which does not change how smooth F is. */
  public Runner under(Mechanism mechanism) {
    cells.under(mechanism);
    return new Runner(plan.under(mechanism), this);
  }

  /** The plan. */
  public Plan plan() {
    return plan;
  }

  /** The cells. */
  public Coordinator cells() {
    return cells;
  }

  /** An estimate of the Lipschitz constant L of F's gradient; +infinity where F is not smooth. */
  public double lipschitz() {
    return lipschitz;
  }

  /** Records messages from the next start on. */
  public Recording record(Wiretap tap) {
    return record(tap, null);
  }

  /**
   * The same of messages that are too long to be kept.
   *
   * @param kept makes of what an agent says what is kept of it; null to keep all
   */
  public Recording record(Wiretap tap, @Nullable UnaryOperator<double[]> kept) {
    cells.record(tap);
    recording = new Recording(tap, kept);
    return recording;
  }

  /** Puts all agents at x_i(0). */
  public Position start(Algorithm algorithm, StepControl control) {
    CellSummary[] summaries = cells.start(List.of(algorithm))[0];
    if (recording != null) {
      recording.add(summaries, false);
    }
    return position(0, 0, summaries, control);
  }

  /**
   * Puts all agents where they stood at the end of an earlier superstep.
   *
   * @param algorithm with the step that they had there
   * @param stored where they stood
   * @param tick the last tick of that superstep
   * @param superstep its number
   * @param control the step as it stood there
   */
  public Position restore(
      Algorithm algorithm, StoredStates stored, long tick, long superstep, StepControl control) {
    return position(tick, superstep, cells.restore(algorithm, stored), control);
  }

  /** The same with a step that does not change. */
  public Position start(Algorithm algorithm) {
    return start(algorithm, StepControl.fixed(1));
  }

  /**
   * Runs to the next check.
   *
   * @param from the tick at which the run stands
   * @param supersteps how many it has had
   * @param control the step, as it stood there
   * @param mixOnly true if nobody updates and everybody mixes
   * @throws DivergedException if an estimate is not finite
   * @throws IllegalStateException if the last tick was reached before
   */
  public Position run(
      long from,
      long supersteps,
      StepControl control,
      Checks checks,
      boolean mixOnly,
      Steering steering) {
    StepControl now = control;
    long tick = from;
    long count = supersteps;
    long target = checks.after(from);
    CellSummary[] summaries;
    Superstep superstep;
    do {
      superstep = superstep(tick, now, checks, target, mixOnly, steering.last());
      summaries = cells.superstep(superstep)[0];
      tick += superstep.ticks();
      count++;
      if (recording != null) {
        recording.add(summaries, superstep);
      }
      firstFault(summaries);
      now = now.after(superstep, summaries);
      steering.ticked(tick, count, now);
    } while (!superstep.report());
    return position(tick, count, summaries, now);
  }

  /** The superstep after a check, unless something ends the run there; null after the last tick. */
  public @Nullable Superstep next(long tick, StepControl control, Checks checks) {
    return tick < checks.last()
        ? superstep(tick, control, checks, checks.after(tick), false, false)
        : null;
  }

  private Superstep superstep(
      long tick, StepControl control, Checks checks, long target, boolean mixOnly, boolean last) {
    int ticks = (int) Math.min(plan.ticksPerSuperstep(), checks.last() - tick);
    if (ticks <= 0) {
      throw new IllegalStateException("tick " + tick + " was the last");
    }
    return control.superstep(tick + 1, ticks, mixOnly, last || tick + ticks >= target);
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

  private Position position(
      long tick, long superstep, CellSummary[] summaries, StepControl control) {
    List<Sums> sums = sums(summaries);
    double current = sums.get(0).currentWeight();
    double finished = sums.get(0).finishedWeight();
    int agents = plan.agents();
    return new Position(
        tick,
        superstep,
        Arrays.stream(summaries).mapToInt(CellSummary::active).sum(),
        Arrays.stream(summaries).mapToLong(CellSummary::updates).sum(),
        mean(sums, Sums::last, agents),
        current > 0 ? mean(sums, Sums::current, current * agents) : null,
        finished > 0 ? mean(sums, Sums::finished, finished * agents) : null,
        control);
  }

  private static List<Sums> sums(CellSummary[] summaries) {
    return Arrays.stream(summaries).map(s -> Objects.requireNonNull(s.sums(), "sums")).toList();
  }

  private double[] mean(List<Sums> sums, Function<Sums, double[]> which, double weight) {
    double[] mean = new double[plan.dimension()];
    for (Sums s : sums) {
      Vectors.addScaled(1, which.apply(s), 0, mean, 0, mean.length);
    }
    Vectors.setScaled(1 / weight, mean, 0, mean, 0, mean.length);
    return mean;
  }

  /** The mean of the agents of some cells in one lane. */
  public double[] mean(CellSummary[] summaries, int agents) {
    return mean(sums(summaries), Sums::last, agents);
  }

  /** The projection of a point onto X, the intersection of all sets. */
  public double[] projected(double[] x) {
    return feasible.projected(x, plan.coefficients());
  }

  /**
   * Asks all cells as they stand, and adds up their answers in the order of cells.
   *
   * @param next the superstep that comes next unless the answers end the run; null if none
   */
  public Question.Answer ask(Question question, @Nullable Superstep next) {
    return Question.Answer.sum(cells.ask(question, next));
  }
}
