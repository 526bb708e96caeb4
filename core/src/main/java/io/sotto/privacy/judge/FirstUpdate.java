package io.sotto.privacy.judge;

import io.sotto.algorithm.Recursion;
import io.sotto.clock.Draws;
import io.sotto.engine.Plan;
import io.sotto.engine.Recording;
import io.sotto.network.Network;
import io.sotto.privacy.evidence.Setting;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first update of an agent that says something else on each link, from the start
 *
 * <pre>
 *   x = argmin over X_i of f_i(y) + rho n / 2 |y - mean of z|^2,  approximately
 * </pre>
 *
 * <p>A proximal step is cut short: x is where the duals of rows put it, and their sum is no
 * subgradient at x, but what in fact pulled x there. That is what an adversary can compute, and
 * what the audit compares with.
 *
 * @param pull in which direction, and how strongly, its own rows and penalty pulled
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record FirstUpdate(double[] pull) {
  private static final double ROUNDING = 1e-8;

  /**
   * That of an agent.
   *
   * @param plain the costs of some agents
   * @param moved the same as the run has them, under its mechanism
   * @param place which of them the agent is
   * @return null if it is not known: not all around it was recorded, messages were lost or late, or
   *     the step cannot be made again
   */
  public static @Nullable FirstUpdate of(
      int agent,
      Plan plan,
      Setting setting,
      Recording recording,
      LocalObjective plain,
      LocalObjective moved,
      int place) {
    Network network = plan.network();
    int d = plan.dimension();
    int from = network.offset()[agent];
    int to = network.offset()[agent + 1];
    int[] others =
        Arrays.stream(network.heard(), from, to).filter(other -> other != agent).toArray();
    int[] there = new int[others.length];
    int[] back = new int[others.length];
    for (int k = 0; k < others.length; k++) {
      there[k] = recording.tap().position(agent, others[k]);
      back[k] = recording.tap().position(others[k], agent);
      if (there[k] < 0 || back[k] < 0) {
        return null;
      }
    }
    int tick = others.length == 0 ? 0 : first(recording, there[0] * d, d);
    if (tick == 0
        || !(setting.recursion(tick) instanceof Recursion.Links links)
        || setting.recursion(tick + 1) != links) {
      return null;
    }
    double[] start = Arrays.copyOfRange(recording.at(0), there[0] * d, (there[0] + 1) * d);
    double[] target = new double[d];
    double[] x = new double[d];
    for (int k = 0; k < others.length; k++) {
      boolean near = plan.partition().cellOf(agent) == plan.partition().cellOf(others[k]);
      int b = plan.ticksPerSuperstep();
      double[] heard = recording.at(near ? tick - 1 : (tick - 1) / b * b);
      for (int j = 0; j < d; j++) {
        double z =
            links.z(start[j], recording.at(tick - 1)[there[k] * d + j], heard[back[k] * d + j]);
        target[j] += z / others.length;
        x[j] = links.x(z, recording.at(tick)[there[k] * d + j]);
      }
    }
    return again(
        agent, tick, plan, plain, moved, place, start, target, x, links.rho() * others.length);
  }

  /** The first tick at which something else is said than before; 0 if there is none. */
  private static int first(Recording recording, int at, int d) {
    for (int t = 1; t <= recording.ticks(); t++) {
      if (!Arrays.equals(recording.at(t), at, at + d, recording.at(t - 1), at, at + d)) {
        return t;
      }
    }
    return 0;
  }

  /** Makes the step again; null if it does not come to x. */
  private static @Nullable FirstUpdate again(
      int agent,
      int tick,
      Plan plan,
      LocalObjective plain,
      LocalObjective moved,
      int place,
      double[] start,
      double[] target,
      double[] x,
      double weight) {
    ConstraintSet set = plan.constraints().of(agent);
    int n = plan.coefficients();
    Proximal steps = moved.proximal();
    double[] duals = new double[steps.duals(place, set)];
    double[] came = start.clone();
    steps.step(
        place,
        Draws.bits(plan.seed(), agent, tick, Draws.Purpose.SUBGRADIENT),
        came,
        0,
        target.clone(),
        weight,
        set,
        n,
        duals,
        0,
        new double[steps.scratch(set)]);
    double[] pull = new double[x.length];
    plain.regularizer().setGradient(1.0 / plan.agents(), x, 0, pull, n);
    boolean told = plain.proximal().addMinorant(place, duals, 0, pull) > Double.NEGATIVE_INFINITY;
    boolean same = Vectors.distance(came, x) <= ROUNDING * Math.max(1, Vectors.norm(x));
    return told && same && !plain.regularizer().penalises() ? new FirstUpdate(pull) : null;
  }
}
