package io.sotto.network;

import java.util.Arrays;

/** Who hears everybody whom another agent hears. */
public final class Neighbourhoods {
  private Neighbourhoods() {}

  /** N[i]: whom an agent hears, itself included, ascending. */
  public static int[] closed(Network network, int agent) {
    return Arrays.copyOfRange(
        network.heard(), network.offset()[agent], network.offset()[agent + 1]);
  }

  /** True if all of the first are among the second; both ascending. */
  public static boolean within(int[] inner, int[] outer) {
    int at = 0;
    for (int j : inner) {
      at = Arrays.binarySearch(outer, at, outer.length, j);
      if (at < 0) {
        return false;
      }
    }
    return inner.length <= outer.length;
  }
}
