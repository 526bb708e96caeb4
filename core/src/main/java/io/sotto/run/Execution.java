package io.sotto.run;

import io.sotto.engine.Coordinator;
import io.sotto.engine.Runner;
import io.sotto.engine.StepControl;
import io.sotto.network.Network;
import io.sotto.network.SpectralGap;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.result.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One run of an {@link Optimize}, from preparation to publishing. */
final class Execution {
  private final Optimize action;
  private final RunClock until;
  private @Nullable Checkpointing saving;

  Execution(Optimize action) {
    this.action = action;
    RunClock clock = action.clock == null ? RunClock.start() : action.clock;
    this.until = clock.withDeadline(action.settings().stop().deadline());
  }

  /** See {@link Optimize#run}. */
  RunResult run() throws Exception {
    try {
      return toTheEnd();
    } catch (Exception e) {
      if (!action.interrupted.getAsBoolean() || saving != null) {
        throw e; // it was saved while there were cells
      }
      action.checkpoints.interrupted();
      throw ended("before tick 1", e);
    }
  }

  private static InterruptedRunException ended(String where, Exception by) {
    InterruptedRunException ended =
        new InterruptedRunException("The run was interrupted %s.".formatted(where));
    ended.addSuppressed(by);
    return ended;
  }

  private RunResult toTheEnd() throws Exception {
    Optional<Secret> before = action.checkpoints.secret();
    Prepared planned =
        until.time("prepare", () -> action.prepare(() -> before.orElseGet(Secret::fresh)));
    StoppableCells.check(action.interrupted);
    action.listener.prepared(planned);
    action.output.open(planned);
    action.checkpoints.open(
        RunIdentity.of(
            planned,
            action.provenance.whole(action.settings()),
            action.provenance.whole(planned.settings())));
    // what run.json says of the network is made before the run, not in the last seconds of it
    Network network = planned.around().network();
    SpectralGap gap =
        network.directed() ? null : until.time("prepare", () -> SpectralGap.of(network));
    until.requireLeft();
    try (Prepared.Opened opened = until.time("load", () -> planned.open(action.interrupted))) {
      try {
        return solved(opened, gap);
      } catch (Exception e) {
        if (!action.interrupted.getAsBoolean() || saving == null) {
          throw e;
        }
        throw ended(saving.interrupted(), e);
      }
    }
  }

  private RunResult solved(Prepared.Opened opened, @Nullable SpectralGap gap) throws Exception {
    Callable<Selection.Outcome> selecting =
        () -> Selection.of(action.problem, opened, action.selection, until, action.listener);
    Selection.Outcome chosen =
        action.selection.on() ? until.time("select", selecting) : selecting.call();
    Problem problem = chosen.problem();
    Prepared prepared = chosen.prepared();
    Runner runner = chosen.runner();
    Coordinator cells = runner.cells();
    Checkpoints.Found found =
        until.time("resume", () -> action.checkpoints.latest(opened.cells())).orElse(null);
    StepSearch.Choice step =
        found != null
            ? found.run().step()
            : until.time("step", () -> firstStep(prepared, runner, until));
    Checkpointing keeping =
        new Checkpointing(
            action.checkpoints,
            action.every,
            opened.cells(),
            prepared.algorithm(),
            step,
            until,
            action.listener);
    if (found == null) {
      action.listener.stepChosen(step);
    } else {
      action.listener.resumed(found.run());
    }
    saving = keeping;
    Result solved = until.time("solve", () -> solve(prepared, runner, step, keeping, found));
    Inference.Outcome inferred = infer(problem, prepared, runner, solved);
    Result result = inferred.result();
    until.time(
        "write",
        () -> {
          action.output.tables(cells, prepared, result);
          return prepared;
        });
    Solution solution =
        Solution.of(
            prepared.costs(),
            result.last().estimate(),
            result.last().objective(),
            result.last().isMeasured() ? result.certificate().toMap() : Map.of(),
            inferred.summary());
    RunSettings effective =
        step.changes() || step.isNone()
            ? prepared.settings() // run again, it changes the same way
            : prepared.settings().withInitialStep(step.initial());
    Optional<ExpertLoads> routing =
        result.status() == Result.Status.DEADLINE // there is no time left to look at texts again
            ? Optional.empty()
            : until.time(
                "solve",
                () ->
                    Optional.ofNullable(
                        ExpertLoads.of(
                            problem, prepared.costs(), runner, result.last().estimate())));
    RunRecord record =
        RunRecord.of(
            prepared,
            result,
            step,
            gap,
            Protection.guarantee(runner, prepared, result.last().estimate()),
            Rounds.of(runner, prepared),
            inferred.summary(),
            chosen.path(),
            routing.orElse(null),
            cells.name(),
            until,
            action.provenance.configuration(effective),
            action.provenance.versions());
    StoppableCells.check(action.interrupted);
    if (chosen.path() != null) {
      action.output.lines("path.csv", chosen.path().csv());
    }
    if (solution.survival() != null) {
      action.output.lines("survival.csv", solution.survival().csv());
    }
    action.output.publish(solution, record);
    try {
      action.checkpoints.complete();
    } catch (IOException e) { // the result is complete all the same
      action.listener.warned(String.valueOf(e.getMessage()));
    }
    return new RunResult(solution, record, result, prepared, routing.orElse(null));
  }

  /** What is asked for beside the solution. */
  private Inference.Outcome infer(Problem problem, Prepared prepared, Runner runner, Result solved)
      throws Exception {
    if (action.inference.enabled() == InferenceSettings.Enabled.FALSE) {
      return new Inference.Outcome(solved, null);
    }
    double reserve = action.output.reserve(prepared);
    return until.time(
        "infer",
        () ->
            Inference.of(
                problem, prepared, runner, solved, action.inference, () -> until.expired(reserve)));
  }

  /** The first step: as given, as in the run that this one starts from, or by trials. */
  static StepSearch.Choice firstStep(Prepared prepared, Runner runner, RunClock clock) {
    if (prepared.algorithm().apply(1).stepless()) {
      return StepSearch.Choice.none();
    }
    OptionalDouble given = prepared.settings().algorithm().step().initial();
    if (given.isPresent()) {
      return new StepSearch.Choice(given.getAsDouble(), "configuration", List.of(), false);
    }
    if (!prepared.costs().nature().convex()) {
      double usual = prepared.algorithm().apply(1).usualStep(prepared.costs().count());
      return new StepSearch.Choice(usual, "default", List.of(), false);
    }
    boolean changes = prepared.algorithm().apply(1).stepped(1) != null;
    double before = prepared.earlierStep();
    if (before > 0) {
      return new StepSearch.Choice(before, "warm-start", List.of(), changes);
    }
    StepSearch search = new StepSearch(runner, prepared.algorithm(), clock);
    return changes ? search.begin() : search.choose();
  }

  private Result solve(
      Prepared prepared,
      Runner runner,
      StepSearch.Choice step,
      Checkpointing saving,
      Checkpoints.@Nullable Found found) {
    return new Solving(
            prepared,
            runner,
            prepared.settings().stop().maxTicks(),
            until,
            action.output.reserve(prepared),
            action.listener)
        .savedBy(saving)
        .run(step.control(prepared.plan()), found);
  }

  /** Runs the plan with that first step. */
  static Result solve(
      Prepared prepared,
      Runner runner,
      StepControl control,
      long maxTicks,
      RunClock clock,
      double reserve,
      Optimization.Observer observer) {
    return new Solving(prepared, runner, maxTicks, clock, reserve, observer).run(control, null);
  }
}
