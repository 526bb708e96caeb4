package io.sotto.run;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The median of other agents, and how far these usually are from it.
 *
 * @param spread the deviation of a normal distribution with that usual distance
 */
record Around(double median, double spread) {
  /** The deviation of a normal distribution whose median distance from its median is 1. */
  private static final double NORMAL = 1.4826;

  static Around of(double[] others) {
    double median = median(others);
    double[] away = Arrays.stream(others).map(x -> Math.abs(x - median)).toArray();
    return new Around(median, NORMAL * Around.median(away));
  }

  /** What is around each of some agents: the others, or all where one makes no difference. */
  record Among(List<AgentColumn> all, ToDoubleFunction<AgentColumn> figure, @Nullable Around same) {
    private static final int MANY = 50;

    static Among of(List<AgentColumn> all, ToDoubleFunction<AgentColumn> figure) {
      return new Among(
          all,
          figure,
          all.size() > MANY ? Around.of(all.stream().mapToDouble(figure).toArray()) : null);
    }

    Around of(AgentColumn one) {
      return same != null
          ? same
          : Around.of(all.stream().filter(c -> c != one).mapToDouble(figure).toArray());
    }
  }

  static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  static double hypot(double a, double b, double c) {
    return Math.sqrt(a * a + b * b + c * c);
  }
}
