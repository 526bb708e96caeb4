package io.sotto.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lists of links that are used one after the other, and over again from the first: at a tick only
 * the links of one list are up. Without a list, all links always are.
 *
 * @param links by list, each link both ways as one number, ascending
 * @param until the first tick after each list's period, counted from 0
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Schedule(long[][] links, long[] until) implements Serializable {
  /** All links are up at all ticks. */
  public static final Schedule ALWAYS = new Schedule(new long[0][], new long[0]);

  /**
   * One list of links, and for how long these are the only ones that are up.
   *
   * @param a one end of each, in any order
   * @param b the other
   * @param ticks how many ticks its period lasts, at least 1
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  public record Period(int[] a, int[] b, long ticks) {
    long[] links() {
      long[] links = new long[a.length];
      Arrays.setAll(links, e -> Channel.link(Math.min(a[e], b[e]), Math.max(a[e], b[e])));
      return Arrays.stream(links).sorted().distinct().toArray();
    }
  }

  /** Lists in their order; none makes {@link #ALWAYS}. */
  public static Schedule of(List<Period> periods) {
    List<long[]> links = new ArrayList<>();
    long[] until = new long[periods.size()];
    long end = 0;
    for (Period period : periods) {
      end = Math.addExact(end, period.ticks());
      until[links.size()] = end;
      links.add(period.links());
    }
    return new Schedule(links.toArray(long[][]::new), until);
  }

  /** True if all links are up at all ticks. */
  public boolean always() {
    return until.length == 0;
  }

  boolean up(long link, long tick) {
    if (always()) {
      return true;
    }
    long now = (tick - 1) % until[until.length - 1];
    int list = 0;
    while (until[list] <= now) {
      list++;
    }
    return Arrays.binarySearch(links[list], link) >= 0;
  }

  Schedule around(int[] agents) {
    return new Schedule(
        Arrays.stream(links)
            .map(of -> Arrays.stream(of).filter(link -> Channel.touches(link, agents)).toArray())
            .toArray(long[][]::new),
        until);
  }
}
