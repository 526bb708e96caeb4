package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.clock.ActivationModel;
import io.sotto.network.CellPartition;
import io.sotto.network.Channel;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some agents, their rows, their sets and clocks, and the rows of the mixing matrix that say whom
 * they hear, compiled into flat arrays. It does not change; {@link CellState} does.
 *
 * <p>An agent of the cell is a position 0 ... n - 1; an agent of another cell that is heard here is
 * a position n ... n + h - 1, ordered by (its cell, its index), so that what one cell says fills
 * one stretch. Mixing rows keep the order of global indices, and with it the bits of the sums.
 *
 * <p>Where a method speaks per link ({@code perLink}), links take the place of agents: a position
 * is that of a link i to j in i's row, rows have no entry for oneself, and the links of another
 * cell are ordered by (cell, i, j).
 */
public final class Cell implements Serializable {
  private static final long serialVersionUID = 1;

  /** The digest of the run. */
  final long run;

  final int id;
  final int[] agents;
  final int[] offset;
  final int[] heard;
  final double[] mixingWeight;

  /** The cells that are heard, ascending, and where the stretch of each begins (one more). */
  final int[] sources;

  final int[] sourceStart;

  final LocalObjective objective;
  final Mechanism mechanism;
  final ConstraintSet[] sets;

  /** How many agents there are in all cells. */
  final int all;

  /** By agent, which of its links leads to the root; -1 for none. Empty without a tree. */
  final int[] parents;

  final int scratch;
  final int coefficients;
  final ActivationModel clock;
  final IdleRule idle;
  final long seed;
  final boolean perLink;
  final Channel channel;

  /** Agents exchange at every so many ticks, from the first one on. */
  private final int exchangeEvery;

  /** True if every message arrives at once; kept in a field since it is needed at every tick. */
  final boolean clear;

  /**
   * Who speaks on each link, by global index; empty where all is heard, and at once, unless agents
   * are perLink.
   */
  final int[] speakers;

  final @Nullable Origin origin;

  private transient @Nullable Proximal proximal;

  /** The cells that hear this one, ascending. */
  final List<Listener> listeners;

  /**
   * A cell that hears this one.
   *
   * @param cell which
   * @param agents which of the agents here it hears, as positions, ascending; links where agents
   *     are perLink
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Listener(int cell, int[] agents) implements Serializable {}

  /**
   * Compiles a cell.
   *
   * @param plan the run
   * @param all the cell's part of the mixing matrix
   * @param heardBy the subscriptions of other cells to this one
   * @param costs of its agents, as they were loaded
   */
  public Cell(Plan plan, MixingRows all, List<Subscription> heardBy, LocalObjective costs) {
    this.run = plan.digest();
    this.perLink = plan.perLink();
    MixingRows rows = perLink ? all.withoutSelf() : all;
    this.id = rows.cell();
    this.agents = rows.agents();
    this.offset = rows.offset();
    this.mixingWeight = rows.weight();
    this.origin = plan.origin();
    this.coefficients = plan.coefficients();
    this.clock = plan.clock();
    this.idle = plan.idle();
    this.seed = plan.seed();
    this.channel = plan.channel().around(agents);
    this.exchangeEvery = plan.exchangeEvery();
    this.clear = channel.clear();
    this.speakers = clear && !perLink ? new int[0] : rows.heard();
    this.mechanism = plan.mechanism();
    this.objective = mechanism.over(agents, costs);
    this.all = plan.agents();
    if (objective.agents() != agents.length) {
      throw new IllegalStateException(
          "cell %d holds %d agents, its shard %d".formatted(id, agents.length, objective.agents()));
    }
    this.sets = new ConstraintSet[agents.length];
    int most = 0;
    for (int i = 0; i < agents.length; i++) {
      sets[i] = plan.constraints().of(agents[i]);
      if (i == 0 || sets[i] != sets[i - 1]) {
        most = Math.max(most, sets[i].scratch(coefficients));
      }
    }
    this.scratch = most;

    List<Subscription> subscriptions = rows.subscriptions(plan.partition(), perLink);
    this.sources = subscriptions.stream().mapToInt(Subscription::source).toArray();
    this.sourceStart = new int[sources.length + 1];
    for (int s = 0; s < sources.length; s++) {
      sourceStart[s + 1] = sourceStart[s] + subscriptions.get(s).agents().length;
    }
    this.heard = positions(rows, plan.partition(), subscriptions);
    this.parents = new int[plan.parents().length == 0 ? 0 : agents.length];
    for (int i = 0; i < parents.length; i++) {
      int parent = plan.parents()[agents[i]];
      parents[i] =
          parent < 0
              ? -1
              : Arrays.binarySearch(rows.heard(), offset[i], offset[i + 1], parent) - offset[i];
    }
    this.listeners =
        heardBy.stream()
            .sorted(Comparator.comparingInt(Subscription::hearer))
            .map(
                s ->
                    new Listener(
                        s.hearer(),
                        IntStream.range(0, s.agents().length)
                            .map(k -> spoken(rows, s.agents()[k], perLink ? s.hearers()[k] : -1))
                            .toArray()))
            .toList();
  }

  /** The same cell with its costs under a mechanism. */
  private Cell(Cell other, Mechanism mechanism) {
    this.run = other.run;
    this.id = other.id;
    this.agents = other.agents;
    this.offset = other.offset;
    this.heard = other.heard;
    this.mixingWeight = other.mixingWeight;
    this.sources = other.sources;
    this.sourceStart = other.sourceStart;
    this.mechanism = mechanism;
    this.objective = mechanism.over(agents, other.objective.plain());
    this.sets = other.sets;
    this.all = other.all;
    this.parents = other.parents;
    this.scratch = other.scratch;
    this.coefficients = other.coefficients;
    this.clock = other.clock;
    this.idle = other.idle;
    this.seed = other.seed;
    this.perLink = other.perLink;
    this.channel = other.channel;
    this.exchangeEvery = other.exchangeEvery;
    this.clear = other.clear;
    this.speakers = other.speakers;
    this.origin = other.origin;
    this.listeners = other.listeners;
  }

  /**
   * The same cell, which shares all arrays with this one, with its costs under a mechanism in place
   * of the one that they are under.
   */
  public Cell under(Mechanism mechanism) {
    return new Cell(this, mechanism);
  }

  private int[] positions(
      MixingRows rows, CellPartition partition, List<Subscription> subscriptions) {
    int[] positions = new int[rows.heard().length];
    for (int i = 0; i < agents.length; i++) {
      for (int e = offset[i]; e < offset[i + 1]; e++) {
        int speaker = rows.heard()[e];
        int cell = partition.cellOf(speaker);
        if (cell == id) {
          positions[e] = spoken(rows, speaker, agents[i]);
        } else {
          int s = Arrays.binarySearch(sources, cell);
          positions[e] =
              slots() + sourceStart[s] + within(subscriptions.get(s), speaker, agents[i]);
        }
      }
    }
    return positions;
  }

  /**
   * The position of what an agent of this cell says; with perLink, of what it says to that
   * neighbour.
   */
  private int spoken(MixingRows rows, int speaker, int hearer) {
    int i = Arrays.binarySearch(agents, speaker);
    if (!perLink) {
      return i;
    }
    int link = Arrays.binarySearch(rows.heard(), offset[i], offset[i + 1], hearer);
    if (link < 0) {
      throw new IllegalStateException(
          "agent %d hears agent %d, who does not hear it".formatted(hearer, speaker));
    }
    return link;
  }

  private static int within(Subscription subscription, int speaker, int hearer) {
    if (subscription.hearers().length == 0) {
      return Arrays.binarySearch(subscription.agents(), speaker);
    }
    int low = 0;
    int high = subscription.agents().length;
    while (low < high) { // the first pair that is not below (speaker, hearer)
      int middle = (low + high) >>> 1;
      int order = Integer.compare(subscription.agents()[middle], speaker);
      order = order != 0 ? order : Integer.compare(subscription.hearers()[middle], hearer);
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle;
    }
    return low;
  }

  /**
   * How many messages this cell makes at a tick: one for each agent or, with perLink, one for each
   * link. Each has a slot.
   */
  int slots() {
    return perLink ? offset[agents.length] : agents.length;
  }

  /** The first slot of an agent; for i = the number of agents, {@link #slots}. */
  int slot(int i) {
    return perLink ? offset[i] : i;
  }

  /** The agent that a slot belongs to. */
  int speaker(int slot) {
    if (!perLink) {
      return slot;
    }
    int i = Arrays.binarySearch(offset, slot);
    if (i < 0) {
      return -i - 2;
    }
    while (offset[i + 1] == slot) { // agents without links
      i++;
    }
    return i;
  }

  /** Refuses a method that the cell was not compiled for. */
  void requireFor(Algorithm algorithm) {
    if (algorithm.perLink() != perLink || algorithm.alongTree() != (parents.length > 0)) {
      throw new IllegalStateException("the plan is not one for this algorithm");
    }
  }

  /** How many numbers an agent keeps, the duals of its proximal steps or its state as the root. */
  int keeps(int i, Algorithm algorithm) {
    int d = objective.dimension();
    int duals = algorithm.proximal() ? proximal().duals(i, sets[i]) : 0;
    boolean root = parents.length > 0 && parents[i] < 0;
    return algorithm.keeps(d) + duals + (root ? algorithm.keepsAtRoot(d) : 0);
  }

  /** The penalty of all agents. */
  public Regularizer regularizer() {
    return objective.regularizer();
  }

  /** The proximal steps of the cell's objective, made when first asked for. */
  synchronized Proximal proximal() {
    if (proximal == null) {
      proximal = objective.proximal();
    }
    return proximal;
  }

  /** True if an agent here makes an update at a tick: its clock rings, and it is online. */
  boolean updates(int i, long tick) {
    return clock.active(agents[i], tick) && (clear || channel.online(agents[i], tick));
  }

  /** True if agents exchange at a tick; at others the mix of each is its own estimate. */
  boolean exchanges(long tick) {
    return (tick - 1) % exchangeEvery == 0;
  }

  /** v_i: the weighted sum of what agent i hears, in ascending order of agents. */
  public void mix(int i, double[] inside, double[] outside, double[] mixed, int at, int stride) {
    int n = agents.length;
    int end = offset[i + 1];
    for (int e = offset[i]; e < end; e++) {
      int from = heard[e];
      double[] source = from < n ? inside : outside;
      int sourceAt = (from < n ? from : from - n) * stride;
      if (e == offset[i]) {
        Vectors.setScaled(mixingWeight[e], source, sourceAt, mixed, at, stride);
      } else {
        Vectors.addScaled(mixingWeight[e], source, sourceAt, mixed, at, stride);
      }
    }
  }

  /** How many agents of other cells are heard here. */
  int outside() {
    return sourceStart[sources.length];
  }

  /** Where, among the agents of other cells that are heard here, those of one cell begin. */
  int stretchAt(int source) {
    return sourceStart[stretch(source)];
  }

  /** How many agents of another cell are heard here. */
  int stretchOf(int source) {
    int s = stretch(source);
    return sourceStart[s + 1] - sourceStart[s];
  }

  private int stretch(int source) {
    int s = Arrays.binarySearch(sources, source);
    if (s < 0) {
      throw new IllegalStateException(
          "cell %d was told something by cell %d, of which it hears nothing".formatted(id, source));
    }
    return s;
  }

  /** An estimate of the Lipschitz constant of the gradient of the cell's part of F. */
  double smoothness() {
    double sum = 0;
    for (int i = 0; i < agents.length; i++) {
      sum += objective.smoothness(i);
    }
    return sum;
  }
}
