package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.example.Ascending;
import io.sotto.example.Centers;
import io.sotto.example.LogCosh;
import io.sotto.example.SampledSquares;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users' own losses, sets and objectives, named by their classes. */
class OwnClassesTest {
  private static final long SEED = 31;
  private static final int ROWS = 60;

  @TempDir Path dir;
  private final double[][] rows = new double[ROWS][4]; // three features, then the label

  @BeforeEach
  void rows() {
    SplittableRandom random = new SplittableRandom(SEED);
    StringBuilder text = new StringBuilder("who,a,b,c,y\n");
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < 3; j++) {
        rows[r][j] = random.nextDouble(-2, 2);
      }
      rows[r][3] = 2 * rows[r][0] - rows[r][1] + random.nextGaussian();
      text.append("p%d".formatted(r % 4));
      Arrays.stream(rows[r]).forEach(cell -> text.append(',').append(cell));
      text.append('\n');
    }
    Cli.write(dir.resolve("rows.csv"), text.toString());
  }

  private JsonNode solve(String problem) {
    Cli.Outcome outcome = Cli.optimize(configuration(problem));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.complaints()).as("warnings").isEmpty();
    return Cli.json(dir.resolve("out"), "solution.json");
  }

  private Path configuration(String problem) {
    return Cli.write(
        dir.resolve("x.conf"),
        """
            data { path = "DIR/rows.csv", label = y, agent = who, standardize = false }
            algorithm.name = async-admm
            network.topology = complete
            stop { max-ticks = 1000, tolerance = 1e-9, disagreement = 1e-6 }
            output { path = "DIR/out", overwrite = true }
            engine { name = local, cells = 1 }
            """
                .replace("DIR", dir.toString())
            + problem);
  }

  /** Without the set the coefficients would be near 2, -1 and 0. */
  @Test
  void aLossAndASet() {
    JsonNode found =
        solve(
            """
            problem {
              loss = %s
              parameters { scale = 0.5 }
              constraints = [ { set = %s } ]
            }
            """
                .formatted(LogCosh.class.getName(), Ascending.class.getName()));
    double[] w = Cli.numbers(found.get("estimate"));
    double b = found.get("intercept").doubleValue();
    double best = value(w, b);
    assertThat(found.get("objective").doubleValue()).isCloseTo(best, within(1e-12));
    assertThat(w[0]).isCloseTo(w[1], within(1e-9)).isLessThanOrEqualTo(w[2] + 1e-12);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int k = 0; k < 500; k++) {
      double reach = Math.pow(10, random.nextDouble(-3, 0));
      double[] other = w.clone();
      for (int j = 0; j < 3; j++) {
        other[j] += reach * random.nextDouble(-1, 1);
      }
      new Ascending().project(other, 0, 3, new double[6], 0);
      assertThat(value(other, b + reach * random.nextDouble(-1, 1)))
          .as("seed %d", SEED)
          .isGreaterThan(best - 1e-7);
    }
  }

  private double value(double[] w, double b) {
    double sum = 0;
    for (double[] row : rows) {
      double z = b + w[0] * row[0] + w[1] * row[1] + w[2] * row[2];
      sum += new LogCosh(0.5).value(z, row[3]) / ROWS;
    }
    return sum;
  }

  @Test
  void anObjectiveThatIsNoLinearModel() {
    JsonNode found =
        solve(
            "problem { objective = %s, parameters { slack = 0.1 } }\n"
                .formatted(Centers.class.getName()));
    double[] x = Cli.numbers(found.get("estimate"));
    assertThat(found.get("intercept")).isEmpty();
    assertThat(x).isEqualTo(Cli.numbers(found.get("solvedEstimate")));
    double[] gradient = new double[3];
    for (double[] row : rows) {
      double square = 0.01;
      for (int j = 0; j < 3; j++) {
        square += (row[j] - x[j]) * (row[j] - x[j]);
      }
      for (int j = 0; j < 3; j++) {
        gradient[j] += (x[j] - row[j]) / Math.sqrt(square) / ROWS;
      }
    }
    assertThat(gradient).containsExactly(new double[3], within(1e-4));
  }

  /** Penalties, and polyhedra of which each binds one agent. */
  @Test
  void groupsAndPolyhedraOfAgents() {
    JsonNode found =
        solve(
            """
            problem {
              loss = squared
              group-lasso { weight = 0.2, groups = [[b, c], [a]] }
              constraints = [
                { set = polyhedron, matrix = [[1, 0, 0], [0, 1, 0]], offset = [1, 9], agents = [p0] }
                { set = polyhedron, matrix = [[0, -1, -1]], offset = [0.25], agents = [p1, p2] }
              ]
            }
            """);
    double[] w = Cli.numbers(found.get("estimate"));
    assertThat(w[0]).as("p0's set").isCloseTo(1, within(1e-5));
    assertThat(w[1] + w[2]).as("p1's set").isCloseTo(-0.25, within(1e-5));
    double best = penalised(w, found.get("intercept").doubleValue());
    assertThat(found.get("objective").doubleValue()).isCloseTo(best, within(1e-9));
    SplittableRandom random = new SplittableRandom(SEED);
    for (int k = 0; k < 500; k++) {
      double reach = Math.pow(10, random.nextDouble(-3, 0));
      double move = reach * random.nextDouble(-1, 1);
      double[] other = {
        w[0] - reach * random.nextDouble(), w[1] + move + reach * random.nextDouble(), w[2] - move
      };
      double b = found.get("intercept").doubleValue() + reach * random.nextDouble(-1, 1);
      assertThat(penalised(other, b)).as("seed %d", SEED).isGreaterThan(best - 1e-5);
    }
  }

  private double penalised(double[] w, double b) {
    double sum = 0.2 * Math.sqrt(2) * Math.hypot(w[1], w[2]) + 0.2 * Math.abs(w[0]);
    for (double[] row : rows) {
      double r = b + w[0] * row[0] + w[1] * row[1] + w[2] * row[2] - row[3];
      sum += r * r / 2 / ROWS;
    }
    return sum;
  }

  private static String sampled(int batch, int out) {
    return "problem { objective = %s, parameters { batch = %d, out = %d } }%n"
        .formatted(SampledSquares.class.getName(), batch, out);
  }

  /** Whose subgradients see three of fifteen rows: a method that shrinks its steps is right. */
  @Test
  void costsThatSeeOtherRowsAtEachTick() {
    double best = solve("problem.loss = squared").get("objective").doubleValue();
    String longer = "stop.max-ticks = 20000\n";
    JsonNode found = solve(sampled(3, 0) + longer + "algorithm.name = auto");
    assertThat(found.get("objective").doubleValue())
        .as("seed %d", SEED)
        .isBetween(best, best * (1 + 1e-2));
    assertThat(found.get("certificate").get("reason").textValue())
        .isEqualTo("the costs give no exact subgradients");
    JsonNode run = Cli.json(dir.resolve("out"), "run.json");
    assertThat(run.get("algorithm").get("name").textValue())
        .isEqualTo("async-projected-subgradient");
    assertThat(run.has("heldOutLoss")).isFalse();
  }

  @Test
  void aMethodThatTheyDoNotGoWithIsRefused() {
    Cli.Outcome outcome = Cli.optimize(configuration(sampled(3, 0)));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.complaints())
        .singleElement()
        .asString()
        .contains(
            "algorithm.name is 'async-admm'",
            "a cost whose subgradients are estimates",
            "set algorithm.name = async-projected-subgradient");
  }

  @Test
  void heldOutRowsAreMeasuredAndNotLearntFrom() {
    String longer = "stop.max-ticks = 20000\n";
    JsonNode found = solve(sampled(5, 3) + longer + "algorithm.name = auto");
    double[] w = Cli.numbers(found.get("estimate"));
    double b = found.get("intercept").doubleValue();
    double learnt = 0;
    double held = 0;
    for (int r = 0; r < ROWS; r++) {
      double z = b + w[0] * rows[r][0] + w[1] * rows[r][1] + w[2] * rows[r][2] - rows[r][3];
      boolean out = r / 4 % 3 == 2; // each agent holds every fourth row
      learnt += out ? 0 : z * z / 2 / ROWS;
      held += out ? z * z / 2 / ROWS : 0;
    }
    assertThat(found.get("objective").doubleValue()).isCloseTo(learnt, within(1e-12));
    JsonNode run = Cli.json(dir.resolve("out"), "run.json");
    assertThat(run.get("heldOutLoss").doubleValue()).isCloseTo(held, within(1e-12));
    List<Row> trace = Cli.table(dir.resolve("out/trace"));
    assertThat(trace.get(0).schema().fieldNames())
        .endsWith(
            "elapsedSeconds",
            "heldOutLoss",
            "heldOutLoss_p0",
            "heldOutLoss_p1",
            "heldOutLoss_p2",
            "heldOutLoss_p3");
    Row last = trace.get(trace.size() - 1);
    double sum = 0;
    for (int agent = 0; agent < 4; agent++) {
      sum += last.<Double>getAs("heldOutLoss_p" + agent);
      assertThat(run.get("heldOutLossByAgent").get("p" + agent).doubleValue())
          .isEqualTo(last.<Double>getAs("heldOutLoss_p" + agent));
    }
    assertThat(sum).isCloseTo(held, within(1e-12));
    assertThat(trace.get(trace.size() - 1).<Double>getAs("heldOutLoss"))
        .isCloseTo(held, within(1e-12));
  }
}
