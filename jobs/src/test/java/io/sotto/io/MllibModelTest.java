package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Standardization;
import io.sotto.run.Predictor;
import io.sotto.run.Solution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions as models of Spark MLlib, saved, and loaded by plain code of MLlib. */
class MllibModelTest {
  /** MLlib of Spark 3.5 takes no such names. */
  private static final boolean PLAIN =
      org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("3.");

  private static final List<String> NAMES =
      PLAIN ? List.of("a", "c", "d e") : List.of("a.b", "c", "d `e`");
  private static final List<String> KINDS = List.of("x", "y", "z");
  private static SparkSession spark;
  private static Dataset<Row> rows;
  @TempDir Path dir;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.log.level", "ERROR")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    List<Row> made = new ArrayList<>();
    for (int r = 0; r < 40; r++) {
      made.add(
          RowFactory.create(
              Math.sin(3 * r), 2 + Math.cos(5 * r * r), 1e3 * Math.sin(7 * r), 0.1 * (r % 5)));
    }
    StructType type = new StructType();
    for (String name : NAMES) {
      type = type.add(name, DataTypes.DoubleType);
    }
    rows = spark.createDataFrame(made, type.add("exposure", DataTypes.DoubleType));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Solution solution(
      String loss, List<String> names, List<String> labels, @Nullable String offset) {
    int outputs = loss.equals("softmax") ? 3 : 1;
    double[] w = {0.3, -1.7, 1e-3, 0.1, 0.9, -2e-3, -0.7, 0.2, 5e-4};
    double[] estimate = Arrays.copyOf(w, 3 * outputs);
    double[] intercepts = Arrays.copyOf(new double[] {2.9, 0.1, -0.3}, outputs);
    return new Solution(
        loss,
        estimate,
        intercepts,
        names,
        estimate,
        intercepts,
        Standardization.none(3),
        outputs,
        0.5,
        Map.of(),
        2,
        4 * outputs,
        labels,
        offset,
        null,
        null,
        null);
  }

  private static Solution solution(String loss) {
    return solution(
        loss,
        NAMES,
        switch (loss) {
          case "logistic", "hinge", "squared-hinge" -> List.of("no", "yes");
          case "softmax" -> KINDS;
          default -> List.of();
        },
        null);
  }

  private List<Row> predicted(Solution solution) throws IOException {
    String path = dir.resolve("pipeline").toString();
    MllibModel.pipeline(solution, true).write().overwrite().save(path);
    return PipelineModel.load(path).transform(rows).collectAsList();
  }

  private static double[] values(Row row) {
    return new double[] {row.getDouble(0), row.getDouble(1), row.getDouble(2)};
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
    Solution solution = solution(loss);
    Predictor predictor = Predictor.of(solution);
    double[] z = new double[solution.outputs()];
    List<Row> predicted = predicted(solution);
    assertThat(predicted).hasSize(40);
    for (Row row : predicted) {
      predictor.scores(null, values(row), 3, 0, z);
      switch (predictor.kind()) {
        case CLASSES -> {
          Vector p = row.getAs("probability");
          assertThat(p.toArray()).containsExactly(Predictor.probabilities(z), within(1e-12));
        }
        case PROBABILITY -> {
          Vector p = row.getAs("probability");
          assertThat(p.apply(1)).isCloseTo(Predictor.probability(z[0]), within(1e-12));
        }
        case SIDE -> {
          Vector raw = row.getAs("rawPrediction");
          assertThat(raw.apply(1)).isCloseTo(z[0], within(1e-12));
        }
        case COUNT -> isSame(row.getAs("prediction"), Math.exp(z[0]));
        case NUMBER -> isSame(row.getAs("prediction"), z[0]);
      }
      if (!solution.labels().isEmpty()) {
        assertThat(row.<String>getAs("predictedLabel"))
            .isEqualTo(solution.labels().get(predictor.classOf(z)));
      }
    }
  }

  private static void isSame(double one, double other) {
    assertThat(one).isCloseTo(other, within(1e-12 * Math.max(1, Math.abs(other))));
  }

  /** Without columns, as of libsvm: the rows bring a vector, and each stage loads by its class. */
  @Test
  void theClassesAreThoseOfMllib() throws IOException {
    String path = dir.resolve("vectors").toString();
    String stage = path + "/stages/0_model";
    Vector row = Vectors.dense(1, 2, 3);
    for (String loss : List.of("logistic", "hinge", "poisson", "quantile")) {
      Solution solution = solution(loss);
      MllibModel.pipeline(solution, false).write().overwrite().save(path);
      double[] z = new double[1];
      Predictor.of(solution).scores(null, row.toArray(), 3, 0, z);
      double prediction =
          switch (loss) {
            case "logistic" -> LogisticRegressionModel.load(stage).predict(row);
            case "hinge" -> LinearSVCModel.load(stage).predict(row);
            case "poisson" -> GeneralizedLinearRegressionModel.load(stage).predict(row);
            default -> LinearRegressionModel.load(stage).predict(row);
          };
      isSame(
          prediction,
          switch (loss) {
            case "logistic", "hinge" -> z[0] > 0 ? 1 : 0;
            case "poisson" -> Math.exp(z[0]);
            default -> z[0];
          });
    }
  }

  @Test
  void offsetsArePoissonsAlone() throws IOException {
    Solution counts = solution("poisson", NAMES, List.of(), "exposure");
    double[] z = new double[1];
    for (Row row : predicted(counts)) {
      Predictor.of(counts).scores(null, values(row), 3, row.getDouble(3), z);
      isSame(row.getAs("prediction"), Math.exp(z[0]));
    }
    assertThat(MllibModel.missing(solution("squared", NAMES, List.of(), "exposure")))
        .contains("adds an offset");
    assertThat(MllibModel.missing(solution("com.example.LogCosh")))
        .contains("no class for the loss com.example.LogCosh");
    assertThatThrownBy(() -> MllibModel.model("m", solution("com.example.LogCosh")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("Use its estimate");
  }

  @Test
  void oddNamesOfColumnsAreSaidWhereMllibTakesNone() {
    Solution odd = solution("squared", List.of("a.b", "c", "d"), List.of(), null);
    assertThat(MllibModel.model("m", odd)).isInstanceOf(LinearRegressionModel.class);
    if (PLAIN) {
      assertThat(MllibModel.missing(odd)).contains("takes no column with a dot", "'a.b'");
    } else {
      assertThat(MllibModel.missing(odd)).isNull();
    }
  }
}
