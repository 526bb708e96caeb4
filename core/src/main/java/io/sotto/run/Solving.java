package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Checks;
import io.sotto.engine.Position;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.result.Result;
import io.sotto.result.StoppingRule;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan whose rows are loaded, from the start or from a checkpoint, with measurements or
 * without.
 */
final class Solving {
  private final Prepared prepared;
  private final Runner runner;
  private final long maxTicks;
  private final RunClock clock;
  private final double reserve;
  private final NoOptimum watch;
  private @Nullable Checkpointing saving;

  /**
   * @param maxTicks the last tick, unless the mechanism has an earlier one
   * @param reserve seconds before the deadline to leave for what comes after the run
   * @param told is told how it goes on
   */
  Solving(
      Prepared prepared,
      Runner runner,
      long maxTicks,
      RunClock clock,
      double reserve,
      Optimization.Observer told) {
    this.prepared = prepared;
    this.runner = runner;
    this.maxTicks = maxTicks;
    this.clock = clock;
    this.reserve = reserve;
    this.watch = NoOptimum.before(runner, prepared, told);
  }

  /** With checkpoints. */
  Solving savedBy(Checkpointing checkpoints) {
    saving = checkpoints;
    return this;
  }

  /**
   * Runs to the end.
   *
   * @param control the first step
   * @param from where to go on; null for the start
   */
  Result run(StepControl control, Checkpoints.@Nullable Found from) {
    Optimization.Observer observer = saving == null ? watch : saving.before(watch);
    RunSettings.Stop stop = prepared.settings().stop();
    long last = prepared.protection().lastTick(maxTicks);
    long every = Math.min(last, stop.checkEvery().orElseThrow());
    if (!prepared.plan().mechanism().measurable()) {
      Algorithm algorithm = prepared.algorithm().apply(1);
      Checks checks = new Checks(every, last);
      Unmeasured run = new Unmeasured(runner, algorithm, checks, clock, reserve, observer);
      Result result = from == null ? run.run(control) : run.run(from.run().state(), restored(from));
      return RowsProtection.ended(result, Rounds.of(runner, prepared));
    }
    StoppingRule rule = new StoppingRule(last, stop.tolerance(), stop.disagreement(), every);
    Optimization run =
        new Optimization(
            runner,
            prepared.algorithm(),
            rule,
            stop.certifiedCoordinates(),
            clock,
            reserve,
            observer);
    Result result = from == null ? run.run(control) : run.run(from.run().state(), restored(from));
    Rounds rounds = Rounds.of(runner, prepared);
    Result ended = prepared.protection().ended(result, maxTicks);
    return rounds == null ? ended : rounds.ended(ended);
  }

  private Position restored(Checkpoints.Found from) {
    SavedRun run = from.run();
    watch.resume(run);
    Algorithm algorithm = prepared.algorithm().apply(run.control().step());
    Position at =
        runner.restore(algorithm, from.states(), run.tick(), run.superstep(), run.control());
    if (saving != null) {
      saving.resumed(run);
    }
    return at;
  }
}
