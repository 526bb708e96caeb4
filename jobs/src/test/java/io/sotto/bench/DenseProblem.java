package io.sotto.bench;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.network.CellPartition;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.network.NetworkPartitioner;
import io.sotto.network.Topologies;
import io.sotto.network.Topology;
import io.sotto.problem.Constraints;
import io.sotto.problem.DenseRows;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Parameters;
import io.sotto.problem.Regularizer;
import io.sotto.problem.WholeSpace;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * Logistic regression over Gaussian rows with labels from a planted model; agents in a random
 * 4-regular network with Metropolis weights, clocks of rate 1/2, whole space, no intercept.
 *
 * @param agents how many
 * @param features of a row, which are the coordinates of x
 * @param rowsEach rows of each agent
 * @param values rows x features, agent by agent
 * @param labels -1 or 1 for each row
 * @param network the mixing matrix
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record DenseProblem(
    int agents, int features, int rowsEach, double[] values, double[] labels, Network network) {
  static final long SEED = 7;
  static final double RATE = 0.5;
  static final int DEGREE = 4;

  /** As {@code engine.cells = auto} has it: fewer than 4 x 32 MiB of rows. */
  static final int CELLS = 4;

  /** 1,000 agents with 100 rows of 100 features each: 80 MB. */
  static DenseProblem full() {
    return of(1000, 100, 100);
  }

  static DenseProblem of(int agents, int features, int rowsEach) {
    Random random = new Random(SEED);
    double[] planted = random.doubles(features, -1, 1).toArray();
    double[] values = new double[agents * rowsEach * features];
    Arrays.setAll(values, j -> random.nextGaussian());
    double[] labels = new double[agents * rowsEach];
    for (int row = 0; row < labels.length; row++) {
      double z = 0;
      for (int j = 0; j < features; j++) {
        z += planted[j] * values[row * features + j];
      }
      labels[row] = random.nextDouble() < 1 / (1 + Math.exp(-z)) ? 1 : -1;
    }
    Topology regular =
        Topologies.REGISTRY.make(
            "topology", "regular", new Parameters("network", Map.of("degree", DEGREE)));
    Network network =
        Network.of(Topologies.connected(regular, agents, SEED).links(), MixingRules.METROPOLIS);
    return new DenseProblem(agents, features, rowsEach, values, labels, network);
  }

  /** The weight of a row's loss: F is the mean over all rows. */
  double rowWeight() {
    return 1.0 / labels.length;
  }

  /** For F about as fast as it can be: its gradient is 1/4-Lipschitz, and each agent has 1/N. */
  StepSize step() {
    return new StepSize(0.5 * agents, 0.51);
  }

  Algorithm algorithm() {
    return new ProjectedSubgradient(IdleRule.MIX, step());
  }

  /** The same for Sotto: 4 cells, a tick for each superstep. */
  Plan plan() {
    double[] load = new double[agents];
    Arrays.fill(load, 1);
    return plan(NetworkPartitioner.of(network, CELLS, load), 1);
  }

  /** The same for any partition and number of ticks per superstep. */
  Plan plan(CellPartition partition, int ticks) {
    return new Plan(
        features,
        features,
        network,
        partition,
        new Constraints(new WholeSpace(), Map.of()),
        new Bernoulli(SEED, RATE, Map.of()),
        IdleRule.MIX,
        SEED,
        ticks,
        this::shard);
  }

  /** Copies, as a cell that reads its own rows has them. */
  private LinearModel shard(int[] some) {
    int[] first = new int[some.length + 1];
    double[] theirLabels = new double[some.length * rowsEach];
    double[] theirs = new double[theirLabels.length * features];
    int size = rowsEach * features;
    for (int i = 0; i < some.length; i++) {
      first[i + 1] = first[i] + rowsEach;
      System.arraycopy(labels, some[i] * rowsEach, theirLabels, first[i], rowsEach);
      System.arraycopy(values, some[i] * size, theirs, i * size, size);
    }
    return new LinearModel(
        new DenseRows(features, first, theirLabels, theirs),
        new Logistic(),
        new Regularizer(0, 0),
        rowWeight(),
        1.0 / agents,
        false,
        null);
  }
}
