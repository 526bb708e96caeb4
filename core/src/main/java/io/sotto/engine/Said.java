package io.sotto.engine;

import java.io.Serializable;

/**
 * What the agents of a cell say: {@code stride} numbers each. Only this is sent to other cells.
 * What agents know besides stays in {@link CellState}.
 *
 * @param values agents x stride
 * @param stride numbers an agent says: its vectors, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares states
record Said(double[] values, int stride) implements Serializable {

  /** Copies what some agents say, in their order, into {@code out} from {@code at} on. */
  void copy(int[] agents, double[] out, int at) {
    for (int k = 0; k < agents.length; k++) {
      System.arraycopy(values, agents[k] * stride, out, at + k * stride, stride);
    }
  }
}
