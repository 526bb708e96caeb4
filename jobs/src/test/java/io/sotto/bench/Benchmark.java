package io.sotto.bench;

import java.util.List;
import java.util.function.Consumer;

/** Some figures that are measured together, in a JVM of their own. */
interface Benchmark {

  /** What {@code --only} names, such as {@code B1}. */
  String id();

  /** What it measures, in a line of {@code --help}. */
  default String about() {
    return "";
  }

  /** True if it runs only when {@code --only} names it, since it takes too long. */
  default boolean onlyByName() {
    return false;
  }

  /** {@code -Xmx} of its JVM, such as {@code 2g}. */
  String heap();

  /**
   * Measures.
   *
   * @param log takes a line of progress
   */
  List<Figure> run(Consumer<String> log) throws Exception;
}
