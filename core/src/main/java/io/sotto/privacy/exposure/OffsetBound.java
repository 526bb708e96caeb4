package io.sotto.privacy.exposure;

import io.sotto.network.Links;
import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * What offsets guarantee against an adversary ({@link io.sotto.privacy.mechanism.Offsets}): how
 * well it can at most tell two problems apart that have the same F, and differ in that a linear
 * term b.x is taken from the cost of one honest agent and added to that of another. With R the
 * effective resistance between the two in the graph of keys among honest agents, all that the
 * adversary receives differs in total variation by at most
 *
 * <pre>
 *   2 Phi( |S^(-1/2) b| sqrt(R) / (2 s) ) - 1
 * </pre>
 *
 * <p>whatever the method, and however long the run. 0: it can only guess; 1: nothing is promised.
 * Half of it, added to one half, bounds the chance to guess right which of the two ran.
 *
 * @param neighbour against a single agent: the largest over adversaries and pairs of agents
 * @param neighbourhood against all that an agent hears or is heard by together: the largest over
 *     such agents and the others that are left
 * @param eavesdropper against somebody who hears all messages and has no key
 */
public record OffsetBound(double neighbour, double neighbourhood, double eavesdropper) {

  /** Among more agents than this no bound is computed, for it takes their number to the third. */
  public static final int MOST = 300;

  /** So many adversaries of a kind are looked at, evenly spread over the agents. */
  private static final int SAMPLED = 16;

  /**
   * The bounds.
   *
   * @param keys who shares a key with whom
   * @param network who hears whom
   * @param ratio {@code |S^(-1/2) b| / s}, above 0
   * @return NaN for all if there are more than {@value #MOST} agents
   */
  public static OffsetBound of(Links keys, Network network, double ratio) {
    int n = keys.agents();
    if (n > MOST) {
      return new OffsetBound(Double.NaN, Double.NaN, Double.NaN);
    }
    IntFunction<int[]> hearers = Neighbourhoods.hearers(network);
    double single = 0;
    double together = 0;
    int looked = Math.min(n, SAMPLED);
    for (int k = 0; k < looked; k++) {
      int agent = (int) ((long) k * n / looked);
      single = Math.max(single, resistance(keys, new int[] {agent}, -1));
      int[] around =
          IntStream.concat(
                  Arrays.stream(Neighbourhoods.closed(network, agent)),
                  Arrays.stream(hearers.apply(agent)))
              .filter(j -> j != agent)
              .sorted()
              .distinct()
              .toArray();
      together = Math.max(together, resistance(keys, around, agent));
    }
    return new OffsetBound(
        variation(single, ratio),
        variation(together, ratio),
        variation(resistance(keys, new int[0], -1), ratio));
  }

  /**
   * That against an adversary.
   *
   * @param members the agents that it controls, ascending
   */
  public static double against(Links keys, int[] members, double ratio) {
    return keys.agents() > MOST ? Double.NaN : variation(resistance(keys, members, -1), ratio);
  }

  /**
   * That against an adversary, where it is known between which two honest agents b is moved.
   *
   * @param members the agents that it controls, ascending
   * @return 1 if no keys of honest agents connect the two; NaN if there are more than {@value
   *     #MOST} agents
   */
  public static double between(Links keys, int[] members, int one, int other, double ratio) {
    int n = keys.agents();
    if (n > MOST) {
      return Double.NaN;
    }
    boolean[] seen = new boolean[n];
    for (int member : members) {
      seen[member] = true;
    }
    int[] part = connected(keys, one, seen);
    int i = Arrays.binarySearch(part, one);
    int j = Arrays.binarySearch(part, other);
    return j < 0 ? 1 : variation(resistance(inverse(keys, part), i, j), ratio);
  }

  private static double resistance(RealMatrix inverse, int i, int j) {
    return inverse.getEntry(i, i) + inverse.getEntry(j, j) - 2 * inverse.getEntry(i, j);
  }

  private static double variation(double resistance, double ratio) {
    return 2 * new NormalDistribution().cumulativeProbability(ratio * Math.sqrt(resistance) / 2)
        - 1;
  }

  /**
   * The largest effective resistance between two honest agents that keys connect.
   *
   * @param members who is not honest, ascending
   * @param victim one of the two; -1 for any
   * @return +infinity if some victim shares no key with anyone honest
   */
  static double resistance(Links keys, int[] members, int victim) {
    int n = keys.agents();
    boolean[] seen = new boolean[n];
    for (int member : members) {
      seen[member] = true;
    }
    double most = 0;
    for (int start = 0; start < n; start++) {
      if (!seen[start] && (victim < 0 || start == victim)) {
        int[] part = connected(keys, start, seen);
        most =
            Math.max(most, part.length == 1 ? Double.POSITIVE_INFINITY : most(keys, part, victim));
      }
    }
    return most;
  }

  private static int[] connected(Links keys, int start, boolean[] seen) {
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    IntStream.Builder part = IntStream.builder();
    seen[start] = true;
    queue.add(start);
    while (!queue.isEmpty()) {
      int i = queue.remove();
      part.add(i);
      for (int k = 0; k < keys.degree(i); k++) {
        int j = keys.neighbour(i, k);
        if (!seen[j]) {
          seen[j] = true;
          queue.add(j);
        }
      }
    }
    return part.build().sorted().toArray();
  }

  private static double most(Links keys, int[] part, int victim) {
    int h = part.length;
    RealMatrix inverse = inverse(keys, part);
    double most = 0;
    for (int i = 0; i < h; i++) {
      for (int j = 0; j < h && (victim < 0 || part[i] == victim); j++) {
        most = Math.max(most, resistance(inverse, i, j));
      }
    }
    return most;
  }

  /** Of the Laplacian, to which a multiple of ones is added: then it has no null space. */
  private static RealMatrix inverse(Links keys, int[] part) {
    int h = part.length;
    RealMatrix laplacian = new Array2DRowRealMatrix(h, h);
    for (int i = 0; i < h; i++) {
      int degree = 0;
      for (int k = 0; k < keys.degree(part[i]); k++) {
        int j = Arrays.binarySearch(part, keys.neighbour(part[i], k));
        if (j >= 0) {
          degree++;
          laplacian.setEntry(i, j, -1);
        }
      }
      laplacian.setEntry(i, i, degree);
    }
    return new LUDecomposition(laplacian.scalarAdd(1.0 / h)).getSolver().getInverse();
  }
}
