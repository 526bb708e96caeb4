package io.sotto.result;

import java.util.Arrays;
import java.util.List;

/**
 * What agents measured beside F, such as a loss on what is held out.
 *
 * @param names of the numbers
 * @param numbers by name, added up or averaged over agents; NaN where no agent has one
 * @param byAgent by name, those of each agent; no agents where they are many
 */
public record Measured(List<String> names, List<Double> numbers, List<List<Double>> byAgent) {
  /** Nothing. */
  public static final Measured NONE = new Measured(List.of(), List.of(), List.of());

  /**
   * As an answer of cells has it.
   *
   * @param flat the numbers over agents, and then those of each agent
   */
  static Measured of(List<String> names, double[] flat) {
    if (Arrays.stream(flat).allMatch(Double::isNaN)) {
      return NONE;
    }
    int count = names.size();
    double[][] byAgent = new double[count][flat.length / count - 1];
    for (int k = count; k < flat.length; k++) {
      byAgent[k % count][k / count - 1] = flat[k];
    }
    return new Measured(
        names,
        list(Arrays.copyOf(flat, count)),
        Arrays.stream(byAgent).map(Measured::list).toList());
  }

  private static List<Double> list(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /** The number of a name; NaN if there is none. */
  public double of(String name) {
    int k = names.indexOf(name);
    return k < 0 ? Double.NaN : numbers.get(k);
  }

  /** That of an agent; NaN if there is none. */
  public double of(String name, int agent) {
    int k = names.indexOf(name);
    return k < 0 || agent >= byAgent.get(k).size() ? Double.NaN : byAgent.get(k).get(agent);
  }
}
