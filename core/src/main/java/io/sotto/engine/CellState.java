package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a cell at the end of a tick, in one lane: what they said, what they heard, what
 * they know, and the cell's sums. {@link #advance} runs ticks in place; nothing of size d is
 * allocated in them.
 */
public final class CellState implements Serializable {
  private static final long serialVersionUID = 1;

  private final Algorithm algorithm;
  private final int dimension;
  private Said said;

  /** True while the array of {@link #said} belongs to the state that this one came from. */
  private boolean borrowed;

  /** What the agents of other cells said at the end of the last superstep. */
  private double[] heard;

  // what agents know; it never crosses a border
  private final int[] updates;

  // sums over agents and ticks, for averages that restart at powers of two
  private double[] current;
  private double currentWeight;
  private double[] finished;
  private double finishedWeight;

  /** Where agents hold still: what they have not added to the sums yet, and who moved. */
  private final @Nullable Stillness stillness;

  private int active;
  private CellSummary.@Nullable Fault fault;

  private transient double @Nullable [] spare;

  /**
   * An agent that stays where it is adds to the sums only when it moves on: its estimate times the
   * weight of all ticks since.
   *
   * @param since by agent, the weight of the current window up to which it has been added
   * @param moved who moved in the last superstep
   */
  private record Stillness(double[] since, BitSet moved) implements Serializable {
    Stillness copy() {
      return new Stillness(since.clone(), (BitSet) moved.clone());
    }
  }

  private CellState(
      Algorithm algorithm,
      int dimension,
      Said said,
      double[] heard,
      int[] updates,
      double[] current,
      double[] finished,
      @Nullable Stillness stillness) {
    this.algorithm = algorithm;
    this.dimension = dimension;
    this.said = said;
    this.heard = heard;
    this.updates = updates;
    this.current = current;
    this.finished = finished;
    this.stillness = stillness;
  }

  /** All agents at x_i(0) = P_Xi(0), before tick 1; they have heard nothing yet. */
  public static CellState start(Cell cell, Algorithm algorithm) {
    int d = cell.objective.dimension();
    int n = cell.agents.length;
    int stride = algorithm.says() * d;
    double[] values = new double[Math.multiplyExact(n, stride)];
    double[] scratch = new double[cell.scratch];
    for (int i = 0; i < n; i++) {
      cell.sets[i].project(values, i * stride, cell.coefficients, scratch, 0);
    }
    Stillness stillness = null;
    if (cell.idle == IdleRule.HOLD) {
      stillness = new Stillness(new double[n], new BitSet(n));
      stillness.moved().set(0, n);
    }
    return new CellState(
        algorithm,
        d,
        new Said(values, stride),
        new double[Math.multiplyExact(cell.outside(), stride)],
        new int[n],
        new double[d],
        new double[d],
        stillness);
  }

  /** A state to run on while this one stays as it is. */
  public CellState successor() {
    CellState next =
        new CellState(
            algorithm,
            dimension,
            said,
            heard.clone(),
            updates.clone(),
            current.clone(),
            finished.clone(),
            stillness == null ? null : stillness.copy());
    next.borrowed = true;
    next.currentWeight = currentWeight;
    next.finishedWeight = finishedWeight;
    next.active = active;
    next.fault = fault;
    return next;
  }

  /** How many numbers an agent says. */
  public int stride() {
    return said.stride();
  }

  /** Copies what a listener hears to where it keeps that. */
  void say(Cell.Listener listener, double[] out, int at) {
    said.cut(listener.agents(), out, at);
  }

  /** Hears from another array from now on, and gives back the one before. */
  double[] hear(double[] from) {
    double[] before = heard;
    heard = from;
    return before;
  }

  /** What lanes of a cell tell the cells that hear it, if anything. */
  public static Border[] borders(Cell cell, CellState[] lanes) {
    Said[] said = Arrays.stream(lanes).map(lane -> lane.said).toArray(Said[]::new);
    return cell.listeners.stream()
        .map(
            listener ->
                Border.of(
                    cell.id,
                    listener,
                    said,
                    Arrays.stream(lanes)
                        .map(lane -> lane.moved(listener.agents()))
                        .toArray(BitSet[]::new)))
        .filter(border -> border != null)
        .toArray(Border[]::new);
  }

  private @Nullable BitSet moved(int[] agents) {
    if (stillness == null) {
      return null;
    }
    BitSet some = new BitSet(agents.length);
    for (int k = 0; k < agents.length; k++) {
      some.set(k, stillness.moved().get(agents[k]));
    }
    return some.cardinality() == agents.length ? null : some;
  }

  /** Takes what another cell told all lanes. */
  public static void hear(Cell cell, CellState[] lanes, byte[] border) {
    Border.deliver(
        border,
        cell,
        Arrays.stream(lanes).map(lane -> lane.heard).toArray(double[][]::new),
        Arrays.stream(lanes).mapToInt(CellState::stride).toArray());
  }

  /** Runs the ticks of a superstep; after a fault, none. */
  public void advance(Cell cell, Workspace work, Superstep superstep) {
    if (stillness != null) {
      stillness.moved().clear();
    }
    for (long tick = superstep.first(); tick < superstep.first() + superstep.ticks(); tick++) {
      if (fault != null) {
        return;
      }
      if (Long.bitCount(tick) == 1) {
        restartAverage();
      }
      if (stillness == null || superstep.mixOnly()) {
        moveAll(cell, work, tick, superstep.mixOnly());
      } else {
        moveSome(cell, work, tick, stillness);
      }
    }
  }

  /** A tick at which everybody mixes, from one array into another. */
  private void moveAll(Cell cell, Workspace work, long tick, boolean mixOnly) {
    settle();
    double[] before = said.values();
    double[] after = spare();
    double averaging = algorithm.averagingWeight(tick);
    int stride = stride();
    active = 0;
    for (int i = 0; i < cell.agents.length; i++) {
      int at = i * stride;
      cell.mix(i, before, heard, after, at, stride);
      if (!mixOnly && cell.clock.active(cell.agents[i], tick)) {
        active++;
        algorithm.update(work.turn(i, ++updates[i], tick, after, at));
      }
      Vectors.addScaled(averaging, after, at, current, 0, dimension);
    }
    currentWeight += averaging;
    spare = borrowed ? null : before;
    borrowed = false;
    said = new Said(after, stride);
    if (stillness != null) {
      Arrays.fill(stillness.since(), currentWeight);
      stillness.moved().set(0, cell.agents.length);
    }
    fault = findFault(cell, tick);
  }

  /** A tick at which only active agents move; the others cost nothing but a draw. */
  private void moveSome(Cell cell, Workspace work, long tick, Stillness still) {
    if (borrowed) {
      said = new Said(said.values().clone(), stride());
      borrowed = false;
    }
    double[] values = said.values();
    double[] after = spare();
    int stride = stride();
    int[] movers = work.movers;
    active = 0;
    for (int i = 0; i < cell.agents.length; i++) {
      if (cell.clock.active(cell.agents[i], tick)) {
        int at = active * stride;
        cell.mix(i, values, heard, after, at, stride);
        algorithm.update(work.turn(i, ++updates[i], tick, after, at));
        movers[active++] = i;
      }
    }
    for (int k = 0; k < active; k++) {
      int i = movers[k];
      settle(still, i);
      System.arraycopy(after, k * stride, values, i * stride, stride);
      still.moved().set(i);
      if (fault == null && !isFinite(values, i * stride, dimension)) {
        fault = new CellSummary.Fault(cell.agents[i], tick);
      }
    }
    currentWeight += algorithm.averagingWeight(tick);
  }

  /** An array as large as what the agents say, to write into. */
  private double[] spare() {
    if (spare == null) {
      spare = new double[said.values().length];
    }
    return spare;
  }

  /** Adds what agents that stood still have not added to the sums yet. */
  private void settle() {
    if (stillness != null) {
      for (int i = 0; i < updates.length; i++) {
        settle(stillness, i);
      }
    }
  }

  private void settle(Stillness still, int i) {
    double weight = currentWeight - still.since()[i];
    if (weight > 0) {
      Vectors.addScaled(weight, said.values(), i * stride(), current, 0, dimension);
      still.since()[i] = currentWeight;
    }
  }

  private void restartAverage() {
    settle();
    double[] before = finished;
    finished = current;
    finishedWeight = currentWeight;
    current = before;
    Arrays.fill(current, 0);
    currentWeight = 0;
    if (stillness != null) {
      Arrays.fill(stillness.since(), 0);
    }
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

  /** What the cell reports; its sums and counts only if wanted. */
  public CellSummary summary(boolean report) {
    if (!report) {
      return new CellSummary(active, 0, fault, null);
    }
    long total = 0;
    double[] last = new double[dimension];
    double[] sum = current.clone();
    for (int i = 0; i < updates.length; i++) {
      total += updates[i];
      int at = i * stride();
      Vectors.addScaled(1, said.values(), at, last, 0, dimension);
      if (stillness != null) {
        double weight = currentWeight - stillness.since()[i];
        Vectors.addScaled(weight, said.values(), at, sum, 0, dimension);
      }
    }
    return new CellSummary(
        active,
        total,
        fault,
        new CellSummary.Sums(last, sum, currentWeight, finished.clone(), finishedWeight));
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
    return new CellEstimates(cell.id, cell.agents, dimension, estimates, updates.clone());
  }
}
