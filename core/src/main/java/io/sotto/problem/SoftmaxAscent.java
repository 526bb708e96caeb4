package io.sotto.problem;

import org.jspecify.annotations.Nullable;

/**
 * Proximal steps of softmax by ascent of the dual, one row after the other: {@link DualAscent} with
 * a dual of K numbers for each row, u = p - e_y with p in the simplex,
 *
 * <pre>
 *   x_k = ( proxWeight target_k - sum of r u_k (row, 1) - p - q ) / c
 *   row:  u := p(z) - e_y at z = t - eta u,   t = x (row, 1) + eta u,   eta = r (|row|^2 / c + 1 / proxWeight)
 * </pre>
 *
 * <p>The row's problem is a proximal step of log sum exp. Its Newton step costs O(K), as the second
 * derivative is a diagonal and a matrix of rank one; from where the row was left one or two are
 * enough. Chosen over accelerated gradient steps, which at as many looks at the rows leave an error
 * 2 to 60 times as large where the proxWeight is between 1 and 1/100 of the smoothness (200 rows,
 * 64 features, 10 classes), and which know no set and no penalty.
 *
 * <p>A pass costs 4 K flops for each entry, and some 3 K exponentials for each row.
 */
final class SoftmaxAscent implements Proximal {
  private static final int PASSES = 2;
  private static final int NEWTON_STEPS = 50;
  private static final double ENOUGH = 1e-7; // leaves an error of its square

  private final SoftmaxModel model;
  private final Block block;
  private final Rows rows;
  private final int features;
  private final int classes;
  private final PenaltyAndSet rest;

  /** What of the penalty is the same for all coefficients, as its share in f_i. */
  private final double ridge;

  private final double @Nullable [] centre;
  private final double centreSquare;
  private final double[] centreDot;
  private final double[] square;

  SoftmaxAscent(SoftmaxModel model) {
    this.model = model;
    this.block = model.block();
    this.rows = block.rows();
    this.features = rows.features();
    this.classes = block.classes();
    this.ridge = block.agentWeight() * block.regularizer().uniform();
    this.rest = new PenaltyAndSet(block.regularizer(), block.agentWeight(), model.coefficients());
    this.centre = block.centre();
    this.centreSquare = centre == null ? 0 : Vectors.dot(centre, 0, centre, 0, features);
    this.centreDot = block.centreDots();
    this.square = block.squares(centreDot);
  }

  @Override
  public int duals(int agent, ConstraintSet set) {
    return ofRows(agent) + rest.duals(set);
  }

  private int ofRows(int agent) {
    return (rows.first(agent + 1) - rows.first(agent)) * classes;
  }

  @Override
  public int scratch(ConstraintSet set) {
    return set.scratch(model.coefficients());
  }

  @Override
  public void step(
      int agent,
      long key,
      double[] x,
      int at,
      double[] target,
      double proxWeight,
      ConstraintSet set,
      int n,
      double[] duals,
      int dualsAt,
      double[] work) {
    double c = proxWeight + ridge;
    int restAt = dualsAt + ofRows(agent);
    point(agent, x, at, target, proxWeight, c, duals, dualsAt);
    rest.move(x, at, c, duals, restAt, set);
    for (int pass = 0; pass < PASSES; pass++) {
      pass(agent, x, at, proxWeight, c, duals, dualsAt, pass % 2 == 1);
      rest.ascend(x, at, c, duals, restAt, set, work);
    }
  }

  /** As in {@link DualAscent}: duals of rows are the loss's gradient in the predictions at x. */
  @Override
  public void start(
      int agent,
      double[] x,
      int at,
      double[] target,
      double proxWeight,
      ConstraintSet set,
      int n,
      double[] duals,
      int dualsAt,
      double[] work) {
    double[] shift = model.shift(x, at);
    double[] z = new double[classes];
    for (int r = rows.first(agent), u = dualsAt; r < rows.first(agent + 1); r++, u += classes) {
      model.predict(r, x, at, shift, z);
      int label = (int) rows.label(r);
      Softmax.loss(z, label);
      z[label]--;
      System.arraycopy(z, 0, duals, u, classes);
    }
    if (rest.duals(set) > 0) {
      double c = proxWeight + ridge;
      double[] free = new double[model.dimension()];
      point(agent, free, 0, target, proxWeight, c, duals, dualsAt);
      rest.ascend(free, 0, c, duals, dualsAt + ofRows(agent), set, work);
    }
  }

  /** x from the target and the duals of the rows. */
  private void point(
      int agent,
      double[] x,
      int at,
      double[] target,
      double proxWeight,
      double c,
      double[] duals,
      int dualsAt) {
    Vectors.setScaled(proxWeight / c, target, 0, x, at, model.coefficients());
    double[] total = new double[classes];
    for (int r = rows.first(agent), u = dualsAt; r < rows.first(agent + 1); r++) {
      for (int k = 0; k < classes; k++, u++) {
        double slope = block.weight(r) * duals[u];
        total[k] += slope;
        rows.addScaled(r, -slope / c, x, at + k * features);
      }
    }
    for (int k = 0; k < classes; k++) {
      if (centre != null) {
        Vectors.addScaled(total[k] / c, centre, 0, x, at + k * features, features);
      }
      if (block.intercept()) {
        int b = model.coefficients() + k;
        x[at + b] = target[b] - total[k] / proxWeight;
      }
    }
  }

  /**
   * All rows once. Meanwhile the coefficients are {@code x_k + moved_k * centre}, so that a sparse
   * row costs its entries and no more.
   */
  private void pass(
      int agent,
      double[] x,
      int at,
      double proxWeight,
      double c,
      double[] duals,
      int dualsAt,
      boolean backwards) {
    double[] shift = model.shift(x, at);
    double[] moved = new double[classes];
    double[] t = new double[classes];
    double[] z = new double[classes];
    double[] p = new double[classes];
    double[] move = new double[classes];
    int first = rows.first(agent);
    int own = rows.first(agent + 1) - first;
    for (int i = 0; i < own; i++) {
      int r = first + (backwards ? own - 1 - i : i);
      int u = dualsAt + (r - first) * classes;
      double scale = block.weight(r) / c;
      double ofIntercept = block.intercept() ? block.weight(r) / proxWeight : 0;
      double eta = scale * square[r] + ofIntercept;
      int label = (int) rows.label(r);
      for (int k = 0; k < classes; k++) {
        z[k] = rows.dot(r, x, at + k * features) + shift[k];
        if (centre != null) {
          z[k] += moved[k] * (centreDot[r] - centreSquare);
        }
        t[k] = z[k] + eta * duals[u + k] + (k == label ? eta : 0); // z + eta p = t
      }
      solve(t, eta, z, p, move);
      for (int k = 0; k < classes; k++) {
        double change = p[k] - (k == label ? 1 : 0) - duals[u + k];
        if (change != 0) {
          duals[u + k] += change;
          rows.addScaled(r, -scale * change, x, at + k * features);
          shift[k] -= ofIntercept * change;
          if (centre != null) {
            moved[k] += scale * change;
            shift[k] += scale * change * centreDot[r];
          }
        }
      }
    }
    for (int k = 0; k < classes; k++) {
      if (centre != null) {
        shift[k] += Vectors.dot(centre, 0, x, at + k * features, features);
        Vectors.addScaled(moved[k], centre, 0, x, at + k * features, features);
      }
      if (block.intercept()) {
        x[at + model.coefficients() + k] = shift[k];
      }
    }
  }

  /**
   * Solves {@code z + eta p(z) = t} for p, from a guess of z: Newton's method on {@code |z - t|^2 /
   * 2 + eta log sum e^z}, with steps that are halved until it falls enough.
   */
  private static void solve(double[] t, double eta, double[] z, double[] p, double[] move) {
    double value = height(t, eta, z, p);
    for (int step = 0; step < NEWTON_STEPS; step++) {
      double ofFalls = 0;
      double ofAll = 0;
      for (int k = 0; k < z.length; k++) {
        double part = p[k] / (1 + eta * p[k]);
        ofFalls += part * (t[k] - z[k] - eta * p[k]);
        ofAll += part;
      }
      double length = 0;
      double slope = 0;
      for (int k = 0; k < z.length; k++) {
        double fall = t[k] - z[k] - eta * p[k];
        move[k] = (fall + p[k] * eta * ofFalls / ofAll) / (1 + eta * p[k]);
        length = Math.max(length, Math.abs(move[k]));
        slope -= move[k] * fall;
        z[k] += move[k];
      }
      double next = height(t, eta, z, p);
      for (double part = 1; length > ENOUGH && !(next <= value + part * slope / 4); ) {
        part /= 2;
        for (int k = 0; k < z.length; k++) {
          z[k] -= part * move[k];
        }
        length /= 2;
        next = height(t, eta, z, p);
      }
      value = next;
      if (length <= ENOUGH) {
        return;
      }
    }
  }

  /** What is minimised; p becomes the probabilities at z. */
  private static double height(double[] t, double eta, double[] z, double[] p) {
    double square = 0;
    for (int k = 0; k < z.length; k++) {
      square += (z[k] - t[k]) * (z[k] - t[k]);
      p[k] = z[k];
    }
    return square / 2 + eta * (Softmax.loss(p, 0) + z[0]);
  }

  @Override
  public double addMinorant(int agent, double[] duals, int dualsAt, double[] slope) {
    double constant = 0;
    double[] total = new double[classes];
    for (int r = rows.first(agent), u = dualsAt; r < rows.first(agent + 1); r++, u += classes) {
      double weight = block.weight(r);
      constant -= weight * Softmax.conjugate(duals, u, classes, (int) rows.label(r));
      for (int k = 0; k < classes; k++) {
        total[k] += weight * duals[u + k];
        rows.addScaled(r, weight * duals[u + k], slope, k * features);
      }
    }
    for (int k = 0; k < classes; k++) {
      if (centre != null) {
        Vectors.addScaled(-total[k], centre, 0, slope, k * features, features);
      }
      if (block.intercept()) {
        slope[model.coefficients() + k] += total[k];
      }
    }
    return constant;
  }
}
