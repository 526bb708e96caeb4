package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sets in the units of the columns: {@code units = original}. */
class UnitsTest {
  private static final double EXACT = 1e-4;

  @TempDir Path dir;

  private Path conf;

  /** Rows of y = 3 a + 0.02 b + 1, with deviations of about 0.7 and 70. */
  @BeforeEach
  void rows() {
    StringBuilder rows = new StringBuilder("who,a,b,y\n");
    for (int r = 0; r < 60; r++) {
      double a = Math.sin(r);
      double b = 100 * Math.cos(2.5 * r);
      rows.append(String.format(Locale.ROOT, "s%d,%s,%s,%s%n", r % 3, a, b, 3 * a + 0.02 * b + 1));
    }
    Cli.write(dir.resolve("rows.csv"), rows.toString());
    conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s/rows.csv", label = y, agent = who }
            problem { loss = squared, l2 = 1e-3 }
            stop { max-ticks = 3000, check-every = 50, tolerance = 1e-9, disagreement = 1e-6 }
            output { path = "%s/out", overwrite = true }
            """
                .formatted(dir, dir));
  }

  private JsonNode solve(String set, String... more) {
    String[] words = new String[more.length + 1];
    words[0] = "problem.constraints=[" + set + "]";
    System.arraycopy(more, 0, words, 1, more.length);
    Cli.Outcome outcome = Cli.optimize(conf, words);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    return Cli.json(dir.resolve("out"), "solution.json");
  }

  private static double[] estimate(JsonNode solution) {
    return Cli.numbers(solution.get("estimate"));
  }

  @Test
  void aBoxBindsTheEstimateAndIsTheSameAsOneConvertedByHand() {
    JsonNode original = solve("{ set = box, upper = [2, 0.01], units = original }");
    assertThat(estimate(original)[0]).isCloseTo(2, within(EXACT));
    assertThat(estimate(original)[1]).isCloseTo(0.01, within(EXACT / 100));
    double[] deviation = Cli.numbers(original.at("/standardization/deviation"));
    JsonNode solved =
        solve("{ set = box, upper = [%s, %s] }".formatted(2 * deviation[0], 0.01 * deviation[1]));
    assertThat(estimate(original)).containsExactly(estimate(solved), within(1e-12));
    JsonNode configured =
        Cli.json(dir.resolve("out"), "run.json").at("/configuration/problem/constraints/0");
    assertThat(configured.has("units")).isFalse();
  }

  @Test
  void withoutStandardizationTheUnitsAreTheSame() {
    String plain = "data.standardize=false";
    JsonNode original = solve("{ set = box, upper = [2, 0.01], units = original }", plain);
    assertThat(Cli.json(dir.resolve("out"), "run.json").at("/configuration/problem/constraints/0"))
        .hasToString("{\"set\":\"box\",\"units\":\"original\",\"upper\":[2,0.01]}");
    assertThat(estimate(original))
        .containsExactly(estimate(solve("{ set = box, upper = [2, 0.01] }", plain)), within(0.0));
  }

  /** What a set demands of the estimate: one number, at most or exactly. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ set = ball, radius = 1.5, units = original } | 1.5",
        "{ set = halfspace, normal = [1, 50], offset = 1, units = original } | 1",
        "{ set = hyperplane, normal = [1, 50], offset = 2, units = original } | 2",
        "{ set = polyhedron, matrix = [[1, 50]], offset = [1], units = original } | 1",
      })
  void otherSetsBindTheEstimate(String set, double expected) {
    double[] w = estimate(solve(set));
    double found = set.contains("ball") ? Math.hypot(w[0], w[1]) : w[0] + 50 * w[1];
    assertThat(found).isCloseTo(expected, within(EXACT));
  }

  @Test
  void aBallInOriginalUnitsIsTheSameWhateverTheSolverScales() {
    String ball = "{ set = ball, radius = 1.5, units = original }";
    double[] scaled = estimate(solve(ball));
    double[] plain = estimate(solve(ball, "algorithm.scale=none"));
    assertThat(scaled).containsExactly(plain, within(EXACT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set = simplex, total = 1",
        "set = l1-ball, radius = 1",
        "set = second-order-cone",
      })
  void setsThatHaveNoOtherUnitsAreRefused(String set) {
    Cli.write(
        conf,
        Cli.read(conf) + "problem.constraints = [\n  { %s,\n units = original }]%n".formatted(set));
    Cli.Outcome outcome = Cli.run("validate", conf.toString());
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err())
        .contains("x.conf:7", "problem.constraints[0].units is 'original'", "only a ball, box");
    assertThat(Cli.run("validate", conf.toString(), "problem.constraints=[{set=box,units=new}]"))
        .satisfies(
            o -> assertThat(o.code()).isEqualTo(ExitCode.BAD_INPUT),
            o -> assertThat(o.err()).contains("units is 'new'", "solved, original"));
  }
}
