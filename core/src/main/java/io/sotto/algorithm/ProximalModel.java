package io.sotto.algorithm;

import io.sotto.problem.Curvature;
import io.sotto.problem.Vectors;

/**
 * The minimiser over X of a quadratic model of F around a point y, and of what of F is not smooth:
 * {@code g.u + u.H u / 2 + r(y + u)}. By accelerated proximal gradient steps that begin anew where
 * they overshoot (O'Donoghue and Candes 2015), with a step that gets shorter where the model bends
 * more than it allows. Who knows the sums computes it alone, and no agent says anything for it.
 */
public final class ProximalModel {
  /** Ends when a step is this small, relative to the way so far: far below what a round needs. */
  private static final double SMALL = 1e-10;

  private static final double ROUNDING = 1e-16;
  private static final int MOST = 20_000;
  private static final double SHORTER = 1.5;
  private static final double SLACK = 1e-9;

  /** A symmetric matrix without negative eigenvalues. */
  @FunctionalInterface
  public interface Matrix {
    /** Writes its product with a vector. */
    void multiply(double[] vector, double[] product);

    /** One that is packed as {@link Curvature} says. */
    static Matrix packed(double[] packed) {
      return (vector, product) -> {
        int d = vector.length;
        for (int i = 0; i < d; i++) {
          int row = Curvature.at(i, 0);
          product[i] = Vectors.dot(packed, row, vector, 0, i + 1);
          Vectors.addScaled(vector[i], packed, row, product, 0, i);
        }
      };
    }
  }

  /** What of F is not smooth. */
  @FunctionalInterface
  public interface Rest {
    /** Replaces x by the minimiser over X of {@code r(z) + curvature |z - x|^2 / 2}. */
    void prox(double[] x, double curvature);
  }

  private final Rest rest;
  private final Matrix matrix;
  private final double[] y;
  private final double[] g;
  private double lipschitz;

  /**
   * @param rest of penalty and set
   * @param lipschitz a guess of the largest eigenvalue, above 0
   */
  public ProximalModel(Rest rest, Matrix matrix, double lipschitz, double[] y, double[] g) {
    this.rest = rest;
    this.matrix = matrix;
    this.lipschitz = lipschitz;
    this.y = y;
    this.g = g;
  }

  /**
   * The way u from y to the minimiser; with {@code u.H u / 2} at its end, which bounds the gain.
   */
  public double[] minimise() {
    int d = y.length;
    double[] u = new double[d + 1];
    double[] image = new double[d]; // of u
    double[] from = new double[d]; // extrapolated
    double[] fromImage = new double[d];
    double[] next = new double[d];
    double[] nextImage = new double[d];
    double[] move = new double[d];
    double t = 1;
    for (int k = 0; k < MOST; k++) {
      double bend = step(from, fromImage, next, nextImage, move);
      double square = Vectors.dot(move, 0, move, 0, d);
      if (bend > lipschitz * square * (1 + SLACK)) {
        lipschitz = Math.max(SHORTER * lipschitz, bend / square);
        continue;
      }
      double way = Vectors.dot(next, 0, next, 0, d);
      boolean done = Math.sqrt(square) <= SMALL * Math.sqrt(way) + ROUNDING * Vectors.norm(y);
      double turned = 0;
      for (int j = 0; j < d; j++) {
        turned -= move[j] * (next[j] - u[j]);
      }
      double later = turned > 0 ? 1 : (1 + Math.sqrt(1 + 4 * t * t)) / 2;
      double beyond = turned > 0 ? 0 : (t - 1) / later;
      for (int j = 0; j < d; j++) {
        from[j] = next[j] + beyond * (next[j] - u[j]);
        fromImage[j] = nextImage[j] + beyond * (nextImage[j] - image[j]);
        u[j] = next[j];
        image[j] = nextImage[j];
      }
      t = later;
      if (done) {
        break;
      }
    }
    u[d] = Vectors.dot(u, 0, image, 0, d) / 2;
    return u;
  }

  /** A proximal step; returns how much the model bends along it. */
  private double step(
      double[] from, double[] fromImage, double[] next, double[] nextImage, double[] move) {
    int d = y.length;
    for (int j = 0; j < d; j++) {
      next[j] = y[j] + from[j] - (g[j] + fromImage[j]) / lipschitz;
    }
    rest.prox(next, lipschitz);
    double bend = 0;
    for (int j = 0; j < d; j++) {
      next[j] -= y[j];
      move[j] = next[j] - from[j];
    }
    matrix.multiply(next, nextImage);
    for (int j = 0; j < d; j++) {
      bend += move[j] * (nextImage[j] - fromImage[j]);
    }
    return bend;
  }
}
