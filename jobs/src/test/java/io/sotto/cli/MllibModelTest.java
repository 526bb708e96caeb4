package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code model/} of a result, loaded by plain code of Spark MLlib. */
class MllibModelTest {
  private static final List<String> OF_TWO = List.of("logistic", "hinge", "squared-hinge");

  @TempDir Path dir;

  /** Three classes, counts and numbers; a name with a dot, which Spark takes for a field. */
  private Path rows() throws IOException {
    List<String> lines = new ArrayList<>(List.of("who,kind,two,count,number,a.b,c,exposure"));
    for (int r = 0; r < 90; r++) {
      double a = Math.sin(3 * r);
      double c = 2 + Math.cos(5 * r * r);
      int kind = (r % 3 + (a + c > 2 ? 1 : 0)) % 3;
      lines.add(
          "%s,%s,%s,%d,%s,%s,%s,%s"
              .formatted(
                  "w" + r % 4,
                  List.of("x", "y", "z").get(kind),
                  kind == 0 ? "no" : "yes",
                  Math.round(3 + a + 2 * Math.sin(r)),
                  a - 2 * c + 0.3 * Math.sin(7 * r),
                  a,
                  c,
                  0.1 * (r % 5)));
    }
    return Files.write(dir.resolve("rows.csv"), lines);
  }

  private Cli.Outcome optimize(String loss, String label, String... more) throws IOException {
    Path conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", label = %s, agent = who, features = [a.b, c] }
            problem { loss = %s, l2 = 0.01 }
            stop.max-ticks = 200
            output { path = "%s", overwrite = true }
            """
                .formatted(rows(), label, loss, dir.resolve("out")));
    List<String> words = new ArrayList<>(List.of("optimize", conf.toString()));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  private static String label(String loss) {
    return OF_TWO.contains(loss)
        ? "two"
        : Map.of("softmax", "kind", "poisson", "count").getOrDefault(loss, "number");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "squared",
        "absolute",
        "huber",
        "quantile",
        "logistic",
        "hinge",
        "squared-hinge",
        "poisson",
        "softmax"
      })
  void mllibPredictsWhatTheSolutionSays(String loss) throws IOException {
    Cli.Outcome outcome = optimize(loss, label(loss));
    assertThat(outcome.code()).as("%s", outcome).isZero();
    JsonNode solution = Cli.json(dir.resolve("out"), "solution.json");
    assertThat(solution.path("loss").asText()).isEqualTo(loss);
    SparkSession spark = Cli.spark();
    try {
      List<Row> predicted = predicted(spark);
      assertThat(predicted).hasSize(90);
      for (Row row : predicted) {
        double[] z = scores(solution, row);
        int best = best(z);
        switch (loss) {
          case "softmax" -> {
            assertThat(row.<String>getAs("predictedLabel"))
                .isEqualTo(solution.path("labels").get(best).asText());
            Vector p = row.getAs("probability");
            double sum = 0;
            for (double one : z) {
              sum += Math.exp(one - z[best]);
            }
            for (int k = 0; k < 3; k++) {
              assertThat(p.apply(k)).isCloseTo(Math.exp(z[k] - z[best]) / sum, within(1e-12));
            }
          }
          case "logistic" -> {
            Vector p = row.getAs("probability");
            assertThat(p.apply(1)).isCloseTo(1 / (1 + Math.exp(-z[0])), within(1e-12));
            assertThat(row.<String>getAs("predictedLabel")).isEqualTo(z[0] > 0 ? "yes" : "no");
          }
          case "hinge", "squared-hinge" -> {
            Vector raw = row.getAs("rawPrediction");
            assertThat(raw.apply(1)).isCloseTo(z[0], within(1e-12));
            assertThat(row.<String>getAs("predictedLabel")).isEqualTo(z[0] > 0 ? "yes" : "no");
          }
          default -> {
            DoubleUnaryOperator mean = loss.equals("poisson") ? Math::exp : one -> one;
            double expected = mean.applyAsDouble(z[0]);
            assertThat(row.<Double>getAs("prediction"))
                .isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
          }
        }
      }
    } finally {
      spark.stop();
    }
  }

  private List<Row> predicted(SparkSession spark) {
    Dataset<Row> rows =
        spark
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv(dir.resolve("rows.csv").toString());
    return PipelineModel.load(dir.resolve("out/model/sparkml").toString())
        .transform(rows)
        .collectAsList();
  }

  private static double[] scores(JsonNode solution, Row row) {
    boolean several = solution.path("intercept").isArray();
    double[] z = new double[several ? solution.path("intercept").size() : 1];
    for (int k = 0; k < z.length; k++) {
      JsonNode w = several ? solution.path("estimate").get(k) : solution.path("estimate");
      z[k] = (several ? solution.path("intercept").get(k) : solution.path("intercept")).asDouble();
      for (int j = 0; j < w.size(); j++) {
        z[k] += w.get(j).asDouble() * row.<Double>getAs(solution.path("features").get(j).asText());
      }
    }
    return z;
  }

  private static int best(double[] z) {
    int best = 0;
    for (int k = 1; k < z.length; k++) {
      best = z[k] > z[best] ? k : best;
    }
    return best;
  }

  /** Each stage by its own class, and what MLflow looks for. */
  @Test
  void theClassesAreThoseOfMllib() throws IOException {
    String stage = dir.resolve("out/model/sparkml/stages/1_model").toString();
    Map<String, String> classes =
        Map.of(
            "logistic", LogisticRegressionModel.class.getName(),
            "hinge", LinearSVCModel.class.getName(),
            "poisson", GeneralizedLinearRegressionModel.class.getName(),
            "quantile", LinearRegressionModel.class.getName());
    for (Map.Entry<String, String> one : classes.entrySet()) {
      optimize(one.getKey(), label(one.getKey()));
      SparkSession spark = Cli.spark();
      try {
        Row metadata = spark.read().json(stage + "/metadata").first();
        assertThat(metadata.<String>getAs("class")).isEqualTo(one.getValue());
      } finally {
        spark.stop();
      }
    }
    String mlmodel = Cli.read(dir.resolve("out/model/MLmodel"));
    assertThat(mlmodel)
        .contains("loader_module: mlflow.spark", "model_data: sparkml", "pyspark_version: '4.");
  }

  @Test
  void offsetsArePoissonsAlone() throws IOException {
    Cli.Outcome counts = optimize("poisson", "count", "data.offset=exposure");
    assertThat(counts.code()).as("%s", counts).isZero();
    JsonNode solution = Cli.json(dir.resolve("out"), "solution.json");
    SparkSession spark = Cli.spark();
    try {
      for (Row row : predicted(spark)) {
        double expected = Math.exp(scores(solution, row)[0] + row.<Double>getAs("exposure"));
        assertThat(row.<Double>getAs("prediction"))
            .isCloseTo(expected, within(1e-12 * Math.max(1, expected)));
      }
    } finally {
      spark.stop();
    }
    Cli.Outcome numbers = optimize("squared", "number", "data.offset=exposure");
    assertThat(numbers.code()).as("%s", numbers).isZero();
    assertThat(numbers.err()).contains("no folder model/", "adds an offset");
    assertThat(dir.resolve("out/model")).doesNotExist();
  }
}
