package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.IdleRule;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.engine.Setup;
import io.sotto.engine.Shards;
import io.sotto.engine.Table;
import io.sotto.problem.Block;
import io.sotto.problem.Groups;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss.Labels;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Parameters;
import io.sotto.problem.Regularizer;
import io.sotto.run.Optimization;
import io.sotto.run.RunClock;
import io.sotto.run.StepSearch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax and group lasso come to six digits of optima found, or known, by other means. */
class PenaltiesOptimumTest {
  private static final long SEED = 808;
  private static final int AGENTS = 6;
  private static final int FEATURES = 4;

  private static Shards shards(Table table, Objective objective, Regularizer regularizer, int k) {
    return agents ->
        objective.over(
            new Block(
                table.dense(agents),
                null,
                null,
                1.0 / table.count(),
                1.0 / AGENTS,
                regularizer,
                true,
                null,
                k));
  }

  private static Result run(Shards shards, Objective.Shape shape) {
    Plan plan =
        Setup.of(shards, AGENTS, shape.dimension())
            .coefficients(shape.coefficients())
            .cells(2)
            .idle(IdleRule.MIX)
            .plan()
            .perLink(true);
    StoppingRule rule = new StoppingRule(2_000, 0, 0, 500);
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      Runner runner = new Runner(plan, carrier);
      RunClock clock = RunClock.start();
      double step = new StepSearch(runner, AsyncAdmm::of, clock).choose().initial();
      return new Optimization(runner, AsyncAdmm::of, rule, clock, 0, Optimization.Observer.none())
          .run(step);
    }
  }

  /** {@code 1/M sum -log p_y + l2/2 |W|^2}, written down once more. */
  private static double softmax(Table table, double[] x, double l2) {
    double sum = 0;
    for (int i = 0; i < AGENTS; i++) {
      for (int r = 0; r < table.rows()[i].length; r++) {
        double[] z = new double[3];
        for (int k = 0; k < 3; k++) {
          z[k] = x[3 * FEATURES + k];
          for (int j = 0; j < FEATURES; j++) {
            z[k] += x[k * FEATURES + j] * table.rows()[i][r][j];
          }
        }
        double all = Arrays.stream(z).map(Math::exp).sum();
        sum += Math.log(all) - z[(int) table.labels()[i][r]];
      }
    }
    double squares = IntStream.range(0, 3 * FEATURES).mapToDouble(j -> x[j] * x[j]).sum();
    return sum / table.count() + l2 / 2 * squares;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.02})
  void softmax(double l1) {
    Objective objective =
        Objectives.loss("problem.loss", "softmax", new Parameters("problem", Map.of()));
    Table table = Table.random(AGENTS, 15, FEATURES, Labels.CLASSES, SEED);
    double[] weights = new double[3 * FEATURES + 3];
    Arrays.fill(weights, 0, 3 * FEATURES, l1);
    double[] optimum = CentralSolver.minimise(x -> softmax(table, x, 0.01), weights);
    Result result =
        run(
            shards(table, objective, new Regularizer(0.01, l1), 3),
            objective.shape(FEATURES, 3, true));
    double[] found = result.last().estimate();
    double best = softmax(table, optimum, 0.01) + penalty(optimum, l1);
    double ours = softmax(table, found, 0.01) + penalty(found, l1);
    assertThat((ours - best) / best).as("seed %d", SEED).isBetween(-1e-8, 1e-6);
    assertThat(result.certificate().lowerBound()).isBetween(best * (1 - 1e-4), best * (1 + 1e-9));
  }

  private static double penalty(double[] x, double l1) {
    return l1 * IntStream.range(0, 3 * FEATURES).mapToDouble(j -> Math.abs(x[j])).sum();
  }

  /**
   * At the optimum the gradient of what is smooth is -weight sqrt(|g|) w_g / |w_g| for groups that
   * are not 0, no longer than that for those that are, and 0 for the others.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.15})
  void groupLassoFulfilsTheConditionsOfOptimality(double weight) {
    Objective objective = Objectives.of(new Logistic());
    Table table = Table.random(AGENTS, 15, FEATURES, Labels.BINARY, SEED);
    List<List<Integer>> groups = List.of(List.of(0, 3), List.of(2));
    Regularizer all = new Regularizer(0.01, 0, Groups.of(weight, groups, FEATURES, 1));
    double[] x =
        run(shards(table, objective, all, 0), objective.shape(FEATURES, 0, true)).last().estimate();
    double[] g = new double[FEATURES + 1];
    double[] part = new double[FEATURES + 1];
    var smooth = shards(table, objective, new Regularizer(0.01, 0), 0).load(agents());
    for (int i = 0; i < AGENTS; i++) {
      smooth.subgradient(i, 0, x, 0, part);
      Arrays.setAll(g, j -> g[j] + part[j]);
    }
    assertThat(Math.hypot(g[1], g[4])).as("free ones, seed %d", SEED).isLessThan(1e-5);
    for (List<Integer> group : groups) {
      double limit = weight * Math.sqrt(group.size());
      double size = Math.sqrt(group.stream().mapToDouble(j -> x[j] * x[j]).sum());
      double miss =
          size < 1e-9
              ? Math.sqrt(group.stream().mapToDouble(j -> g[j] * g[j]).sum()) - limit
              : Math.sqrt(
                  group.stream().mapToDouble(j -> Math.pow(g[j] + limit * x[j] / size, 2)).sum());
      assertThat(miss).as("%s of %s, seed %d", group, x, SEED).isLessThan(1e-5);
    }
  }

  private static int[] agents() {
    return IntStream.range(0, AGENTS).toArray();
  }
}
