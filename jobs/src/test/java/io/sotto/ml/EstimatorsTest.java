package io.sotto.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimators in pipelines of Spark ML, beside MLlib's own. */
class EstimatorsTest {
  private static SparkSession spark;
  private static Dataset<Row> patients;
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
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
    patients =
        spark
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv("../data/hospitals.csv")
            .cache();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Pipeline pipeline(PipelineStage last) {
    String[] features = Arrays.copyOfRange(patients.columns(), 2, patients.columns().length);
    return new Pipeline()
        .setStages(
            new PipelineStage[] {
              new StringIndexer()
                  .setInputCol("diagnosis")
                  .setOutputCol("label")
                  .setStringOrderType("alphabetAsc"),
              new VectorAssembler().setInputCols(features).setOutputCol("features"),
              last
            });
  }

  private static CrossValidatorModel validated(Estimator<?> last, DoubleParam penalty) {
    ParamMap[] grid = new ParamGridBuilder().addGrid(penalty, new double[] {1e-3, 1e-1}).build();
    return new CrossValidator()
        .setEstimator(pipeline(last))
        .setEvaluator(new BinaryClassificationEvaluator())
        .setEstimatorParamMaps(grid)
        .setNumFolds(3)
        .setSeed(1)
        .fit(patients);
  }

  /** Also says how long both take. */
  @Test
  void inTheSameCrossValidatorItIsAsGoodAsMllibs() throws IOException {
    SottoClassifier sotto = new SottoClassifier().setAgentCol("hospital").setTolerance(1e-6);
    LogisticRegression mllib = new LogisticRegression().setTol(1e-9);
    long start = System.nanoTime();
    CrossValidatorModel theirs = validated(mllib, mllib.regParam());
    long middle = System.nanoTime();
    CrossValidatorModel ours = validated(sotto, sotto.l2());
    long end = System.nanoTime();
    System.out.printf(
        "cross validation: MLlib %.1f s %s, Sotto %.1f s %s%n",
        1e-9 * (middle - start),
        Arrays.toString(theirs.avgMetrics()),
        1e-9 * (end - middle),
        Arrays.toString(ours.avgMetrics()));
    assertThat(ours.avgMetrics()).hasSize(2).doesNotContain(Double.NaN);
    for (int k = 0; k < 2; k++) {
      assertThat(ours.avgMetrics()[k]).isCloseTo(theirs.avgMetrics()[k], within(1e-3));
    }
    ours.write().save(dir.resolve("validated").toString());
    CrossValidatorModel again = CrossValidatorModel.load(dir.resolve("validated").toString());
    assertThat(again.avgMetrics()).isEqualTo(ours.avgMetrics());
    LogisticRegressionModel best =
        (LogisticRegressionModel) ((PipelineModel) again.bestModel()).stages()[2];
    assertThat(best.coefficients().size()).isEqualTo(30);
  }

  @Test
  void pipelinesAreSavedAndLoaded() throws IOException {
    SottoClassifier classifier =
        new SottoClassifier().setAgentCol("hospital").setL2(0.01).setTopology("complete");
    String path = dir.resolve("pipeline").toString();
    pipeline(classifier).write().save(path);
    Pipeline loaded = Pipeline.load(path);
    SottoClassifier again = (SottoClassifier) loaded.getStages()[2];
    assertThat(again.uid()).isEqualTo(classifier.uid());
    assertThat(again.explainParams()).isEqualTo(classifier.explainParams());
    String fitted = dir.resolve("fitted").toString();
    PipelineModel model = loaded.fit(patients);
    model.write().save(fitted);
    List<Row> was = model.transform(patients).select("probability").collectAsList();
    assertThat(PipelineModel.load(fitted).transform(patients).select("probability").collectAsList())
        .isEqualTo(was);
  }

  /** Counts and numbers; the Poisson model against MLlib's, which has all rows in one table. */
  @Test
  void theOthersFitWhatMllibFits() {
    Dataset<Row> rows =
        new VectorAssembler()
            .setInputCols(new String[] {"texture_mean", "smoothness_mean"})
            .setOutputCol("features")
            .transform(patients.selectExpr("*", "round(radius_mean / 4) AS count"));
    GeneralizedLinearRegressionModel counts =
        new SottoGeneralizedLinearRegression()
            .setAgentCol("hospital")
            .setLabelCol("count")
            .setProtect("none")
            .setTolerance(1e-9)
            .fit(rows);
    GeneralizedLinearRegressionModel central =
        new GeneralizedLinearRegression()
            .setFamily("poisson")
            .setLink("log")
            .setLabelCol("count")
            .fit(rows);
    assertThat(counts.coefficients().apply(0))
        .isCloseTo(central.coefficients().apply(0), within(1e-4));
    assertThat(counts.intercept()).isCloseTo(central.intercept(), within(1e-3));
    LinearRegressionModel median =
        new SottoRegressor()
            .setAgentCol("hospital")
            .setLabelCol("radius_mean")
            .setLoss("quantile")
            .setQuantileLevel(0.8)
            .setPredictionCol("level")
            .fit(rows);
    long below = median.transform(rows).filter("radius_mean <= level").count();
    assertThat(below / (double) rows.count()).isCloseTo(0.8, within(0.02));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Dataset<Row> rows =
        new VectorAssembler()
            .setInputCols(new String[] {"texture_mean"})
            .setOutputCol("features")
            .transform(patients.selectExpr("*", "radius_mean > 12 AS large", "3 + rand() AS y"));
    assertThatThrownBy(() -> new SottoRegressor().setLabelCol("y").fit(rows))
        .hasMessageContainingAll("agentCol is 'agent'", "no such column");
    assertThatThrownBy(
            () ->
                new SottoRegressor()
                    .setAgentCol("hospital")
                    .setLabelCol("y")
                    .setLoss("logistic")
                    .fit(rows))
        .hasMessageContainingAll("'logistic'", "quantile");
    assertThatThrownBy(
            () ->
                new SottoClassifier()
                    .setAgentCol("hospital")
                    .setLabelCol("kind")
                    .fit(rows.selectExpr("*", "if(large, 5, 7) AS kind")))
        .hasMessageContainingAll("[5, 7]", "StringIndexer");
    assertThatThrownBy(
            () ->
                new SottoRegressor()
                    .setAgentCol("hospital")
                    .setLabelCol("y")
                    .setProtect("rows")
                    .fit(rows))
        .hasMessageContainingAll("'rows'", "sums");
  }
}
