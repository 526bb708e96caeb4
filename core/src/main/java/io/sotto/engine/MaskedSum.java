package io.sotto.engine;

import io.sotto.algorithm.Scales;
import io.sotto.problem.LocalObjective;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A sum over all agents of numbers that nobody sees of one agent. Each agent writes its numbers as
 * whole ones of 64 bits, and adds its masks of the round, which cancel in the sum over all; what
 * leaves a cell is the sum of its agents' masked numbers, modulo 2^64. So the sum is exact, and has
 * the same bits whatever the cells are. An agent whose numbers do not fit says so ({@link
 * Scales#MISFITS}).
 *
 * @param numbers what was summed; empty if an agent's were not finite or did not fit
 * @param finite false if some number of an agent was not finite
 * @param coarser for each kind, whether a number of some agent is too large for its exponent
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record MaskedSum(double[] numbers, boolean finite, boolean[] coarser) {
  /** Whether no number is too large. */
  public boolean fits() {
    for (boolean one : coarser) {
      if (one) {
        return false;
      }
    }
    return true;
  }

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
   */
  public static MaskedSum of(
      Runner runner, Mechanism masks, long round, List<Kind> kinds, View view, Part part) {
    double most = Scales.most(runner.plan().agents());
    List<Kind> all = List.copyOf(kinds);
    Request<long[]> request = (cell, lanes) -> ofCell(cell, masks, round, all, most, view, part);
    long[] sum = new long[size(all)];
    for (long[] answer : runner.cells().ask(request, null)) {
      Arrays.setAll(sum, k -> sum[k] + answer[k]);
    }
    int counts = 1 + all.size();
    boolean[] coarser = new boolean[all.size()];
    for (int k = 0; k < coarser.length; k++) {
      coarser[k] = sum[1 + k] > 0;
    }
    MaskedSum none = new MaskedSum(new double[0], sum[0] == 0, coarser);
    if (!none.finite || !none.fits()) {
      return none;
    }
    double[] numbers = new double[sum.length - counts];
    int at = 0;
    for (Kind kind : all) {
      for (int end = at + kind.count; at < end; at++) {
        numbers[at] = Math.scalb((double) sum[counts + at], -kind.exponent);
      }
    }
    return new MaskedSum(numbers, true, coarser);
  }

  /** How many agents had numbers that were not finite, or did not fit a kind; then the numbers. */
  private static int size(List<Kind> kinds) {
    return 1 + kinds.stream().mapToInt(kind -> 1 + kind.count).sum();
  }

  private static long[] ofCell(
      Cell cell, Mechanism masks, long round, List<Kind> kinds, double most, View view, Part part) {
    LocalObjective costs = view.of(cell.objective.plain(), cell.agents);
    long[] sum = new long[size(kinds)];
    for (int i = 0; i < cell.agents.length; i++) {
      double[] words = new double[sum.length];
      if (!write(part.of(costs, cell.agents, i), kinds, most, words)) {
        int counts = 1 + kinds.size();
        Arrays.fill(words, counts, words.length, 0);
        masks.mask(cell.agents[i], Scales.MISFITS + round, words, counts, words.length - counts);
      }
      masks.mask(cell.agents[i], round, words, 0, words.length);
      Arrays.setAll(sum, k -> sum[k] + Double.doubleToRawLongBits(words[k]));
    }
    return sum;
  }

  /** Writes an agent's numbers as whole ones, if all fit; else counts it. */
  private static boolean write(double[] numbers, List<Kind> kinds, double most, double[] words) {
    int counts = 1 + kinds.size();
    boolean finite = Arrays.stream(numbers).allMatch(Double::isFinite);
    words[0] = count(!finite);
    boolean fits = finite;
    int at = 0;
    for (int k = 0; k < kinds.size() && finite; k++) {
      boolean all = true;
      for (int end = at + kinds.get(k).count; at < end; at++) {
        all &= Scales.write(numbers[at], kinds.get(k).exponent, most, words, counts + at);
      }
      words[1 + k] = count(!all);
      fits &= all;
    }
    return fits;
  }

  private static double count(boolean one) {
    return Double.longBitsToDouble(one ? 1 : 0);
  }
}
