package io.sotto.engine.graphx;

import io.sotto.engine.Beginning;
import io.sotto.engine.Superstep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The supersteps of a run so far, to run them again, from its start or from where its states were
 * stored. As supersteps are alike, it holds stretches of equal ones, and does not grow with the
 * run.
 */
final class History {
  /** How many stored states are remembered beside the start: the one before may be whole still. */
  private static final int KEPT = 2;

  private final List<Stretch> stretches = new ArrayList<>();
  private final Deque<Point> points = new ArrayDeque<>();

  /** Supersteps one after the other, all like the first. */
  private record Stretch(Superstep first, long count) {
    boolean continues(Superstep next) {
      return next.first() == at(count) && next.isLike(first);
    }

    long at(long k) {
      return first.first() + first.ticks() * k;
    }
  }

  /**
   * Where to begin again.
   *
   * @param beginning the states
   * @param after how many supersteps they hold
   */
  record Point(Beginning beginning, long after) {}

  /** Of a run that begins. */
  void begin(Beginning beginning) {
    clear();
    points.add(new Point(beginning, 0));
  }

  /** The states as they stand are stored, too. */
  void stored(Beginning there) {
    points.add(new Point(there, size()));
    if (points.size() > KEPT + 1) {
      Point start = points.removeFirst();
      points.removeFirst();
      points.addFirst(start);
    }
  }

  void clear() {
    stretches.clear();
    points.clear();
  }

  /** Where to begin again, the latest first; empty before the run has begun. */
  List<Point> points() {
    List<Point> latest = new ArrayList<>(points);
    Collections.reverse(latest);
    return latest;
  }

  void add(Superstep superstep) {
    int last = stretches.size() - 1;
    if (last >= 0 && stretches.get(last).continues(superstep)) {
      Stretch so = stretches.get(last);
      stretches.set(last, new Stretch(so.first(), so.count() + 1));
    } else {
      stretches.add(new Stretch(superstep, 1));
    }
  }

  /** All supersteps after a point in their order; none reports, as all reports have been read. */
  void forEach(Point from, Consumer<Superstep> each) {
    long before = 0;
    for (Stretch stretch : stretches) {
      for (long k = Math.max(0, from.after() - before); k < stretch.count(); k++) {
        each.accept(stretch.first().from(stretch.at(k)));
      }
      before += stretch.count();
    }
  }

  /** How many supersteps since the latest point. */
  long sinceStored() {
    return points.isEmpty() ? 0 : size() - points.getLast().after();
  }

  /** How many supersteps. */
  long size() {
    return stretches.stream().mapToLong(Stretch::count).sum();
  }

  /** How many stretches of equal ones. */
  int stretches() {
    return stretches.size();
  }
}
