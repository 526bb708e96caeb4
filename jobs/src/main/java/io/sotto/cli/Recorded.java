package io.sotto.cli;

import io.sotto.algorithm.StepSize;
import io.sotto.config.RunConfig;
import io.sotto.config.RunConfig.ClockModel;
import io.sotto.engine.Plan;
import io.sotto.engine.Recording;
import io.sotto.privacy.Adversary;
import io.sotto.privacy.Knowledge;
import io.sotto.privacy.Setting;
import io.sotto.privacy.Slice;
import io.sotto.privacy.Transcript;
import io.sotto.privacy.Truth;
import io.sotto.privacy.mechanism.FunctionSharing;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.result.Result;
import java.util.Arrays;

/**
 * A run that was recorded: what adversaries know and received of it, and what they would know.
 *
 * @param result where it ended
 * @param involved agents that are adversaries or victims, ascending
 * @param costs theirs, as they are without a mechanism
 * @param setting what everybody knows
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
record Recorded(
    Preparation.Prepared prepared,
    Result result,
    Recording recording,
    int[] involved,
    LocalObjective costs,
    Setting setting) {

  /** Of a run with that first step. */
  static Recorded of(
      Preparation.Prepared prepared,
      Result result,
      Recording recording,
      int[] involved,
      double step) {
    RunConfig config = prepared.config();
    Plan plan = prepared.plan();
    LocalObjective costs = prepared.plan().shards().load(involved);
    return new Recorded(
        prepared,
        result,
        recording,
        involved,
        costs,
        new Setting(
            config.algorithm().name(),
            new StepSize(step, config.algorithm().step().exponent()),
            plan.idle(),
            config.clock().model() == ClockModel.ALWAYS && plan.channel().outages().none(),
            plan.network(),
            plan.cut(),
            plan.ticksPerSuperstep(),
            Setting.known(plan.channel()),
            (1 - plan.channel().loss()) * plan.channel().linkRate(),
            plan.dimension(),
            plan.coefficients(),
            prepared.data().weight(),
            costs instanceof LinearModel model ? model.loss() : null,
            costs.regularizer(),
            config.problem().constraints().stream()
                .map(RunConfig.Constraint::set)
                .distinct()
                .toList(),
            prepared.protection().name(),
            result.last().estimate()));
  }

  Knowledge knowledge(Adversary adversary) {
    Plan plan = prepared.plan();
    int[] members = adversary.members();
    return new Knowledge(
        setting,
        adversary,
        members.length == 0 ? null : costs(members),
        plan.constraints(),
        plan.clock(),
        plan.mechanism() instanceof FunctionSharing sharing ? sharing : null);
  }

  Transcript transcript(Adversary adversary) {
    Plan plan = prepared.plan();
    return Transcript.of(
        recording, adversary, plan.network(), plan.channel(), plan.cut(), plan.ticksPerSuperstep());
  }

  Truth truth(int[] victims) {
    return new Truth(
        victims,
        costs(victims),
        prepared.plan().constraints(),
        prepared.plan().clock(),
        prepared.plan().channel());
  }

  /** The costs of some of those who are involved, in that order. */
  LocalObjective costs(int... some) {
    return new Slice(costs, Arrays.stream(some).map(this::place).toArray());
  }

  /** Which agent of {@link #costs} one is. */
  int place(int agent) {
    return Arrays.binarySearch(involved, agent);
  }
}
