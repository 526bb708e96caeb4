package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.CellReport;
import io.sotto.engine.Plan;
import io.sotto.engine.Question;
import io.sotto.engine.Runner;
import io.sotto.engine.Superstep;
import java.util.function.DoubleFunction;

/**
 * What a run will take: computed from the sizes of its plan and from a short trial.
 *
 * @param memory the bytes that are in use during the run
 * @param bytesPerSuperstep the bytes that cross borders between cells if all agents changed
 * @param secondsPerTick the seconds of a superstep divided by its ticks
 * @param secondsPerCheck the seconds of a measurement
 */
public record Forecast(
    Memory memory, long bytesPerSuperstep, double secondsPerTick, double secondsPerCheck) {
  private static final double SECONDS = 1.5;
  private static final int FEWEST = 3;

  // a JVM gets faster for a while, the longer the more of Spark is in a superstep
  private static final int MOST_ROUNDS = 14;
  private static final int STEADY_ROUNDS = 2;
  private static final double FASTER = 0.95;

  /** Seconds for a run of that many ticks with a measurement every {@code checkEvery} ticks. */
  public double seconds(long ticks, long checkEvery) {
    return ticks * secondsPerTick + (double) ticks / checkEvery * secondsPerCheck;
  }

  /**
   * Runs supersteps with steps far too short to matter until they get no faster: five to twenty
   * seconds.
   *
   * @param runner runs the cells of the run; whatever ran on it before has ended
   * @param algorithm makes the algorithm for a first step
   * @param memory what the run takes, by the model that chose its engine
   */
  public static Forecast of(
      Runner runner, DoubleFunction<? extends Algorithm> algorithm, Memory memory) {
    Plan plan = runner.plan();
    boolean stepless = algorithm.apply(1).stepless();
    StepSearch search = new StepSearch(runner, algorithm, RunClock.start());
    double usual = algorithm.apply(1).usualStep(plan.network().agents());
    Algorithm cautious = algorithm.apply(stepless ? 1 : plan.convex() ? search.cautious() : usual);
    int says = cautious.says(plan.dimension());
    double[] x = runner.projected(runner.start(cautious).mean());
    Clock clock = new Clock(runner);
    double last = clock.run(SECONDS);
    double perTick = last;
    double best = last;
    int steady = 0;
    for (int round = 1; round < MOST_ROUNDS && steady < STEADY_ROUNDS; round++) {
      double now = clock.run(SECONDS);
      steady = now < FASTER * best ? 0 : steady + 1;
      best = Math.min(best, now);
      perTick = (last + now) / 2;
      last = now;
    }

    double[][] points = {x, x, x, x}; // as many as a measurement compares, and one for bounds
    boolean smooth = Double.isFinite(runner.lipschitz());
    Question question =
        plan.convex()
            ? new Question(0, points, smooth, new int[] {0, 3}, false, 3, x)
            : new Question(0, new double[][] {x, x, x}, false, new int[0], false, 3, x);
    double perCheck = Double.POSITIVE_INFINITY;
    for (int k = 0; k < FEWEST; k++) {
      long begin = System.nanoTime();
      if (plan.mechanism().measurable()) {
        runner.ask(question, null);
      } else {
        runner.cells().ask(CellReport.standing(x), null);
      }
      perCheck = Math.min(perCheck, (System.nanoTime() - begin) / 1e9);
    }

    return new Forecast(memory, plan.borderBytes(says), perTick, perCheck);
  }

  /** Runs supersteps by the clock. */
  private static final class Clock {
    private final Runner runner;
    private long tick;

    Clock(Runner runner) {
      this.runner = runner;
    }

    /** Seconds for each tick. */
    double run(double seconds) {
      int ticks = runner.plan().ticksPerSuperstep();
      long begin = System.nanoTime();
      long supersteps = 0;
      double elapsed = 0;
      while (elapsed < seconds || supersteps < FEWEST) {
        runner.cells().superstep(new Superstep(tick + 1, ticks, false, false));
        tick += ticks;
        supersteps++;
        elapsed = (System.nanoTime() - begin) / 1e9;
      }
      return elapsed / (supersteps * ticks);
    }
  }
}
