package io.sotto.problem;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * f_i of a generalised linear model: {@code rowWeight * sum over i's rows of loss(w.a + b, y) +
 * agentWeight * regularizer(w)}. With rowWeight 1/M and agentWeight 1/N the sum over agents does
 * not depend on how the rows are split.
 *
 * <p>x is (w, b), or w alone without intercept. One subgradient costs 4 flops for each entry of i's
 * rows, and touches rows a few at a time, all of them again while they are in the cache.
 *
 * @param rows the private rows
 * @param loss the loss of a row
 * @param regularizer on the coefficients
 * @param rowWeight weight of each row's loss
 * @param agentWeight each agent's share of the regularizer
 * @param intercept whether x ends in one
 * @param centre what is subtracted from every row before the product, as an offset, so that sparse
 *     rows stay sparse; null for nothing
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares objectives
public record LinearModel(
    Rows rows,
    Loss loss,
    Regularizer regularizer,
    double rowWeight,
    double agentWeight,
    boolean intercept,
    double @Nullable [] centre)
    implements LocalObjective {
  private static final int POWER_ITERATIONS = 16;

  @Override
  public int agents() {
    return rows.agents();
  }

  @Override
  public int dimension() {
    return rows.features() + (intercept ? 1 : 0);
  }

  @Override
  public double value(int agent, double[] x, int at) {
    double shift = shift(x, at);
    double[] margin = new double[Rows.BLOCK];
    double sum = 0;
    int end = rows.first(agent + 1);
    for (int from = rows.first(agent); from < end; from += margin.length) {
      int to = Math.min(end, from + margin.length);
      rows.dots(from, to, x, at, margin);
      for (int row = from; row < to; row++) {
        sum += loss.value(margin[row - from] + shift, rows.label(row));
      }
    }
    return rowWeight * sum + agentWeight * regularizer.value(x, at, rows.features());
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    gradient(agent, key, x, at, out);
    regularizer.addAbsolute(agentWeight, x, at, out, rows.features());
  }

  @Override
  public void gradient(int agent, long key, double[] x, int at, double[] out) {
    Vectors.setScaled(agentWeight * regularizer.l2(), x, at, out, 0, rows.features());
    double shift = shift(x, at);
    double[] slope = new double[Rows.BLOCK]; // first the margins, then what becomes of them
    double total = 0;
    int end = rows.first(agent + 1);
    for (int from = rows.first(agent); from < end; from += slope.length) {
      int to = Math.min(end, from + slope.length);
      rows.dots(from, to, x, at, slope);
      for (int row = from; row < to; row++) {
        double derivative = loss.derivative(slope[row - from] + shift, rows.label(row));
        total += slope[row - from] = rowWeight * derivative;
      }
      rows.addScaled(from, to, slope, out);
    }
    finish(total, out);
  }

  @Override
  public void shrink(int agent, double step, double[] x, int at) {
    regularizer.shrink(step * agentWeight, x, at, rows.features());
  }

  @Override
  public Proximal proximal() {
    return new DualAscent(this);
  }

  /** By a fixed number of power iterations on the agent's own rows: an estimate from below. */
  @Override
  public double smoothness(int agent) {
    if (!loss.smooth() || regularizer.l1() > 0) {
      return Double.POSITIVE_INFINITY;
    }
    double[] v = new double[dimension()];
    double[] image = new double[dimension()];
    Arrays.fill(v, 1 / Math.sqrt(v.length));
    double[] slope = new double[Rows.BLOCK];
    double norm = 0;
    for (int k = 0; k < POWER_ITERATIONS; k++) {
      Arrays.fill(image, 0);
      double shift = shift(v, 0);
      double total = 0;
      int end = rows.first(agent + 1);
      for (int from = rows.first(agent); from < end; from += slope.length) {
        int to = Math.min(end, from + slope.length);
        rows.dots(from, to, v, 0, slope);
        for (int row = from; row < to; row++) {
          double curvature = rowWeight * loss.curvature(rows.label(row));
          total += slope[row - from] = curvature * (slope[row - from] + shift);
        }
        rows.addScaled(from, to, slope, image);
      }
      finish(total, image);
      norm = Vectors.norm(image);
      if (norm == 0) {
        break;
      }
      Vectors.setScaled(1 / norm, image, 0, v, 0, v.length);
    }
    return norm + agentWeight * regularizer.l2();
  }

  private double shift(double[] x, int at) {
    int n = rows.features();
    return (intercept ? x[at + n] : 0) - (centre == null ? 0 : Vectors.dot(centre, 0, x, at, n));
  }

  private void finish(double total, double[] out) {
    int n = rows.features();
    if (centre != null) {
      Vectors.addScaled(-total, centre, 0, out, 0, n);
    }
    if (intercept) {
      out[n] = total;
    }
  }
}
