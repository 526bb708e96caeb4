package io.sotto.io;

import static io.sotto.io.ScoreMetrics.square;

import io.sotto.io.ScoreMetrics.Point;
import io.sotto.io.ScoreMetrics.Value;
import io.sotto.problem.Disclosure;
import io.sotto.run.Predictor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Scores of rows with a label in ascending order, over partitions. Equal scores are in one
 * partition, since they were put there by their value. What comes to the driver are counts, sums
 * and a few hundred scores.
 */
final class SortedScores implements AutoCloseable {
  /** The curve has at most twice as many points, and two. */
  private static final int POINTS = 100;

  private final JavaPairRDD<Double, Boolean> sorted;
  private final double[][] before;

  /** Sorts the scores; {@link #close} lets go of them. */
  SortedScores(JavaRDD<ScoredFile> scored) {
    sorted =
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
    List<double[]> counts =
        sorted.values().mapPartitions(some -> List.of(counts(some)).iterator()).collect();
    before = new double[counts.size() + 1][2];
    for (int p = 0; p < counts.size(); p++) {
      before[p + 1][0] = before[p][0] + counts.get(p)[0];
      before[p + 1][1] = before[p][1] + counts.get(p)[1];
    }
  }

  @Override
  public void close() {
    sorted.unpersist();
  }

  /** How many rows are +1, or have a label above 0. */
  private double positive() {
    return before[before.length - 1][0];
  }

  private double negative() {
    return before[before.length - 1][1];
  }

  /**
   * The chance that of two rows of different classes the one that is +1 has the greater score; a
   * tie counts half. The interval is that of DeLong, DeLong and Clarke-Pearson (1988).
   */
  Value auc() {
    double positive = positive();
    double negative = negative();
    if (positive == 0 || negative == 0) {
      return Value.alone(Double.NaN);
    }
    double[] s = new double[4];
    for (double[] part :
        each((rows, seen) -> List.of(placements(rows, seen, positive, negative)))) {
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
  }

  /**
   * The points of the ROC curve at which it has gone another hundredth of its way along an axis,
   * from (0, 0) to (1, 1); none if there is one class only.
   *
   * @param rules how many rows of a class there must be between two points; with any rule
   *     thresholds are not told, for each is what the solution says of a single row
   * @param probabilities whether thresholds are such
   */
  List<Point> roc(Disclosure rules, boolean probabilities) {
    double positive = positive();
    double negative = negative();
    if (positive == 0 || negative == 0) {
      return List.of();
    }
    List<double[]> marks =
        each(
            (rows, seen) -> {
              List<double[]> own = new ArrayList<>();
              ties(
                  rows,
                  seen,
                  (score, start, end) -> {
                    if (way(start, positive, negative) < way(end, positive, negative)) {
                      own.add(new double[] {score, positive - start[0], negative - start[1]});
                    }
                  });
              return own;
            });
    List<double[]> kept = new ArrayList<>(List.of(new double[] {Double.NaN, 0, 0}));
    for (int k = marks.size() - 1; k >= 0; k--) {
      if (!isHidden(kept.get(kept.size() - 1), marks.get(k), rules)) {
        kept.add(marks.get(k));
      }
    }
    double[] end = {Double.NaN, positive, negative};
    double[] last = kept.get(kept.size() - 1);
    if (last[1] < positive || last[2] < negative) {
      while (kept.size() > 1 && isHidden(kept.get(kept.size() - 1), end, rules)) {
        kept.remove(kept.size() - 1);
      }
      kept.add(end);
    }
    return kept.stream()
        .map(
            mark ->
                new Point(
                    rules.isOn()
                        ? Double.NaN
                        : probabilities ? Predictor.probability(mark[0]) : mark[0],
                    mark[2] / negative,
                    mark[1] / positive))
        .toList();
  }

  /** How many hundredths of their way rows up to here have gone along both axes. */
  private static long way(double[] seen, double positive, double negative) {
    return (long) (POINTS * (seen[0] / positive + seen[1] / negative));
  }

  private static boolean isHidden(double[] from, double[] to, Disclosure rules) {
    return rules.hides((long) (to[1] - from[1])) || rules.hides((long) (to[2] - from[2]));
  }

  /** The greatest score of each of some equal parts of the rows; ties stay in one of them. */
  double[] edges(int parts) {
    long rows = (long) (positive() + negative());
    return each(
            (some, seen) -> {
              List<Double> own = new ArrayList<>();
              ties(
                  some,
                  seen,
                  (score, start, end) -> {
                    if (part(start, parts, rows) < part(end, parts, rows)) {
                      own.add(score);
                    }
                  });
              return own;
            })
        .stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static long part(double[] seen, int parts, long rows) {
    return parts * (long) (seen[0] + seen[1]) / rows;
  }

  /** What is made of a partition. */
  private interface OfPartition<T> extends Serializable {
    /**
     * Looks at it.
     *
     * @param seen how many rows of each class have lower scores than all of these
     */
    List<T> of(Iterator<Tuple2<Double, Boolean>> rows, double[] seen);
  }

  private <T> List<T> each(OfPartition<T> task) {
    double[][] seen = before;
    return sorted
        .mapPartitionsWithIndex((p, rows) -> task.of(rows, seen[p]).iterator(), false)
        .collect();
  }

  /** Takes rows of one score. */
  private interface Tie {
    /**
     * Takes them.
     *
     * @param start how many rows of each class are below
     * @param end the same with these
     */
    void take(double score, double[] start, double[] end);
  }

  private static double[] counts(Iterator<Boolean> rows) {
    double[] counts = new double[2];
    while (rows.hasNext()) {
      counts[rows.next() ? 0 : 1]++;
    }
    return counts;
  }

  /** Takes rows of equal scores together. */
  private static void ties(Iterator<Tuple2<Double, Boolean>> rows, double[] seen, Tie tie) {
    double[] start = seen.clone();
    double[] end = seen.clone();
    double at = Double.NaN;
    while (rows.hasNext()) {
      Tuple2<Double, Boolean> row = rows.next();
      if (row._1() != at && !Arrays.equals(start, end)) {
        tie.take(at, start, end);
        System.arraycopy(end, 0, start, 0, end.length);
      }
      at = row._1();
      end[row._2() ? 0 : 1]++;
    }
    if (!Arrays.equals(start, end)) {
      tie.take(at, start, end);
    }
  }

  /**
   * Of the rows of each class, the sums of their placements, which are shares of the other class
   * that they are on the right side of, and of the squares of these.
   */
  private static double[] placements(
      Iterator<Tuple2<Double, Boolean>> rows, double[] seen, double positive, double negative) {
    double[] sums = new double[4];
    ties(
        rows,
        seen,
        (score, start, end) -> {
          double ofPositive = end[0] - start[0];
          double ofNegative = end[1] - start[1];
          double above = (start[1] + ofNegative / 2) / negative;
          double below = (positive - start[0] - ofPositive / 2) / positive;
          sums[0] += ofPositive * above;
          sums[1] += ofPositive * square(above);
          sums[2] += ofNegative * below;
          sums[3] += ofNegative * square(below);
        });
    return sums;
  }
}
