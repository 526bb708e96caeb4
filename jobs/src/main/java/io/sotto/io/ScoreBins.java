package io.sotto.io;

import static io.sotto.io.ScoreMetrics.share;
import static io.sotto.io.ScoreMetrics.square;

import io.sotto.io.ScoreMetrics.Bin;
import io.sotto.io.ScoreMetrics.OfRow;
import io.sotto.io.ScoreMetrics.Value;
import io.sotto.problem.Disclosure;
import io.sotto.run.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows with a label by their prediction: what was predicted of them, and what was observed. Bins
 * that are small, or of which too few rows are +1 or -1 to be told of, are put together.
 */
final class ScoreBins {
  /** So many there are at most. */
  static final int MOST = 10;

  private static final int LEAST_ROWS = 10;

  private final ScoreMetrics metrics;
  private final Predictor.Kind kind;
  private final Disclosure rules;
  private final boolean shares;

  /** Of rows that metrics are made of. */
  ScoreBins(ScoreMetrics metrics, Predictor.Kind kind, Disclosure rules) {
    this.metrics = metrics;
    this.kind = kind;
    this.rules = rules;
    this.shares = kind == Predictor.Kind.PROBABILITY;
  }

  /**
   * The bins.
   *
   * @param edges the greatest scores of parts of the rows, ascending
   */
  List<Bin> of(double[] edges) {
    OfRow predicted =
        switch (kind) {
          case PROBABILITY -> (z, y) -> Predictor.probability(z);
          case COUNT -> (z, y) -> StrictMath.exp(z);
          default -> (z, y) -> z;
        };
    double[] most = merged(edges, binned(edges, predicted));
    double[][] means = binned(most, predicted);
    boolean sides = shares; // not this
    double[] squares =
        metrics.sums(
            most.length,
            (z, y, s) -> {
              int k = bin(most, z);
              s[k] += square((sides ? (y > 0 ? 1 : 0) : y) - means[k][2] / means[k][0]);
            });
    List<Bin> bins = new ArrayList<>();
    for (int k = 0; k < most.length; k++) {
      double n = means[k][0];
      double seen = means[k][2];
      Value observed =
          shares
              ? share(seen, n)
              : Value.of(seen / n, StrictMath.sqrt(squares[k] / Math.max(1, n - 1) / n), "normal");
      bins.add(new Bin((long) n, means[k][1] / n, observed));
    }
    return bins;
  }

  /** By bin: rows, the sum of predictions, the sum of what was observed. */
  private double[][] binned(double[] edges, OfRow predicted) {
    boolean sides = shares;
    double[] s =
        metrics.sums(
            3 * edges.length,
            (z, y, sums) -> {
              int k = 3 * bin(edges, z);
              sums[k]++;
              sums[k + 1] += predicted.of(z, y);
              sums[k + 2] += sides ? (y > 0 ? 1 : 0) : y;
            });
    double[][] bins = new double[edges.length][];
    Arrays.setAll(bins, k -> Arrays.copyOfRange(s, 3 * k, 3 * k + 3));
    return bins;
  }

  /** The bin of a score: the first whose greatest score it is not above. */
  private static int bin(double[] edges, double z) {
    int k = 0;
    while (k < edges.length - 1 && z > edges[k]) {
      k++;
    }
    return k;
  }

  /** The greatest scores of bins that are large enough, of neighbours put together. */
  private double[] merged(double[] edges, double[][] bins) {
    List<Double> most = new ArrayList<>();
    List<double[]> done = new ArrayList<>();
    for (int k = 0; k < edges.length; k++) {
      boolean small = !done.isEmpty() && isSmall(done.get(done.size() - 1));
      double[] into = small ? done.get(done.size() - 1) : new double[3];
      for (int j = 0; j < into.length; j++) {
        into[j] += bins[k][j];
      }
      if (small) {
        most.set(most.size() - 1, edges[k]);
      } else {
        most.add(edges[k]);
        done.add(into);
      }
    }
    while (done.size() > 1 && isSmall(done.get(done.size() - 1))) {
      double[] last = done.remove(done.size() - 1);
      double[] before = done.get(done.size() - 1);
      Arrays.setAll(before, j -> before[j] + last[j]);
      most.remove(most.size() - 2);
    }
    return most.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private boolean isSmall(double[] bin) {
    return bin[0] < Math.max(LEAST_ROWS, rules.minRows())
        || (shares && (rules.hides((long) bin[2]) || rules.hides((long) (bin[0] - bin[2]))));
  }
}
