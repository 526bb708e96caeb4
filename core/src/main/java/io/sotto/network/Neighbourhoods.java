package io.sotto.network;

import java.util.Arrays;
import java.util.function.IntFunction;

/** Who hears everybody whom another agent hears. */
public final class Neighbourhoods {
  private Neighbourhoods() {}

  /** N[i]: whom an agent hears, itself included, ascending. */
  public static int[] closed(Network network, int agent) {
    return Arrays.copyOfRange(
        network.heard(), network.offset()[agent], network.offset()[agent + 1]);
  }

  /** Who hears an agent, itself included, ascending: N[i] itself where links go both ways. */
  public static IntFunction<int[]> hearers(Network network) {
    if (!network.directed()) {
      return i -> closed(network, i);
    }
    int n = network.agents();
    int[] offset = new int[n + 1];
    for (int j : network.heard()) {
      offset[j + 1]++;
    }
    Arrays.parallelPrefix(offset, Integer::sum);
    int[] next = offset.clone();
    int[] hearers = new int[network.heard().length];
    for (int i = 0; i < n; i++) {
      for (int j : closed(network, i)) {
        hearers[next[j]++] = i;
      }
    }
    return j -> Arrays.copyOfRange(hearers, offset[j], offset[j + 1]);
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
