package io.sotto.problem;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * f_i of a generalised linear model: {@code sum over i's rows of weight(row) loss(w.a + b + offset,
 * y) + agentWeight * regularizer(w)}. As weights of rows are parts of 1 and agentWeight is 1/N, the
 * sum over agents does not depend on how the rows are split.
 *
 * <p>x is (w, b), or w alone without intercept. One subgradient costs 4 flops for each entry of i's
 * rows, and touches rows a few at a time, all of them again while they are in the cache.
 *
 * @param block the private rows; a centre is an offset, so that sparse rows stay sparse
 * @param loss the loss of a row
 */
public record LinearModel(Block block, Loss loss) implements LocalObjective {
  private static final int POWER_ITERATIONS = 16;

  /** Of rows that all count the same. */
  public LinearModel(
      Rows rows,
      Loss loss,
      Regularizer regularizer,
      double rowWeight,
      double agentWeight,
      boolean intercept,
      double @Nullable [] centre) {
    this(
        new Block(rows, null, null, rowWeight, agentWeight, regularizer, intercept, centre, 0),
        loss);
  }

  /** The private rows. */
  public Rows rows() {
    return block.rows();
  }

  @Override
  public Regularizer regularizer() {
    return block.regularizer();
  }

  @Override
  public LinearModel with(Regularizer other) {
    return new LinearModel(block.with(other), loss);
  }

  @Override
  public LinearModel only(RowChoice chosen) {
    return new LinearModel(block.only(chosen), loss);
  }

  @Override
  public LinearModel under(Loss other) {
    return new LinearModel(block, other);
  }

  /** What a row counts for, unless it has a weight of its own. */
  public double rowWeight() {
    return block.rowWeight();
  }

  @Override
  public double agentWeight() {
    return block.agentWeight();
  }

  /** Whether x ends in one. */
  public boolean intercept() {
    return block.intercept();
  }

  /** What is subtracted from every row; null for nothing. */
  public double @Nullable [] centre() {
    return block.centre();
  }

  @Override
  public int agents() {
    return rows().agents();
  }

  @Override
  public int dimension() {
    return rows().features() + (intercept() ? 1 : 0);
  }

  @Override
  public double value(int agent, double[] x, int at) {
    Rows rows = rows();
    double @Nullable [] weights = block.weights();
    double shift = shift(x, at);
    double[] margin = new double[Rows.BLOCK];
    double sum = 0;
    int end = rows.first(agent + 1);
    for (int from = rows.first(agent); from < end; from += margin.length) {
      int to = Math.min(end, from + margin.length);
      rows.dots(from, to, x, at, margin);
      for (int row = from; row < to; row++) {
        double one = loss.value(moved(row, margin[row - from] + shift), rows.label(row));
        sum += weights == null ? one : weights[row] == 0 ? 0 : weights[row] * one;
      }
    }
    return rowWeight() * sum + agentWeight() * regularizer().value(x, at, rows.features());
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    gradient(agent, key, x, at, out);
    regularizer().addPenalty(agentWeight(), x, at, out, rows().features());
  }

  @Override
  public void gradient(int agent, long key, double[] x, int at, double[] out) {
    Rows rows = rows();
    regularizer().setGradient(agentWeight(), x, at, out, rows.features());
    double shift = shift(x, at);
    double[] slope = new double[Rows.BLOCK]; // first the margins, then what becomes of them
    double total = 0;
    int end = rows.first(agent + 1);
    for (int from = rows.first(agent); from < end; from += slope.length) {
      int to = Math.min(end, from + slope.length);
      rows.dots(from, to, x, at, slope);
      for (int row = from; row < to; row++) {
        double z = moved(row, slope[row - from] + shift);
        total += slope[row - from] = block.weight(row) * loss.derivative(z, rows.label(row));
      }
      rows.addScaled(from, to, slope, out);
    }
    finish(total, out);
  }

  @Override
  public void shrink(int agent, double step, double[] x, int at) {
    regularizer().shrink(step * agentWeight(), x, at, rows().features());
  }

  @Override
  public double lowest(int agent) {
    Rows rows = rows();
    double sum = 0;
    for (int row = rows.first(agent); row < rows.first(agent + 1); row++) {
      double weight = block.weight(row);
      sum -= weight == 0 ? 0 : weight * loss.conjugate(0, rows.label(row));
    }
    return sum;
  }

  @Override
  public @Nullable Curvature secondOrder() {
    return regularizer().penalises() ? null : smoothSecondOrder();
  }

  @Override
  public @Nullable Curvature smoothSecondOrder() {
    return Double.isNaN(loss.selfConcordance()) ? null : new LinearCurvature(this);
  }

  @Override
  public @Nullable Scores scores() {
    return Double.isNaN(loss.second(0, 0)) ? null : new LinearCurvature(this);
  }

  @Override
  public Proximal proximal() {
    return new DualAscent(this);
  }

  /** By a fixed number of power iterations on the agent's own rows: an estimate from below. */
  @Override
  public double smoothness(int agent) {
    if (!loss.smooth() || regularizer().penalises()) {
      return Double.POSITIVE_INFINITY;
    }
    Rows rows = rows();
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
          double curvature = block.weight(row) * loss.curvature(rows.label(row));
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
    return norm + agentWeight() * regularizer().ridge();
  }

  /** A prediction with the offset of its row. */
  double moved(int row, double z) {
    return block.offsets() == null ? z : z + block.offset(row);
  }

  double shift(double[] x, int at) {
    double @Nullable [] centre = centre();
    int n = rows().features();
    return (intercept() ? x[at + n] : 0) - (centre == null ? 0 : Vectors.dot(centre, 0, x, at, n));
  }

  private void finish(double total, double[] out) {
    double @Nullable [] centre = centre();
    int n = rows().features();
    if (centre != null) {
      Vectors.addScaled(-total, centre, 0, out, 0, n);
    }
    if (intercept()) {
      out[n] = total;
    }
  }
}
