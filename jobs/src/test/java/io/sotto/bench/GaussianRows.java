package io.sotto.bench;

import io.sotto.clock.Draws;
import io.sotto.engine.Shards;
import io.sotto.problem.DenseRows;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Dense gaussian rows with labels of a planted logistic model. An agent's rows are a function of
 * its index, so they are made where they are wanted, and nobody else holds them.
 *
 * @param agents N
 * @param rowsEach how many rows each agent has
 * @param dimension d, without intercept
 * @param seed of rows, labels and the planted model
 */
record GaussianRows(int agents, int rowsEach, int dimension, long seed) implements Shards {

  @Override
  public LocalObjective load(int[] indices) {
    double[] planted = planted();
    int rows = Math.multiplyExact(indices.length, rowsEach);
    int[] first = new int[indices.length + 1];
    Arrays.setAll(first, i -> i * rowsEach);
    double[] labels = new double[rows];
    double[] values = new double[Math.multiplyExact(rows, dimension)];
    for (int i = 0; i < indices.length; i++) {
      SplittableRandom random =
          new SplittableRandom(Draws.bits(seed, indices[i], 0, Draws.Purpose.DEAL));
      for (int row = first[i]; row < first[i + 1]; row++) {
        int at = row * dimension;
        for (int j = 0; j < dimension; j++) {
          values[at + j] = random.nextGaussian();
        }
        double margin = Vectors.dot(values, at, planted, 0, dimension);
        labels[row] = random.nextDouble() < 1 / (1 + Math.exp(-margin)) ? 1 : -1;
      }
    }
    return new LinearModel(
        new DenseRows(dimension, first, labels, values),
        new Logistic(),
        new Regularizer(0, 0),
        1.0 / agents / rowsEach,
        1.0 / agents,
        false,
        null);
  }

  /** Of norm about 2, whatever the dimension. */
  private double[] planted() {
    SplittableRandom random = new SplittableRandom(seed);
    double[] planted = new double[dimension];
    Arrays.setAll(planted, j -> 2 * random.nextGaussian() / Math.sqrt(dimension));
    return planted;
  }
}
