package io.sotto.result;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of a run, in the order of ticks, without their vectors. It does not change: with
 * one more measurement it is another trace, which shares the others with this one. Adding one costs
 * the same however many there are, finding one by its tick the logarithm of that (the stack of
 * Myers 1983, "An applicative random-access stack").
 */
public final class Trace {
  private final @Nullable Link last;

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
   * @param measured see {@link Measurement}
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
      Measured measured,
      int active,
      double elapsedSeconds) {

    /** A checkpoint of an earlier version may have nothing here. */
    public Point {
      measured = measured == null ? Measured.NONE : measured;
    }
  }

  /**
   * A measurement and those before it.
   *
   * @param best the lowest objective up to here
   * @param first the first of them
   * @param before the one before; null of the first
   * @param jump one further back, such that a few jumps lead anywhere; null of the first
   * @param depth how many there are before
   */
  private record Link(
      Point point,
      double best,
      Point first,
      @Nullable Link before,
      @Nullable Link jump,
      int depth) {

    static Link of(Point point, @Nullable Link before) {
      if (before == null) {
        return new Link(point, point.objective(), point, null, null, 0);
      }
      Link near = before.jump;
      Link far = near == null ? null : near.jump;
      boolean even =
          near != null && far != null && before.depth - near.depth == near.depth - far.depth;
      return new Link(
          point,
          Math.min(before.best, point.objective()),
          before.first,
          before,
          even ? far : before,
          before.depth + 1);
    }

    /** The last one that is not after a tick; null if there is none. */
    @Nullable Link until(long tick) {
      Link at = this;
      while (at != null && at.point.tick() > tick) {
        Link jump = at.jump;
        at = jump != null && jump.point.tick() > tick ? jump : at.before;
      }
      return at;
    }
  }

  private Trace(@Nullable Link last) {
    this.last = last;
  }

  /** Without measurements. */
  public static Trace empty() {
    return new Trace(null);
  }

  /** With these measurements, in their order. */
  public static Trace of(List<Point> points) {
    Trace trace = empty();
    for (Point point : points) {
      trace = trace.with(point);
    }
    return trace;
  }

  /** True if there was no measurement yet. */
  public boolean isEmpty() {
    return last == null;
  }

  /** The same with one more measurement. */
  public Trace with(Measurement now, double elapsedSeconds) {
    return with(
        new Point(
            now.tick(),
            now.superstep(),
            now.objective(),
            now.disagreement(),
            now.infeasibility(),
            now.stationarity(),
            now.bound().value(),
            now.measured(),
            now.active(),
            elapsedSeconds));
  }

  private Trace with(Point point) {
    return new Trace(Link.of(point, last));
  }

  /** All measurements, the one at tick 0 first. */
  public List<Point> points() {
    Deque<Point> points = new ArrayDeque<>();
    for (Link link = last; link != null; link = link.before) {
      points.addFirst(link.point);
    }
    return List.copyOf(points);
  }

  /** The first measurement. */
  public Point first() {
    return link().first;
  }

  /** The last measurement. */
  public Point last() {
    return link().point;
  }

  /** The one before it; null if there is none. */
  @Nullable Point beforeLast() {
    Link before = link().before;
    return before == null ? null : before.point;
  }

  private Link link() {
    return Objects.requireNonNull(last, "there was no measurement yet");
  }

  /** The lowest objective up to a tick; +infinity if nothing was measured by then. */
  public double best(long tick) {
    Link link = last == null ? null : last.until(tick);
    return link == null ? Double.POSITIVE_INFINITY : link.best;
  }

  /** True if all measurements are the same, and what stationarity is relative to. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Trace trace && points().equals(trace.points());
  }

  @Override
  public int hashCode() {
    return points().hashCode();
  }
}
