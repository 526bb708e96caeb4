package io.sotto.problem;

/**
 * Proximal steps of linear models by ascent of the dual, one row after the other: stochastic dual
 * coordinate ascent (Shalev-Shwartz and Zhang 2013) in a fixed order, with the penalty on absolute
 * values and the set as two blocks more, as Dykstra's method has them.
 *
 * <p>With c = weight + agentWeight l2 (weight alone for the intercept), a row of weight r, its dual
 * u, and the duals p and q of penalty and set, all of them 0 at first,
 *
 * <pre>
 *   x = ( weight target - sum of r u (row, 1) - p - q ) / c
 *   row:      u := argmax, which is loss'(z) at z = row.x with this u
 *   penalty:  z := x + p / c,   x := soft(z, agentWeight l1 / c),   p := c (z - x)
 *   set:      z := x + q / c,   x := P_X(z),                        q := c (z - x)
 * </pre>
 *
 * <p>A pass costs 4 flops for each entry, and solving for each u. Nothing of size d^2 is kept. Each
 * pass shrinks the error by about exp(-1 / (1 + |row|^2 curvature / (4 c rows))), so from where the
 * last step ended two are enough.
 */
final class DualAscent implements Proximal {
  private static final int PASSES = 2;

  private final LinearModel model;
  private final Rows rows;
  private final int features;
  private final double[] centre;

  /** By row: its inner product with the centre; empty without one. */
  private final double[] centreDot;

  /** By row: the square of its norm, the centre taken away. */
  private final double[] square;

  DualAscent(LinearModel model) {
    this.model = model;
    this.rows = model.rows();
    this.features = rows.features();
    double[] shift = model.centre();
    this.centre = shift == null ? new double[0] : shift;
    int count = rows.first(rows.agents());
    this.square = new double[count];
    this.centreDot = new double[shift == null ? 0 : count];
    double[] row = new double[features];
    double centreSquare = Vectors.dot(centre, 0, centre, 0, centre.length);
    for (int r = 0; r < count; r++) {
      rows.addScaled(r, 1, row, 0);
      square[r] = rows.dot(r, row, 0);
      rows.addScaled(r, -1, row, 0);
      if (shift != null) {
        centreDot[r] = rows.dot(r, centre, 0);
        square[r] = Math.max(0, square[r] - 2 * centreDot[r] + centreSquare);
      }
    }
  }

  @Override
  public int duals(int agent, ConstraintSet set) {
    int blocks = (model.regularizer().l1() > 0 ? 1 : 0) + (set instanceof WholeSpace ? 0 : 1);
    return rows.first(agent + 1) - rows.first(agent) + blocks * features;
  }

  @Override
  public int scratch(ConstraintSet set) {
    return set.scratch(features);
  }

  @Override
  public void step(
      int agent,
      double[] x,
      int at,
      double[] target,
      double weight,
      ConstraintSet set,
      int n,
      double[] duals,
      int dualsAt,
      double[] work) {
    double c = weight + model.agentWeight() * model.regularizer().l2();
    int own = rows.first(agent + 1) - rows.first(agent);
    int penaltyAt = dualsAt + own;
    double l1 = model.agentWeight() * model.regularizer().l1();
    int setAt = penaltyAt + (l1 > 0 ? features : 0);
    boolean bound = !(set instanceof WholeSpace);

    point(agent, x, at, target, weight, c, duals, dualsAt);
    if (l1 > 0) {
      Vectors.addScaled(-1 / c, duals, penaltyAt, x, at, features);
    }
    if (bound) {
      Vectors.addScaled(-1 / c, duals, setAt, x, at, features);
    }
    for (int pass = 0; pass < PASSES; pass++) {
      pass(agent, x, at, weight, c, duals, dualsAt, pass % 2 == 1);
      if (l1 > 0) {
        for (int j = 0; j < features; j++) {
          double z = x[at + j] + duals[penaltyAt + j] / c;
          double left = Math.abs(z) - l1 / c;
          x[at + j] = left > 0 ? Math.copySign(left, z) : 0;
          duals[penaltyAt + j] = c * (z - x[at + j]);
        }
      }
      if (bound) {
        Vectors.addScaled(1 / c, duals, setAt, x, at, features);
        Vectors.setScaled(c, x, at, duals, setAt, features);
        set.project(x, at, features, work, 0);
        Vectors.addScaled(-c, x, at, duals, setAt, features);
      }
    }
  }

  /** x from the target and the duals of the rows. */
  private void point(
      int agent,
      double[] x,
      int at,
      double[] target,
      double weight,
      double c,
      double[] duals,
      int dualsAt) {
    int first = rows.first(agent);
    double scale = model.rowWeight() / c;
    Vectors.setScaled(weight / c, target, 0, x, at, features);
    double total = 0;
    for (int r = first; r < rows.first(agent + 1); r++) {
      double u = duals[dualsAt + r - first];
      total += u;
      rows.addScaled(r, -scale * u, x, at);
    }
    if (centre.length > 0) {
      Vectors.addScaled(scale * total, centre, 0, x, at, features);
    }
    if (model.intercept()) {
      x[at + features] = target[features] - model.rowWeight() * total / weight;
    }
  }

  /**
   * All rows once. Meanwhile the coefficients are {@code x + moved * centre}, so that a sparse row
   * costs its entries and no more.
   */
  private void pass(
      int agent,
      double[] x,
      int at,
      double weight,
      double c,
      double[] duals,
      int dualsAt,
      boolean backwards) {
    Loss loss = model.loss();
    boolean centred = centre.length > 0;
    double centreSquare = centred ? Vectors.dot(centre, 0, centre, 0, features) : 0;
    double centreX = centred ? Vectors.dot(centre, 0, x, at, features) : 0;
    double moved = 0;
    double b = model.intercept() ? x[at + features] : 0;
    double ofIntercept = model.intercept() ? model.rowWeight() / weight : 0;
    double scale = model.rowWeight() / c;
    int first = rows.first(agent);
    int own = rows.first(agent + 1) - first;
    for (int k = 0; k < own; k++) {
      int r = first + (backwards ? own - 1 - k : k);
      double z = rows.dot(r, x, at) + b;
      if (centred) {
        z += moved * centreDot[r] - centreX - moved * centreSquare;
      }
      double before = duals[dualsAt + r - first];
      double eta = scale * square[r] + ofIntercept;
      double u =
          eta > 0
              ? loss.dual(z + eta * before, rows.label(r), eta, before)
              : loss.derivative(z, rows.label(r));
      double change = u - before;
      if (change != 0) {
        duals[dualsAt + r - first] = u;
        rows.addScaled(r, -scale * change, x, at);
        b -= ofIntercept * change;
        if (centred) {
          moved += scale * change;
          centreX -= scale * change * centreDot[r];
        }
      }
    }
    if (centred) {
      Vectors.addScaled(moved, centre, 0, x, at, features);
    }
    if (model.intercept()) {
      x[at + features] = b;
    }
  }

  @Override
  public double cut(int agent, double[] duals, int dualsAt, double[] slope) {
    int first = rows.first(agent);
    double constant = 0;
    double total = 0;
    for (int r = first; r < rows.first(agent + 1); r++) {
      double u = duals[dualsAt + r - first];
      constant -= model.rowWeight() * model.loss().conjugate(u, rows.label(r));
      total += u;
      rows.addScaled(r, model.rowWeight() * u, slope, 0);
    }
    if (centre.length > 0) {
      Vectors.addScaled(-model.rowWeight() * total, centre, 0, slope, 0, features);
    }
    if (model.intercept()) {
      slope[features] += model.rowWeight() * total;
    }
    return constant;
  }
}
