package io.sotto.formula;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Quantiles of counted values, as R's {@code quantile} has them (type 7). */
final class Quantiles {
  private final TreeMap<Double, Long> rows = new TreeMap<>();
  private final long all;

  /**
   * @param counts how many rows have which value
   * @param within the least and the greatest value that counts; empty for all
   */
  Quantiles(Map<Double, Long> counts, List<Double> within) {
    counts.forEach(
        (value, n) -> {
          if (within.isEmpty() || (value >= within.get(0) && value <= within.get(1))) {
            rows.put(value, n);
          }
        });
    this.all = rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The value below which a share of all is; NaN if there is none. */
  double at(double share) {
    if (all == 0) {
      return Double.NaN;
    }
    double rank = share * (all - 1);
    double low = ranked((long) Math.floor(rank));
    double high = ranked((long) Math.ceil(rank));
    return low + (rank - Math.floor(rank)) * (high - low);
  }

  private double ranked(long rank) {
    long before = 0;
    for (Map.Entry<Double, Long> entry : rows.entrySet()) {
      before += entry.getValue();
      if (before > rank) {
        return entry.getKey();
      }
    }
    return rows.lastKey();
  }
}
