package io.sotto.algorithm;

import io.sotto.problem.Vectors;

/**
 * A model of second derivatives out of the last gradients (L-BFGS; Nocedal 1980): of pairs of moves
 * s and changes of the gradient c. It stands in an array that the root keeps.
 *
 * @param kept holds it, from {@code at} on: how many pairs, the pairs, the oldest first
 * @param d the length of a vector
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record LimitedMemory(double[] kept, int at, int d) {
  /** So many pairs are kept. */
  private static final int PAIRS = 10;

  /** A pair along which the gradient hardly changes says nothing. */
  private static final double FLAT = 1e-12;

  static int size(int d) {
    return Math.addExact(1, Math.multiplyExact(2 * PAIRS, d));
  }

  private int pairs() {
    return (int) kept[at];
  }

  private int move(int pair) {
    return at + 1 + 2 * pair * d;
  }

  private int change(int pair) {
    return move(pair) + d;
  }

  /** Adds a pair, in place of the oldest if there is no room. */
  void add(double[] s, double[] c) {
    double product = Vectors.dot(s, 0, c, 0, d);
    if (!(product > FLAT * Vectors.norm(s) * Vectors.norm(c))) {
      return;
    }
    int pair = pairs();
    if (pair == PAIRS) {
      System.arraycopy(kept, move(1), kept, move(0), 2 * (PAIRS - 1) * d);
      pair--;
    }
    System.arraycopy(s, 0, kept, move(pair), d);
    System.arraycopy(c, 0, kept, change(pair), d);
    kept[at] = pair + 1;
  }

  /** The curvature that it begins with: of the last pair; without one as given. */
  double curvature(double first) {
    int last = pairs() - 1;
    return last < 0
        ? first
        : Vectors.dot(kept, change(last), kept, change(last), d)
            / Vectors.dot(kept, move(last), kept, change(last), d);
  }

  /** The way to the minimiser of the model without penalty and set. */
  double[] way(double[] g, double first) {
    double[] way = new double[d];
    Vectors.setScaled(-1, g, 0, way, 0, d);
    double[] share = new double[PAIRS];
    for (int pair = pairs() - 1; pair >= 0; pair--) {
      share[pair] = Vectors.dot(kept, move(pair), way, 0, d) / product(pair);
      Vectors.addScaled(-share[pair], kept, change(pair), way, 0, d);
    }
    Vectors.setScaled(1 / curvature(first), way, 0, way, 0, d);
    for (int pair = 0; pair < pairs(); pair++) {
      double back = Vectors.dot(kept, change(pair), way, 0, d) / product(pair);
      Vectors.addScaled(share[pair] - back, kept, move(pair), way, 0, d);
    }
    return way;
  }

  private double product(int pair) {
    return Vectors.dot(kept, move(pair), kept, change(pair), d);
  }

  /** The model's matrix. */
  ProximalModel.Matrix matrix(double first) {
    double curvature = curvature(first);
    int count = pairs();
    double[][] images = new double[count][d]; // of each move, by the matrix of the pairs before it
    for (int pair = 0; pair < count; pair++) {
      double[] move = new double[d];
      System.arraycopy(kept, move(pair), move, 0, d);
      multiply(curvature, images, pair, move, images[pair]);
    }
    return (vector, product) -> multiply(curvature, images, count, vector, product);
  }

  private void multiply(
      double curvature, double[][] images, int count, double[] vector, double[] product) {
    Vectors.setScaled(curvature, vector, 0, product, 0, d);
    for (int pair = 0; pair < count; pair++) {
      double gained = Vectors.dot(kept, change(pair), vector, 0, d) / product(pair);
      double lost =
          Vectors.dot(images[pair], 0, vector, 0, d)
              / Vectors.dot(images[pair], 0, kept, move(pair), d);
      Vectors.addScaled(gained, kept, change(pair), product, 0, d);
      Vectors.addScaled(-lost, images[pair], 0, product, 0, d);
    }
  }
}
