package io.sotto.bench;

import java.lang.management.ManagementFactory;

/** What is alive on the heap of this process. */
final class Heap {
  /** Spark frees what a collection found only after it, in a thread of its own. */
  private static final int QUIET = 10;

  private Heap() {}

  /** Collects until collections no longer find anything, and returns the bytes in use. */
  static double live() {
    double least = Double.POSITIVE_INFINITY;
    for (int quiet = 0; quiet < QUIET; ) {
      System.gc();
      double used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      quiet = used < 0.999 * least ? 0 : quiet + 1;
      least = Math.min(least, used);
    }
    return least;
  }
}
