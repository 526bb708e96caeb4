package io.sotto.engine;

/**
 * The ticks at which a run is measured: multiples of {@code every}, or the first end of a superstep
 * after one, and the last tick.
 *
 * @param every ticks between measurements, at least 1
 * @param last where the last superstep ends, at least 0
 */
public record Checks(long every, long last) {

  /** The first tick after the given one at which to measure. */
  public long after(long tick) {
    return Math.min(last, (tick / every + 1) * every);
  }
}
