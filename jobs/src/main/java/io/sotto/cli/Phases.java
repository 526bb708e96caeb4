package io.sotto.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** What a job does, by name, and how long each part took. */
final class Phases {
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /** Does a part. */
  <T> T time(String name, Callable<T> part) throws Exception {
    long begin = System.nanoTime();
    try {
      return part.call();
    } finally {
      seconds.merge(name, (System.nanoTime() - begin) / 1e9, Double::sum);
    }
  }

  /** Seconds by name, in the order in which the parts were begun. */
  Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }
}
