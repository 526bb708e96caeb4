package io.sotto.bench;

import io.sotto.problem.LinearModel;
import io.sotto.problem.Rows;
import io.sotto.problem.Vectors;

/**
 * The optimum of logistic regression by somebody who sees all rows, of which there may be too many
 * columns for a matrix: Newton's method, its steps by conjugate gradients on products with the
 * rows. With l2 above 0, half the squared decrement estimates what is left.
 */
final class ConjugateNewton {
  private static final double LEFT = 1e-12;
  private static final double RESIDUAL = 1e-4;
  private static final int MOST = 60;
  private static final int MOST_PRODUCTS = 5_000;

  private final LinearModel model;
  private final int d;
  private final double[] curvature;
  private final double[] part;

  private ConjugateNewton(LinearModel model) {
    this.model = model;
    this.d = model.dimension();
    this.curvature = new double[model.rows().first(model.agents())];
    this.part = new double[d];
  }

  /**
   * F*, to about 1e-12 relative.
   *
   * @throws IllegalStateException if it is not reached
   */
  static double optimum(LinearModel model) {
    return new ConjugateNewton(model).solve();
  }

  private double solve() {
    double[] x = new double[d];
    double before = total(x);
    for (int k = 0; k < MOST; k++) {
      double[] gradient = new double[d];
      for (int i = 0; i < model.agents(); i++) {
        model.subgradient(i, 0, x, 0, part);
        Vectors.addScaled(1, part, 0, gradient, 0, d);
      }
      bend(x);
      double[] move = move(gradient);
      double decrement = Vectors.dot(gradient, 0, move, 0, d);
      double length = 1;
      double now = step(x, move, length);
      while (!(now <= before - 1e-4 * length * decrement) && length > 1e-6) {
        step(x, move, -length);
        length /= 2;
        now = step(x, move, length);
      }
      before = now;
      if (decrement / 2 <= LEFT * now) {
        return now;
      }
    }
    throw new IllegalStateException("no optimum after " + MOST + " Newton steps");
  }

  private double step(double[] x, double[] move, double length) {
    Vectors.addScaled(-length, move, 0, x, 0, d);
    return total(x);
  }

  private double total(double[] x) {
    double sum = 0;
    for (int i = 0; i < model.agents(); i++) {
      sum += model.value(i, x, 0);
    }
    return sum;
  }

  /** The rows' predictions of x. */
  private double prediction(int r, double[] x, double shift) {
    return model.rows().dot(r, x, 0) + shift;
  }

  private double shift(double[] x) {
    int n = model.rows().features();
    double[] centre = model.centre();
    return (model.intercept() ? x[n] : 0) - (centre == null ? 0 : Vectors.dot(centre, 0, x, 0, n));
  }

  /** The second derivatives of the rows' losses at x. */
  private void bend(double[] x) {
    double shift = shift(x);
    for (int r = 0; r < curvature.length; r++) {
      double p = 1 / (1 + Math.exp(-prediction(r, x, shift)));
      curvature[r] = model.rowWeight() * p * (1 - p);
    }
  }

  /** The second derivative of F times v. */
  private double[] product(double[] v) {
    Rows rows = model.rows();
    int n = rows.features();
    double l2 = model.agentWeight() * model.agents() * model.regularizer().l2();
    double[] image = new double[d];
    Vectors.setScaled(l2, v, 0, image, 0, n);
    double shift = shift(v);
    double total = 0;
    for (int r = 0; r < curvature.length; r++) {
      double slope = curvature[r] * prediction(r, v, shift);
      total += slope;
      rows.addScaled(r, slope, image, 0);
    }
    if (model.centre() != null) {
      Vectors.addScaled(-total, model.centre(), 0, image, 0, n);
    }
    if (model.intercept()) {
      image[n] = total;
    }
    return image;
  }

  /** Solves for the Newton step by conjugate gradients, from 0. */
  private double[] move(double[] gradient) {
    double[] move = new double[d];
    double[] left = gradient.clone();
    double[] direction = left.clone();
    double size = Vectors.dot(left, 0, left, 0, d);
    double enough = size * RESIDUAL * RESIDUAL;
    for (int k = 0; k < MOST_PRODUCTS && size > enough; k++) {
      double[] image = product(direction);
      double length = size / Vectors.dot(direction, 0, image, 0, d);
      Vectors.addScaled(length, direction, 0, move, 0, d);
      Vectors.addScaled(-length, image, 0, left, 0, d);
      double next = Vectors.dot(left, 0, left, 0, d);
      Vectors.setScaled(next / size, direction, 0, direction, 0, d);
      Vectors.addScaled(1, left, 0, direction, 0, d);
      size = next;
    }
    return move;
  }
}
