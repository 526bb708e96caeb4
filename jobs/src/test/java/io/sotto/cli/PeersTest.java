package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights, offsets, elastic net and softmax mean what they mean to Spark MLlib. */
class PeersTest {
  private static final long SEED = 60_221;
  private static final int ROWS = 240;
  private static final double CLOSE = 2e-4;

  @TempDir Path dir;

  /** who, label, count, w, e and three features; e is the logarithm of an exposure. */
  @BeforeEach
  void rows() {
    SplittableRandom random = new SplittableRandom(SEED);
    StringBuilder text = new StringBuilder("who,label,count,w,e,a,b,c\n");
    for (int r = 0; r < ROWS; r++) {
      double a = random.nextDouble(-1, 1);
      double b = random.nextDouble(-2, 2);
      double c = random.nextDouble(0, 1);
      double e = random.nextDouble(-1, 1);
      int label =
          (int) Math.max(0, Math.min(3, Math.rint(1.5 + a + b / 2 + random.nextGaussian())));
      int count = (int) (random.nextDouble() + 2 * Math.exp(e + a / 2 - c));
      double w = r % 7 == 0 ? 0 : random.nextDouble(0.2, 3);
      text.append("%d,%d,%d,%s,%s,%s,%s,%s\n".formatted(r % 5, label, count, w, e, a, b, c));
    }
    Cli.write(dir.resolve("rows.csv"), text.toString());
  }

  private JsonNode solve(String problem) {
    Path conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "DIR/rows.csv", agent = who, features = [a, b, c], weight = w }
            algorithm.name = async-admm
            network.topology = complete
            stop { max-ticks = 3000, tolerance = 1e-9, disagreement = 1e-7 }
            output { path = "DIR/out", overwrite = true }
            engine { name = local, cells = 1 }
            """
                    .replace("DIR", dir.toString())
                + problem);
    Cli.Outcome outcome = Cli.optimize(conf);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    return Cli.json(dir.resolve("out"), "solution.json");
  }

  private Dataset<Row> table(SparkSession spark) {
    Dataset<Row> rows =
        spark
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv(dir.resolve("rows.csv").toString());
    return new VectorAssembler()
        .setInputCols(new String[] {"a", "b", "c"})
        .setOutputCol("features")
        .transform(rows);
  }

  private static List<Double> flat(JsonNode numbers) {
    List<Double> flat = new ArrayList<>();
    numbers.forEach(one -> flat.addAll(one.isArray() ? flat(one) : List.of(one.doubleValue())));
    return flat;
  }

  /** regParam 0.02, elasticNetParam 0.25; the rows of label 2 count twice. */
  @Test
  void softmaxWithElasticNetWeightsAndClassWeights() {
    JsonNode found =
        solve(
            """
            data { label = label, standardize = false }
            problem { loss = softmax, l2 = 0.015, l1 = 0.005, class-weights { 2 = 2 } }
            """);
    assertThat(flat(found.get("labels").isArray() ? found.get("intercept") : found)).hasSize(4);
    assertThat(found.get("labels").toString()).isEqualTo("[\"0\",\"1\",\"2\",\"3\"]");
    assertThat(found.get("estimate")).hasSize(4);
    assertThat(found.get("dimension").intValue()).isEqualTo(16);
    SparkSession spark = Cli.spark();
    try {
      LogisticRegressionModel model =
          new LogisticRegression()
              .setFamily("multinomial")
              .setRegParam(0.02)
              .setElasticNetParam(0.25)
              .setStandardization(false)
              .setWeightCol("weight")
              .setTol(1e-12)
              .setMaxIter(500)
              .fit(table(spark).selectExpr("*", "w * if(label = 2, 2, 1) as weight"));
      List<Double> w = flat(found.get("estimate"));
      double mean =
          flat(found.get("intercept")).stream().mapToDouble(b -> b).average().orElseThrow();
      for (int k = 0; k < 4; k++) {
        for (int j = 0; j < 3; j++) {
          assertThat(w.get(3 * k + j))
              .as("class %d, feature %d, seed %d", k, j, SEED)
              .isCloseTo(model.coefficientMatrix().apply(k, j), within(CLOSE));
        }
        // MLlib takes intercepts of mean 0 of all that are as good
        assertThat(found.get("intercept").get(k).doubleValue() - mean)
            .isCloseTo(model.interceptVector().apply(k), within(CLOSE));
      }
      double history = model.summary().objectiveHistory()[model.summary().totalIterations()];
      assertThat(found.get("objective").doubleValue()).isCloseTo(history, within(1e-6 * history));
    } finally {
      spark.stop();
    }
  }

  @Test
  void poissonWithOffsetAndWeights() {
    JsonNode found = solve("data { label = count, offset = e }\nproblem.loss = poisson\n");
    assertThat(found.get("offset").textValue()).isEqualTo("e");
    assertThat(found.get("features").toString()).doesNotContain("\"e\"", "\"w\"");
    SparkSession spark = Cli.spark();
    try {
      GeneralizedLinearRegressionModel model =
          new GeneralizedLinearRegression()
              .setFamily("poisson")
              .setLabelCol("count")
              .setWeightCol("w")
              .setOffsetCol("e")
              .setTol(1e-12)
              .fit(table(spark));
      for (int j = 0; j < 3; j++) {
        assertThat(found.get("estimate").get(j).doubleValue())
            .as("feature %d, seed %d", j, SEED)
            .isCloseTo(model.coefficients().apply(j), within(CLOSE));
      }
      assertThat(found.get("intercept").doubleValue()).isCloseTo(model.intercept(), within(CLOSE));
    } finally {
      spark.stop();
    }
  }
}
