package io.sotto.problem;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/**
 * Second derivatives of a linear model whose loss is self-concordant.
 *
 * <p>Sparse rows stay sparse where they are centred. With (a, 1) a row as it is stored and its
 * constant, the centred one is {@code P (a, 1)}, P being the identity but for the last column,
 * which is less the centre; so matrices of stored rows go to those of centred ones by P on both
 * sides, and a matrix that centred rows are measured by goes to one for stored rows by its
 * transpose.
 */
record LinearCurvature(LinearModel model) implements Curvature, Scores {
  /** What is left of a change of a prediction, relative to what was summed, is rounding. */
  static final double ROUNDING = 1e-11;

  /** Whether rows are taken as they are stored, and P makes up for the centre. */
  private boolean stored() {
    return model.centre() != null && model.intercept() && model.rows() instanceof SparseRows;
  }

  @Override
  public void addHessian(int agent, double[] x, double[] packed) {
    addInformation(agent, x, packed);
    addRidge(model.regularizer(), model.agentWeight(), model.rows().features(), packed);
  }

  @Override
  public void addInformation(int agent, double[] x, double[] packed) {
    addSquares(agent, x, (weight, z, y) -> weight * model.loss().second(z, y), packed);
  }

  @Override
  public void addSquaredScores(int agent, double[] x, boolean squared, double[] packed) {
    if (model.block().subjects() != null) {
      addSubjects(agent, x, squared, packed);
      return;
    }
    addSquares(
        agent,
        x,
        (weight, z, y) -> {
          double score = model.loss().derivative(z, y);
          return (squared ? weight * weight : weight) * score * score;
        },
        packed);
  }

  /** The same of subjects whose rows, one after the other, have one score together. */
  private void addSubjects(int agent, double[] x, boolean squared, double[] packed) {
    Block block = model.block();
    int n = block.rows().features();
    double[] score = new double[model.dimension()];
    double shift = model.shift(x, 0);
    int end = block.rows().first(agent + 1);
    for (int r = block.rows().first(agent); r < end; r++) {
      double z = model.moved(r, block.rows().dot(r, x, 0) + shift);
      double slope = model.loss().derivative(z, block.rows().label(r));
      block.rows().addScaled(r, slope, score, 0);
      if (block.centre() != null) {
        Vectors.addScaled(-slope, block.centre(), 0, score, 0, n);
      }
      if (score.length > n) {
        score[n] += slope;
      }
      if (r + 1 == end || block.subject(agent, r + 1) != block.subject(agent, r)) {
        double weight = block.weight(r);
        double scale = squared ? weight * weight : weight;
        for (int i = 0; scale > 0 && i < score.length; i++) {
          Vectors.addScaled(scale * score[i], score, 0, packed, Curvature.at(i, 0), i + 1);
        }
        Arrays.fill(score, 0);
      }
    }
  }

  /** What the square of a row counts for. */
  @FunctionalInterface
  private interface OfRow {
    double of(double weight, double z, double y);
  }

  /** Adds {@code of(row) a a^T} of the agent's rows that count. */
  private void addSquares(int agent, double[] x, OfRow of, double[] packed) {
    double[] sum = stored() ? new double[packed.length] : packed;
    double[] row = new double[model.dimension()];
    int[] columns = new int[row.length];
    double shift = model.shift(x, 0);
    for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
      double z = model.moved(r, model.rows().dot(r, x, 0) + shift);
      double weight = model.block().weight(r);
      double scale = weight == 0 ? 0 : of.of(weight, z, model.rows().label(r));
      if (scale != 0) {
        int count = fill(model.block(), stored(), r, row, columns);
        addSquare(scale, row, count, columns, sum);
        clear(row, count, columns);
      }
    }
    if (stored()) {
      addCentred(sum, packed);
    }
  }

  @Override
  public double[] losses(int agent, double[] x) {
    Block block = model.block();
    double shift = model.shift(x, 0);
    return losses(
        block,
        agent,
        r ->
            model
                .loss()
                .value(model.moved(r, block.rows().dot(r, x, 0) + shift), block.rows().label(r)));
  }

  @Override
  public double[] residuals(int agent, double[] x, double... levels) {
    double[] sums = new double[2 + levels.length];
    double shift = model.shift(x, 0);
    Rows rows = model.rows();
    for (int r = rows.first(agent); r < rows.first(agent + 1); r++) {
      double weight = model.block().weight(r);
      double residual = rows.label(r) - model.moved(r, rows.dot(r, x, 0) + shift);
      sums[0] += weight * residual;
      sums[1] += weight * residual * residual;
      for (int k = 0; k < levels.length; k++) {
        sums[2 + k] += residual <= levels[k] ? weight : 0;
      }
    }
    return sums;
  }

  /** Sums over the subjects that count, of which a loss is the sum over their rows. */
  static double[] losses(Block block, int agent, IntToDoubleFunction loss) {
    double[] sums = new double[4];
    double own = 0;
    int end = block.rows().first(agent + 1);
    for (int r = block.rows().first(agent); r < end; r++) {
      double weight = block.weight(r);
      if (weight == 0) {
        continue;
      }
      own += loss.applyAsDouble(r);
      if (r + 1 == end || block.subject(agent, r + 1) != block.subject(agent, r)) {
        sums[0]++;
        sums[1] += weight;
        sums[2] += weight * own;
        sums[3] += weight * own * own;
        own = 0;
      }
    }
    return sums;
  }

  @Override
  public int rows(int agent) {
    return counting(model.block(), agent);
  }

  static int counting(Block block, int agent) {
    int count = 0;
    for (int r = block.rows().first(agent); r < block.rows().first(agent + 1); r++) {
      boolean first =
          r == block.rows().first(agent) || block.subject(agent, r) != block.subject(agent, r - 1);
      count += first && block.weight(r) > 0 ? 1 : 0;
    }
    return count;
  }

  @Override
  public double base(int agent) {
    double sum = 0;
    for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
      sum += model.block().weight(r) * model.loss().base(model.rows().label(r));
    }
    return sum;
  }

  /** Adds P matrix P^T. */
  private void addCentred(double[] matrix, double[] out) {
    double[] centre = centreAndZero();
    int n = centre.length - 1;
    double last = matrix[Curvature.at(n, n)];
    for (int i = 0; i <= n; i++) {
      double ofRow = matrix[Curvature.at(n, i)] - centre[i] * last;
      for (int j = 0; j <= i; j++) {
        int at = Curvature.at(i, j);
        out[at] += matrix[at] - centre[i] * matrix[Curvature.at(n, j)] - ofRow * centre[j];
      }
    }
  }

  /** P^T matrix P. */
  private double[] forStored(double[] matrix) {
    double[] centre = centreAndZero();
    int n = centre.length - 1;
    double[] image = new double[n + 1]; // of the centre
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= i; j++) {
        double element = matrix[Curvature.at(i, j)];
        image[i] += element * centre[j];
        image[j] += i == j ? 0 : element * centre[i];
      }
    }
    double[] own = matrix.clone();
    double square = Vectors.dot(image, 0, centre, 0, n + 1);
    for (int j = 0; j < n; j++) {
      own[Curvature.at(n, j)] -= image[j];
    }
    own[Curvature.at(n, n)] += square - 2 * image[n];
    return own;
  }

  private double[] centreAndZero() {
    double[] centre = model.centre();
    return Arrays.copyOf(Objects.requireNonNull(centre), model.dimension());
  }

  /** Adds each agent's share of the second derivatives of the penalty. */
  static void addRidge(Regularizer penalty, double share, int coefficients, double[] packed) {
    for (int j = 0; j < coefficients && penalty.l2() > 0; j++) {
      packed[Curvature.at(j, j)] += share * penalty.l2() * penalty.unit(j) * penalty.unit(j);
    }
  }

  /** Adds {@code scale a a^T} of a row of which only some columns are not 0. */
  static void addSquare(double scale, double[] row, int count, int[] columns, double[] packed) {
    if (count > row.length / 4) {
      for (int i = 0; i < row.length; i++) {
        Vectors.addScaled(scale * row[i], row, 0, packed, Curvature.at(i, 0), i + 1);
      }
      return;
    }
    for (int a = 0; a < count; a++) {
      int i = columns[a];
      for (int b = 0; b <= a; b++) {
        packed[Curvature.at(i, columns[b])] += scale * row[i] * row[columns[b]];
      }
    }
  }

  /** {@code a.matrix a} of a row of which only some columns are not 0. */
  static double square(double[] row, int count, int[] columns, double[] matrix) {
    double sum = 0;
    if (count > row.length / 4) {
      for (int i = 0; i < row.length; i++) {
        double inner = Vectors.dot(matrix, Curvature.at(i, 0), row, 0, i + 1);
        sum += row[i] * (2 * inner - matrix[Curvature.at(i, i)] * row[i]);
      }
      return sum;
    }
    for (int a = 0; a < count; a++) {
      int i = columns[a];
      double inner = 0;
      for (int b = 0; b < a; b++) {
        inner += matrix[Curvature.at(i, columns[b])] * row[columns[b]];
      }
      sum += row[i] * (2 * inner + matrix[Curvature.at(i, i)] * row[i]);
    }
    return sum;
  }

  /**
   * Writes a row as the prediction has it, its centre taken away and the constant last.
   *
   * @return how many columns are not 0; these stand in {@code columns}, ascending
   */
  static int fill(Block block, int r, double[] row, int[] columns) {
    return fill(block, false, r, row, columns);
  }

  /** The same; {@code stored} for one of which the centre is not taken away. */
  private static int fill(Block block, boolean stored, int r, double[] row, int[] columns) {
    int n = block.rows().features();
    block.rows().addScaled(r, 1, row, 0);
    if (block.centre() != null && !stored) {
      Vectors.addScaled(-1, block.centre(), 0, row, 0, n);
    }
    if (block.intercept()) {
      row[n] = 1;
    }
    int count = 0;
    for (int j = 0; j < row.length; j++) {
      if (row[j] != 0) {
        columns[count++] = j;
      }
    }
    return count;
  }

  private static void clear(double[] row, int count, int[] columns) {
    for (int a = 0; a < count; a++) {
      row[columns[a]] = 0;
    }
  }

  @Override
  public double steepness(int agent, double[] inverse) {
    double constant = model.loss().selfConcordance();
    if (constant == 0) {
      return 0;
    }
    double[] measure = stored() ? forStored(inverse) : inverse;
    double most = 0;
    double[] row = new double[model.dimension()];
    int[] columns = new int[row.length];
    for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
      if (model.block().weight(r) > 0) {
        int count = fill(model.block(), stored(), r, row, columns);
        most = Math.max(most, square(row, count, columns, measure));
        clear(row, count, columns);
      }
    }
    return constant * Math.sqrt(most);
  }

  @Override
  public int recession(int agent, double[] direction) {
    int falls = 0;
    double[] row = new double[model.dimension()];
    int[] columns = new int[row.length];
    for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
      if (model.block().weight(r) == 0) {
        continue;
      }
      int count = fill(model.block(), r, row, columns);
      double dz = change(row, count, columns, direction);
      clear(row, count, columns);
      int becomes = model.loss().recession(dz, model.rows().label(r));
      if (becomes < 0) {
        return -1;
      }
      falls = Math.max(falls, becomes);
    }
    return falls;
  }

  /** By how much a row's prediction changes; 0 where that is no more than rounding. */
  static double change(double[] row, int count, int[] columns, double[] direction) {
    double sum = 0;
    double size = 0;
    for (int a = 0; a < count; a++) {
      double term = row[columns[a]] * direction[columns[a]];
      sum += term;
      size += Math.abs(term);
    }
    return Math.abs(sum) <= ROUNDING * size ? 0 : sum;
  }

  @Override
  public double change(int agent, double[] direction) {
    double most = 0;
    double[] row = new double[model.dimension()];
    int[] columns = new int[row.length];
    for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
      int count = fill(model.block(), r, row, columns);
      double dz = change(row, count, columns, direction);
      clear(row, count, columns);
      most = model.block().weight(r) > 0 ? Math.max(most, Math.abs(dz)) : most;
    }
    return most;
  }

  @Override
  public void addStill(int agent, double[] direction, double most, double[] packed) {
    double[] row = new double[model.dimension()];
    int[] columns = new int[row.length];
    for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
      int count = fill(model.block(), r, row, columns);
      double dz = change(row, count, columns, direction);
      double label = model.rows().label(r);
      boolean held = model.loss().recession(1, label) < 0 && model.loss().recession(-1, label) < 0;
      if (model.block().weight(r) > 0 && (held || Math.abs(dz) <= most)) {
        addSquare(1, row, count, columns, packed);
      }
      clear(row, count, columns);
    }
  }
}
