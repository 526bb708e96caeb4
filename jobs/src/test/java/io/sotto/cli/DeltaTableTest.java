package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a table of Delta Lake, by its own runtime. */
class DeltaTableTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
          "spark.databricks.delta.snapshotPartitions", "2", // 50 and 200 tasks for these few rows
          "spark.sql.shuffle.partitions", "2");

  @TempDir Path dir;

  @BeforeAll
  static void withDelta() {
    SETTINGS.forEach(System::setProperty);
  }

  @AfterAll
  static void withoutDelta() {
    SETTINGS.keySet().forEach(System::clearProperty);
  }

  @Test
  void theLatestVersionIsReadOrTheOneThatIsNamed() {
    SparkSession spark = Cli.spark();
    try {
      Dataset<Row> rows =
          spark
              .read()
              .option("header", true)
              .option("inferSchema", true)
              .csv(Cli.HOSPITALS.toString())
              .coalesce(1)
              .withColumn("patient", functions.monotonically_increasing_id())
              .withColumn("ward", functions.expr("if(radius_mean > 15, 'east', 'west')"));
      String table = dir.resolve("delta").toString();
      rows.write().format("delta").save(table);
      spark.sql("DELETE FROM delta.`" + table + "` WHERE patient % 10 = 0");
    } finally {
      spark.stop();
    }
    Path conf =
        Cli.write(
            dir.resolve("d.conf"),
            """
            data {
              format = table, path = "delta.`%1$s/delta`", key = [patient]
              agent = hospital
            }
            problem { loss = logistic, l2 = 1e-3, formula = "diagnosis ~ log(texture_mean) * ward" }
            stop.max-ticks = 4
            output.path = "%1$s/out"
            """
                .formatted(dir));
    Cli.Outcome outcome = Cli.optimize(conf);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("512 rows of 8 agents"); // 569 of 0 to 568 without 57
    JsonNode input = Cli.json(dir.resolve("out"), "run.json").findValue("inputs").get(0);
    assertThat(input.path("format").asText()).isEqualTo("delta");
    assertThat(input.path("version").asText()).isEqualTo("1");
    assertThat(Cli.json(dir.resolve("out"), "solution.json").path("features").toString())
        .isEqualTo("[\"log(texture_mean)\",\"wardwest\",\"log(texture_mean):wardwest\"]");

    Cli.Outcome scored = Cli.run("score", dir.resolve("out").toString());
    assertThat(scored.code()).as("%s", scored).isZero();
    assertThat(scored.out()).contains("512 rows scored", "512 of them with labels");
    JsonNode scores = Cli.json(dir.resolve("out-scores"), "scores.json");
    assertThat(scores.at("/inputs/0/version").asText()).isEqualTo("1");
    assertThat(scores.at("/metrics/auc/value").doubleValue()).isGreaterThan(0.5);
    assertThat(Cli.table(dir.resolve("out-scores/scores")))
        .hasSize(512)
        .extracting(row -> row.<Long>getAs("patient") % 10)
        .doesNotContain(0L);

    String earlier = "data.path=delta.`" + dir.resolve("delta") + "` version as of ";
    String again = "output.overwrite=true";
    Cli.Outcome first = Cli.optimize(conf, earlier + 0, again);
    assertThat(first.code()).as("%s", first).isZero();
    assertThat(first.out()).contains("569 rows of 8 agents");
    input = Cli.json(dir.resolve("out"), "run.json").findValue("inputs").get(0);
    assertThat(input.path("version").asText()).isEqualTo("0");
    Cli.Outcome none = Cli.optimize(conf, earlier + 7, again);
    assertThat(none.code()).as("%s", none).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(none.err()).contains("version as of 7'", "Available versions: [0, 1]");
  }
}
