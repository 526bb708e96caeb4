package io.sotto.run;

import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Plan;
import io.sotto.engine.Recording;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Summed;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.exposure.OffsetBound;
import io.sotto.privacy.judge.FirstUpdate;
import io.sotto.privacy.judge.Slice;
import io.sotto.privacy.judge.Truth;
import io.sotto.privacy.mechanism.KeyGraph;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import io.sotto.result.Result;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run that was recorded: what adversaries know and received of it, and what they would know.
 *
 * @param result where it ended
 * @param involved agents that are adversaries or victims, ascending
 * @param costs theirs, as they are without a mechanism
 * @param setting what everybody knows
 * @param guarantee what offsets promise, at the published solution; null without
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Recorded(
    Prepared prepared,
    Result result,
    Recording recording,
    int[] involved,
    LocalObjective costs,
    Setting setting,
    @Nullable Guarantee guarantee) {

  /** A part of b below this is rounding. */
  private static final double OUTSIDE = 1e-6;

  /**
   * Of a run with that first step.
   *
   * @param gradient the sum of all agents' subgradients at a point
   */
  static Recorded of(
      Prepared prepared,
      Result result,
      Recording recording,
      int[] involved,
      double step,
      UnaryOperator<double[]> gradient,
      @Nullable Guarantee guarantee) {
    RunSettings settings = prepared.settings();
    Plan plan = prepared.plan();
    LocalObjective costs = prepared.costs().shards().load(involved);
    Recursion recursion = prepared.algorithm().apply(step).recursion();
    return new Recorded(
        prepared,
        result,
        recording,
        involved,
        costs,
        new Setting(
            recursion,
            later(prepared, recording),
            new StepSize(step, settings.algorithm().step().exponent()),
            plan.idle(),
            settings.clock().always() && plan.channel().outages().none(),
            plan.network(),
            plan.partition(),
            plan.ticksPerSuperstep(),
            Setting.known(plan.channel()),
            (1 - plan.channel().loss()) * plan.channel().linkRate(),
            plan.dimension(),
            plan.coefficients(),
            prepared.costs().work().weight(),
            prepared.costs().work().rowsOf(),
            costs instanceof LinearModel model ? model.loss() : null,
            costs.regularizer(),
            settings.constraints().stream()
                .map(constraint -> constraint.set().name())
                .distinct()
                .toList(),
            prepared.protection().name(),
            result.last().estimate(),
            recursion instanceof Recursion.Sums sums
                ? Summed.of(recording, sums, plan.parents(), plan.dimension(), gradient)
                : null),
        guarantee);
  }

  private static NavigableMap<Integer, Recursion> later(Prepared prepared, Recording recording) {
    NavigableMap<Integer, Recursion> later = new TreeMap<>();
    recording
        .steps()
        .forEach((tick, next) -> later.put(tick, prepared.algorithm().apply(next).recursion()));
    return later;
  }

  /**
   * The total variation that offsets promise against a kind of adversary; NaN without offsets.
   *
   * @param adversary null for any single agent
   */
  public double bound(@Nullable Adversary adversary) {
    if (guarantee == null) {
      return Double.NaN;
    }
    if (adversary == null) {
      return guarantee.bound().neighbour();
    }
    return OffsetBound.against(
        KeyGraph.of(prepared.plan().network()), adversary.members(), guarantee.ratio());
  }

  /**
   * The total variation that offsets promise against an adversary, where b is moved from one of two
   * other agents to the other; NaN without offsets.
   */
  double bound(Adversary adversary, int one, int other, double[] b) {
    return prepared
        .protection()
        .size()
        .map(
            size ->
                OffsetBound.between(size.keys(), adversary.members(), one, other, ratio(size, b)))
        .orElse(Double.NaN);
  }

  /** {@code |S^(-1/2) b| / s}; infinite if b has a part in which there are no offsets. */
  private static double ratio(OffsetSize size, double[] b) {
    int d = b.length;
    double[] inverse = size.inverse();
    double[] factor = size.factor();
    double[] scaled = new double[d];
    Arrays.setAll(
        scaled,
        j -> (inverse.length == d ? inverse[j] * b[j] : Vectors.dot(inverse, j * d, b, 0, d)));
    double[] back = new double[d];
    Arrays.setAll(
        back,
        j ->
            (factor.length == d ? factor[j] * scaled[j] : Vectors.dot(factor, j * d, scaled, 0, d))
                / size.deviation());
    return Vectors.distance(back, b) > OUTSIDE * Vectors.norm(b)
        ? Double.POSITIVE_INFINITY
        : Vectors.norm(scaled) / size.deviation();
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
        plan.mechanism());
  }

  Transcript transcript(Adversary adversary) {
    Plan plan = prepared.plan();
    return Transcript.of(
        recording,
        adversary,
        plan.network(),
        plan.channel(),
        plan.partition(),
        plan.ticksPerSuperstep());
  }

  Truth truth(int[] victims) {
    return truth(victims, Map.of());
  }

  /**
   * @param firsts of {@link #firsts}
   */
  Truth truth(int[] victims, Map<Integer, FirstUpdate> firsts) {
    return new Truth(
        victims,
        costs(victims),
        prepared.plan().constraints(),
        prepared.plan().clock(),
        prepared.plan().channel(),
        firsts);
  }

  /** The first updates of those involved, where agents say something else on each link. */
  Map<Integer, FirstUpdate> firsts() {
    Plan plan = prepared.plan();
    Map<Integer, FirstUpdate> firsts = new TreeMap<>();
    if (plan.perLink()) {
      LocalObjective moved = plan.mechanism().over(involved, costs);
      for (int i = 0; i < involved.length; i++) {
        FirstUpdate first = FirstUpdate.of(involved[i], plan, setting, recording, costs, moved, i);
        if (first != null) {
          firsts.put(involved[i], first);
        }
      }
    }
    return firsts;
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
