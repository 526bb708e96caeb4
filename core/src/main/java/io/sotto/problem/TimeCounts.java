package io.sotto.problem;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How many rows end, and how many events happen, in each of some stretches of time: sums that parts
 * of the rows can be added up from, and that say no time of a single row. The stretches are the
 * intervals, if cut points are given; else each is a sixty-fourth of the way from a power of two to
 * the next, so that whole numbers up to 128 have one each.
 */
public final class TimeCounts implements Serializable {
  private static final long serialVersionUID = 1;

  /** Bits of a number below those that tell stretches apart: 52 less 6. */
  private static final int COARSE = 46;

  private final @Nullable Coordinates cuts;

  /** By stretch: rows, events. */
  private final TreeMap<Long, long[]> counts = new TreeMap<>();

  TimeCounts(@Nullable Coordinates cuts) {
    this.cuts = cuts;
  }

  /** Counts a row. */
  public void add(double time, boolean event) {
    long[] of = counts.computeIfAbsent(stretch(time), k -> new long[2]);
    of[0]++;
    of[1] += event ? 1 : 0;
  }

  /** Counts all rows of another one. */
  public void merge(TimeCounts other) {
    other.counts.forEach(
        (stretch, more) -> {
          long[] of = counts.computeIfAbsent(stretch, k -> new long[2]);
          of[0] += more[0];
          of[1] += more[1];
        });
  }

  /** A stretch holds its end and not its beginning. */
  private long stretch(double time) {
    return cuts == null
        ? ((Double.doubleToLongBits(time) - 1) >>> COARSE) + 1
        : new PiecewiseExponential(cuts.size() + 1, cuts).interval(time);
  }

  /** How many events there are. */
  public long events() {
    return counts.values().stream().mapToLong(of -> of[1]).sum();
  }

  /**
   * Where intervals end: as given, or so that about as many events happen in each of them.
   *
   * @throws BadInputException if an interval would have no event
   */
  public Coordinates cuts(int intervals) {
    if (events() == 0) {
      throw new BadInputException(
          "No event happens: survival.event is 0 in all rows. Name the column that is 1 where the event"
              + " happened.");
    }
    if (cuts != null) {
      requireEvents(cuts);
      return cuts;
    }
    List<Double> ends = new ArrayList<>();
    long events = events();
    long so = 0;
    int next = 1;
    for (Map.Entry<Long, long[]> of : counts.entrySet()) {
      so += of.getValue()[1];
      int before = next;
      while (next < intervals && so * intervals >= events * next) {
        next++; // one stretch may hold the events of several intervals
      }
      if (next > before && so < events) {
        ends.add(Double.longBitsToDouble(of.getKey() << COARSE));
      }
    }
    return PiecewiseExponential.cuts(ends);
  }

  private void requireEvents(Coordinates ends) {
    for (long k = 0; k <= ends.size(); k++) {
      if (counts.getOrDefault(k, new long[2])[1] == 0) {
        throw new BadInputException(
            "survival.cuts makes the interval from %s%s, in which no event happens; leave out a cut."
                .formatted(
                    k == 0 ? "0" : PiecewiseExponential.text(ends.at((int) k - 1)),
                    k == ends.size()
                        ? " on"
                        : " to " + PiecewiseExponential.text(ends.at((int) k))));
      }
    }
  }

  /** How many rows by interval the rows become. */
  public long splits(Coordinates ends) {
    long[][] by = byInterval(ends);
    return IntStream.range(0, by.length).mapToLong(k -> (k + 1) * by[k][0]).sum();
  }

  /** By interval: how many rows end there, and how many events happen. */
  public long[][] byInterval(Coordinates ends) {
    PiecewiseExponential times = new PiecewiseExponential(ends.size() + 1, ends);
    long[][] by = new long[ends.size() + 1][2];
    for (Map.Entry<Long, long[]> of : counts.entrySet()) {
      int k =
          cuts == null
              ? times.interval(Double.longBitsToDouble(of.getKey() << COARSE))
              : Math.toIntExact(of.getKey());
      by[k][0] += of.getValue()[0];
      by[k][1] += of.getValue()[1];
    }
    return by;
  }
}
