package io.sotto.privacy.evidence;

import io.sotto.algorithm.Recursion;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What an adversary can compute of a victim's updates: at which point it took a subgradient, and
 * the pull that this had on it, which is the subgradient, and where a set holds the victim back,
 * the subgradient and something normal to that set.
 */
public final class Samples implements Recursion.Solved {
  private static final int NEAREST = 40;

  private final int dimension;
  private int size;
  private int[] ticks = new int[16];
  private double[] points = {};
  private double[] pulls = {};

  /** None yet. */
  public Samples(int dimension) {
    this.dimension = dimension;
    this.points = new double[16 * dimension];
    this.pulls = new double[16 * dimension];
  }

  /** Adds {@code scale * pull} of a tick at a point. */
  @Override
  public void add(int tick, double[] point, int pointAt, double scale, double[] pull) {
    if (size == ticks.length) {
      ticks = Arrays.copyOf(ticks, 2 * size);
      points = Arrays.copyOf(points, 2 * size * dimension);
      pulls = Arrays.copyOf(pulls, 2 * size * dimension);
    }
    ticks[size] = tick;
    System.arraycopy(point, pointAt, points, size * dimension, dimension);
    Vectors.setScaled(scale, pull, 0, pulls, size * dimension, dimension);
    size++;
  }

  /** Takes a known part from all pulls. */
  public void less(double[] known) {
    for (int k = 0; k < size; k++) {
      Vectors.addScaled(-1, known, 0, pulls, at(k), dimension);
    }
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The tick of sample k. */
  public int tick(int k) {
    return ticks[k];
  }

  /** Where it took its subgradients, one point after the other. */
  public double[] points() {
    return points;
  }

  /** What pulled it there, one pull after the other. */
  public double[] pulls() {
    return pulls;
  }

  /** Where the point and the pull of sample k begin. */
  public int at(int k) {
    return k * dimension;
  }

  /** Those of the samples that are nearest to a point, of the latter half. */
  private int[] nearest(double[] to) {
    return IntStream.range(size / 2, size)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> distance(k, to)))
        .limit(NEAREST)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private double distance(int k, double[] to) {
    return Vectors.distance(points, at(k), to, 0, dimension);
  }

  /** The pull at a point, from the samples nearest to it, the nearer the more. */
  public double[] pullAt(double[] to) {
    double[] sum = new double[dimension];
    double total = 0;
    for (int k : nearest(to)) {
      double far = distance(k, to);
      double weight = 1 / (far * far + 1e-20);
      Vectors.addScaled(weight, pulls, at(k), sum, 0, dimension);
      total += weight;
    }
    Vectors.setScaled(1 / total, sum, 0, sum, 0, dimension);
    return sum;
  }

  /** A finding of these samples, of which the run's are spread evenly over its ticks. */
  public Finding.Subgradient finding(double[] atOptimum) {
    int shown = Math.min(size, NEAREST);
    int[] which = new int[shown];
    for (int k = 0; k < shown; k++) {
      which[k] = (int) ((long) k * size / shown);
    }
    return finding(atOptimum, which);
  }

  /** A finding that claims some of the samples. */
  public Finding.Subgradient finding(double[] atOptimum, int[] which) {
    int[] when = new int[which.length];
    double[] where = new double[which.length * dimension];
    double[] what = new double[where.length];
    for (int k = 0; k < which.length; k++) {
      when[k] = ticks[which[k]];
      System.arraycopy(points, at(which[k]), where, k * dimension, dimension);
      System.arraycopy(pulls, at(which[k]), what, k * dimension, dimension);
    }
    return new Finding.Subgradient(atOptimum, when, where, what);
  }
}
