package io.sotto.bench;

import io.sotto.clock.Draws;
import io.sotto.engine.Shards;
import io.sotto.problem.Absolute;
import io.sotto.problem.DenseRows;
import io.sotto.problem.LinearModel;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Gaussian rows whose labels are those of a planted linear model and an error, gaussian of
 * deviation 1 and for one row in twenty of deviation 100, to be fitted by least absolute
 * deviations. An agent's rows are a function of its index.
 *
 * @param agents N
 * @param rowsEach how many rows each agent has
 * @param dimension d, without intercept
 * @param seed of rows, labels and the planted model
 */
record PlantedRows(int agents, int rowsEach, int dimension, long seed) implements Shards {
  private static final double FAR = 0.05;
  private static final double HOW_FAR = 100;

  @Override
  public LocalObjective load(int[] indices) {
    SplittableRandom common = new SplittableRandom(seed);
    double[] planted = new double[dimension];
    Arrays.setAll(planted, j -> common.nextGaussian());
    int[] first = new int[indices.length + 1];
    Arrays.setAll(first, i -> i * rowsEach);
    double[] labels = new double[indices.length * rowsEach];
    double[] values = new double[Math.multiplyExact(labels.length, dimension)];
    for (int i = 0; i < indices.length; i++) {
      SplittableRandom random =
          new SplittableRandom(Draws.bits(seed, indices[i], 0, Draws.Purpose.DEAL));
      for (int row = first[i]; row < first[i + 1]; row++) {
        int at = row * dimension;
        for (int j = 0; j < dimension; j++) {
          values[at + j] = random.nextGaussian();
        }
        double scale = random.nextDouble() < FAR ? HOW_FAR : 1;
        labels[row] =
            Vectors.dot(values, at, planted, 0, dimension) + scale * random.nextGaussian();
      }
    }
    return new LinearModel(
        new DenseRows(dimension, first, labels, values),
        new Absolute(),
        new Regularizer(0, 0),
        1.0 / agents / rowsEach,
        1.0 / agents,
        false,
        null);
  }
}
