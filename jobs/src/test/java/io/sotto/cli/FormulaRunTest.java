package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Formulas from the configuration to files. What R 4.2.2 says of the same rows:
 *
 * <pre>
 * library(splines)
 * d <- read.csv("core/src/test/resources/formula/study.csv", na.strings = c("", "NA", "NaN"))
 * co <- glm.control(epsilon = 1e-15, maxit = 100)
 * f <- glm(I(diagnosis == "yes") ~ age + sex*bmi + log(dose), binomial, d, control = co)
 * summary(f)$coefficients; deviance(f); f$null.deviance; AIC(f); f$df.residual
 * f <- glm(I(diagnosis == "yes") ~ ns(age, 3) + grade, binomial, d, control = co)
 * f <- glm(I(diagnosis == "yes") ~ sex*grade + poly(bmi, 2), binomial, d, control = co)
 * library(survival); d <- read.csv("core/src/test/resources/formula/times.csv")
 * s <- survSplit(Surv(days, died) ~ ., d, cut = c(90, 200, 400), episode = "k", start = "t0")
 * f <- glm(died ~ age*sex + stage + log(marker) + factor(k) + offset(log(days - t0)), poisson, s, control = co)
 * </pre>
 */
class FormulaRunTest {
  private static final Path STUDY = Path.of("../core/src/test/resources/formula/study.csv");
  private static final Path TIMES = STUDY.resolveSibling("times.csv");

  private static final String[] MAIN = {
    "(Intercept) -6.118334815995091 1.140567858018788",
    "age 0.05954173754042946 0.009318998826106239",
    "sexmale 1.113107430850482 1.483130718638344",
    "bmi 0.06787872844103265 0.03010596575148971",
    "log(dose) 0.9555449451590878 0.2104061893019834",
    "sexmale:bmi -0.01356123956755473 0.05312290802926713"
  };

  private static final String[] SPLINES = {
    "(Intercept) -1.512512214327371 0.4820428481161414",
    "ns(age, 3)1 1.190795621760141 0.5852729598216472",
    "ns(age, 3)2 4.782205524877094 1.123114126922518",
    "ns(age, 3)3 2.886103015039685 0.5882296614452198",
    "gradeII -0.1314330132269218 0.3350809095812929",
    "gradeIII -0.03657351794439493 0.3370755325358109",
    "gradeIV 0.733685401702751 0.5088724296871797"
  };

  private static final String[] CROSSED = {
    "(Intercept) 0.1115460511965888 0.2515546772861677",
    "sexmale 0.04568086152518055 0.4574354192389338",
    "gradeII 0.05330185887974137 0.3697412745958588",
    "gradeIII -0.4205712915096374 0.3706278704858426",
    "gradeIV 0.09126338723113155 0.539638108224743",
    "poly(bmi, 2)1 3.607603482967482 2.125901352134325",
    "poly(bmi, 2)2 -0.04056832924615689 2.109045183132949",
    "sexmale:gradeII 0.4153054701348513 0.6514173127222004",
    "sexmale:gradeIII 1.277538288533138 0.6628972613239152",
    "sexmale:gradeIV 1.342372881644528 1.28542285491039"
  };

  private static final String[] HAZARDS = {
    "(Intercept) -8.659995859231298 0.612210872914472",
    "age 0.03970365817345655 0.008651858988559101",
    "sexmale 1.139950539284890 0.782680196371094",
    "stageII -0.01739123757983711 0.208721771811152",
    "stageIII 0.39344985831662577 0.192783988702124",
    "stageIV 0.57774551128880636 0.337433139662138",
    "log(marker) 0.07854610232774628 0.077489628577061",
    "age:sexmale -0.01190651919687020 0.011847271781947",
    "interval(90,200] 0.16745908040675 0.186964359576515",
    "interval(200,400] -0.02799037757327 0.209479422779004",
    "interval(400,Inf) -0.23186223920199 0.304389263900273"
  };

  @TempDir Path dir;

  private Path conf() {
    return Cli.write(
        dir.resolve("x.conf"),
        """
        data { path = "%s", agent = site }
        problem.loss = logistic
        inference {}
        output { path = "%s/out", overwrite = true }
        """
            .formatted(STUDY, dir));
  }

  private JsonNode solve(String... words) {
    Cli.Outcome outcome = Cli.optimize(conf(), words);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    return Cli.json(dir.resolve("out"), "solution.json");
  }

  private void assertSummary(String[] expected) throws Exception {
    List<String> lines = Files.readAllLines(dir.resolve("out/summary.csv"));
    assertThat(lines).hasSize(expected.length + 1);
    for (int k = 0; k < expected.length; k++) {
      String[] numbers =
          expected[k]
              .substring(expected[k].lastIndexOf(' ', expected[k].lastIndexOf(' ') - 1) + 1)
              .split(" ");
      String term =
          expected[k].substring(
              0, expected[k].length() - numbers[0].length() - numbers[1].length() - 2);
      String line = lines.get(k + 1);
      String quoted = term.contains(",") ? "\"" + term + "\"" : term;
      assertThat(line).startsWith(quoted + ",");
      String[] cells = line.substring(quoted.length() + 1).split(",");
      double error = Double.parseDouble(numbers[1]);
      assertThat(Double.parseDouble(cells[0]))
          .as(term)
          .isCloseTo(Double.parseDouble(numbers[0]), within(1e-6 * error));
      assertThat(Double.parseDouble(cells[1])).as(term).isCloseTo(error, within(1e-6 * error));
    }
  }

  @Test
  void theTableIsThatOfRWithCompleteCases() throws Exception {
    JsonNode solution = solve("problem.formula=diagnosis ~ age + sex*bmi + log(dose)");
    assertSummary(MAIN);
    JsonNode inference = solution.path("inference");
    assertThat(inference.path("deviance").doubleValue()).isCloseTo(294.76838210467, within(3e-6));
    assertThat(inference.path("nullDeviance").doubleValue())
        .isCloseTo(376.09888632017, within(4e-6));
    assertThat(inference.path("degreesOfFreedom").intValue()).isEqualTo(268);
    assertThat(solution.at("/design/formula").asText())
        .isEqualTo("diagnosis ~ age + sex*bmi + log(dose)");
    assertThat(solution.at("/design/columns/4/product").toString())
        .isEqualTo("[\"sexmale\",\"bmi\"]");
    assertThat(solution.at("/design/inputs").toString()).contains("[\"female\",\"male\"]");
    assertThat(solution.path("design").toString()).doesNotContain("north");
    JsonNode run = Cli.json(dir.resolve("out"), "run.json");
    assertThat(run.at("/missing/leftOut/rows").intValue()).isEqualTo(26);
    int ofAgents = 0;
    for (JsonNode rows : run.at("/missing/leftOut/rowsByAgent")) {
      ofAgents += rows.intValue();
    }
    assertThat(ofAgents).isEqualTo(26);
    assertThat(run.at("/levels/sex/male").intValue() + run.at("/levels/sex/female").intValue())
        .isEqualTo(274);
    assertThat(run.at("/rejectedRows").intValue()).isZero();
    assertThat(run.at("/configuration/problem/formula").asText()).contains("sex*bmi");
    assertThat(run.at("/privacy/disclosed").toString()).contains("names of their levels");
    assertThat(run.at("/columnsLeftOut/grade").asText()).isEqualTo("not in problem.formula");
  }

  @Test
  void knotsAndLevelsOfOneSiteAreAgreedOnEitherEngine() throws Exception {
    JsonNode solution = solve("problem.formula=diagnosis ~ ns(age, 3) + grade");
    assertSummary(SPLINES);
    assertThat(solution.at("/design/parts/0/knots").toString()).isEqualTo("[38.0,57.0]");
    assertThat(solution.at("/design/parts/0/boundary").toString()).isEqualTo("[20.0,79.0]");
    String local = Cli.read(dir.resolve("out/summary.csv"));
    solve("problem.formula=diagnosis ~ ns(age, 3) + grade", "engine.name=graphx");
    assertThat(Cli.read(dir.resolve("out/summary.csv"))).isEqualTo(local);
  }

  @Test
  void parquetIsReadTheSame() throws Exception {
    SparkSession spark = Cli.spark();
    try {
      spark
          .read()
          .option("header", "true")
          .option("inferSchema", "true")
          .option("nullValue", "NA")
          .csv(STUDY.toString())
          .coalesce(2)
          .write()
          .parquet(dir.resolve("study").toString());
    } finally {
      spark.stop();
    }
    solve(
        "data.format=parquet",
        "data.path=" + dir.resolve("study"),
        "problem.formula=diagnosis ~ sex*grade + poly(bmi, 2)");
    assertSummary(CROSSED);
  }

  @Test
  void aTableIsReadTheSameWithItsCategoriesAndNulls() throws Exception {
    String table = tableOf(STUDY);
    solve(
        "data.format=table",
        "data.path=" + table,
        "data.key=[row]",
        "problem.formula=diagnosis ~ sex*grade + poly(bmi, 2)");
    assertSummary(CROSSED);
    JsonNode solution =
        solve(
            "data.format=table",
            "data.path=" + table,
            "data.key=[row]",
            "problem.formula=diagnosis ~ age + sex*bmi + log(dose)");
    assertSummary(MAIN);
    assertThat(solution.at("/design/inputs").toString()).contains("[\"female\",\"male\"]");
    JsonNode run = Cli.json(dir.resolve("out"), "run.json");
    assertThat(run.at("/missing/leftOut/rows").intValue()).isEqualTo(26);
    assertThat(run.at("/levels/sex/male").intValue() + run.at("/levels/sex/female").intValue())
        .isEqualTo(274);
    String local = Cli.read(dir.resolve("out/summary.csv"));
    solve(
        "data.format=table",
        "data.path=" + table,
        "data.key=[row]",
        "engine.name=graphx",
        "problem.formula=diagnosis ~ age + sex*bmi + log(dose)");
    assertThat(Cli.read(dir.resolve("out/summary.csv"))).isEqualTo(local);
    Cli.Outcome map =
        Cli.optimize(
            conf(),
            "data.format=table",
            "data.path=" + table,
            "data.key=[row]",
            "problem.formula=diagnosis ~ age + seen");
    assertThat(map.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(map.err()).contains("the column 'seen' is a date", "Make a view");
  }

  /** Rows in another order than those of the file, with a key and a date. */
  private String tableOf(Path csv) {
    SparkSession spark = Cli.spark();
    try {
      spark
          .read()
          .option("header", "true")
          .option("inferSchema", "true")
          .option("nullValue", "NA")
          .csv(csv.toString())
          .coalesce(1)
          .withColumn("row", functions.monotonically_increasing_id())
          .withColumn("seen", functions.current_date())
          .orderBy(functions.rand(3))
          .write()
          .parquet(dir.resolve("table").toString());
    } finally {
      spark.stop();
    }
    return "parquet.`" + dir.resolve("table") + "`";
  }

  private Path times() {
    return Cli.write(
        dir.resolve("times.conf"),
        """
        data { path = "%s", agent = site }
        survival { time = days, event = died, cuts = [90, 200, 400] }
        problem.formula = "~ age * sex + stage + log(marker)"
        inference {}
        output { path = "%s/out", overwrite = true }
        """
            .formatted(TIMES, dir));
  }

  @Test
  void timesToAnEventHaveAFormulaInFilesAndTables() throws Exception {
    Cli.Outcome files = Cli.optimize(times());
    assertThat(files.code()).as("%s", files).isZero();
    assertSummary(HAZARDS);
    JsonNode inference = Cli.json(dir.resolve("out"), "solution.json").path("inference");
    assertThat(inference.path("deviance").doubleValue()).isCloseTo(656.94894748303, within(7e-6));
    JsonNode run = Cli.json(dir.resolve("out"), "run.json");
    assertThat(run.at("/missing/leftOut/columns/marker").intValue()).isEqualTo(14);
    assertThat(run.at("/configuration/problem/formula").asText()).startsWith("~ age");
    Cli.Outcome table =
        Cli.optimize(times(), "data.format=table", "data.path=" + tableOf(TIMES), "data.key=[id]");
    assertThat(table.code()).as("%s", table).isZero();
    assertSummary(HAZARDS);
    Path again = Cli.write(dir.resolve("again.conf"), run.path("configuration").toString());
    assertThat(Cli.optimize(again, "output.overwrite=true").code()).isZero();
    assertSummary(HAZARDS);
  }

  @Test
  void whatDoesNotGoWithTimesIsToldOfTheFormula() {
    Cli.Outcome left = Cli.optimize(times(), "problem.formula=days ~ age");
    assertThat(left.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(left.err()).contains("the label is said elsewhere: begin with the ~");
    Cli.Outcome offset = Cli.optimize(times(), "problem.formula=~ age + offset(marker)");
    assertThat(offset.err()).contains("problem.formula", "take offset() out");
    Cli.Outcome constant = Cli.optimize(times(), "problem.formula=~ age - 1");
    assertThat(constant.err()).contains("problem.formula", "take -1 or 0 out");
    Cli.Outcome event = Cli.optimize(times(), "problem.formula=~ age + died");
    assertThat(event.err()).contains("survival.event", "problem.formula names it, too");
    Cli.Outcome time = Cli.optimize(times(), "survival.time=dayz");
    assertThat(time.err())
        .contains("survival.time names the column 'dayz'", "maybe 'days' is meant")
        .doesNotContain("character");
  }

  @Test
  void columnsOfTextMayBeNamedWithoutAFormula() {
    JsonNode solution =
        solve(
            "data.label=diagnosis",
            "data.features=[age, sex, grade]",
            "data.missing=mean",
            "data.missing-indicator=true",
            "data.reference.grade=II");
    List<String> features = new ArrayList<>();
    solution.path("features").forEach(name -> features.add(name.asText()));
    assertThat(features)
        .containsExactly(
            "age", "sexmale", "sexmissing", "gradeI", "gradeIII", "gradeIV", "age_missing");
    assertThat(Cli.json(dir.resolve("out"), "run.json").path("rows").intValue()).isEqualTo(300);
  }

  @Test
  void complaintsNameTheColumnAndTheCharacter() {
    Cli.Outcome unknown = Cli.optimize(conf(), "problem.formula=diagnosis ~ age + log(dos)");
    assertThat(unknown.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(unknown.err())
        .contains("at character 23", "has no column 'dos', maybe 'dose' is meant");
    Cli.Outcome both =
        Cli.optimize(conf(), "problem.formula=diagnosis ~ age", "data.features=[age]");
    assertThat(both.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(both.err()).contains("data.features", "problem.formula is given, too");
    Cli.Outcome text = Cli.optimize(conf(), "problem.formula=diagnosis ~ log(sex)");
    assertThat(text.err().toLowerCase(Locale.ROOT))
        .contains("at character 17", "'sex' are no numbers");
  }
}
