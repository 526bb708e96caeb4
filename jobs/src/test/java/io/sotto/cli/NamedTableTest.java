package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a table that Spark SQL knows by its name. */
class NamedTableTest {
  @TempDir Path dir;

  private Cli.Outcome optimize(String path, String output, String... more) {
    Path conf =
        Cli.write(
            dir.resolve("t.conf"),
            """
            data {
              format = table, path = "%s", label = diagnosis, agent = hospital, key = [patient]
              features = [radius_mean, texture_mean, smoothness_mean]
            }
            problem { loss = logistic, l2 = 1e-3 }
            output { path = "%s", overwrite = true }
            """
                .formatted(path, dir.resolve(output)));
    return Cli.optimize(conf, more);
  }

  /** The hospitals with a key, in another order of rows for another seed. */
  private void write(String name, int seed) {
    SparkSession spark = Cli.spark();
    try {
      spark
          .read()
          .option("header", true)
          .option("inferSchema", true)
          .csv(Cli.HOSPITALS.toString())
          .coalesce(1)
          .withColumn("sex", functions.lit("f"))
          .withColumn("patient", functions.monotonically_increasing_id())
          .repartition(3 + seed)
          .orderBy(functions.rand(seed))
          .write()
          .parquet(dir.resolve(name).toString());
    } finally {
      spark.stop();
    }
  }

  @Test
  void theOrderOfFilesMakesNoDifferenceAndTheTableIsRecorded() {
    write("one", 1);
    write("two", 2);
    Cli.Outcome first = optimize("parquet.`" + dir.resolve("one") + "`", "a");
    assertThat(first.code()).as("%s", first).isZero();
    Cli.Outcome second = optimize("parquet.`" + dir.resolve("two") + "`", "b");
    assertThat(second.code()).as("%s", second).isZero();
    JsonNode a = Cli.json(dir.resolve("a"), "solution.json");
    assertThat(a.path("estimate"))
        .isEqualTo(Cli.json(dir.resolve("b"), "solution.json").path("estimate"));
    JsonNode input = Cli.json(dir.resolve("a"), "run.json").findValue("inputs").get(0);
    assertThat(input.path("format").asText()).isEqualTo("parquet");
    assertThat(input.path("key").get(0).asText()).isEqualTo("patient");
    Cli.Outcome coarse =
        optimize("parquet.`" + dir.resolve("one") + "`", "c", "data.key=[hospital]");
    assertThat(coarse.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(coarse.err()).contains("data.key is [hospital]", "tell each row from all others");
    Cli.Outcome text =
        optimize("parquet.`" + dir.resolve("one") + "`", "c", "data.features=[radius_mean, sex]");
    assertThat(text.code()).as("%s", text).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(text.err()).contains("'sex'", "level");
  }

  @Test
  void whatSparkCannotReadIsRefusedWithWhatIsNeeded() {
    for (String path : List.of("iceberg.`/lake/rows`", "no_such_table", "lake.clinic.rows")) {
      Cli.Outcome outcome = optimize(path, "x");
      assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(outcome.complaints()).hasSize(1);
      assertThat(outcome.err())
          .contains("data.path is '" + path + "'", "--packages io.delta:delta-spark", "Iceberg");
    }
    Cli.Outcome keyless = optimize("t", "x", "data.key=[]");
    assertThat(keyless.err()).contains("data.key is missing; a table has no order of its own");
  }
}
