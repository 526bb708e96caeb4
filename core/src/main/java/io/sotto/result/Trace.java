package io.sotto.result;

import io.sotto.engine.Measurement;
import java.util.ArrayList;
import java.util.List;

/** The measurements of a run, in the order of ticks, without their vectors. */
public final class Trace {
  private final List<Point> points = new ArrayList<>();
  private double reference = Double.NaN;

  /**
   * One measurement.
   *
   * @param tick ticks so far
   * @param superstep supersteps so far
   * @param objective F at the estimate that would be reported
   * @param disagreement see {@link Measurement}
   * @param infeasibility see {@link Measurement}
   * @param stationarity see {@link Measurement}; NaN where F is not smooth
   * @param lowerBound the best bound on the optimum so far; -infinity if there is none
   * @param active agents active at the tick
   * @param elapsedSeconds since the run began
   */
  public record Point(
      long tick,
      long superstep,
      double objective,
      double disagreement,
      double infeasibility,
      double stationarity,
      double lowerBound,
      int active,
      double elapsedSeconds) {}

  /** Adds a measurement. */
  void add(Measurement now, double elapsedSeconds) {
    points.add(
        new Point(
            now.tick(),
            now.superstep(),
            now.objective(),
            now.disagreement(),
            now.infeasibility(),
            now.stationarity(),
            now.bound().value(),
            now.active(),
            elapsedSeconds));
  }

  /** All measurements, the one at tick 0 first. */
  public List<Point> points() {
    return List.copyOf(points);
  }

  /** Takes what stationarity is relative to, in place of its first value. */
  void relativeTo(double stationarity) {
    reference = stationarity;
  }

  /** What stationarity is relative to: its value at P_X(0). */
  double reference() {
    return Double.isNaN(reference) ? points.get(0).stationarity() : reference;
  }

  /** The lowest objective up to a tick. */
  double best(long tick) {
    return points.stream()
        .filter(p -> p.tick() <= tick)
        .mapToDouble(Point::objective)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
