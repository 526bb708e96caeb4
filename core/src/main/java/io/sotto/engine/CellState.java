package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a cell at the end of a tick, in one lane: what they said, what they heard, what
 * they know, and the cell's sums. {@link #advance} runs ticks in place; nothing of size d is
 * allocated in them. {@link CellReport} makes what the operator gets to see of it.
 */
public final class CellState implements Serializable {
  private static final long serialVersionUID = 1;

  Algorithm algorithm;
  final int dimension;
  Said said;

  /** True while the array of {@link #said} is shared with the state that this one was made from. */
  private boolean borrowed;

  /** What the agents of other cells said at the end of the last superstep. */
  double[] heard;

  // what agents know; it never crosses a border
  final int[] updates;

  /** By agent, what its method keeps, and then the duals of its proximal steps. */
  final double[] kept;

  /** Where in {@link #kept} each agent's numbers begin; one position more than agents. */
  final int[] keptAt;

  private final int keeps;
  private final boolean keepsEstimate;

  final RestartingAverages averages;

  /**
   * Where idle agents keep their estimate: what they have not added to the sums yet, and who moved.
   */
  final @Nullable HeldAgents held;

  /** Where messages are late: what was said and heard at earlier ticks; else null. */
  final @Nullable MessageHistory past;

  /** The last tick that was run. */
  long tick;

  int active;
  CellSummary.@Nullable Fault fault;

  /** What is recorded of the last superstep. */
  @Nullable Tape tape;

  /** Where agents and duals stood when they were last compared; null if they were not. */
  Movement.@Nullable Since since;

  /** How far they moved between the last two comparisons, if they were compared. */
  @Nullable Movement movement;

  private transient double @Nullable [] spare;

  CellState(
      Algorithm algorithm,
      int dimension,
      Said said,
      double[] heard,
      int[] updates,
      double[] kept,
      int[] keptAt,
      RestartingAverages averages,
      @Nullable HeldAgents held,
      @Nullable MessageHistory past) {
    this.algorithm = algorithm;
    this.dimension = dimension;
    this.said = said;
    this.heard = heard;
    this.updates = updates;
    this.kept = kept;
    this.keptAt = keptAt;
    this.keeps = algorithm.keeps(dimension);
    this.keepsEstimate = algorithm.keepsEstimate();
    this.averages = averages;
    this.held = held;
    this.past = past;
  }

  /** What a checkpoint keeps; it shares its arrays with this state. */
  StoredState stored() {
    CellSummary.Sums sums = averages.sums(new double[0]);
    return new StoredState(
        tick,
        active,
        said.values(),
        heard,
        updates,
        kept,
        sums.current(),
        sums.currentWeight(),
        sums.finished(),
        sums.finishedWeight(),
        held == null ? null : held.since(),
        held == null ? null : held.moved().toLongArray(),
        past,
        since);
  }

  /** Records what is said from now on, beginning with what agents say at this moment. */
  public CellState record(Cell cell, Wiretap tap) {
    tape = tap.size() == 0 ? null : Tape.of(tap, cell, stride()).of(1);
    if (tape != null) {
      tape.add(said);
    }
    return this;
  }

  /** A copy to run further supersteps on; this state stays as it is. */
  public CellState successor() {
    CellState next =
        new CellState(
            algorithm,
            dimension,
            said,
            heard.clone(),
            updates.clone(),
            kept.clone(),
            keptAt,
            averages.copy(),
            held == null ? null : held.copy(),
            past == null ? null : past.copy());
    next.borrowed = true;
    next.tick = tick;
    next.active = active;
    next.fault = fault;
    next.tape = tape;
    next.since = since;
    next.movement = movement;
    return next;
  }

  /** Holds the estimates: the first vector that agents keep or say. */
  double[] estimates() {
    return keepsEstimate ? kept : said.values();
  }

  int estimateAt(int i) {
    return keepsEstimate ? keptAt[i] : i * stride();
  }

  int dualsAt(int i) {
    return keptAt[i] + keeps;
  }

  /** How many numbers an agent says, to all or on each link. */
  public int stride() {
    return said.stride();
  }

  /** Copies what a listening cell hears into its array. */
  void say(Cell.Listener listener, double[] out, int at) {
    said.copy(listener.agents(), out, at);
  }

  /** Takes another array of what is heard from other cells, and returns the one used so far. */
  double[] hear(double[] from) {
    double[] before = heard;
    heard = from;
    return before;
  }

  /** Which of the agents that another cell hears changed in the last superstep; null for all. */
  @Nullable BitSet moved(Cell cell, Cell.Listener listener) {
    return held == null ? null : held.moved(cell, listener.agents());
  }

  /** Runs the ticks of a superstep; after a fault, none. */
  public void advance(Cell cell, Workspace work, Superstep superstep) {
    if (superstep.mixOnly() && !algorithm.agreesByMixing()) {
      throw new IllegalStateException("this algorithm does not agree by mixing");
    }
    if (held != null) {
      held.moved().clear();
    }
    tick = superstep.last();
    movement = null;
    if (past != null) {
      past.exchange(superstep.first() - 1, heard);
    }
    tape = tape == null ? null : tape.of(superstep.ticks());
    for (long now = superstep.first(); now <= tick; now++) {
      if (fault != null) {
        return;
      }
      if (Long.bitCount(now) == 1) {
        restartAverage();
      }
      if (held == null || superstep.mixOnly()) {
        moveAll(cell, work, now, superstep.mixOnly());
      } else {
        moveSome(cell, work, now, held);
      }
      if (now == tick && superstep.compare() != Superstep.Compare.NO) {
        compare(cell, superstep.compare());
      }
      if (now == tick && superstep.step() > 0) {
        resume(cell, work, superstep.step());
      }
      if (tape != null) {
        tape.add(said);
      }
    }
  }

  private void compare(Cell cell, Superstep.Compare compare) {
    Movement.Since now = Movement.Since.of(cell, this);
    movement = since == null ? null : since.to(cell, now, dimension);
    since = compare == Superstep.Compare.LAST ? null : now;
  }

  /** Writes the dual of a link to where its message stands in {@link #said}. */
  void duals(int i, int slot, double[] duals) {
    int at = slot * dimension;
    for (int j = 0; j < dimension; j++) {
      duals[at + j] = algorithm.dual(estimates()[estimateAt(i) + j], said.values()[at + j]);
    }
  }

  /** All agents go on with another step, and say their messages anew with it. */
  private void resume(Cell cell, Workspace work, double step) {
    Algorithm before = algorithm;
    algorithm = Objects.requireNonNull(before.stepped(step), "a method whose step can change");
    own();
    work.tick(tick, said.values(), heard, kept, stride());
    for (int i = 0; i < cell.agents.length; i++) {
      int at = cell.slot(i) * stride();
      algorithm.resume(work.turn(i, updates[i], said.values(), at, keptAt[i], dualsAt(i)), before);
    }
    if (held != null) {
      held.moved().set(0, cell.agents.length);
    }
  }

  /** Makes sure that this state shares no array that it writes to. */
  private void own() {
    if (borrowed) {
      said = new Said(said.values().clone(), stride());
      borrowed = false;
    }
  }

  /** A tick at which everybody mixes, from one array into another. */
  private void moveAll(Cell cell, Workspace work, long now, boolean mixOnly) {
    addHeld();
    double[] before = said.values();
    double[] after = spare();
    double averaging = algorithm.averagingWeight(now);
    int stride = stride();
    begin(work, now, before);
    said = new Said(after, stride);
    active = 0;
    for (int i = 0; i < cell.agents.length; i++) {
      int at = i * stride;
      mix(cell, work, i, before, after, at);
      if (!mixOnly && cell.updates(i, now)) {
        active++;
        algorithm.update(work.turn(i, ++updates[i], after, at, keptAt[i], dualsAt(i)));
      } else {
        algorithm.mix(work.turn(i, updates[i], after, at, keptAt[i], dualsAt(i)));
      }
      averages.add(averaging, estimates(), estimateAt(i));
    }
    averages.advance(averaging);
    spare = borrowed ? null : before;
    borrowed = false;
    if (held != null) {
      Arrays.fill(held.since(), averages.weight());
      held.moved().set(0, cell.agents.length);
    }
    if (!averages.isFinite()) {
      fault = CellSummary.Fault.of(cell, now, estimates(), this::estimateAt, dimension);
    }
  }

  /** A tick at which only active agents move; the others cost nothing but a draw. */
  private void moveSome(Cell cell, Workspace work, long now, HeldAgents held) {
    own();
    double[] values = said.values();
    double[] after = spare();
    int stride = stride();
    begin(work, now, values);
    int[] movers = work.movers;
    int end = 0;
    int count = active = 0;
    for (int i = 0; i < cell.agents.length; i++) {
      if (cell.updates(i, now)) {
        addHeld(held, i);
        mix(cell, work, i, values, after, end);
        algorithm.update(work.turn(i, ++updates[i], after, end, keptAt[i], dualsAt(i)));
        active++;
        if (!work.stays()) {
          movers[count++] = i;
          end += (cell.slot(i + 1) - cell.slot(i)) * stride;
        }
      }
    }
    int from = 0;
    for (int k = 0; k < count; k++) {
      int i = movers[k];
      int length = (cell.slot(i + 1) - cell.slot(i)) * stride;
      System.arraycopy(after, from, values, cell.slot(i) * stride, length);
      from += length;
      held.moved().set(i);
      if (fault == null && !RestartingAverages.isFinite(estimates(), estimateAt(i), dimension)) {
        fault = new CellSummary.Fault(cell.agents[i], now);
      }
    }
    averages.advance(algorithm.averagingWeight(now));
  }

  /** Writes the mix of an agent; a method that speaks per link hears instead. */
  private void mix(Cell cell, Workspace work, int i, double[] before, double[] after, int at) {
    if (!work.isExchange()) {
      System.arraycopy(before, i * stride(), after, at, stride());
    } else if (!cell.clear) {
      work.hearing.hear(i, after, at);
    } else if (!cell.perLink) {
      cell.mix(i, before, heard, after, at, stride());
    }
  }

  /** Prepares the workspace for the agents of a tick. */
  private void begin(Workspace work, long now, double[] before) {
    work.tick(now, before, heard, kept, stride());
    if (past != null) {
      past.say(now - 1, before);
      work.hearing.recall(past);
    }
  }

  /** An array as large as what the agents say, to write into. */
  private double[] spare() {
    if (spare == null) {
      spare = new double[said.values().length];
    }
    return spare;
  }

  /** Adds to the sums what idle agents have not added yet. */
  private void addHeld() {
    if (held != null) {
      for (int i = 0; i < updates.length; i++) {
        addHeld(held, i);
      }
    }
  }

  private void addHeld(HeldAgents held, int i) {
    double weight = averages.weight() - held.since()[i];
    if (weight > 0) {
      averages.add(weight, estimates(), estimateAt(i));
      held.since()[i] = averages.weight();
    }
  }

  private void restartAverage() {
    addHeld();
    averages.restart();
    if (held != null) {
      Arrays.fill(held.since(), 0);
    }
  }
}
