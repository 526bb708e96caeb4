package io.sotto.engine;

import java.io.Serializable;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Bookkeeping for idle agents that keep their estimate. Such an agent adds to the averages only
 * when it moves on: its estimate times the weight of all ticks in between.
 *
 * @param since by agent, the weight of the current window up to which it has been added
 * @param moved who moved in the last superstep
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record HeldAgents(double[] since, BitSet moved) implements Serializable {
  /** For n agents at the start of a run. */
  static HeldAgents first(int n) {
    BitSet all = new BitSet(n);
    all.set(0, n);
    return new HeldAgents(new double[n], all);
  }

  HeldAgents copy() {
    return new HeldAgents(since.clone(), (BitSet) moved.clone());
  }

  /** Which of those slots belong to agents that moved; null for all. */
  @Nullable BitSet moved(Cell cell, int[] slots) {
    BitSet some = new BitSet(slots.length);
    for (int k = 0; k < slots.length; k++) {
      some.set(k, moved.get(cell.speaker(slots[k])));
    }
    return some.cardinality() == slots.length ? null : some;
  }
}
