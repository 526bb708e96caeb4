package io.sotto.problem;

import java.util.Arrays;

/**
 * Second derivatives of softmax. With p the probabilities of a row and a the row with its constant,
 * they are {@code (p_k [k = l] - p_k p_l) a a^T} between predictions k and l; along v the third is
 * at most {@code max_k v_k.a - min_k v_k.a} times the second, being the third central moment of
 * what has that as its variance.
 */
record SoftmaxCurvature(SoftmaxModel model) implements Curvature, Scores {

  /** Where in x coordinate j of prediction k stands; j may be the constant's. */
  private int position(int k, int j) {
    int n = model.block().rows().features();
    return j < n ? k * n + j : model.coefficients() + k;
  }

  private int width() {
    return model.block().rows().features() + (model.block().intercept() ? 1 : 0);
  }

  @Override
  public void addHessian(int agent, double[] x, double[] packed) {
    addInformation(agent, x, packed);
    Block block = model.block();
    LinearCurvature.addRidge(
        block.regularizer(), block.agentWeight(), model.coefficients(), packed);
  }

  @Override
  public void addInformation(int agent, double[] x, double[] packed) {
    addSquares(
        agent,
        x,
        (weight, p, y, k, l) -> weight * (k == l ? p[k] * (1 - p[k]) : -p[k] * p[l]),
        packed);
  }

  @Override
  public void addSquaredScores(int agent, double[] x, boolean squared, double[] packed) {
    addSquares(
        agent,
        x,
        (weight, p, y, k, l) ->
            (squared ? weight * weight : weight)
                * (p[k] - (k == y ? 1 : 0))
                * (p[l] - (l == y ? 1 : 0)),
        packed);
  }

  /** What the square of a row counts for between two predictions. */
  @FunctionalInterface
  private interface OfRow {
    double of(double weight, double[] probabilities, int label, int k, int l);
  }

  private void addSquares(int agent, double[] x, OfRow of, double[] packed) {
    Block block = model.block();
    int classes = block.classes();
    double[] row = new double[width()];
    int[] columns = new int[row.length];
    double[] z = new double[classes];
    double[] shift = model.shift(x, 0);
    for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
      double weight = block.weight(r);
      if (weight == 0) {
        continue;
      }
      int label = (int) block.rows().label(r);
      model.predict(r, x, 0, shift, z);
      Softmax.loss(z, label);
      int count = LinearCurvature.fill(block, r, row, columns);
      for (int k = 0; k < classes; k++) {
        for (int l = 0; l <= k; l++) {
          addBlock(k, l, of.of(weight, z, label, k, l), row, count, columns, packed);
        }
      }
      Arrays.fill(row, 0);
    }
  }

  @Override
  public double[] losses(int agent, double[] x) {
    double[] shift = model.shift(x, 0);
    double[] z = new double[model.block().classes()];
    return LinearCurvature.losses(
        model.block(),
        agent,
        r -> {
          model.predict(r, x, 0, shift, z);
          return Softmax.loss(z, (int) model.block().rows().label(r));
        });
  }

  @Override
  public int rows(int agent) {
    return LinearCurvature.counting(model.block(), agent);
  }

  @Override
  public double base(int agent) {
    return 0;
  }

  private void addBlock(
      int k, int l, double scale, double[] row, int count, int[] columns, double[] packed) {
    for (int a = 0; a < count; a++) {
      int i = position(k, columns[a]);
      for (int b = 0; b < count; b++) {
        int j = position(l, columns[b]);
        // of a block on the diagonal each pair once; of others all pairs, whichever is greater
        if (k != l || j <= i) {
          int at = i >= j ? Curvature.at(i, j) : Curvature.at(j, i);
          packed[at] += scale * row[columns[a]] * row[columns[b]];
        }
      }
    }
  }

  @Override
  public double steepness(int agent, double[] inverse) {
    Block block = model.block();
    int classes = block.classes();
    double[] row = new double[width()];
    int[] columns = new int[row.length];
    double[][] inner = new double[classes][classes];
    double most = 0;
    for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
      if (block.weight(r) == 0) {
        continue;
      }
      int count = LinearCurvature.fill(block, r, row, columns);
      for (int k = 0; k < classes; k++) {
        for (int l = 0; l <= k; l++) {
          inner[k][l] = inner(k, l, row, count, columns, inverse);
        }
        for (int l = 0; l < k; l++) {
          most = Math.max(most, inner[k][k] + inner[l][l] - 2 * inner[k][l]);
        }
      }
      Arrays.fill(row, 0);
    }
    return Math.sqrt(most);
  }

  private double inner(int k, int l, double[] row, int count, int[] columns, double[] matrix) {
    double sum = 0;
    for (int a = 0; a < count; a++) {
      int i = position(k, columns[a]);
      for (int b = 0; b < count; b++) {
        int j = position(l, columns[b]);
        sum +=
            row[columns[a]]
                * row[columns[b]]
                * matrix[i >= j ? Curvature.at(i, j) : Curvature.at(j, i)];
      }
    }
    return sum;
  }

  /** Of each prediction its part of the direction. */
  private double[][] parts(double[] direction) {
    double[][] parts = new double[model.block().classes()][width()];
    for (int k = 0; k < parts.length; k++) {
      for (int j = 0; j < parts[k].length; j++) {
        parts[k][j] = direction[position(k, j)];
      }
    }
    return parts;
  }

  /** By how much each prediction moves against that of the label; 0 where it is rounding. */
  private static void against(
      int label, double[] row, int count, int[] columns, double[][] parts, double[] out) {
    double[] difference = new double[row.length];
    for (int k = 0; k < parts.length; k++) {
      for (int j = 0; j < difference.length; j++) {
        difference[j] = parts[k][j] - parts[label][j];
      }
      out[k] = LinearCurvature.change(row, count, columns, difference);
    }
  }

  @Override
  public int recession(int agent, double[] direction) {
    Block block = model.block();
    double[][] parts = parts(direction);
    double[] row = new double[width()];
    int[] columns = new int[row.length];
    double[] dz = new double[parts.length];
    int falls = 0;
    for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
      if (block.weight(r) == 0) {
        continue;
      }
      int count = LinearCurvature.fill(block, r, row, columns);
      against((int) block.rows().label(r), row, count, columns, parts, dz);
      Arrays.fill(row, 0);
      for (double one : dz) {
        if (one > 0) {
          return -1;
        }
        falls = one < 0 ? 1 : falls;
      }
    }
    return falls;
  }

  @Override
  public double change(int agent, double[] direction) {
    double most = 0;
    double[][] parts = parts(direction);
    double[] row = new double[width()];
    int[] columns = new int[row.length];
    double[] dz = new double[parts.length];
    Block block = model.block();
    for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
      int count = LinearCurvature.fill(block, r, row, columns);
      against((int) block.rows().label(r), row, count, columns, parts, dz);
      Arrays.fill(row, 0);
      for (double one : dz) {
        most = block.weight(r) > 0 ? Math.max(most, Math.abs(one)) : most;
      }
    }
    return most;
  }

  /** Of each prediction that stays with the label's, what makes the two differ. */
  @Override
  public void addStill(int agent, double[] direction, double most, double[] packed) {
    double[][] parts = parts(direction);
    double[] row = new double[width()];
    int[] columns = new int[row.length];
    double[] dz = new double[parts.length];
    Block block = model.block();
    for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
      int label = (int) block.rows().label(r);
      int count = LinearCurvature.fill(block, r, row, columns);
      against(label, row, count, columns, parts, dz);
      for (int k = 0; k < dz.length; k++) {
        if (k != label && block.weight(r) > 0 && Math.abs(dz[k]) <= most) {
          addBlock(k, k, 1, row, count, columns, packed);
          addBlock(label, label, 1, row, count, columns, packed);
          addBlock(Math.max(k, label), Math.min(k, label), -1, row, count, columns, packed);
        }
      }
      Arrays.fill(row, 0);
    }
  }
}
