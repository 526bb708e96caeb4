package io.sotto.run;

import io.sotto.problem.Curvature;
import io.sotto.problem.PivotedCholesky;
import io.sotto.problem.SmoothedKink;
import io.sotto.problem.Squared;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.util.FastMath;
import org.jspecify.annotations.Nullable;

/**
 * Newton's method for a loss with a kink, whose minimiser is no root of a gradient. Steps are those
 * of the loss with its kink smoothed ({@link SmoothedKink}), whose width falls until the minimiser
 * moves no more: near the end it is off by a multiple of the width.
 *
 * <p>Second derivatives of F at the minimiser are estimated by a normal kernel, with the bandwidth
 * of Hall and Sheather 1988, as R's {@code summary(rq, se = "ker")} does: those of the loss that is
 * smoothed by the bandwidth are just these.
 */
final class KinkedNewton {
  /** By how much the width falls from one level to the next, at most. */
  private static final double SHRINK = 1.0 / 8;

  /** If it must fall by less, steps lead nowhere. */
  private static final double LEAST_SHRINK = 0.9;

  /** Quartiles are found to this part of what is between them, */
  private static final double CLOSE = 1.0 / (1 << 12);

  /** or to a part of 2^-45 of where they can lie: of residuals that are all but one the same. */
  private static final int HALVINGS = 45;

  /** No quartile is farther from the mean, in deviations (Cantelli's inequality). */
  private static final double FARTHEST = Math.sqrt(3);

  /** Residuals that vary by less than this part of the labels are rounding. */
  private static final double PERFECT = 1e-10;

  /** What shares of rows are off by, at most. */
  private static final double ROUNDING = 1e-12;

  /** How far the quartiles of a normal distribution are from each other, in deviations. */
  private static final double QUARTILES = 1.34;

  /** Bandwidths are those of an interval that covers with 95 %. */
  private static final double COVERS = 0.975;

  private final PooledNewton newton;
  private final SmoothedKink kink;
  private final double rows;
  private double spread; // the bandwidth without coefficients
  private double wide; // the bandwidth where near() ended

  /**
   * Steps of a run.
   *
   * @param kink of the loss; its width does not matter
   * @param rows how many there are, each as often as its weight says where weights are counts
   */
  KinkedNewton(PooledNewton newton, SmoothedKink kink, double rows) {
    this.newton = newton;
    this.kink = kink;
    this.rows = rows;
  }

  /**
   * Where steps led.
   *
   * @param fit its second derivatives are those of the bandwidth; its information is what scores
   *     vary by if the quantile is right: {@code below above} times the squares of rows
   * @param bandwidth in units of the label
   * @param unique false if other points have the same F
   */
  record Kinked(PooledNewton.Fit fit, double bandwidth, boolean unique) {
    /** For people. */
    List<String> notes() {
      List<String> notes = new ArrayList<>();
      notes.add(
          "the density of residuals at 0 is estimated by a normal kernel with a bandwidth of %.6g, in units of the label"
              .formatted(bandwidth));
      if (!unique) {
        notes.add(
            "other coefficients have the same objective, as where labels are tied: the estimate is one of several");
      }
      return notes;
    }
  }

  /**
   * The bandwidth at a point, in units of the label; 0 where residuals do not differ, and NaN where
   * their squares are not finite.
   */
  double bandwidth(double[] x) {
    newton.of(kink.of(1));
    double[] sums = newton.residuals(x);
    if (sums.length == 0) {
      return Double.NaN;
    }
    double variance = (sums[1] - sums[0] * sums[0]) * rows / (rows - 1);
    double deviation = Math.sqrt(Math.max(0, variance));
    double between = deviation > 0 ? betweenQuartiles(x, sums[0], deviation) / QUARTILES : 0;
    return hallSheather() * (between > 0 ? Math.min(deviation, between) : deviation);
  }

  /**
   * Each quartile is between the two residuals that are next to it in order, as R has it. 0 where
   * both are the same.
   */
  private double betweenQuartiles(double[] x, double mean, double deviation) {
    double[] rank = new double[4];
    double[] share = new double[4];
    for (int q = 0; q < 4; q++) {
      double at = (q < 2 ? 1 : 3) * (rows - 1) / 4;
      rank[q] = Math.floor(at) + 1 + q % 2;
      share[q] = (q < 2 ? -1 : 1) * (q % 2 == 0 ? 1 - at + Math.floor(at) : at - Math.floor(at));
    }
    double[] low = new double[4];
    double half = FARTHEST * deviation;
    Arrays.fill(low, mean - half);
    double between = 0;
    for (int k = 0; k < HALVINGS && 2 * half > CLOSE * between; k++) {
      double[] below =
          newton.residuals(x, low[0] + half, low[1] + half, low[2] + half, low[3] + half);
      between = 0;
      for (int q = 0; q < 4; q++) {
        if (below[2 + q] * rows < rank[q] - ROUNDING * rows) {
          low[q] += half;
        }
        between += share[q] * low[q];
      }
      half /= 2;
    }
    return between > 4 * half ? between : 0;
  }

  /** Whether residuals differ by no more than rounding. */
  private boolean isPerfect(double bandwidth) {
    return !(bandwidth > PERFECT * spread);
  }

  /** The bandwidth for residuals of deviation 1. */
  private double hallSheather() {
    NormalDistribution normal = new NormalDistribution(0, 1);
    double level = kink.level();
    double at = normal.inverseCumulativeProbability(level);
    double density = normal.density(at);
    double width =
        FastMath.cbrt(
            FastMath.pow(normal.inverseCumulativeProbability(COVERS), 2)
                * (1.5 * density * density / (2 * at * at + 1))
                / rows);
    while (level - width < 0 || level + width > 1) {
      width /= 2;
    }
    return normal.inverseCumulativeProbability(level + width)
        - normal.inverseCumulativeProbability(level - width);
  }

  /** Whether squares of labels, less their offsets, are finite; known after {@link #near}. */
  boolean finite() {
    return !Double.isNaN(spread);
  }

  /**
   * The minimiser of F with its kink smoothed by the bandwidth: near that of F. It is found again
   * where residuals turn out to be much smaller than they were.
   *
   * @return null if F is not finite at the start, or residuals do not differ
   */
  PooledNewton.@Nullable Fit near(double[] start, int[] free) {
    spread = bandwidth(new double[start.length]);
    double before = Double.POSITIVE_INFINITY;
    double bandwidth = bandwidth(start);
    PooledNewton.Fit fit = null;
    while (bandwidth < before / 2) {
      if (isPerfect(bandwidth)) {
        return null;
      }
      fit = smoothed(bandwidth, bandwidth, fit == null ? start : fit.point().x(), free);
      if (fit == null) {
        return null;
      }
      before = bandwidth;
      bandwidth = bandwidth(fit.point().x());
    }
    wide = bandwidth;
    return fit;
  }

  private PooledNewton.@Nullable Fit smoothed(
      double width, double bandwidth, double[] start, int[] free) {
    newton.of(kink.of(width));
    // about the standard error of a coefficient, for one that the second derivatives of F have
    double scale = Math.sqrt(kink.below() * kink.above() / kink.of(bandwidth).second(0, 0) / rows);
    return newton.minimise(start, free, at -> scale, Inference.NEAR);
  }

  /**
   * Goes on to the minimiser of F. Sums of scores that are asked for later are of the loss as it
   * was smoothed last.
   *
   * @param near what {@link #near} gave last
   * @return null if residuals do not differ there
   */
  @Nullable Kinked minimise(PooledNewton.Fit near, int[] free) {
    double bandwidth = wide;
    if (isPerfect(bandwidth)) {
      return null;
    }
    double[] scores = squares(near.point().x(), free);
    PivotedCholesky variance =
        Objects.requireNonNull(PivotedCholesky.of(scores, near.point().x().length), "finite");
    Level last = new Level(bandwidth, near.point().x());
    Level before = new Level(2 * bandwidth, near.point().x());
    double shrink = SHRINK;
    double reached = Double.POSITIVE_INFINITY;
    boolean unique = true;
    while (reached > Inference.NEAR && shrink < LEAST_SHRINK) {
      double width = shrink * last.width;
      PooledNewton.Fit next = smoothed(width, bandwidth, last.ahead(before, width), free);
      if (next == null) {
        return null;
      }
      if (!(errors(variance, next.point().gradient()) <= Math.sqrt(Inference.NEAR))) {
        shrink = Math.sqrt(shrink); // too far at once: hardly a row was near enough to be seen
        before = new Level(2 * last.width, last.x);
        continue;
      }
      before = last;
      last = new Level(width, next.point().x());
      unique = next.factor().rank() == free.length;
      double[] moved = times(near.point().hessian(), before.x, last.x);
      double left = errors(variance, moved) * shrink / (1 - shrink);
      reached = Math.max(next.reached(), left);
      shrink = Math.max(SHRINK, shrink * shrink);
    }
    return at(last.x, before.x, scores, reached, unique, last.width, free);
  }

  /** A point that is the minimiser at a width. */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  private record Level(double width, double[] x) {
    /** Where the minimiser at a smaller width is if it goes on as it did. */
    double[] ahead(Level before, double smaller) {
      double share = (width - smaller) / (before.width - width);
      double[] start = x.clone();
      Vectors.addScaled(share, x, 0, start, 0, start.length);
      Vectors.addScaled(-share, before.x, 0, start, 0, start.length);
      return start;
    }
  }

  private @Nullable Kinked at(
      double[] x,
      double[] before,
      double[] scores,
      double reached,
      boolean unique,
      double width,
      int[] free) {
    double bandwidth = bandwidth(x);
    if (isPerfect(bandwidth)) {
      return null;
    }
    newton.of(kink.of(bandwidth));
    PooledNewton.Point wide = Objects.requireNonNull(newton.at(x, free), "finite before");
    PivotedCholesky factor = PivotedCholesky.of(wide.hessian(), x.length);
    double value = newton.value(x);
    PooledNewton.Point end =
        new PooledNewton.Point(
            x, value - wide.value() + wide.loss(), value, wide.gradient(), scores, wide.hessian());
    newton.of(kink.of(width));
    return new Kinked(
        new PooledNewton.Fit(end, Objects.requireNonNull(factor, "finite"), reached, before),
        bandwidth,
        unique);
  }

  /** What scores vary by if the quantile is right: sums of squares of rows, weighted. */
  private double[] squares(double[] x, int[] free) {
    newton.of(new Squared());
    double[] squares = Objects.requireNonNull(newton.at(x, free), "finite before").information();
    Vectors.setScaled(kink.below() * kink.above(), squares, 0, squares, 0, squares.length);
    return squares;
  }

  /**
   * How far a gradient of F is from 0, in standard deviations of what samples make of it, for any
   * linear function of it at most. At the minimiser that is how far the estimate is off, in
   * standard errors.
   */
  private double errors(PivotedCholesky variance, double[] gradient) {
    return Math.sqrt(rows) * variance.decrement(gradient, Double.POSITIVE_INFINITY);
  }

  /** By how much the gradient differs between two points. */
  private static double[] times(double[] hessian, double[] x, double[] y) {
    double[] by = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        by[i] += hessian[Curvature.at(Math.max(i, j), Math.min(i, j))] * (x[j] - y[j]);
      }
    }
    return by;
  }
}
