package io.sotto.engine;

import io.sotto.algorithm.Scales;
import io.sotto.problem.LocalObjective;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sum over all agents of numbers that nobody sees of one agent. Each agent writes its numbers as
 * whole ones of 64 bits, and adds its masks of the round, which cancel in the sum over all; what
 * leaves a cell is the sum of its agents' masked numbers, modulo 2^64. So the sum is exact, and has
 * the same bits whatever the cells are.
 *
 * @param numbers what was summed; empty if an agent's were not finite
 * @param finite false if some number of an agent was not finite
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record MaskedSum(double[] numbers, boolean finite) {
  /** Agents with a number that is too large for the scale, and with one that is not finite. */
  private static final int COUNTS = 2;

  /** What an agent adds, of its costs without a mechanism. */
  @FunctionalInterface
  public interface Part extends Serializable {
    /**
     * What agent {@code agents[i]} adds.
     *
     * @param costs of the agents of its cell
     * @param agents their global indices
     */
    double[] of(LocalObjective costs, int[] agents, int i);
  }

  /** What is made of the costs of a cell before any agent of it adds its part. */
  @FunctionalInterface
  public interface View extends Serializable {
    LocalObjective of(LocalObjective costs, int[] agents);
  }

  /**
   * Some numbers of one kind.
   *
   * @param count how many
   * @param exponent they are rounded to multiples of {@code 2^-exponent}
   */
  public record Kind(int count, int exponent) implements Serializable {}

  /**
   * Asks all cells.
   *
   * @param masks whose masks cancel in the sum; none for a sum without masks
   * @param round no two sums under the same masks may have the same
   * @param kinds of the numbers of a part, in order
   * @param view what parts are of
   * @return null if a number of some agent is too large for its kind
   */
  public static @Nullable MaskedSum of(
      Runner runner, Mechanism masks, long round, List<Kind> kinds, View view, Part part) {
    double most = Scales.most(runner.plan().agents());
    List<Kind> all = List.copyOf(kinds);
    Request<long[]> request = (cell, lanes) -> ofCell(cell, masks, round, all, most, view, part);
    long[] sum = new long[COUNTS + all.stream().mapToInt(Kind::count).sum()];
    for (long[] answer : runner.cells().ask(request, null)) {
      Arrays.setAll(sum, k -> sum[k] + answer[k]);
    }
    if (sum[1] > 0) {
      return new MaskedSum(new double[0], false);
    }
    if (sum[0] > 0) {
      return null;
    }
    double[] numbers = new double[sum.length - COUNTS];
    int at = 0;
    for (Kind kind : all) {
      for (int end = at + kind.count; at < end; at++) {
        numbers[at] = Math.scalb((double) sum[COUNTS + at], -kind.exponent);
      }
    }
    return new MaskedSum(numbers, true);
  }

  private static long[] ofCell(
      Cell cell, Mechanism masks, long round, List<Kind> kinds, double most, View view, Part part) {
    LocalObjective costs = view.of(cell.objective.plain(), cell.agents);
    long[] sum = new long[COUNTS + kinds.stream().mapToInt(Kind::count).sum()];
    for (int i = 0; i < cell.agents.length; i++) {
      double[] words = words(part.of(costs, cell.agents, i), kinds, most);
      masks.mask(cell.agents[i], round, words, 0, words.length);
      Arrays.setAll(sum, k -> sum[k] + Double.doubleToRawLongBits(words[k]));
    }
    return sum;
  }

  /** An agent's numbers as whole ones; if one does not fit all are 0, and the agent is counted. */
  private static double[] words(double[] numbers, List<Kind> kinds, double most) {
    double[] words = new double[COUNTS + numbers.length];
    boolean finite = Arrays.stream(numbers).allMatch(Double::isFinite);
    boolean fits = finite;
    int at = 0;
    for (Kind kind : kinds) {
      for (int end = at + kind.count; at < end && fits; at++) {
        fits = Scales.write(numbers[at], kind.exponent, most, words, COUNTS + at);
      }
    }
    if (!fits) {
      Arrays.fill(words, 0);
      words[finite ? 0 : 1] = Double.longBitsToDouble(1);
    }
    return words;
  }
}
