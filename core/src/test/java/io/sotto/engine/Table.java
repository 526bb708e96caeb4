package io.sotto.engine;

import io.sotto.problem.DenseRows;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import io.sotto.problem.SparseRows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows by agent, in memory.
 *
 * @param rows by agent, row and feature
 * @param labels by agent and row
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares tables
public record Table(double[][][] rows, double[][] labels) implements Serializable {

  /** Rows of which about a third of the numbers are 0, with labels that suit a loss. */
  public static Table random(int agents, int rowsEach, int features, Loss.Labels kind, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][][] rows = new double[agents][rowsEach][features];
    double[][] labels = new double[agents][rowsEach];
    for (int i = 0; i < agents; i++) {
      for (int r = 0; r < rowsEach; r++) {
        double z = 0.3;
        for (int j = 0; j < features; j++) {
          rows[i][r][j] = random.nextInt(3) == 0 ? 0 : random.nextDouble(-2, 2);
          z += rows[i][r][j] * (j % 2 == 0 ? 0.7 : -0.5);
        }
        labels[i][r] = label(kind, z, random);
      }
    }
    return new Table(rows, labels);
  }

  private static double label(Loss.Labels kind, double z, SplittableRandom random) {
    return switch (kind) {
      case REAL -> z + random.nextGaussian() * (random.nextInt(8) == 0 ? 5 : 0.5);
      case BINARY -> z + random.nextGaussian() > 0 ? 1 : -1;
      case COUNT -> Math.rint(Math.exp(0.7 * z) + random.nextDouble(0, 2));
      case CLASSES -> Math.max(0, Math.min(2, Math.rint(z + 1 + random.nextGaussian())));
      case TIME -> Math.exp(0.5 * z) * -Math.log1p(-random.nextDouble());
    };
  }

  /** The same rows, row after row, for other agents: {@code holder[r]} holds row r. */
  public Table dealt(int... holder) {
    double[][] all = Arrays.stream(rows).flatMap(Arrays::stream).toArray(double[][]::new);
    double[] y = Arrays.stream(labels).flatMapToDouble(Arrays::stream).toArray();
    int agents = Arrays.stream(holder).max().orElseThrow() + 1;
    double[][][] dealt = new double[agents][][];
    double[][] dealtLabels = new double[agents][];
    for (int i = 0; i < agents; i++) {
      int agent = i;
      int[] own = IntStream.range(0, y.length).filter(r -> holder[r] == agent).toArray();
      dealt[i] = Arrays.stream(own).mapToObj(r -> all[r]).toArray(double[][]::new);
      dealtLabels[i] = Arrays.stream(own).mapToDouble(r -> y[r]).toArray();
    }
    return new Table(dealt, dealtLabels);
  }

  /** The number of agents. */
  public int agents() {
    return rows.length;
  }

  /** The number of rows of all agents. */
  public int count() {
    return Arrays.stream(labels).mapToInt(y -> y.length).sum();
  }

  private int features() {
    return Arrays.stream(rows).filter(r -> r.length > 0).findFirst().orElseThrow()[0].length;
  }

  private int[] first(int[] agents) {
    int[] first = new int[agents.length + 1];
    for (int i = 0; i < agents.length; i++) {
      first[i + 1] = first[i] + labels[agents[i]].length;
    }
    return first;
  }

  private double[] labels(int[] agents) {
    return Arrays.stream(agents).mapToObj(i -> labels[i]).flatMapToDouble(Arrays::stream).toArray();
  }

  private double[][] rows(int[] agents) {
    return Arrays.stream(agents)
        .mapToObj(i -> rows[i])
        .flatMap(Arrays::stream)
        .toArray(double[][]::new);
  }

  /** The rows of some agents, dense. */
  public DenseRows dense(int... agents) {
    double[] values = Arrays.stream(rows(agents)).flatMapToDouble(Arrays::stream).toArray();
    return new DenseRows(features(), first(agents), labels(agents), values);
  }

  /** The rows of some agents, without their zeros. */
  public SparseRows sparse(int... agents) {
    double[][] all = rows(agents);
    int[] offset = new int[all.length + 1];
    int[] index = new int[all.length * features()];
    double[] values = new double[index.length];
    int at = 0;
    for (int r = 0; r < all.length; r++) {
      for (int j = 0; j < all[r].length; j++) {
        if (all[r][j] != 0) {
          index[at] = j;
          values[at++] = all[r][j];
        }
      }
      offset[r + 1] = at;
    }
    return new SparseRows(
        features(),
        first(agents),
        labels(agents),
        offset,
        Arrays.copyOf(index, at),
        Arrays.copyOf(values, at));
  }

  /** A linear model with intercept of all rows, dense. */
  public Shards shards(Loss loss, Regularizer regularizer) {
    double rowWeight = 1.0 / count();
    double agentWeight = 1.0 / agents();
    return agents ->
        new LinearModel(dense(agents), loss, regularizer, rowWeight, agentWeight, true, null);
  }

  /** The same of sparse rows. */
  public Shards sparseShards(Loss loss, Regularizer regularizer, double @Nullable [] centre) {
    double rowWeight = 1.0 / count();
    double agentWeight = 1.0 / agents();
    return agents ->
        new LinearModel(sparse(agents), loss, regularizer, rowWeight, agentWeight, true, centre);
  }
}
