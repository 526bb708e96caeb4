package io.sotto.problem;

/**
 * Proximal steps of linear models by ascent of the dual, one row after the other: stochastic dual
 * coordinate ascent (Shalev-Shwartz and Zhang 2013) in a fixed order, with what of the regularizer
 * is not smooth and the set as two blocks more, {@link PenaltyAndSet}.
 *
 * <p>With c = proxWeight + agentWeight ridge (proxWeight alone for the intercept), a row of weight
 * r, its dual u, and the duals p and q of penalty and set, all of them 0 at first,
 *
 * <pre>
 *   x = ( proxWeight target - sum of r u (row, 1) - p - q ) / c
 *   row:      u := argmax, which is loss'(z) at z = row.x with this u
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
  private final PenaltyAndSet rest;

  /** What of the penalty is the same for all coefficients, as its share in f_i. */
  private final double ridge;

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
    this.centreDot = model.block().centreDots();
    this.square = model.block().squares(centreDot);
    this.ridge = model.agentWeight() * model.regularizer().uniform();
    this.rest = new PenaltyAndSet(model.regularizer(), model.agentWeight(), features);
  }

  @Override
  public int duals(int agent, ConstraintSet set) {
    return rows.first(agent + 1) - rows.first(agent) + rest.duals(set);
  }

  @Override
  public int scratch(ConstraintSet set) {
    return set.scratch(features);
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
    int restAt = dualsAt + rows.first(agent + 1) - rows.first(agent);
    point(agent, x, at, target, proxWeight, c, duals, dualsAt);
    rest.move(x, at, c, duals, restAt, set);
    for (int pass = 0; pass < PASSES; pass++) {
      pass(agent, x, at, proxWeight, c, duals, dualsAt, pass % 2 == 1);
      rest.ascend(x, at, c, duals, restAt, set, work);
    }
  }

  /**
   * Duals of rows are loss'(z) at x, those of penalty and set what takes from where these lead back
   * to x, if x is the solution.
   */
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
    int first = rows.first(agent);
    int own = rows.first(agent + 1) - first;
    double shift = model.shift(x, at);
    for (int r = first; r < first + own; r++) {
      double z = model.moved(r, rows.dot(r, x, at) + shift);
      duals[dualsAt + r - first] = model.loss().derivative(z, rows.label(r));
    }
    if (rest.duals(set) > 0) {
      double c = proxWeight + ridge;
      double[] free = new double[model.dimension()];
      point(agent, free, 0, target, proxWeight, c, duals, dualsAt);
      rest.ascend(free, 0, c, duals, dualsAt + own, set, work);
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
    int first = rows.first(agent);
    Vectors.setScaled(proxWeight / c, target, 0, x, at, features);
    double total = 0;
    for (int r = first; r < rows.first(agent + 1); r++) {
      double u = model.block().weight(r) * duals[dualsAt + r - first];
      total += u;
      rows.addScaled(r, -u / c, x, at);
    }
    if (centre.length > 0) {
      Vectors.addScaled(total / c, centre, 0, x, at, features);
    }
    if (model.intercept()) {
      x[at + features] = target[features] - total / proxWeight;
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
      double proxWeight,
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
    Block block = model.block();
    boolean moves = block.offsets() != null;
    int first = rows.first(agent);
    int own = rows.first(agent + 1) - first;
    for (int k = 0; k < own; k++) {
      int r = first + (backwards ? own - 1 - k : k);
      double z = rows.dot(r, x, at) + b;
      if (moves) {
        z += block.offset(r);
      }
      if (centred) {
        z += moved * centreDot[r] - centreX - moved * centreSquare;
      }
      double before = duals[dualsAt + r - first];
      double scale = block.weight(r) / c;
      double ofIntercept = model.intercept() ? block.weight(r) / proxWeight : 0;
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
  public double addMinorant(int agent, double[] duals, int dualsAt, double[] slope) {
    int first = rows.first(agent);
    double constant = 0;
    double total = 0;
    for (int r = first; r < rows.first(agent + 1); r++) {
      double u = duals[dualsAt + r - first];
      double weight = model.block().weight(r);
      if (weight > 0) {
        constant -=
            weight * (model.loss().conjugate(u, rows.label(r)) - u * model.block().offset(r));
      }
      total += weight * u;
      rows.addScaled(r, weight * u, slope, 0);
    }
    if (centre.length > 0) {
      Vectors.addScaled(-total, centre, 0, slope, 0, features);
    }
    if (model.intercept()) {
      slope[features] += total;
    }
    return constant;
  }
}
