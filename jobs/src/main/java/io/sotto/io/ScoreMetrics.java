package io.sotto.io;

import io.sotto.run.Predictor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.hipparchus.distribution.continuous.BetaDistribution;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * How good predictions are, with 95 % intervals: sums over files, which come to the driver, are all
 * that is made of rows. Every row with a label counts once.
 */
public final class ScoreMetrics {
  /** What intervals cover. */
  public static final double LEVEL = 0.95;

  private static final double Z =
      1.959963984540054; // the 0.975 quantile of the normal distribution
  private static final int MOST_STEPS = 50;

  private final JavaRDD<ScoredFile> scored;
  private final Predictor.Kind kind;
  private final String loss;

  /**
   * @param scored files with labels
   * @param loss of the solution
   */
  ScoreMetrics(JavaRDD<ScoredFile> scored, Predictor.Kind kind, String loss) {
    this.scored = scored;
    this.kind = kind;
    this.loss = loss;
  }

  /**
   * A figure.
   *
   * @param low the lower end of its interval; NaN if there is none
   * @param high the upper end
   * @param how the interval was made; empty if there is none
   */
  public record Value(double value, double low, double high, String how) {
    static Value alone(double value) {
      return new Value(value, Double.NaN, Double.NaN, "");
    }

    static Value of(double value, double error, String how) {
      return new Value(value, value - Z * error, value + Z * error, how);
    }

    /** For JSON. */
    public Map<String, @Nullable Object> toMap() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("value", finite(value));
      if (!how.isEmpty()) {
        map.put("low", finite(low));
        map.put("high", finite(high));
        map.put("interval", how);
      }
      return map;
    }

    private static @Nullable Double finite(double x) {
      return Double.isFinite(x) ? x : null;
    }
  }

  /** All that suit the kind of predictions, by name. */
  Map<String, Value> all() {
    Map<String, Value> all = new LinkedHashMap<>();
    switch (kind) {
      case NUMBER -> numbers(all, false);
      case COUNT -> {
        numbers(all, true);
        meanOf(all, "meanDeviance", ScoreMetrics::countDeviance);
        total(all, "deviance", "meanDeviance");
      }
      case PROBABILITY -> {
        all.put("accuracy", accuracy((z, y) -> (z > 0) == (y > 0) ? 1 : 0));
        all.put("auc", auc());
        meanOf(all, "brier", (z, y) -> square(Predictor.probability(z) - (y > 0 ? 1 : 0)));
        meanOf(all, "logLoss", (z, y) -> softplus(-y * z));
        all.put("deviance", Value.alone(2 * count() * value(all, "logLoss")));
        calibration(all);
      }
      case SIDE -> {
        all.put("accuracy", accuracy((z, y) -> (z > 0) == (y > 0) ? 1 : 0));
        all.put("auc", auc());
      }
      default -> { // classes
        all.put("accuracy", accuracy((p, right) -> right));
        meanOf(all, "logLoss", (p, right) -> -StrictMath.log(p));
        all.put("deviance", Value.alone(2 * count() * value(all, "logLoss")));
      }
    }
    return all;
  }

  private static double value(Map<String, Value> all, String name) {
    Value value = all.get(name);
    return value == null ? Double.NaN : value.value();
  }

  private void total(Map<String, Value> all, String name, String mean) {
    all.put(name, Value.alone(count() * value(all, mean)));
  }

  private static double square(double x) {
    return x * x;
  }

  /** log(1 + exp(t)), without overflow. */
  private static double softplus(double t) {
    return Math.max(t, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(t)));
  }

  private static double countDeviance(double z, double y) {
    double log = y > 0 ? y * (StrictMath.log(y) - z) : 0;
    return 2 * (log - (y - StrictMath.exp(z)));
  }

  private double count() {
    return sums(file -> new double[] {file.labelled()})[0];
  }

  /** What is made of one row. */
  private interface OfRow extends Serializable {
    double of(double score, double label);
  }

  /** What is added up of one row, in place. */
  private interface Adds extends Serializable {
    void add(double score, double label, double[] sums);
  }

  /** Sums over all rows, in the order of files, so that they are the same each time. */
  private double[] sums(int length, Adds adds) {
    return sums(
        file -> {
          double[] sums = new double[length];
          for (int r = 0; r < file.labelled(); r++) {
            adds.add(file.score(r), file.label(r), sums);
          }
          return sums;
        });
  }

  private double[] sums(Function<ScoredFile, double[]> of) {
    List<double[]> parts = scored.map(of).collect();
    double[] all = new double[parts.get(0).length];
    for (double[] part : parts) {
      for (int k = 0; k < all.length; k++) {
        all[k] += part[k];
      }
    }
    return all;
  }

  /** A mean over rows, with the interval of a normal distribution. */
  private void meanOf(Map<String, Value> all, String name, OfRow of) {
    all.put(name, mean(of));
  }

  private Value mean(OfRow of) {
    double[] first =
        sums(
            2,
            (z, y, s) -> {
              s[0]++;
              s[1] += of.of(z, y);
            });
    double n = first[0];
    double mean = first[1] / n;
    double squares = sums(1, (z, y, s) -> s[0] += square(of.of(z, y) - mean))[0];
    return Value.of(mean, StrictMath.sqrt(squares / Math.max(1, n - 1) / n), "normal");
  }

  /** A share of rows, with the interval of Clopper and Pearson (1934). */
  private Value accuracy(OfRow right) {
    double[] s =
        sums(
            2,
            (z, y, sums) -> {
              sums[0]++;
              sums[1] += right.of(z, y);
            });
    double n = s[0];
    double k = s[1];
    double tail = (1 - LEVEL) / 2;
    return new Value(
        k / n,
        k == 0 ? 0 : new BetaDistribution(k, n - k + 1).inverseCumulativeProbability(tail),
        k == n ? 1 : new BetaDistribution(k + 1, n - k).inverseCumulativeProbability(1 - tail),
        "Clopper-Pearson");
  }

  /**
   * Errors of numbers. The interval of the root mean square is that of the mean square; that of R2
   * is of the delta method, as it is a function of two means over rows.
   */
  private void numbers(Map<String, Value> all, boolean counts) {
    OfRow error = counts ? (z, y) -> StrictMath.exp(z) - y : (z, y) -> z - y;
    Value squares = mean((z, y) -> square(error.of(z, y)));
    all.put(
        "rmse",
        new Value(
            StrictMath.sqrt(squares.value()),
            StrictMath.sqrt(Math.max(0, squares.low())),
            StrictMath.sqrt(squares.high()),
            "normal, of the mean square"));
    meanOf(all, "mae", (z, y) -> Math.abs(error.of(z, y)));
    if (counts) {
      return;
    }
    double n = count();
    double centre = sums(1, (z, y, s) -> s[0] += y)[0] / n;
    double variance = sums(1, (z, y, s) -> s[0] += square(y - centre))[0] / n;
    double mse = squares.value();
    if (variance > 0) {
      double spread =
          sums(
              1,
              (z, y, s) ->
                  s[0] +=
                      square(
                          (square(error.of(z, y)) - mse) / variance
                              - mse * (square(y - centre) - variance) / square(variance)))[0];
      all.put("r2", Value.of(1 - mse / variance, StrictMath.sqrt(spread) / n, "delta method"));
    }
    if (loss.equals("squared")) {
      all.put("deviance", Value.alone(n * mse));
    }
  }

  /**
   * The chance that of two rows of different classes the one that is +1 has the greater score; a
   * tie counts half. The interval is that of DeLong, DeLong and Clarke-Pearson (1988).
   */
  private Value auc() {
    JavaPairRDD<Double, Boolean> sorted =
        scored
            .flatMapToPair(
                file -> {
                  List<Tuple2<Double, Boolean>> rows = new ArrayList<>(file.labelled());
                  for (int r = 0; r < file.labelled(); r++) {
                    rows.add(new Tuple2<>(file.score(r) + 0.0, file.label(r) > 0)); // no -0
                  }
                  return rows.iterator();
                })
            .sortByKey();
    sorted.cache();
    try {
      List<double[]> counts =
          sorted.values().mapPartitions(some -> List.of(counts(some)).iterator()).collect();
      double[][] before = new double[counts.size() + 1][2];
      for (int p = 0; p < counts.size(); p++) {
        before[p + 1][0] = before[p][0] + counts.get(p)[0];
        before[p + 1][1] = before[p][1] + counts.get(p)[1];
      }
      double positive = before[counts.size()][0];
      double negative = before[counts.size()][1];
      if (positive == 0 || negative == 0) {
        return Value.alone(Double.NaN);
      }
      double[] s = new double[4];
      for (double[] part :
          sorted
              .mapPartitionsWithIndex(
                  (p, rows) -> List.of(placements(rows, before[p], positive, negative)).iterator(),
                  false)
              .collect()) {
        for (int k = 0; k < s.length; k++) {
          s[k] += part[k];
        }
      }
      double auc = s[0] / positive;
      double ofPositive = (s[1] / positive - square(auc)) * positive / Math.max(1, positive - 1);
      double ofNegative = (s[3] / negative - square(auc)) * negative / Math.max(1, negative - 1);
      double error =
          StrictMath.sqrt(Math.max(0, ofPositive) / positive + Math.max(0, ofNegative) / negative);
      Value value = Value.of(auc, error, "DeLong");
      return new Value(auc, Math.max(0, value.low()), Math.min(1, value.high()), value.how());
    } finally {
      sorted.unpersist();
    }
  }

  private static double[] counts(Iterator<Boolean> rows) {
    double[] counts = new double[2];
    while (rows.hasNext()) {
      counts[rows.next() ? 0 : 1]++;
    }
    return counts;
  }

  /**
   * Of the rows of each class, the sums of their placements, which are shares of the other class
   * that they are on the right side of, and of the squares of these.
   *
   * @param before how many rows of each class have lower scores than all of these
   */
  private static double[] placements(
      Iterator<Tuple2<Double, Boolean>> rows, double[] before, double positive, double negative) {
    double[] sums = new double[4];
    double[] seen = before.clone();
    double at = Double.NaN;
    double[] tied = new double[2];
    while (true) {
      Tuple2<Double, Boolean> row = rows.hasNext() ? rows.next() : null;
      if (row == null || row._1() != at) {
        double above = (seen[1] + tied[1] / 2) / negative;
        double below = (positive - seen[0] - tied[0] / 2) / positive;
        sums[0] += tied[0] * above;
        sums[1] += tied[0] * square(above);
        sums[2] += tied[1] * below;
        sums[3] += tied[1] * square(below);
        seen[0] += tied[0];
        seen[1] += tied[1];
        Arrays.fill(tied, 0);
        if (row == null) {
          return sums;
        }
        at = row._1();
      }
      tied[row._2() ? 0 : 1]++;
    }
  }

  /**
   * Intercept and slope of a logistic regression of the labels on z, by Newton's method: 0 and 1
   * where probabilities are right on average (Cox 1958). None where scores separate the classes.
   */
  private void calibration(Map<String, Value> all) {
    double a = 0;
    double b = 1;
    for (int step = 0; step < MOST_STEPS; step++) {
      double intercept = a;
      double slope = b;
      double[] s =
          sums(
              5,
              (z, y, sums) -> {
                double p = Predictor.probability(intercept + slope * z);
                double g = (y > 0 ? 1 : 0) - p;
                double w = p * (1 - p);
                sums[0] += g;
                sums[1] += g * z;
                sums[2] += w;
                sums[3] += w * z;
                sums[4] += w * z * z;
              });
      double det = s[2] * s[4] - s[3] * s[3];
      if (!(det > 0)) {
        return;
      }
      double moveA = (s[4] * s[0] - s[3] * s[1]) / det;
      double moveB = (s[2] * s[1] - s[3] * s[0]) / det;
      a += moveA;
      b += moveB;
      if (Math.abs(moveA) + Math.abs(moveB) <= 1e-10 * (1 + Math.abs(a) + Math.abs(b))) {
        all.put("calibrationIntercept", Value.of(a, StrictMath.sqrt(s[4] / det), "Wald"));
        all.put("calibrationSlope", Value.of(b, StrictMath.sqrt(s[2] / det), "Wald"));
        return;
      }
    }
  }
}
