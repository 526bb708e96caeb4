package io.sotto.algorithm;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The step schedule. Without a course it is s(t) = initial / t^exponent: with 1/2 &lt; exponent
 * &lt;= 1 its squares are summable and it is not, as the convergence proof asks. With a course, for
 * costs that are not convex, it is {@code initial} times that.
 *
 * @param initial the step at t = 1, above 0; with a course the longest one
 * @param exponent in (1/2, 1]
 * @param course of the steps of a run; null for powers of the tick
 */
public record StepSize(double initial, double exponent, @Nullable Course course)
    implements Serializable {

  /**
   * Steps that grow evenly at first, from 0, and then shrink as a cosine does, to a part of the
   * longest. A run that starts from an earlier one begins them anew.
   *
   * @param last the last tick of the run
   * @param warmUp the part of the run in which they grow, in [0, 1)
   * @param floor the last step, as a part of the longest, in [0, 1]
   */
  public record Course(long last, double warmUp, double floor) implements Serializable {

    /** Refuses what is no part. */
    public Course {
      if (!(warmUp >= 0 && warmUp < 1 && floor >= 0 && floor <= 1)) {
        throw new IllegalArgumentException(
            "warm-up must lie in [0, 1), not %s, and floor in [0, 1], not %s"
                .formatted(warmUp, floor));
      }
    }

    /** The step at a tick of the run, as a part of the longest. */
    double at(double t) {
      double warm = warmUp * last;
      if (t < warm) {
        return t / warm;
      }
      double way = Math.min(1, (t - warm) / (last - warm));
      return floor + (1 - floor) * (1 + StrictMath.cos(Math.PI * way)) / 2;
    }
  }

  /** Powers of the tick. */
  public StepSize(double initial, double exponent) {
    this(initial, exponent, null);
  }

  /** Refuses steps for which nothing is proved. */
  public StepSize {
    if (!(initial > 0 && initial < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the first step must be a number above 0, not " + initial);
    }
    if (!(exponent > 0.5 && exponent <= 1)) {
      throw new IllegalArgumentException("the exponent must lie in (1/2, 1], not " + exponent);
    }
  }

  /** s(t), t at least 1. */
  public double at(double t) {
    return course == null ? initial / StrictMath.pow(t, exponent) : initial * course.at(t);
  }

  /** s at the tick that an agent takes it to be. */
  double at(Turn turn) {
    return at(course == null ? turn.ticks() : turn.ticksHere());
  }

  /**
   * What the subgradient of a coordinate that is {@link Turn#direct} counts for: 1, and with a
   * course the part of the longest step that is left, so that such coordinates come to rest, too.
   */
  double direct(Turn turn) {
    return course == null ? 1 : course.at(turn.ticksHere());
  }
}
