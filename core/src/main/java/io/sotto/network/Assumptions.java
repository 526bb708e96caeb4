package io.sotto.network;

import io.sotto.problem.BadInputException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * What the convergence proofs assume of a mixing matrix in compressed rows (Nedic and Ozdaglar
 * 2009, assumptions 1 to 3): weights above 0, also for oneself; rows and columns that sum to 1;
 * connected. Of a matrix with the first two, to be connected in one direction is to be connected in
 * both, so one search from agent 0 is enough. Of a directed one (Nedic and Olshevsky 2015,
 * assumption 1) only columns sum to 1, and it is searched in both directions.
 *
 * <p>Sums are compensated (Neumaier 1974): a plain sum over a hub's 10^6 weights is off by more
 * than is allowed here.
 */
final class Assumptions {
  private Assumptions() {}

  /**
   * Refuses a matrix for which they do not hold.
   *
   * @param name what an agent is called in messages
   * @throws BadInputException if one does not hold
   * @throws IllegalArgumentException if these are no compressed rows
   */
  static void require(
      int[] offset, int[] heard, double[] weight, boolean directed, IntFunction<String> name) {
    requireRows(offset, heard, weight);
    for (int i = 0; i + 1 < offset.length; i++) {
      requireRow(offset, heard, weight, i, directed, name);
    }
    requireColumns(offset.length - 1, heard, weight, name);
    if (directed) {
      requireWays(offset, heard, name);
    } else {
      requireConnected(offset, heard, name);
    }
  }

  private static void requireRows(int[] offset, int[] heard, double[] weight) {
    int agents = offset.length - 1;
    boolean good = agents > 0 && offset[0] == 0 && offset[agents] == heard.length;
    good &= heard.length == weight.length;
    for (int i = 0; good && i < agents; i++) {
      good = offset[i] <= offset[i + 1] && offset[i + 1] <= heard.length;
      for (int e = offset[i]; good && e < offset[i + 1]; e++) {
        good = heard[e] < agents && heard[e] > (e > offset[i] ? heard[e - 1] : -1);
      }
    }
    if (!good) {
      throw new IllegalArgumentException(
          "these are no compressed rows of %d agents".formatted(agents));
    }
  }

  private static void requireRow(
      int[] offset,
      int[] heard,
      double[] weight,
      int i,
      boolean directed,
      IntFunction<String> name) {
    double self = 0;
    for (int e = offset[i]; e < offset[i + 1]; e++) {
      if (heard[e] == i) {
        self = weight[e];
      } else if (!(weight[e] > 0 && weight[e] < Double.POSITIVE_INFINITY)) {
        throw new BadInputException(
            "The weight that agent %s gives to agent %s is %s; it must be above 0."
                .formatted(name.apply(i), name.apply(heard[e]), weight[e]));
      }
    }
    double rest = rest(weight, offset[i], offset[i + 1]);
    if (!(self > Network.STOCHASTIC)) {
      throw new BadInputException(
          ("The weights that agent %s gives to others sum to %s, which leaves nothing for itself."
                  + " Lower them until they sum to less than 1.")
              .formatted(name.apply(i), plain(1 - rest - self)));
    }
    if (!directed && !(Math.abs(rest) <= Network.STOCHASTIC)) {
      throw notOne("of agent " + name.apply(i), 1 - rest);
    }
  }

  private static void requireColumns(
      int agents, int[] heard, double[] weight, IntFunction<String> name) {
    double[] sum = new double[agents];
    double[] lost = new double[agents];
    for (int e = 0; e < heard.length; e++) {
      int j = heard[e];
      double next = sum[j] + weight[e];
      lost[j] += sum[j] >= weight[e] ? sum[j] - next + weight[e] : weight[e] - next + sum[j];
      sum[j] = next;
    }
    for (int j = 0; j < agents; j++) {
      double rest = 1 - sum[j] - lost[j];
      if (!(Math.abs(rest) <= Network.STOCHASTIC)) {
        throw notOne("that are given to agent " + name.apply(j), 1 - rest);
      }
    }
  }

  private static void requireConnected(int[] offset, int[] heard, IntFunction<String> name) {
    int agents = offset.length - 1;
    boolean[] seen = new boolean[agents];
    int[] queue = new int[agents];
    int parts = 0;
    int other = 0;
    for (int root = 0; root < agents; root++) {
      if (!seen[root]) {
        parts++;
        other = parts == 2 ? root : other;
        reach(root, offset, heard, seen, queue);
      }
    }
    if (parts > 1) {
      throw new BadInputException(
          ("The network is in %s parts: agent %s cannot be reached from agent %s. Add a link"
                  + " between the parts, or run them as problems of their own.")
              .formatted(parts == 2 ? "two" : parts, name.apply(other), name.apply(0)));
    }
  }

  /** In a directed network: agent 0 hears everybody, and everybody hears agent 0, by some way. */
  private static void requireWays(int[] offset, int[] heard, IntFunction<String> name) {
    int agents = offset.length - 1;
    boolean[] speaks = new boolean[agents];
    reach(0, offset, heard, speaks, new int[agents]);
    int[] start = new int[agents + 1]; // the same links, by who speaks
    for (int j : heard) {
      start[j + 1]++;
    }
    Arrays.parallelPrefix(start, Integer::sum);
    int[] hearer = new int[heard.length];
    int[] end = start.clone();
    for (int i = 0; i < agents; i++) {
      for (int e = offset[i]; e < offset[i + 1]; e++) {
        hearer[end[heard[e]]++] = i;
      }
    }
    boolean[] hears = new boolean[agents];
    reach(0, start, hearer, hears, new int[agents]);
    for (int i = 0; i < agents; i++) {
      if (!speaks[i] || !hears[i]) {
        throw new BadInputException(
            ("The directed network has no way from agent %s to agent %s. Add links until"
                    + " everybody can reach everybody.")
                .formatted(name.apply(speaks[i] ? 0 : i), name.apply(speaks[i] ? i : 0)));
      }
    }
  }

  private static void reach(int root, int[] offset, int[] heard, boolean[] seen, int[] queue) {
    int tail = 0;
    queue[tail++] = root;
    seen[root] = true;
    for (int head = 0; head < tail; head++) {
      for (int e = offset[queue[head]]; e < offset[queue[head] + 1]; e++) {
        if (!seen[heard[e]]) {
          seen[heard[e]] = true;
          queue[tail++] = heard[e];
        }
      }
    }
  }

  /** 1 minus the sum of the weights from one position up to another, compensated. */
  static double rest(double[] weight, int from, int to) {
    double rest = 1;
    double lost = 0;
    for (int e = from; e < to; e++) {
      double next = rest - weight[e];
      lost +=
          Math.abs(rest) >= Math.abs(weight[e])
              ? rest - next - weight[e]
              : rest - (next + weight[e]);
      rest = next;
    }
    return rest + lost;
  }

  /** A complaint about a sum of weights. */
  static BadInputException notOne(String whose, double sum) {
    return new BadInputException(
        "The weights %s sum to %s instead of 1. Maybe the edge list holds a one-way link."
            .formatted(whose, plain(sum)));
  }

  private static String plain(double sum) {
    return Double.isFinite(sum)
        ? new BigDecimal(sum).round(new MathContext(13)).stripTrailingZeros().toPlainString()
        : Double.toString(sum);
  }
}
