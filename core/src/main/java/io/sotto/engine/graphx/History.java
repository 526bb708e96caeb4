package io.sotto.engine.graphx;

import io.sotto.engine.Superstep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The supersteps of a run so far, to run them again. As they are alike, it holds stretches of equal
 * ones, and does not grow with the run.
 */
final class History {
  private final List<Stretch> stretches = new ArrayList<>();

  /** Supersteps one after the other, all like the first. */
  private record Stretch(Superstep first, long count) {
    boolean continues(Superstep next) {
      return next.first() == at(count) && next.isLike(first);
    }

    long at(long k) {
      return first.first() + first.ticks() * k;
    }
  }

  void clear() {
    stretches.clear();
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

  /** All of them in their order; none reports, as all reports have been read. */
  void forEach(Consumer<Superstep> each) {
    for (Stretch stretch : stretches) {
      for (long k = 0; k < stretch.count(); k++) {
        each.accept(stretch.first().from(stretch.at(k)));
      }
    }
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
