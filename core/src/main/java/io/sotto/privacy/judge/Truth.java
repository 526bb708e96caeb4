package io.sotto.privacy.judge;

import io.sotto.clock.ActivationModel;
import io.sotto.network.Channel;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Constraints;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What victims keep to themselves. Scores are taken against it; no attack sees it. */
public final class Truth {
  private final int[] victims;
  private final LocalObjective costs;
  private final Constraints constraints;
  private final ActivationModel clock;
  private final Channel channel;
  private final Map<Integer, FirstUpdate> firsts;

  /**
   * @param victims global indices, ascending
   * @param costs theirs, in that order
   * @param constraints the sets of all agents
   * @param clock the clocks of all agents
   * @param channel who is online
   * @param firsts by agent, where agents say something else on each link, what is known of its
   *     first update
   */
  public Truth(
      int[] victims,
      LocalObjective costs,
      Constraints constraints,
      ActivationModel clock,
      Channel channel,
      Map<Integer, FirstUpdate> firsts) {
    this.victims = victims.clone();
    this.costs = costs;
    this.constraints = constraints;
    this.clock = clock;
    this.channel = channel;
    this.firsts = Map.copyOf(firsts);
  }

  /** The victims, ascending. */
  public int[] victims() {
    return victims.clone();
  }

  /** Their costs, rows and all, in the order of victims. */
  public LocalObjective costs() {
    return costs;
  }

  /** Which of the victims an agent is, in their order. */
  public int index(int victim) {
    return Arrays.binarySearch(victims, victim);
  }

  /** All their rows; null if their costs are none of rows. */
  @Nullable LinearModel rows() {
    LocalObjective block = costs instanceof Slice slice ? slice.all() : costs;
    return block instanceof LinearModel model ? model : null;
  }

  /** How many rows a victim has. */
  int held(int victim) {
    LinearModel model = rows();
    int place = place(victim);
    return model == null ? 0 : model.rows().first(place + 1) - model.rows().first(place);
  }

  /** Which agent of {@link #rows} a victim is. */
  int place(int victim) {
    return costs instanceof Slice slice ? slice.which()[index(victim)] : index(victim);
  }

  /** A victim's subgradient at a point. */
  public double[] subgradient(int victim, double[] x, int at) {
    double[] g = new double[costs.dimension()];
    costs.subgradient(index(victim), 0, x, at, g);
    return g;
  }

  /** A victim's first update, where that is known. */
  @Nullable FirstUpdate first(int victim) {
    return firsts.get(victim);
  }

  /** A victim's set. */
  public ConstraintSet set(int victim) {
    return constraints.of(victim);
  }

  /** The rate of a victim's clock. */
  public double rate(int victim) {
    return clock.rate(victim);
  }

  /** Whether a victim's clock rang at a tick, and it was there. */
  public boolean active(int victim, long tick) {
    return clock.active(victim, tick) && channel.online(victim, tick);
  }
}
