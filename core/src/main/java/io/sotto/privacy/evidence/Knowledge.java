package io.sotto.privacy.evidence;

import io.sotto.clock.ActivationModel;
import io.sotto.engine.Mechanism;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.mechanism.MaskedSums;
import io.sotto.privacy.mechanism.Offsets;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Constraints;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What an adversary knows besides what it receives: what everybody knows, and what its members know
 * of themselves. Nothing here was another agent's secret.
 */
public final class Knowledge {
  private final Setting setting;
  private final Adversary adversary;
  private final @Nullable LocalObjective own;
  private final List<ConstraintSet> sets;
  private final ActivationModel clock;
  private final @Nullable Offsets offsets;
  private final @Nullable MaskedSums masks;

  /**
   * @param setting what everybody knows
   * @param adversary whose knowledge it is
   * @param own the costs of its members, in their order; null if it has none
   * @param constraints the sets of all agents, of which it keeps its members'
   * @param clock the clocks of all agents; only its members' can be asked for
   * @param mechanism that the run is under: of vectors or masks that agents share by pairs, those
   *     of pairs with a member can be asked for
   */
  public Knowledge(
      Setting setting,
      Adversary adversary,
      @Nullable LocalObjective own,
      Constraints constraints,
      ActivationModel clock,
      Mechanism mechanism) {
    this.setting = setting;
    this.adversary = adversary;
    this.own = own;
    this.sets = Arrays.stream(adversary.members()).mapToObj(constraints::of).toList();
    this.clock = clock;
    this.offsets = mechanism instanceof Offsets some ? some : null;
    this.masks = mechanism instanceof MaskedSums some ? some : null;
  }

  /** What everybody knows. */
  public Setting setting() {
    return setting;
  }

  /** Who it is. */
  public Adversary adversary() {
    return adversary;
  }

  /** The members' costs, rows and all, in the order of members; null if it has none. */
  public @Nullable LocalObjective own() {
    return own;
  }

  /** The members' sets, in their order. */
  public List<ConstraintSet> sets() {
    return sets;
  }

  /** The rate of a member's clock, the members counted from 0. */
  public double rate(int member) {
    return clock.rate(adversary.members()[member]);
  }

  /** Whether a member's clock rang at a tick, the members counted from 0. */
  public boolean active(int member, long tick) {
    return clock.active(adversary.members()[member], tick);
  }

  /**
   * Of the linear term that moves an agent's cost, what the keys that it shares with members make
   * of it: all of it if it shares keys with members only. 0 without offsets.
   */
  public double[] told(int agent) {
    return offsets == null
        ? new double[setting.dimension()]
        : offsets.told(agent, adversary.members());
  }

  /** Whether two agents share a key for masks of sums; who does is public. */
  public boolean sharesMasks(int agent, int other) {
    return masks != null && masks.pair(agent, other);
  }

  /** Takes off an agent's masks of a round what members know of them: of a member, all. */
  public void unmask(int agent, long round, double[] words, int at, int count) {
    if (masks != null) {
      masks.unmask(agent, adversary.members(), round, words, at, count);
    }
  }

  /**
   * Whether any agent's clock rang at a tick. No adversary knows that of others: only attacks that
   * bound what could be learnt may ask, and say so.
   */
  public boolean oracleActive(int agent, long tick) {
    return clock.active(agent, tick);
  }

  /** The rate of any agent's clock; as {@link #oracleActive}. */
  public double oracleRate(int agent) {
    return clock.rate(agent);
  }

  /**
   * By coordinate, the variance of what members do not know of the linear term that moves an
   * agent's cost. How large offsets are is public. 0 without offsets.
   */
  public double[] untold(int agent) {
    return offsets == null
        ? new double[setting.dimension()]
        : offsets.untold(agent, adversary.members());
  }

  /** An agent's share of the gradient of the regularizer, of what is smooth of it. */
  public double[] penalty(double[] x) {
    double[] gradient = new double[setting.dimension()];
    setting
        .regularizer()
        .setGradient(1.0 / setting.agents(), x, 0, gradient, setting.coefficients());
    return gradient;
  }

  /** The sum of the members' subgradients at a point. */
  public double[] ownSubgradient(double[] x) {
    return ownSubgradient(x, member -> true);
  }

  /**
   * The sum of some members' subgradients at a point.
   *
   * @param which of them, the members counted from 0
   */
  public double[] ownSubgradient(double[] x, IntPredicate which) {
    double[] sum = new double[setting.dimension()];
    double[] g = new double[sum.length];
    for (int member = 0; own != null && member < own.agents(); member++) {
      if (which.test(member)) {
        own.subgradient(member, 0, x, 0, g);
        Vectors.addScaled(1, g, 0, sum, 0, sum.length);
      }
    }
    return sum;
  }
}
