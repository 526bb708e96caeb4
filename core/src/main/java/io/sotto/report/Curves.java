package io.sotto.report;

import io.sotto.result.Trace;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The curves of a trace, in columns. A long trace is thinned: in each of many equal stretches the
 * measurements stay at which a curve is lowest or highest, so peaks stay, and nothing is made up.
 */
final class Curves {
  /** As many measurements are shown of a trace. */
  static final int MOST = 2_000;

  /** As many numbers are shown of all agents together. */
  private static final int MOST_BY_AGENT = 20_000;

  private final List<Trace.Point> points;
  private final List<String> names;
  private final double lowerBound;

  private Curves(List<Trace.Point> points, List<String> names) {
    this.points = points;
    this.names = names;
    this.lowerBound =
        points.stream().mapToDouble(Trace.Point::lowerBound).max().orElse(Double.NEGATIVE_INFINITY);
  }

  /**
   * Of a trace.
   *
   * @param agents their names, for what each measured; empty to leave that out
   */
  static Map<String, @Nullable Object> of(Trace trace, List<String> agents) {
    List<Trace.Point> points = trace.points();
    List<String> names =
        points.stream().flatMap(p -> p.measured().names().stream()).distinct().toList();
    return new Curves(points, names).map(agents);
  }

  private Map<String, @Nullable Object> map(List<String> agents) {
    Map<String, ToDoubleFunction<Trace.Point>> curves = new LinkedHashMap<>();
    curves.put("objective", Trace.Point::objective);
    curves.put("aboveBound", p -> relative(p.objective(), lowerBound));
    curves.put("certifiedGap", p -> relative(p.objective(), p.lowerBound()));
    curves.put("disagreement", Trace.Point::disagreement);
    curves.put("infeasibility", Trace.Point::infeasibility);
    for (String name : names) {
      curves.put(name, p -> p.measured().of(name));
    }
    List<Trace.Point> shown = thinned(List.copyOf(curves.values()), MOST);
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("measurements", points.size());
    putTimes(map, shown);
    curves.forEach((name, curve) -> map.put(name, column(shown, curve)));
    map.put("measures", names);
    map.put("byAgent", byAgent(agents));
    return map;
  }

  /** Above a bound, as a fraction of F; NaN without a bound. */
  private static double relative(double objective, double bound) {
    return Double.isInfinite(bound)
        ? Double.NaN
        : Math.max(0, objective - bound) / Math.abs(objective);
  }

  private static void putTimes(Map<String, @Nullable Object> map, List<Trace.Point> shown) {
    map.put("tick", shown.stream().map(Trace.Point::tick).toList());
    map.put("seconds", column(shown, Trace.Point::elapsedSeconds));
  }

  /** What each agent measured, by name of the number and of the agent; null if none is shown. */
  private @Nullable Map<String, @Nullable Object> byAgent(List<String> agents) {
    List<Integer> measuring =
        IntStream.range(0, agents.size())
            .filter(i -> names.stream().anyMatch(name -> hasNumbers(name, i)))
            .boxed()
            .toList();
    if (measuring.isEmpty()) {
      return null;
    }
    List<ToDoubleFunction<Trace.Point>> means = new ArrayList<>();
    names.forEach(name -> means.add(p -> p.measured().of(name)));
    List<Trace.Point> shown = thinned(means, MOST_BY_AGENT / measuring.size());
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    putTimes(map, shown);
    for (String name : names) {
      Map<String, Object> own = new LinkedHashMap<>();
      measuring.forEach(i -> own.put(agents.get(i), column(shown, p -> p.measured().of(name, i))));
      map.put(name, own);
    }
    return map;
  }

  private boolean hasNumbers(String name, int agent) {
    return points.stream().anyMatch(p -> !Double.isNaN(p.measured().of(name, agent)));
  }

  /** JSON has no infinities. */
  private static List<@Nullable Double> column(
      List<Trace.Point> shown, ToDoubleFunction<Trace.Point> curve) {
    List<@Nullable Double> column = new ArrayList<>();
    for (Trace.Point point : shown) {
      double value = curve.applyAsDouble(point);
      column.add(Double.isFinite(value) ? value : null);
    }
    return column;
  }

  /** At most so many, the first and the last among them. */
  private List<Trace.Point> thinned(List<ToDoubleFunction<Trace.Point>> curves, int most) {
    int n = points.size();
    if (n <= most) {
      return points;
    }
    BitSet kept = new BitSet(n);
    kept.set(0);
    kept.set(n - 1);
    int stretches = Math.max(1, (most - 2) / (2 * curves.size()));
    for (int s = 0; s < stretches; s++) {
      int from = (int) ((long) n * s / stretches);
      int to = (int) ((long) n * (s + 1) / stretches);
      for (ToDoubleFunction<Trace.Point> curve : curves) {
        int lowest = from;
        int highest = from;
        for (int k = from + 1; k < to; k++) {
          double value = curve.applyAsDouble(points.get(k));
          lowest = value < curve.applyAsDouble(points.get(lowest)) ? k : lowest;
          highest = value > curve.applyAsDouble(points.get(highest)) ? k : highest;
        }
        kept.set(lowest);
        kept.set(highest);
      }
    }
    return kept.stream().mapToObj(points::get).toList();
  }
}
