package io.sotto.io;

import io.sotto.problem.Disclosure;
import io.sotto.run.Predictor;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.hipparchus.distribution.continuous.BetaDistribution;
import org.jspecify.annotations.Nullable;

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
  private final Disclosure rules;

  /**
   * @param scored files with labels
   * @param loss of the solution
   * @param rules which rows are too few to be told of
   */
  ScoreMetrics(JavaRDD<ScoredFile> scored, Predictor.Kind kind, String loss, Disclosure rules) {
    this.scored = scored;
    this.kind = kind;
    this.loss = loss;
    this.rules = rules;
  }

  /**
   * What is told of predictions.
   *
   * @param metrics by name
   * @param roc of two classes: from (0, 0) to (1, 1); else empty
   * @param calibration of probabilities and numbers, by ascending prediction; else empty
   */
  public record Figures(Map<String, Value> metrics, List<Point> roc, List<Bin> calibration) {
    static final Figures NONE = new Figures(Map.of(), List.of(), List.of());

    /** Adds what there is to {@code scores.json}. */
    public void addTo(Map<String, @Nullable Object> map) {
      Map<String, Object> values = new LinkedHashMap<>();
      metrics.forEach((name, value) -> values.put(name, value.toMap()));
      map.put("metrics", values);
      if (!roc.isEmpty()) {
        map.put("roc", roc.stream().map(Point::toMap).toList());
      }
      if (!calibration.isEmpty()) {
        map.put("calibration", calibration.stream().map(Bin::toMap).toList());
      }
    }
  }

  /**
   * A point of the ROC curve.
   *
   * @param threshold of the score or probability from which on a row counts as +1; NaN if it is not
   *     told
   * @param falsePositives of the rows that are -1 the share that is counted as +1
   * @param truePositives of the rows that are +1
   */
  public record Point(double threshold, double falsePositives, double truePositives) {
    /** For JSON. */
    public Map<String, @Nullable Object> toMap() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("threshold", Value.finite(threshold));
      map.put("falsePositiveRate", falsePositives);
      map.put("truePositiveRate", truePositives);
      return map;
    }
  }

  /**
   * Rows with like predictions.
   *
   * @param predicted the mean of predictions
   * @param observed of probabilities the share that is +1, else the mean of labels
   */
  public record Bin(long rows, double predicted, Value observed) {
    /** For JSON. */
    public Map<String, @Nullable Object> toMap() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("rows", rows);
      map.put("predicted", Value.finite(predicted));
      map.put("observed", Value.finite(observed.value()));
      map.put("low", Value.finite(observed.low()));
      map.put("high", Value.finite(observed.high()));
      return map;
    }
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

  /** All that suit the kind of predictions. */
  Figures all() {
    Map<String, Value> metrics = new LinkedHashMap<>();
    if (kind == Predictor.Kind.CLASSES) {
      metrics(metrics, Value.alone(Double.NaN));
      return new Figures(metrics, List.of(), List.of());
    }
    try (SortedScores sorted = new SortedScores(scored)) {
      boolean sides = kind == Predictor.Kind.PROBABILITY || kind == Predictor.Kind.SIDE;
      metrics(metrics, sides ? sorted.auc() : Value.alone(Double.NaN));
      return new Figures(
          metrics,
          sides ? sorted.roc(rules, kind == Predictor.Kind.PROBABILITY) : List.of(),
          kind == Predictor.Kind.SIDE
              ? List.of()
              : new ScoreBins(this, kind, rules).of(sorted.edges(ScoreBins.MOST)));
    }
  }

  private void metrics(Map<String, Value> all, Value auc) {
    switch (kind) {
      case NUMBER -> numbers(all, false);
      case COUNT -> {
        numbers(all, true);
        meanOf(all, "meanDeviance", ScoreMetrics::countDeviance);
        total(all, "deviance", "meanDeviance");
      }
      case PROBABILITY -> {
        all.put("accuracy", accuracy((z, y) -> (z > 0) == (y > 0) ? 1 : 0));
        all.put("auc", auc);
        meanOf(all, "brier", (z, y) -> square(Predictor.probability(z) - (y > 0 ? 1 : 0)));
        meanOf(all, "logLoss", (z, y) -> softplus(-y * z));
        all.put("deviance", Value.alone(2 * count() * value(all, "logLoss")));
        calibration(all);
      }
      case SIDE -> {
        all.put("accuracy", accuracy((z, y) -> (z > 0) == (y > 0) ? 1 : 0));
        all.put("auc", auc);
      }
      default -> { // classes
        all.put("accuracy", accuracy((p, right) -> right));
        meanOf(all, "logLoss", (p, right) -> -StrictMath.log(p));
        all.put("deviance", Value.alone(2 * count() * value(all, "logLoss")));
      }
    }
  }

  private static double value(Map<String, Value> all, String name) {
    Value value = all.get(name);
    return value == null ? Double.NaN : value.value();
  }

  private void total(Map<String, Value> all, String name, String mean) {
    all.put(name, Value.alone(count() * value(all, mean)));
  }

  static double square(double x) {
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
  interface OfRow extends Serializable {
    double of(double score, double label);
  }

  /** What is added up of one row, in place. */
  interface Adds extends Serializable {
    void add(double score, double label, double[] sums);
  }

  /** Sums over all rows, in the order of files, so that they are the same each time. */
  double[] sums(int length, Adds adds) {
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

  /** A share of rows. */
  private Value accuracy(OfRow right) {
    double[] s =
        sums(
            2,
            (z, y, sums) -> {
              sums[0]++;
              sums[1] += right.of(z, y);
            });
    return share(s[1], s[0]);
  }

  /** k of n rows, with the interval of Clopper and Pearson (1934). */
  static Value share(double k, double n) {
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
