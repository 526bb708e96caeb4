package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.LinearModel;
import io.sotto.problem.Loss;
import io.sotto.problem.Losses;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Rows;
import io.sotto.problem.Standardization;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardBuilderTest {
  private static final long SEED = 17;
  private static final int AGENTS = 3;
  private static final int FEATURES = 4;
  private static final int ROWS = 500;

  private final Random random = new Random(SEED);
  private final double[][] data = new double[ROWS][FEATURES];
  private final double[] labels = random.doubles(ROWS, -2, 2).toArray();
  private final int[] agentOf = random.ints(ROWS, 0, AGENTS).toArray();
  private final Loss loss = Losses.REGISTRY.entries().iterator().next().makeExample();
  private final Regularizer regularizer = new Regularizer(0.1, 0.01);

  ShardBuilderTest() {
    for (double[] row : data) {
      Arrays.setAll(row, j -> random.nextInt(3) == 0 ? 0 : (j + 1) * random.nextGaussian() + j);
    }
  }

  private Standardization units() {
    double[] mean = new double[FEATURES];
    double[] deviation = new double[FEATURES];
    for (int column = 0; column < FEATURES; column++) {
      int j = column;
      mean[j] = Arrays.stream(data).mapToDouble(row -> row[j]).average().orElseThrow();
      deviation[j] = 1.5 + j;
    }
    return new Standardization(mean, deviation);
  }

  private Rows dense(Standardization units) {
    int[] rowsOf = new int[AGENTS];
    Arrays.stream(agentOf).forEach(agent -> rowsOf[agent]++);
    ShardBuilder builder = new ShardBuilder.Dense(rowsOf, units);
    for (int r = 0; r < ROWS; r++) {
      builder.add(agentOf[r], labels[r], null, data[r], FEATURES);
    }
    return builder.build();
  }

  private Rows sparse(int base, Standardization units) {
    ShardBuilder builder = new ShardBuilder.Sparse(AGENTS, base, units);
    int[] index = new int[FEATURES + 5]; // as a reader's arrays, longer than what counts
    double[] values = new double[FEATURES + 5];
    for (int r = 0; r < ROWS; r++) {
      int count = 0;
      for (int j = 0; j < FEATURES; j++) {
        if (data[r][j] != 0) {
          index[count] = j + base;
          values[count++] = data[r][j];
        }
      }
      builder.add(agentOf[r], labels[r], index, values, count);
    }
    return builder.build();
  }

  private LinearModel model(Rows rows, double @Nullable [] centre) {
    return new LinearModel(rows, loss, regularizer, 1.0 / ROWS, 1.0 / AGENTS, true, centre);
  }

  /** f_i written out from the definition. */
  private double value(int agent, Standardization units, double[] x) {
    double sum = 0;
    for (int r = 0; r < ROWS; r++) {
      if (agentOf[r] == agent) {
        double z = x[FEATURES];
        for (int j = 0; j < FEATURES; j++) {
          z += x[j] * (data[r][j] - units.mean()[j]) / units.deviation()[j];
        }
        sum += loss.value(z, labels[r]);
      }
    }
    return sum / ROWS + regularizer.value(x, 0, FEATURES) / AGENTS;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void denseAndSparseRowsAreTheSameCentredProblem(int base) {
    Standardization units = units();
    LinearModel dense = model(dense(units), null);
    LinearModel sparse = model(sparse(base, units), units.centre());
    for (int agent = 0; agent < AGENTS; agent++) {
      double[] x = random.doubles(FEATURES + 1, -1, 1).toArray();
      double expected = value(agent, units, x);
      assertThat(dense.value(agent, x, 0)).as("seed %d", SEED).isCloseTo(expected, near(expected));
      assertThat(sparse.value(agent, x, 0)).as("seed %d", SEED).isCloseTo(expected, near(expected));
      double[] ofDense = new double[FEATURES + 1];
      double[] ofSparse = new double[FEATURES + 1];
      dense.subgradient(agent, 0, x, 0, ofDense);
      sparse.subgradient(agent, 0, x, 0, ofSparse);
      assertThat(ofSparse).as("seed %d", SEED).containsExactly(ofDense, within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void rowsStandAgentByAgentInTheirOrder(int base) {
    double[] expected =
        IntStream.range(0, AGENTS)
            .boxed()
            .flatMap(a -> IntStream.range(0, ROWS).filter(r -> agentOf[r] == a).boxed())
            .mapToDouble(r -> labels[r])
            .toArray();
    for (Rows rows : new Rows[] {dense(units()), sparse(base, units())}) {
      assertThat(rows.agents()).isEqualTo(AGENTS);
      assertThat(rows.first(AGENTS)).isEqualTo(ROWS);
      assertThat(IntStream.range(0, ROWS).mapToDouble(rows::label).toArray())
          .as("seed %d", SEED)
          .isEqualTo(expected);
    }
  }

  private static org.assertj.core.data.Offset<Double> near(double expected) {
    return within(1e-12 * Math.max(1, Math.abs(expected)));
  }
}
