package io.sotto.io;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which columns hold whole numbers of which no two are the same, as the numbers of patients or of
 * rows do, which no model should learn from. What it takes is bounded: it looks at the first rows
 * of a file, and after them at how far apart the numbers are.
 */
final class DistinctNumbers implements Serializable {
  private static final long serialVersionUID = 1;

  /** Of fewer rows, numbers may all differ by chance. */
  private static final int LEAST_ROWS = 20;

  private static final int MOST_ROWS = 100_000;
  private static final int MOST_CELLS = 1 << 20;
  private static final double MOST_WHOLE = 0x1p53;

  private record Entry(int column, long number) {}

  private transient Set<Entry> seen = new HashSet<>();
  private long rows;
  private int[] columns = new int[0]; // those that may be it
  private long[] least = new long[0];
  private long[] greatest = new long[0];

  /** Looks at the values of a row. */
  void add(double[] values, int count) {
    if (rows++ == 0) {
      columns = IntStream.range(0, count).toArray();
      least = new long[count];
      greatest = new long[count];
      Arrays.fill(least, Long.MAX_VALUE);
      Arrays.fill(greatest, Long.MIN_VALUE);
    }
    if (columns.length > 0 && rows <= MOST_ROWS && seen.size() > MOST_CELLS) {
      columns = new int[0]; // so many columns that few rows were looked at
    }
    boolean allMayBe = true;
    for (int c : columns) {
      allMayBe &= mayBe(c, values[c]);
    }
    if (!allMayBe) {
      columns = Arrays.stream(columns).filter(c -> least[c] <= greatest[c]).toArray();
    }
  }

  private boolean mayBe(int c, double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) <= MOST_WHOLE;
    long number = (long) value;
    if (!whole || (rows <= MOST_ROWS && !seen.add(new Entry(c, number)))) {
      least[c] = Long.MAX_VALUE;
      greatest[c] = Long.MIN_VALUE;
      return false;
    }
    least[c] = Math.min(least[c], number);
    greatest[c] = Math.max(greatest[c], number);
    return true;
  }

  /** Lets go of what is not needed when all rows are there. */
  void close() {
    seen = Set.of();
    least = Arrays.stream(columns).mapToLong(c -> least[c]).toArray();
    greatest = Arrays.stream(columns).mapToLong(c -> greatest[c]).toArray();
  }

  /**
   * The columns that it is in all parts, as far as can be told: in fewer numbers than there are
   * rows some must be the same.
   */
  static int[] columns(List<DistinctNumbers> parts) {
    List<DistinctNumbers> filled = parts.stream().filter(part -> part.rows > 0).toList();
    long rows = filled.stream().mapToLong(part -> part.rows).sum();
    if (rows < LEAST_ROWS) {
      return new int[0];
    }
    return Arrays.stream(filled.get(0).columns)
        .filter(c -> filled.stream().allMatch(part -> part.at(c) >= 0))
        .filter(
            c -> {
              long low = filled.stream().mapToLong(p -> p.least[p.at(c)]).min().orElse(0);
              long high = filled.stream().mapToLong(p -> p.greatest[p.at(c)]).max().orElse(0);
              return rows <= high - low + 1;
            })
        .toArray();
  }

  private int at(int column) {
    return Arrays.binarySearch(columns, column);
  }
}
