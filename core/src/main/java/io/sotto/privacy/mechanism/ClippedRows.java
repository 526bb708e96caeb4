package io.sotto.privacy.mechanism;

import io.sotto.problem.BadInputException;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Rows;
import io.sotto.problem.Vectors;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a linear model, each of which moves sums by no more than a clipped gradient:
 *
 * <pre>
 *   1/M sum over an agent's rows of clip( subgradient of the row's loss at v ),
 *   clip(h) = h min(1, C / |h|)
 * </pre>
 *
 * <p>If one row is replaced, whatever stands in it, the sum moves by at most 2 C / M.
 *
 * @param model the rows
 * @param limits by row, the slope at which its subgradient is as long as it may be, or a little
 *     less
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record ClippedRows(LinearModel model, double[] limits) implements Serializable {
  private static final double UNIT = 1e-9;

  /**
   * The rows of costs.
   *
   * @param clip C
   * @param count M
   * @param setting what asks for it, for messages
   * @throws BadInputException if nobody knows how to clip them
   */
  static ClippedRows of(LocalObjective costs, double clip, long count, String setting) {
    if (!(costs instanceof LinearModel model)) {
      throw new BadInputException(
          "%s knows how to clip the rows of linear models only: choose another problem.loss, or another protection."
              .formatted(setting));
    }
    if (model.block().weights() != null || model.block().offsets() != null) {
      throw new BadInputException(
          ("%s is for rows that all count the same: leave out data.weight, data.offset and"
                  + " problem.class-weights.")
              .formatted(setting));
    }
    if (Math.abs(model.rowWeight() * count - 1) > UNIT) {
      throw new IllegalStateException("the budget is for %d rows".formatted(count));
    }
    return new ClippedRows(model, limits(model, clip));
  }

  private static double[] limits(LinearModel model, double clip) {
    Rows rows = model.rows();
    int n = rows.features();
    double[] limits = new double[rows.first(rows.agents())];
    double[] row = new double[n];
    double @Nullable [] shift = model.centre();
    double[] centre = shift == null ? new double[n] : shift;
    double centreSquare = Vectors.dot(centre, 0, centre, 0, n);
    for (int r = 0; r < limits.length; r++) {
      rows.addScaled(r, 1, row, 0);
      double own = rows.dot(r, row, 0);
      rows.addScaled(r, -1, row, 0);
      double square = Math.max(0, own - 2 * rows.dot(r, centre, 0) + centreSquare);
      square += UNIT * (own + centreSquare) + (model.intercept() ? 1 : 0); // more than it lost
      limits[r] = clip / Math.sqrt(square);
    }
    return limits;
  }

  /** The same rows under another penalty. */
  ClippedRows with(Regularizer regularizer) {
    return new ClippedRows(model.with(regularizer), limits);
  }

  /** Puts the sum over an agent's rows into {@code out}; no penalty is in it. */
  void sum(int agent, double[] x, int at, double[] out) {
    Rows rows = model.rows();
    int n = rows.features();
    double @Nullable [] centre = model.centre();
    double shift = model.intercept() ? x[at + n] : 0;
    shift -= centre == null ? 0 : Vectors.dot(centre, 0, x, at, n);
    double[] slope = new double[Rows.BLOCK]; // first the margins, then what becomes of them
    double total = 0;
    Arrays.fill(out, 0, model.dimension(), 0);
    int end = rows.first(agent + 1);
    for (int from = rows.first(agent); from < end; from += slope.length) {
      int to = Math.min(end, from + slope.length);
      rows.dots(from, to, x, at, slope);
      for (int r = from; r < to; r++) {
        double derivative = model.loss().derivative(slope[r - from] + shift, rows.label(r));
        double clipped = Math.max(-limits[r], Math.min(limits[r], derivative));
        total += slope[r - from] = model.rowWeight() * clipped;
      }
      rows.addScaled(from, to, slope, out);
    }
    if (centre != null) {
      Vectors.addScaled(-total, centre, 0, out, 0, n);
    }
    if (model.intercept()) {
      out[n] = total;
    }
  }
}
