package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code score}. */
class ScoreTest {
  private static final String SOLUTION =
      """
      {"formatVersion": 3, "loss": "LOSS", "estimate": [1.0], "intercept": 0.0, "features": ["z"],
       "solvedEstimate": [1.0], "solvedIntercept": 0.0, "standardization": {"mean": [0.0], "deviation": [1.0]},
       "agents": 2, "dimension": 2, "labels": LABELS}
      """;

  private static final double[] Z = {
    -2.1, -1.3, -1.3, -0.4, -0.2, 0.1, 0.3, 0.3, 0.9, 1.2, 1.7, 2.4
  };

  @TempDir Path dir;

  /** Two files of rows, so that sums are over tasks, and a configuration for them. */
  private Path conf(String loss, String labels, List<String> y) throws IOException {
    Cli.write(
        dir.resolve("solution.json"), SOLUTION.replace("LOSS", loss).replace("LABELS", labels));
    Files.createDirectories(dir.resolve("rows"));
    for (int file = 0; file < 2; file++) {
      List<String> lines = new ArrayList<>(List.of("who,y,z,more"));
      for (int r = file; r < Z.length; r += 2) {
        lines.add("%s,%s,%s,x".formatted("w" + r % 3, y.get(r), Z[r]));
      }
      Files.write(dir.resolve("rows/%d.csv".formatted(file)), lines);
    }
    return Cli.write(
        dir.resolve("x.conf"),
        """
        data { path = "DIR/rows", label = y, agent = who }
        problem.loss = squared
        output.path = "DIR/none"
        score { solution = "DIR/solution.json", output = "DIR/scores" }
        """
            .replace("DIR", dir.toString()));
  }

  private JsonNode metrics(Path conf, String... more) {
    List<String> words = new ArrayList<>(List.of("score", conf.toString()));
    words.addAll(List.of(more));
    Cli.Outcome outcome = Cli.run(words);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    return Cli.json(dir.resolve("scores"), "scores.json").path("metrics");
  }

  /** Standard errors of R's glm are those of the step before its last, so ends differ by 1e-8. */
  private static void is(JsonNode metrics, String name, double value, double low, double high) {
    assertThat(metrics.path(name).path("value").doubleValue()).isCloseTo(value, within(1e-9));
    assertThat(metrics.path(name).path("low").doubleValue()).isCloseTo(low, within(1e-7));
    assertThat(metrics.path(name).path("high").doubleValue()).isCloseTo(high, within(1e-7));
  }

  /**
   * Of R 4.2, with z as above and p = plogis(z): {@code binom.test(sum((z>0)==(y>0)), 12)}; {@code
   * psi = outer(z[y==1], z[y==0], function(a,b) (a>b)+(a==b)/2)}, {@code mean(psi)} and {@code
   * sqrt(var(rowMeans(psi))/6 + var(colMeans(psi))/6)}; means and {@code sd(q)/sqrt(12)} of {@code
   * q = (p-y)^2} and of log losses; {@code glm(y ~ z, binomial)} with {@code confint.default}.
   */
  @Test
  void metricsOfTwoClassesAreThoseOfR() throws IOException {
    List<String> y =
        IntStream.of(0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1)
            .mapToObj(k -> k == 1 ? "yes" : "no")
            .toList();
    JsonNode metrics = metrics(conf("logistic", "[\"no\", \"yes\"]", y));
    is(metrics, "accuracy", 0.75, 0.428141538121811, 0.945139355472007);
    is(metrics, "auc", 0.777777777777778, 0.493835512841687, 1);
    is(metrics, "brier", 0.1971284792684615, 0.0845042192986336, 0.3097527392382894);
    is(metrics, "logLoss", 0.568404685437354, 0.310361296213586, 0.826448074661121);
    assertThat(metrics.at("/deviance/value").doubleValue())
        .isCloseTo(13.6417124504965, within(1e-9));
    is(metrics, "calibrationIntercept", -0.127731030647413, -1.429867544331554, 1.17440548303673);
    is(metrics, "calibrationSlope", 0.946998531813169, -0.302904150862054, 2.19690121448839);
    List<Row> rows = new ArrayList<>(Cli.table(dir.resolve("scores/scores")));
    rows.sort(Comparator.comparing(row -> row.<Double>getAs("probability")));
    assertThat(rows).hasSize(12);
    assertThat(rows.get(0).<String>getAs("prediction")).isEqualTo("no");
    assertThat(rows.get(0).<String>getAs("agent")).isEqualTo("w0");
    assertThat(rows.get(11).<Double>getAs("probability"))
        .isCloseTo(1 / (1 + Math.exp(-2.4)), within(1e-15));
    assertThat(rows.get(11).<Long>getAs("line")).isEqualTo(7);
    assertThat(rows.get(11).<String>getAs("file")).endsWith("1.csv");
  }

  /** Of R: means of e^2, |e| and their {@code sd(.)/sqrt(12)}; R2 by its influence function. */
  @Test
  void metricsOfNumbersAreThoseOfR() throws IOException {
    List<String> y =
        List.of("-2", "-1.5", "-1", ".2", "-.4", "0", ".5", ".1", "1", "1.5", "1.1", "3");
    JsonNode metrics = metrics(conf("squared", "[]", y));
    is(metrics, "rmse", 0.347610893576904, 0.194610573838141, 0.451434813917863);
    is(metrics, "mae", 0.291666666666667, 0.179909825739367, 0.403423507593966);
    is(metrics, "r2", 0.929779248557246, 0.869756191488112, 0.989802305626380);
    assertThat(metrics.at("/deviance/value").doubleValue()).isCloseTo(1.45, within(1e-9));
  }

  /** Of R: {@code poisson()$dev.resids(y, exp(z), 1)}; scores as csv, rows without labels too. */
  @Test
  void metricsOfCountsAreThoseOfR() throws IOException {
    List<String> y = List.of("0", "0", "1", "0", "1", "2", "1", "1", "3", "2", "6", "10");
    JsonNode metrics = metrics(conf("poisson", "[]", y), "score.format=csv");
    assertThat(metrics.at("/deviance/value").doubleValue())
        .isCloseTo(4.96627297295496, within(1e-9));
    is(metrics, "meanDeviance", 0.413856081079580, 0.162487367159043, 0.665224795000117);
    List<String> lines = Files.readAllLines(dir.resolve("scores/scores/part-00000.csv"));
    assertThat(lines.get(0)).isEqualTo("file,line,agent,label,prediction");
    assertThat(lines.get(1)).endsWith("0.csv,2,w0,0," + StrictMath.exp(-2.1));
    assertThat(lines).hasSize(7);
  }

  @Test
  void anOffsetIsAddedAndLeavesSquaredWithoutAModelOfMllib() throws IOException {
    List<String> y =
        List.of("-2", "-1.5", "-1", ".2", "-.4", "0", ".5", ".1", "1", "1.5", "1.1", "3");
    conf("squared", "[]", y);
    Path conf =
        Cli.write(
            dir.resolve("offset.conf"),
            """
            data { path = "DIR/rows", label = y, agent = who, features = [z], offset = e }
            problem.loss = squared
            output.path = "DIR/out"
            """
                .replace("DIR", dir.toString()));
    for (int file = 0; file < 2; file++) {
      Path rows = dir.resolve("rows/%d.csv".formatted(file));
      Cli.write(rows, Cli.read(rows).replace("more", "e").replace("x\n", "1000\n"));
    }
    Cli.Outcome run = Cli.optimize(conf);
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("model/: left out, since no class of MLlib for squared");
    assertThat(dir.resolve("out/model")).doesNotExist();
    assertThat(Cli.json(dir.resolve("out"), "solution.json").path("intercept").doubleValue())
        .isLessThan(-990);
    Cli.Outcome scored = Cli.run("score", conf.toString());
    assertThat(scored.code()).as("%s", scored).isZero();
    assertThat(
            Cli.json(dir.resolve("out-scores"), "scores.json")
                .at("/metrics/rmse/value")
                .doubleValue())
        .isLessThan(0.4);
  }

  @Test
  void rowsNeedNoLabel() throws IOException {
    List<String> y = new ArrayList<>(Collections.nCopies(12, ""));
    JsonNode none = metrics(conf("hinge", "[\"no\", \"yes\"]", y));
    assertThat(none.size()).isZero();
    y.set(0, "no");
    y.set(1, "yes");
    Files.delete(dir.resolve("scores/_SUCCESS"));
    JsonNode two = metrics(conf("hinge", "[\"no\", \"yes\"]", y), "output.overwrite=true");
    assertThat(two.at("/accuracy/value").doubleValue()).isEqualTo(0.5);
    assertThat(two.at("/auc/value").doubleValue()).isEqualTo(1);
    Cli.write(dir.resolve("rows/0.csv"), "z\n0.5\n");
    Cli.write(dir.resolve("rows/1.csv"), "z\n-0.5\n");
    Cli.Outcome outcome =
        Cli.run("score", dir.resolve("x.conf").toString(), "output.overwrite=true");
    assertThat(outcome.out()).contains("2 rows scored by hinge", "0 of them with labels");
    assertThat(Cli.table(dir.resolve("scores/scores")))
        .extracting(row -> row.<String>getAs("prediction"))
        .containsExactlyInAnyOrder("no", "yes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "who,y,zz | w,yes,1 | The solution names the column 'z', which | It has: who",
        "who,y,z | w,yes,x | 0.csv:2: 'z' is no finite number | data.bad-rows = skip",
        "who,y,z | w,maybe,1 | 0.csv:2: the label is none of those of the solution | Mend the row"
      })
  void whatCannotBeScoredIsRefusedByLineAndName(
      String header, String row, String what, String remedy) throws IOException {
    Path conf = conf("logistic", "[\"no\", \"yes\"]", Collections.nCopies(12, "no"));
    Cli.write(dir.resolve("rows/0.csv"), header + "\n" + row + "\n");
    Cli.Outcome outcome = Cli.run("score", conf.toString());
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.complaints()).as("%s", outcome).hasSize(1);
    assertThat(outcome.err()).contains(what, remedy);
    assertThat(dir.resolve("scores")).doesNotExist();
  }

  /** The folder of a result is enough, with other rows, of other formats, or its own. */
  @Test
  void aResultScoresRowsOfAllFormats() throws IOException {
    Path out = dir.resolve("out");
    Cli.Outcome run =
        Cli.run(
            "optimize",
            "../conf/hospitals.conf",
            "data.path=" + Cli.HOSPITALS,
            "output.path=" + out,
            "output.per-agent=false");
    assertThat(run.code()).as("%s", run).isZero();
    Cli.Outcome own = Cli.run("score", out.toString());
    assertThat(own.code()).as("%s", own).isZero();
    assertThat(own.out()).contains("569 rows scored by logistic over 30 features", "auc");
    JsonNode csv = Cli.json(dir.resolve("out-scores"), "scores.json");
    assertThat(csv.at("/metrics/auc/value").doubleValue()).isBetween(0.99, 1.0);
    double objective = Cli.json(out, "solution.json").path("objective").doubleValue();
    assertThat(csv.at("/metrics/logLoss/value").doubleValue()).isLessThan(objective);
    List<Row> scores = Cli.table(dir.resolve("out-scores/scores"));
    assertThat(Cli.read(out.resolve("model/MLmodel")))
        .contains(
            "loader_module: mlflow.spark",
            "model_data: sparkml",
            "pyspark_version: '" + Version.spark());
    SparkSession spark = Cli.spark();
    try {
      Dataset<Row> rows =
          spark
              .read()
              .option("header", true)
              .option("inferSchema", true)
              .csv(Cli.HOSPITALS.toString());
      List<Row> mllib =
          PipelineModel.load(out.resolve("model/sparkml").toString())
              .transform(rows)
              .collectAsList();
      for (int r = 0; r < mllib.size(); r++) {
        Vector p = mllib.get(r).getAs("probability");
        assertThat(scores.get(r).<Double>getAs("probability")).isCloseTo(p.apply(1), within(1e-12));
        assertThat(scores.get(r).<String>getAs("prediction"))
            .isEqualTo(mllib.get(r).getAs("predictedLabel"));
      }
      rows.repartition(3)
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(dir.resolve("rows.parquet").toString());
    } finally {
      spark.stop();
    }
    Cli.Outcome parquet =
        Cli.run(
            "score",
            out.toString(),
            "data.format=parquet",
            "data.path=" + dir.resolve("rows.parquet"),
            "output.overwrite=true");
    assertThat(parquet.code()).as("%s", parquet).isZero();
    JsonNode metrics = Cli.json(dir.resolve("out-scores"), "scores.json").path("metrics");
    for (String name : List.of("auc", "brier", "calibrationSlope")) {
      assertThat(metrics.at("/" + name + "/low").doubleValue())
          .isCloseTo(csv.at("/metrics/" + name + "/low").doubleValue(), within(1e-9));
    }
  }

  /** Rows of y = 2 + age / 2 + 3 (where the grade is b) + base + 10 more, with a little noise. */
  private Path studied(String formula) throws IOException {
    List<String> lines = new ArrayList<>(List.of("site,age,grade,base,more,y"));
    for (int r = 0; r < 40; r++) {
      int age = 20 + 7 * r % 41;
      int base = r % 5;
      int more = r % 3;
      double y = 2 + 0.5 * age + (r % 2) * 3 + base + 10 * more + (r % 4 - 1.5) * 1e-3;
      lines.add(
          "s%d,%d,%s,%d,%d,%s".formatted(r % 3, age, r % 2 == 0 ? "a" : "b", base, 10 * more, y));
    }
    lines.add("s0,NA,a,0,0,1");
    Files.write(dir.resolve("study.csv"), lines);
    return Cli.write(
        dir.resolve("study.conf"),
        """
        data { path = "DIR/study.csv", agent = site, offset = more }
        problem { loss = squared, formula = "FORMULA" }
        stop.tolerance = 1e-9
        output.path = "DIR/out"
        """
            .replace("DIR", dir.toString())
            .replace("FORMULA", formula));
  }

  private List<Double> predictions() throws IOException {
    List<Row> rows = new ArrayList<>(Cli.table(dir.resolve("out-scores/scores")));
    rows.sort(Comparator.comparing(row -> row.<Long>getAs("line")));
    return rows.stream().map(row -> row.<Double>getAs("prediction")).toList();
  }

  @Test
  void aFormulaEncodesNewRowsAndUnknownLevelsAreBadRows() throws IOException {
    Path conf = studied("y ~ age + grade + offset(base)");
    Cli.Outcome run = Cli.optimize(conf);
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("model/: left out, since features are made by a formula");
    assertThat(dir.resolve("out/model")).doesNotExist();
    Path rows =
        Cli.write(
            dir.resolve("new.csv"),
            """
            grade,base,more,age,y,site
            b,1,0,40,26,s0
            a,,0,30,17,s1
            NA,0,0,30,17,
            a,0,20,10,NA,
            """);
    String[] words = {"score", dir.resolve("out").toString(), "data.path=" + rows};
    Cli.Outcome scored = Cli.run(words);
    assertThat(scored.code()).as("%s", scored).isZero();
    assertThat(scored.out())
        .contains("2 rows scored by squared over 2 features, 1 of them with labels; none left out")
        .contains("2 without a value left out (base in 1, grade in 1)");
    List<Double> predictions = predictions();
    assertThat(predictions).hasSize(2);
    assertThat(predictions.get(0)).isCloseTo(26, within(0.01));
    assertThat(predictions.get(1)).isCloseTo(27, within(0.01));
    JsonNode scores = Cli.json(dir.resolve("out-scores"), "scores.json");
    assertThat(scores.at("/missing/rows").intValue()).isEqualTo(2);
    assertThat(scores.at("/metrics/rmse/value").doubleValue()).isLessThan(0.01);
    SparkSession spark = Cli.spark();
    try {
      spark
          .read()
          .option("header", true)
          .option("inferSchema", true)
          .option("nullValue", "NA")
          .csv(rows.toString())
          .coalesce(1)
          .write()
          .parquet(dir.resolve("new.parquet").toString());
    } finally {
      spark.stop();
    }
    Cli.Outcome parquet =
        Cli.run(
            "score",
            dir.resolve("out").toString(),
            "data.format=parquet",
            "data.path=" + dir.resolve("new.parquet"),
            "output.overwrite=true");
    assertThat(parquet.code()).as("%s", parquet).isZero();
    assertThat(predictions()).isEqualTo(predictions);
    Cli.write(rows, Cli.read(rows) + "z,0,0,30,17,s1\n");
    Cli.Outcome unknown = Cli.run("score", words[1], words[2], "output.overwrite=true");
    assertThat(unknown.code()).as("%s", unknown).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(unknown.err())
        .contains("new.csv:6: 'grade' is none of the levels of the model", "data.bad-rows = skip");
    Cli.Outcome skipped =
        Cli.run("score", words[1], words[2], "output.overwrite=true", "data.bad-rows=skip");
    assertThat(skipped.code()).as("%s", skipped).isZero();
    assertThat(skipped.out()).contains("2 rows scored", "1 ({'grade' is none of the levels");
    assertThat(predictions()).isEqualTo(predictions);
  }

  @Test
  void penaltiesThatWereChosenAreScoredAndTimesAreRefused() throws IOException {
    Path conf = studied("y ~ age");
    Cli.Outcome run = Cli.optimize(conf, "problem.l2=[1, 1e-6]");
    assertThat(run.code()).as("%s", run).isZero();
    Cli.Outcome scored = Cli.run("score", dir.resolve("out").toString());
    assertThat(scored.code()).as("%s", scored).isZero();
    assertThat(scored.out()).contains("40 rows scored by squared over 1 features, 40 of them");
    List<String> lines = new ArrayList<>(List.of("site,time,event,age"));
    for (int r = 0; r < 30; r++) {
      lines.add("s%d,%d,%d,%d".formatted(r % 3, 1 + 5 * r % 17, r % 2, 30 + 7 * r % 23));
    }
    Files.write(dir.resolve("times.csv"), lines);
    Path times =
        Cli.write(
            dir.resolve("times.conf"),
            """
            data { path = "DIR/times.csv", agent = site }
            survival { time = time, event = event, intervals = 3 }
            output.path = "DIR/hazard"
            """
                .replace("DIR", dir.toString()));
    Cli.Outcome hazard = Cli.optimize(times);
    assertThat(hazard.code()).as("%s", hazard).isZero();
    assertThat(hazard.out()).contains("model/: left out, since MLlib has no class");
    Cli.Outcome refused = Cli.run("score", dir.resolve("hazard").toString());
    assertThat(refused.code()).as("%s", refused).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains("times to an event (survival)", "survival.csv");
    assertThat(dir.resolve("hazard-scores")).doesNotExist();
  }

  /** Features of libsvm are numbers; those that the solution does not know count nothing. */
  @Test
  void softmaxOverLibsvm() throws IOException {
    Path rows =
        Cli.write(
            dir.resolve("rows.libsvm"),
            """
            1 1:2 2:0.5
            2 2:3
            3 1:-2 2:-2
            1 1:1.5 2:1
            2 1:0.1 2:2
            3 1:-1
            """);
    Path conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", format = libsvm, deal.agents = 2 }
            problem { loss = softmax, l2 = 0.1 }
            output.path = "%s"
            score.format = csv
            """
                .formatted(rows, dir.resolve("out")));
    Cli.Outcome run = Cli.optimize(conf);
    assertThat(run.code()).as("%s", run).isZero();
    Cli.write(dir.resolve("more.libsvm"), "1 1:2 2:0.5 7:100\n2 2:3\n");
    Cli.Outcome scored =
        Cli.run("score", conf.toString(), "data.path=" + dir.resolve("more.libsvm"));
    assertThat(scored.code()).as("%s", scored).isZero();
    List<String> lines = Files.readAllLines(dir.resolve("out-scores/scores/part-00000.csv"));
    assertThat(lines.get(0))
        .isEqualTo("file,line,label,prediction,probability 1,probability 2,probability 3");
    double sum = 0;
    String[] first = lines.get(1).split(",", -1);
    assertThat(first[3]).isEqualTo("1");
    for (int k = 4; k < 7; k++) {
      sum += Double.parseDouble(first[k]);
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    assertThat(
            Cli.json(dir.resolve("out-scores"), "scores.json")
                .at("/metrics/accuracy/value")
                .doubleValue())
        .isEqualTo(1);
  }
}
