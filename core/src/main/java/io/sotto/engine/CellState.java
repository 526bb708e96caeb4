package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Turn;
import io.sotto.clock.Draws;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a cell at the end of a tick, in one lane: what they said, what they know, and the
 * cell's sums. {@link #advance} runs ticks in place; nothing of size d is allocated in them.
 */
public final class CellState implements Serializable {
  private static final long serialVersionUID = 1;

  private final Algorithm algorithm;
  private final int dimension;
  private Said said;

  // what agents know; it never crosses a border
  private final int[] updates;

  // sums over agents and ticks, for averages that restart at powers of two
  private double[] current;
  private double currentWeight;
  private double[] finished;
  private double finishedWeight;

  private int active;
  private CellSummary.@Nullable Fault fault;

  private transient @Nullable Workspace workspace;

  private CellState(
      Algorithm algorithm, int dimension, Said said, int[] updates, double[] cur, double[] fin) {
    this.algorithm = algorithm;
    this.dimension = dimension;
    this.said = said;
    this.updates = updates;
    this.current = cur;
    this.finished = fin;
  }

  /** All agents at x_i(0) = P_Xi(0), before tick 1. */
  public static CellState start(Cell cell, Algorithm algorithm) {
    int d = cell.objective.dimension();
    int n = cell.agents.length;
    int stride = algorithm.says() * d;
    double[] values = new double[Math.multiplyExact(n, stride)];
    double[] scratch = new double[cell.scratch];
    for (int i = 0; i < n; i++) {
      cell.sets[i].project(values, i * stride, cell.coefficients, scratch, 0);
    }
    return new CellState(
        algorithm, d, new Said(values, stride), new int[n], new double[d], new double[d]);
  }

  /** A copy to run on while this one stays as it is. */
  public CellState copy() {
    CellState copy =
        new CellState(
            algorithm, dimension, said.copy(), updates.clone(), current.clone(), finished.clone());
    copy.currentWeight = currentWeight;
    copy.finishedWeight = finishedWeight;
    copy.active = active;
    copy.fault = fault;
    return copy;
  }

  /** How many numbers an agent says. */
  public int stride() {
    return said.stride();
  }

  /** Fills a border of this cell with what its agents said last. */
  public void say(int lane, Border border) {
    border.fill(lane, said);
  }

  /** Takes what the other cells said at the end of the last superstep. */
  public void hear(Cell cell, int lane, Iterable<Border> borders) {
    double[] halo = workspace(cell).halo;
    for (Border border : borders) {
      int source = Arrays.binarySearch(cell.sources, border.from());
      double[] values = border.lane(lane);
      System.arraycopy(values, 0, halo, cell.sourceStart[source] * stride(), values.length);
    }
  }

  /** Runs the ticks of a superstep; after a fault, none. */
  public void advance(Cell cell, Superstep superstep) {
    Workspace work = workspace(cell);
    for (long tick = superstep.first(); tick < superstep.first() + superstep.ticks(); tick++) {
      if (fault == null) {
        tick(cell, work, tick, superstep.mixOnly());
        fault = findFault(cell, tick);
      }
    }
  }

  private void tick(Cell cell, Workspace work, long tick, boolean mixOnly) {
    if (Long.bitCount(tick) == 1) {
      restartAverage();
    }
    double[] before = said.values();
    double[] after = work.next;
    double averaging = algorithm.averagingWeight(tick);
    int stride = stride();
    active = 0;
    for (int i = 0; i < cell.agents.length; i++) {
      boolean rings = !mixOnly && cell.clock.active(cell.agents[i], tick);
      if (rings || mixOnly || cell.idle == IdleRule.MIX) {
        mix(cell, i, before, work.halo, after, stride);
      } else {
        System.arraycopy(before, i * stride, after, i * stride, stride);
      }
      if (rings) {
        active++;
        updates[i]++;
        work.turn(i, updates[i], tick, after);
        algorithm.update(work);
      }
      Vectors.addScaled(averaging, after, i * stride, current, 0, dimension);
    }
    currentWeight += averaging;
    said = new Said(after, stride);
    work.next = before;
  }

  /** v_i: the weighted sum of what agent i hears, in ascending order of agents. */
  private static void mix(
      Cell cell, int i, double[] inside, double[] outside, double[] mixed, int stride) {
    int n = cell.agents.length;
    int at = i * stride;
    for (int e = cell.offset[i]; e < cell.offset[i + 1]; e++) {
      int from = cell.heard[e];
      double[] source = from < n ? inside : outside;
      int sourceAt = (from < n ? from : from - n) * stride;
      if (e == cell.offset[i]) {
        Vectors.setScaled(cell.weight[e], source, sourceAt, mixed, at, stride);
      } else {
        Vectors.addScaled(cell.weight[e], source, sourceAt, mixed, at, stride);
      }
    }
  }

  private void restartAverage() {
    double[] spare = finished;
    finished = current;
    finishedWeight = currentWeight;
    current = spare;
    Arrays.fill(current, 0);
    currentWeight = 0;
  }

  /**
   * The sums are not finite as soon as one estimate is not, so looking at them is enough. They may
   * overflow a few ticks before any estimate does: then it is the largest estimate that ran away.
   */
  private CellSummary.@Nullable Fault findFault(Cell cell, long tick) {
    if (isFinite(current, 0, dimension)) {
      return null;
    }
    int worst = 0;
    double most = -1;
    for (int i = 0; i < cell.agents.length; i++) {
      if (!isFinite(said.values(), i * stride(), dimension)) {
        return new CellSummary.Fault(cell.agents[i], tick);
      }
      double size = largest(said.values(), i * stride(), dimension);
      if (size > most) {
        most = size;
        worst = i;
      }
    }
    return new CellSummary.Fault(cell.agents[worst], tick);
  }

  private static double largest(double[] x, int at, int n) {
    double largest = 0;
    for (int j = 0; j < n; j++) {
      largest = Math.max(largest, Math.abs(x[at + j]));
    }
    return largest;
  }

  private static boolean isFinite(double[] x, int at, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += x[at + j] * 0; // 0, or NaN for what is not finite
    }
    return sum == 0;
  }

  /** What the cell reports; its sums only if wanted. */
  public CellSummary summary(Cell cell, boolean withSums) {
    long total = 0;
    for (int count : updates) {
      total += count;
    }
    CellSummary.Sums sums = null;
    if (withSums) {
      double[] last = new double[dimension];
      for (int i = 0; i < cell.agents.length; i++) {
        Vectors.addScaled(1, said.values(), i * stride(), last, 0, dimension);
      }
      sums =
          new CellSummary.Sums(
              last, current.clone(), currentWeight, finished.clone(), finishedWeight);
    }
    return new CellSummary(active, total, fault, sums);
  }

  /** What the operator asked at a measurement. */
  public Question.Answer answer(Cell cell, Question question) {
    LocalObjective f = cell.objective;
    double[] values = new double[question.points().length];
    double[] gradient = new double[question.gradient() ? dimension : 0];
    double[] g = new double[gradient.length];
    double distance = 0;
    for (int i = 0; i < cell.agents.length; i++) {
      for (int p = 0; p < values.length; p++) {
        values[p] += f.value(i, question.points()[p], 0);
      }
      if (question.gradient()) {
        f.subgradient(i, 0, question.points()[0], 0, g);
        Vectors.addScaled(1, g, 0, gradient, 0, dimension);
      }
      distance =
          Math.max(
              distance,
              Vectors.distance(said.values(), i * stride(), question.mean(), 0, dimension));
    }
    return new Question.Answer(values, gradient, distance);
  }

  /** The agents as they stand. */
  public CellEstimates estimates(Cell cell) {
    double[] estimates = new double[cell.agents.length * dimension];
    for (int i = 0; i < cell.agents.length; i++) {
      System.arraycopy(said.values(), i * stride(), estimates, i * dimension, dimension);
    }
    return new CellEstimates(cell.agents, dimension, estimates, updates.clone());
  }

  private Workspace workspace(Cell cell) {
    if (workspace == null) {
      workspace = new Workspace(cell, dimension, stride());
    }
    return workspace;
  }

  /** Arrays that ticks write into and nobody keeps; also the turn of one agent after the other. */
  private static final class Workspace implements Turn {
    private final Cell cell;
    private final int dimension;
    private final int stride;
    private final double[] halo;
    private final double[] gradient;
    private final double[] scratch;
    private double[] next;

    private int agent;
    private long updates;
    private long tick;
    private double[] said;

    Workspace(Cell cell, int dimension, int stride) {
      this.cell = cell;
      this.dimension = dimension;
      this.stride = stride;
      this.halo = new double[Math.multiplyExact(cell.outside(), stride)];
      this.gradient = new double[dimension];
      this.scratch = new double[cell.scratch];
      this.next = new double[cell.agents.length * stride];
      this.said = next;
    }

    void turn(int agent, long updates, long tick, double[] said) {
      this.agent = agent;
      this.updates = updates;
      this.tick = tick;
      this.said = said;
    }

    @Override
    public long updates() {
      return updates;
    }

    @Override
    public double rate() {
      return cell.clock.rate(cell.agents[agent]);
    }

    @Override
    public double[] said() {
      return said;
    }

    @Override
    public int at() {
      return agent * stride;
    }

    @Override
    public int dimension() {
      return dimension;
    }

    @Override
    public double[] subgradient(double[] x, int at) {
      long key = Draws.bits(cell.seed, cell.agents[agent], tick, Draws.Purpose.SUBGRADIENT);
      cell.objective.subgradient(agent, key, x, at, gradient);
      return gradient;
    }

    @Override
    public void project(double[] x, int at) {
      cell.sets[agent].project(x, at, cell.coefficients, scratch, 0);
    }
  }
}
