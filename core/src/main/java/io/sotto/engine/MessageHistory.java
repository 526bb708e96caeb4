package io.sotto.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the agents of a cell said at the ends of earlier ticks, and what came over its borders at
 * earlier exchanges, as far back as a message may be late. Takes a copy of what is said at each
 * tick, and so many times its memory.
 *
 * @param longest how many ticks a message may be late, at least 1
 * @param said what was said, at the tick's number modulo the length
 * @param arrivals in the order of ticks; one that is not needed any more gives its array to the
 *     next
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record MessageHistory(int longest, double[][] said, List<Arrival> arrivals)
    implements Serializable {

  /** What came at the end of a tick. */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Arrival(long tick, double[] heard) implements Serializable {
    Arrival copy() {
      return new Arrival(tick, heard.clone());
    }
  }

  /**
   * Nothing yet.
   *
   * @param longest how many ticks a message may be late, at least 1
   * @param size how many numbers are said
   */
  MessageHistory(int longest, int size) {
    this(longest, new double[longest + 1][size], new ArrayList<>());
  }

  MessageHistory copy() {
    double[][] same = new double[said.length][];
    for (int slot = 0; slot < said.length; slot++) {
      same[slot] = said[slot].clone();
    }
    List<Arrival> copies = new ArrayList<>();
    arrivals.forEach(arrival -> copies.add(arrival.copy()));
    return new MessageHistory(longest, same, copies);
  }

  /** What is said at the end of a tick. */
  void say(long tick, double[] values) {
    System.arraycopy(values, 0, slot(tick), 0, values.length);
  }

  /** What was said at the end of a tick, or at first. */
  double[] said(long tick) {
    return slot(Math.max(0, tick));
  }

  private double[] slot(long tick) {
    return said[(int) (tick % said.length)];
  }

  /** What comes over borders at the end of a tick. */
  void exchange(long tick, double[] heard) {
    boolean over = arrivals.size() > 1 && arrivals.get(1).tick() <= tick - longest;
    double[] copy = over ? arrivals.remove(0).heard() : new double[heard.length];
    System.arraycopy(heard, 0, copy, 0, heard.length);
    arrivals.add(new Arrival(tick, copy));
  }

  /** What came at the last exchange that is not later than a tick, or at the first. */
  double[] heard(long tick) {
    int last = arrivals.size() - 1;
    while (last > 0 && arrivals.get(last).tick() > tick) {
      last--;
    }
    return arrivals.get(last).heard();
  }
}
