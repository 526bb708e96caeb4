package io.sotto.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What was said in a run, as far as it is recorded: tick 0 is what is said before tick 1. */
public final class Recording {
  private final Wiretap tap;
  private final @Nullable UnaryOperator<double[]> kept;
  private final List<double[]> ticks = new ArrayList<>();
  private final BitSet mixOnly = new BitSet();
  private final NavigableMap<Integer, Double> steps = new TreeMap<>();
  private int stride;

  /**
   * Nothing as yet.
   *
   * @param kept makes of what is said what is kept of it; null if that is all
   */
  Recording(Wiretap tap, @Nullable UnaryOperator<double[]> kept) {
    this.tap = tap;
    this.kept = kept;
  }

  /** Takes what all cells recorded of a superstep. */
  void add(CellSummary[] cells, Superstep superstep) {
    add(cells, superstep.mixOnly());
    if (superstep.step() > 0) {
      steps.put(ticks(), superstep.step());
    }
  }

  /** Takes what all cells recorded before tick 1, or of a superstep. */
  void add(CellSummary[] cells, boolean mixing) {
    Tape[] tapes =
        Arrays.stream(cells)
            .map(CellSummary::tape)
            .filter(tape -> tape != null && tape.ticks() > 0)
            .toArray(Tape[]::new);
    int shortest = Arrays.stream(tapes).mapToInt(Tape::ticks).min().orElse(0);
    for (int tick = 0; tick < shortest; tick++) {
      stride = tapes[0].stride();
      double[] values = new double[tap.size() * stride];
      for (Tape tape : tapes) {
        tape.copy(tick, values);
      }
      mixOnly.set(ticks.size(), mixing);
      ticks.add(kept == null ? values : kept(values, kept));
    }
  }

  private double[] kept(double[] values, UnaryOperator<double[]> make) {
    double[][] parts = new double[tap.size()][];
    for (int k = 0; k < parts.length; k++) {
      parts[k] = make.apply(Arrays.copyOfRange(values, k * stride, (k + 1) * stride));
    }
    stride = parts[0].length;
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  /** What is recorded. */
  public Wiretap tap() {
    return tap;
  }

  /** The last tick. */
  public int ticks() {
    return ticks.size() - 1;
  }

  /** True if at that tick everybody had been told to mix and not to update. */
  public boolean mixOnly(int tick) {
    return mixOnly.get(tick);
  }

  /** The steps that agents took after the first, by the tick at whose end they did. */
  public NavigableMap<Integer, Double> steps() {
    return Collections.unmodifiableNavigableMap(steps);
  }

  /** How many numbers are kept of what an agent says, to all or on each link. */
  public int stride() {
    return stride;
  }

  /** What was said at a tick, or is kept of it, in the order of the wiretap. */
  public double[] at(int tick) {
    return ticks.get(tick);
  }
}
