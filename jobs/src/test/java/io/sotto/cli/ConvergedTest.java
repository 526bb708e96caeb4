package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Converged means certified, also on columns as they come: years, large and small ones; what has no
 * optimum is refused; zeros are zeros.
 */
class ConvergedTest {
  private static final long SEED = 1990;
  private static final int ROWS = 240;

  @TempDir Path dir;

  /** A year, a tiny column, a huge one, and labels that depend on all three. */
  private Path rows(IntFunction<String> label) {
    SplittableRandom random = new SplittableRandom(SEED);
    StringBuilder text = new StringBuilder("who,year,tiny,huge,y\n");
    for (int r = 0; r < ROWS; r++) {
      text.append(
          String.format(
              Locale.ROOT,
              "h%d,%d,%.9f,%.3f,%s%n",
              r % 6,
              1990 + r % 30,
              1e-4 * random.nextGaussian(),
              3e5 * (1 + random.nextDouble()),
              label.apply(r)));
    }
    return Cli.write(dir.resolve("rows.csv"), text.toString());
  }

  private static String number(int r) {
    SplittableRandom random = new SplittableRandom(SEED + r);
    return String.format(Locale.ROOT, "%.4f", 0.1 * (r % 30) + random.nextGaussian());
  }

  private static String binary(int r) {
    return new SplittableRandom(SEED + r).nextGaussian() + (r % 30 - 15) / 10.0 > 0 ? "yes" : "no";
  }

  private static String count(int r) {
    double u = new SplittableRandom(SEED + r).nextDouble();
    return Integer.toString((int) (Math.exp(0.5 + 0.03 * (r % 30)) * -Math.log(1 - u)));
  }

  private Cli.Outcome run(String loss, String out, String... more) {
    Path conf =
        Cli.write(
            dir.resolve(out + ".conf"),
            """
            data { path = "%s", label = y, agent = who }
            problem.loss = %s
            output { path = "%s", overwrite = true }
            """
                .formatted(dir.resolve("rows.csv"), loss, dir.resolve(out)));
    return Cli.optimize(conf, more);
  }

  private JsonNode json(String out, String file) {
    return Cli.json(dir.resolve(out), file);
  }

  private void rowsFor(String loss) {
    rows(
        loss.equals("poisson")
            ? ConvergedTest::count
            : loss.equals("logistic") || loss.equals("hinge")
                ? ConvergedTest::binary
                : ConvergedTest::number);
  }

  /** The same optimum, found in about as many ticks, as if columns had been standardised. */
  @ParameterizedTest
  @ValueSource(strings = {"squared", "logistic", "poisson", "huber", "quantile", "absolute"})
  void rawColumnsAreAsGoodAsStandardisedOnes(String loss) {
    rowsFor(loss);
    Cli.Outcome raw = run(loss, "raw", "data.standardize=false", "stop.tolerance=1e-5");
    assertThat(raw.code()).as("%s", raw).isZero();
    Cli.Outcome twin = run(loss, "twin", "stop.tolerance=1e-5");
    assertThat(twin.code()).as("%s", twin).isZero();
    double optimum = json("twin", "run.json").get("objective").doubleValue();
    assertThat(json("raw", "run.json").get("objective").doubleValue())
        .isCloseTo(optimum, within(3e-5 * Math.abs(optimum)));
    assertThat(json("raw", "run.json").get("ticks").doubleValue())
        .isLessThanOrEqualTo(1.2 * json("twin", "run.json").get("ticks").doubleValue());
    double[] one = Cli.numbers(json("raw", "solution.json").get("estimate"));
    double[] other = Cli.numbers(json("twin", "solution.json").get("estimate"));
    assertThat(one[0]).as("the year").isCloseTo(other[0], within(0.02 * Math.abs(other[0]) + 1e-3));
    assertThat(json("raw", "run.json").at("/privacy/disclosed"))
        .hasSize(json("raw", "run.json").at("/privacy/shape").asText().equals("full") ? 3 : 2);
  }

  /** Plain maximum likelihood has a certificate, which says how far coefficients are at most. */
  @ParameterizedTest
  @ValueSource(strings = {"squared", "logistic", "poisson"})
  void withoutAPenaltyItIsCertified(String loss) {
    rowsFor(loss);
    Cli.Outcome done =
        run(
            loss,
            "out",
            "data.standardize=false",
            "stop.tolerance=1e-9",
            "stop.require-certificate=true");
    assertThat(done.code()).as("%s", done).isZero();
    JsonNode run = json("out", "run.json");
    assertThat(run.get("status").textValue()).isEqualTo("converged");
    assertThat(run.at("/certificate/gap").doubleValue()).isLessThanOrEqualTo(1e-9);
    assertThat(done.out()).contains("of its standard error from the pooled estimate");
  }

  /** Two columns are the same: F has its optimum, coefficients have none of their own. */
  @Test
  void nothingIsSaidOfCoefficientsThatRowsDoNotTell() throws Exception {
    rowsFor("squared");
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("rows.csv"))) {
      String[] cells = line.split(",");
      lines.add(line + "," + (cells[1].equals("year") ? "again" : cells[1]));
    }
    Files.write(dir.resolve("rows.csv"), lines);
    Cli.Outcome done = run("squared", "out", "stop.tolerance=1e-9");
    assertThat(json("out", "run.json").get("status").textValue()).isEqualTo("converged");
    assertThat(done.out()).contains("certificate: ").doesNotContain("standard error");
  }

  @Test
  void whereThereIsNoCertificateItSettlesAndSaysSo() {
    rowsFor("absolute");
    Cli.Outcome done = run("absolute", "out");
    assertThat(done.code()).as("%s", done).isZero();
    assertThat(json("out", "run.json").get("status").textValue()).isEqualTo("settled");
    assertThat(done.out()).contains("settled: ", "there is no certificate, because");
    Cli.Outcome required = run("absolute", "required", "stop.require-certificate=true");
    assertThat(required.code()).isEqualTo(ExitCode.FAILED);
    assertThat(required.err()).contains("stop.require-certificate", "It is written");
    assertThat(json("required", "run.json").get("status").textValue()).isEqualTo("settled");
  }

  @ParameterizedTest
  @CsvSource({"ball, radius = 1e-3", "nonnegative, radius = 1", "box, lower = -1e-4"})
  void setsStayThoseOfTheCoefficients(String set, String parameter) {
    rowsFor("squared");
    String sets = "problem.constraints=[{ set = %s, %s }]".formatted(set, parameter);
    String[] more = {sets, "data.standardize=false", "stop.tolerance=1e-7"};
    Cli.Outcome scaled = run("squared", "scaled", more);
    assertThat(scaled.code()).as("%s", scaled).isZero();
    double[] w = Cli.numbers(json("scaled", "solution.json").get("solvedEstimate"));
    double norm = Math.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
    for (double one : w) {
      assertThat(one)
          .isGreaterThanOrEqualTo(
              set.equals("ball") ? -1e-3 : set.equals("box") ? -1.0000001e-4 : 0);
    }
    assertThat(norm).isLessThanOrEqualTo(set.equals("ball") ? 1.0000001e-3 : 10);
  }

  /**
   * A simplex is projected on in the units of the coefficients: columns are centred, and it says
   * so.
   */
  @Test
  void whereASetCannotBeScaledItSaysSo() {
    rowsFor("squared");
    Cli.Outcome done =
        run(
            "squared",
            "out",
            "problem.constraints=[{ set = simplex, total = 1 }]",
            "data.standardize=false",
            "stop.max-ticks=50");
    assertThat(done.code()).as("%s", done).isZero();
    assertThat(json("out", "run.json").at("/engineReasons/scale").asText()).contains("not scaled");
    run(
        "squared",
        "none",
        "algorithm.scale=none",
        "data.standardize=false",
        "privacy.protect=none",
        "stop.max-ticks=50");
    assertThat(json("none", "run.json").at("/privacy/disclosed")).isEmpty();
    assertThat(json("none", "run.json").at("/configuration/algorithm/scale").asText())
        .isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({
    "logistic, separable, year",
    "logistic, quasi, year",
    "logistic, one, intercept",
    "poisson, zero, intercept",
    "poisson, late-zero, year",
    "softmax, separable, year"
  })
  void noOptimumIsSaidToBeNone(String loss, String kind, String named) {
    rows(
        r ->
            switch (kind) {
              case "separable" -> r % 30 > 14 ? "2" : "1";
              case "quasi" -> r % 30 > 15 || (r % 30 == 15 && r % 4 == 0) ? "2" : "1";
              case "one" -> r == 0 ? "2" : "1";
              case "late-zero" -> r % 30 > 0 ? "0" : Integer.toString(1 + r % 3);
              default -> "0";
            });
    String weights = kind.equals("one") ? "problem.class-weights={ \"2\" = 0 }" : "seed=1";
    Cli.Outcome outcome = run(loss, "out", weights, "problem.l2=0");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("no optimum", named, "l2").doesNotContain("\tat ");
    assertThat(Files.exists(dir.resolve("out"))).isFalse();
  }

  /** Two of the columns have nothing to do with the label. */
  @Test
  void zerosOfTheOptimumAreZeros() {
    rowsFor("squared");
    Cli.Outcome done = run("squared", "out", "problem.l1=0.3");
    assertThat(done.code()).as("%s", done).isZero();
    double[] w = Cli.numbers(json("out", "solution.json").get("solvedEstimate"));
    assertThat(w[0]).isGreaterThan(0.1);
    assertThat(w[1]).isZero();
    assertThat(w[2]).isZero();
  }
}
