package io.sotto.engine;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The recorded messages of a cell in one superstep. Like a border, it holds what is {@link Said}
 * and nothing else.
 */
public final class Tape implements Serializable {
  private static final long serialVersionUID = 1;

  /** What is recorded, as positions in the wiretap, and as what the cell says. */
  private final int[] positions;

  private final int[] slots;
  private final int stride;
  private double[] values = {};
  private int end;

  Tape(int[] positions, int[] slots, int stride) {
    this.positions = positions;
    this.slots = slots;
    this.stride = stride;
  }

  /** For what is recorded of a cell. */
  static Tape of(Wiretap tap, Cell cell, int stride) {
    int[] positions = tap.within(cell.agents);
    int[] slots = new int[positions.length];
    for (int k = 0; k < slots.length; k++) {
      int i = Arrays.binarySearch(cell.agents, tap.speakers()[positions[k]]);
      slots[k] = cell.slot(i) + (cell.perLink ? tap.links()[positions[k]] : 0);
    }
    return new Tape(positions, slots, stride);
  }

  /** Room for so many ticks, none of which is there yet. */
  Tape of(int ticks) {
    Tape next = new Tape(positions, slots, stride);
    next.values = new double[Math.multiplyExact(ticks, slots.length * stride)];
    return next;
  }

  /** What is said at the end of a tick. */
  void add(Said said) {
    if (end == values.length) {
      values = Arrays.copyOf(values, end + slots.length * stride);
    }
    said.copy(slots, values, end);
    end += slots.length * stride;
  }

  /**
   * Copies what was said at a tick, the first being 0, to where the order of the wiretap has it.
   */
  void copy(int tick, double[] out) {
    for (int k = 0; k < positions.length; k++) {
      int from = (tick * slots.length + k) * stride;
      System.arraycopy(values, from, out, positions[k] * stride, stride);
    }
  }

  /** How many ticks there are. */
  int ticks() {
    return slots.length == 0 ? 0 : end / (slots.length * stride);
  }

  int stride() {
    return stride;
  }
}
