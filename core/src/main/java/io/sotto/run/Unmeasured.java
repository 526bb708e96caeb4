package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.CellReport;
import io.sotto.engine.Checks;
import io.sotto.engine.Position;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.result.Trace;
import java.util.List;

/**
 * A run of rounds in which nothing is measured, because that would tell of rows: it ends when all
 * agents have heard that the rounds are done, or with the ticks or the time. What is reported is
 * where the root of the tree stands, which follows from noisy sums alone.
 */
final class Unmeasured {
  private final Runner runner;
  private final Algorithm algorithm;
  private final Checks checks;
  private final RunClock clock;
  private final double reserve;
  private final Optimization.Observer observer;

  /** What the next superstep may take, as the last ones did. */
  private double stepping;

  /**
   * @param runner over loaded cells
   * @param algorithm with rounds
   * @param checks when to look whether they are done, and the last tick
   * @param clock whose deadline ends the run
   * @param reserve seconds before the deadline to leave for what comes after the run
   * @param observer is told
   */
  Unmeasured(
      Runner runner,
      Algorithm algorithm,
      Checks checks,
      RunClock clock,
      double reserve,
      Optimization.Observer observer) {
    this.runner = runner;
    this.algorithm = algorithm;
    this.checks = checks;
    this.clock = clock;
    this.reserve = reserve;
    this.observer = observer;
  }

  /**
   * Runs from the start to the end.
   *
   * @throws DeadlineException if the deadline passes before the first superstep
   */
  Result run(StepControl control) {
    clock.requireLeft();
    double begin = clock.seconds();
    return run(runner.start(algorithm, control), Trace.empty(), begin);
  }

  /** Goes on from where a run stood, at a superstep after that state was looked at, or there. */
  Result run(RunState from, Position at) {
    double begin = clock.seconds() - from.trace().last().elapsedSeconds();
    boolean between = at.superstep() > from.superstep() && at.tick() < checks.after(from.tick());
    return run(between ? further(at) : at, from.trace(), begin);
  }

  private Position further(Position at) {
    return runner.run(at.tick(), at.superstep(), at.control(), checks, false, new Timed());
  }

  private Result run(Position start, Trace before, double begin) {
    Position at = start;
    Trace trace = before;
    while (true) {
      List<CellReport.Standing> standing = runner.cells().ask(CellReport.standing(at.mean()), null);
      Measurement now = measurement(at, standing);
      if (trace.isEmpty() || trace.last().superstep() < at.superstep()) {
        trace = trace.with(now, clock.seconds() - begin);
        observer.measured(new RunState(at.control(), now, trace, false, 0));
      }
      if (standing.stream().allMatch(CellReport.Standing::done)) {
        return result(Result.Status.BUDGET, "all rounds are done", now, trace, at, begin);
      }
      if (at.tick() >= checks.last()) {
        return result(Result.Status.MAX_TICKS, "stop.max-ticks was reached", now, trace, at, begin);
      }
      if (at.superstep() == 0) {
        clock.requireLeft();
      } else if (clock.expired(stepping + reserve)) {
        return result(Result.Status.DEADLINE, "stop.deadline was reached", now, trace, at, begin);
      }
      at = further(at);
    }
  }

  private Measurement measurement(Position at, List<CellReport.Standing> standing) {
    double[] root =
        standing.stream()
            .map(CellReport.Standing::root)
            .filter(x -> x.length > 0)
            .findFirst()
            .orElseThrow();
    double distance =
        standing.stream().mapToDouble(CellReport.Standing::distance).max().orElseThrow();
    return Measurement.unmeasured(runner.plan(), at, runner.projected(root), distance);
  }

  private Result result(
      Result.Status status,
      String reason,
      Measurement last,
      Trace trace,
      Position at,
      double begin) {
    return new Result(status, reason, last, trace, at.control(), clock.seconds() - begin);
  }

  private final class Timed implements Runner.Steering {
    private double from;

    @Override
    public boolean last() {
      from = clock.seconds();
      return clock.expired(2 * stepping + reserve);
    }

    @Override
    public void ticked(long tick, long supersteps, StepControl control) {
      stepping = Math.max(clock.seconds() - from, stepping / 2);
      observer.advanced(tick, supersteps, control);
    }
  }
}
