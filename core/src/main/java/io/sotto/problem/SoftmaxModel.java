package io.sotto.problem;

import org.jspecify.annotations.Nullable;

/**
 * f_i of softmax: {@code sum over i's rows of weight(row) loss + agentWeight * regularizer(W)}. x
 * is (w_1, ..., w_K, b_1, ..., b_K), or without the b. One subgradient costs 4 K flops for each
 * entry of i's rows; all K predictions and slopes of a row are done while it is in the cache.
 *
 * @param block the private rows; a centre is an offset, so that sparse rows stay sparse
 */
record SoftmaxModel(Block block) implements LocalObjective {

  @Override
  public int agents() {
    return block.rows().agents();
  }

  /** K n. */
  int coefficients() {
    return block.classes() * block.rows().features();
  }

  @Override
  public int dimension() {
    return coefficients() + (block.intercept() ? block.classes() : 0);
  }

  @Override
  public double value(int agent, double[] x, int at) {
    Rows rows = block.rows();
    double[] shift = shift(x, at);
    double[] z = new double[block.classes()];
    double sum = 0;
    for (int r = rows.first(agent); r < rows.first(agent + 1); r++) {
      predict(r, x, at, shift, z);
      sum += block.weight(r) * Softmax.loss(z, (int) rows.label(r));
    }
    return sum + block.agentWeight() * block.regularizer().value(x, at, coefficients());
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    gradient(agent, key, x, at, out);
    block.regularizer().addPenalty(block.agentWeight(), x, at, out, coefficients());
  }

  @Override
  public void gradient(int agent, long key, double[] x, int at, double[] out) {
    Rows rows = block.rows();
    int n = rows.features();
    int classes = block.classes();
    block.regularizer().setGradient(block.agentWeight(), x, at, out, coefficients());
    double[] shift = shift(x, at);
    double[] z = new double[classes];
    double[] total = new double[classes];
    for (int r = rows.first(agent); r < rows.first(agent + 1); r++) {
      predict(r, x, at, shift, z);
      int label = (int) rows.label(r);
      Softmax.loss(z, label);
      z[label]--;
      for (int k = 0; k < classes; k++) {
        double slope = block.weight(r) * z[k];
        total[k] += slope;
        rows.addScaled(r, slope, out, k * n);
      }
    }
    double @Nullable [] centre = block.centre();
    for (int k = 0; k < classes; k++) {
      if (centre != null) {
        Vectors.addScaled(-total[k], centre, 0, out, k * n, n);
      }
      if (block.intercept()) {
        out[classes * n + k] = total[k];
      }
    }
  }

  @Override
  public void shrink(int agent, double step, double[] x, int at) {
    block.regularizer().shrink(step * block.agentWeight(), x, at, coefficients());
  }

  @Override
  public Regularizer regularizer() {
    return block.regularizer();
  }

  @Override
  public SoftmaxModel with(Regularizer other) {
    return new SoftmaxModel(block.with(other));
  }

  @Override
  public SoftmaxModel only(RowChoice chosen) {
    return new SoftmaxModel(block.only(chosen));
  }

  @Override
  public double agentWeight() {
    return block.agentWeight();
  }

  @Override
  public double lowest(int agent) {
    return 0;
  }

  @Override
  public @Nullable Curvature secondOrder() {
    return block.regularizer().penalises() ? null : smoothSecondOrder();
  }

  @Override
  public Curvature smoothSecondOrder() {
    return new SoftmaxCurvature(this);
  }

  @Override
  public Scores scores() {
    return new SoftmaxCurvature(this);
  }

  @Override
  public Proximal proximal() {
    return new SoftmaxAscent(this);
  }

  /** The second derivative, diag(p) - p p^T, is at most 1/2: half of that of squares. */
  @Override
  public double smoothness(int agent) {
    if (block.regularizer().penalises()) {
      return Double.POSITIVE_INFINITY;
    }
    LocalObjective squares =
        new LinearModel(
            new Block(
                block.rows(),
                block.weights(),
                null,
                block.rowWeight(),
                0,
                new Regularizer(0, 0),
                block.intercept(),
                block.centre(),
                0),
            new Squared());
    return squares.smoothness(agent) / 2 + block.agentWeight() * block.regularizer().ridge();
  }

  /** What predictions have whatever the row: intercepts, and what centring takes away. */
  double[] shift(double[] x, int at) {
    int n = block.rows().features();
    double @Nullable [] centre = block.centre();
    double[] shift = new double[block.classes()];
    for (int k = 0; k < shift.length; k++) {
      shift[k] =
          (block.intercept() ? x[at + coefficients() + k] : 0)
              - (centre == null ? 0 : Vectors.dot(centre, 0, x, at + k * n, n));
    }
    return shift;
  }

  /** The predictions of a row. */
  void predict(int row, double[] x, int at, double[] shift, double[] z) {
    int n = block.rows().features();
    for (int k = 0; k < z.length; k++) {
      z[k] = block.rows().dot(row, x, at + k * n) + shift[k];
    }
  }
}
