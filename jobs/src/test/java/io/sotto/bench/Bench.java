package io.sotto.bench;

import java.util.List;

/** The {@code bench} command. */
final class Bench {

  /** All benchmarks, in the order of the table. */
  static final List<Benchmark> BENCHMARKS = List.of();

  private Bench() {}
}
