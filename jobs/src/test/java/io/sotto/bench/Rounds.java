package io.sotto.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Measures two sides by turns, so that a machine that slows down slows both. */
final class Rounds {
  private Rounds() {}

  /** One side: each call measures it once. */
  @FunctionalInterface
  interface Side {

    /** Measures, in the unit of the figure. */
    double measure() throws Exception;
  }

  /** So many rounds; which side goes first alternates. */
  static List<Round> alternating(int rounds, Side value, Side baseline, Consumer<String> log)
      throws Exception {
    List<Round> measured = new ArrayList<>();
    for (int r = 0; r < rounds; r++) {
      double first = r % 2 == 0 ? value.measure() : baseline.measure();
      double second = r % 2 == 0 ? baseline.measure() : value.measure();
      Round round = r % 2 == 0 ? new Round(first, second) : new Round(second, first);
      measured.add(round);
      log.accept(
          String.format(
              Locale.ROOT,
              "round %d of %d: %.4g against %.4g, ratio %.3f",
              r + 1,
              rounds,
              round.value(),
              round.baseline(),
              round.ratio()));
    }
    return measured;
  }

  /**
   * How often something can be done in a second.
   *
   * @param batch does it so many times
   * @param size how many times at once, so that looking at the clock costs nothing
   * @param seconds for how long, at least
   */
  static double perSecond(IntConsumer batch, int size, double seconds) {
    long done = 0;
    long start = System.nanoTime();
    double passed;
    do {
      batch.accept(size);
      done += size;
      passed = (System.nanoTime() - start) * 1e-9;
    } while (passed < seconds);
    return done / passed;
  }

  /** The best of so many short runs of {@link #perSecond}: what can be had at all. */
  static double fastest(int runs, IntConsumer batch, int size, double seconds) {
    double best = 0;
    for (int k = 0; k < runs; k++) {
      best = Math.max(best, perSecond(batch, size, seconds));
    }
    return best;
  }
}
