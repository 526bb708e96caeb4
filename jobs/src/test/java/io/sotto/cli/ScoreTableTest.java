package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of a table that Spark SQL knows, beside those of the same rows in a file. */
class ScoreTableTest {
  @TempDir Path dir;
  private Path rows;

  /** Rows with a key of two columns, of which one has the name of a column of scores. */
  @BeforeEach
  void solve() throws Exception {
    List<String> lines = new ArrayList<>(List.of("label,visit no,site,age,grade,ill"));
    for (int r = 0; r < 90; r++) {
      int age = 20 + r * 37 % 61;
      boolean ill = age + r * 29 % 60 > 80;
      lines.add(
          "p%02d,%d,s%d,%s,%s,%s"
              .formatted(
                  r / 2,
                  r % 2,
                  r % 3,
                  r == 50 ? "" : "" + age,
                  r % 4 == 0 ? "a" : "b",
                  r == 60 ? "" : ill ? "yes" : "no"));
    }
    rows = dir.resolve("rows.csv");
    Files.write(rows, lines);
    Path conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "DIR/learnt.csv", agent = site }
            problem { loss = logistic, l2 = 0.01, formula = "ill ~ log(age) * grade" }
            output { path = "DIR/out", overwrite = true, per-agent = false }
            """
                .replace("DIR", dir.toString()));
    lines.remove(61); // without a label
    Files.write(dir.resolve("learnt.csv"), lines);
    Cli.Outcome run = Cli.optimize(conf);
    assertThat(run.code()).as("%s", run).isZero();
  }

  /** The rows as a table of some files, in another order. */
  private String table(String name) {
    return table(name, "age");
  }

  private String table(String name, String... changed) {
    SparkSession spark = Cli.spark();
    try {
      Dataset<Row> all =
          spark.read().option("header", true).option("inferSchema", true).csv(rows.toString());
      all = all.withColumn("age", functions.expr(changed[0]));
      all = changed.length > 1 ? all.drop(changed[1]) : all;
      all.repartition(3).orderBy(functions.rand(7)).write().parquet(dir.resolve(name).toString());
    } finally {
      spark.stop();
    }
    return "data.path=parquet.`" + dir.resolve(name).toUri() + "`";
  }

  private Cli.Outcome score(String to, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("score", dir.resolve("out").toString(), "score.output=" + dir.resolve(to)));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  private Cli.Outcome scoreTable(String to, String path, String... more) {
    List<String> words = new ArrayList<>(List.of(more));
    words.addAll(List.of("data.format=table", path, "data.key=[label, visit no]"));
    return score(to, words.toArray(String[]::new));
  }

  @Test
  void aTableIsScoredAsTheSameRowsInAFile() {
    Cli.Outcome file = score("file", "data.path=" + rows);
    assertThat(file.code()).as("%s", file).isZero();
    assertThat(file.out())
        .contains(
            "89 rows scored", "88 of them with labels", "1 without a value left out (age in 1)");
    Cli.Outcome table = scoreTable("table", table("t"));
    assertThat(table.code()).as("%s", table).isZero();
    assertThat(table.out())
        .contains(
            "89 rows scored", "88 of them with labels", "1 without a value left out (age in 1)");
    JsonNode one = Cli.json(dir.resolve("file"), "scores.json");
    JsonNode other = Cli.json(dir.resolve("table"), "scores.json");
    for (String same : List.of("rows", "labelled", "missing", "metrics", "roc", "calibration")) {
      assertThat(other.get(same)).as(same).isEqualTo(one.get(same));
    }
    assertThat(other.at("/inputs/0/format").asText()).isEqualTo("parquet");
    assertThat(other.at("/inputs/0/key").toString()).isEqualTo("[\"label\",\"visit no\"]");
    assertThat(dir.resolve("table/report.html")).exists();
    List<Row> expected = Cli.table(dir.resolve("file/scores"));
    List<Row> scores = Cli.table(dir.resolve("table/scores"));
    assertThat(scores).hasSameSizeAs(expected);
    assertThat(scores.get(0).schema().fieldNames())
        .containsExactly("key_label", "visit%20no", "agent", "label", "prediction", "probability");
    for (int r = 0; r < scores.size(); r++) {
      long at = expected.get(r).<Long>getAs("line") - 2;
      assertThat(scores.get(r).<String>getAs("key_label")).isEqualTo("p%02d".formatted(at / 2));
      assertThat(scores.get(r).<Long>getAs("visit%20no")).isEqualTo(at % 2);
      for (String same : List.of("agent", "label", "prediction", "probability")) {
        assertThat(scores.get(r).<Object>getAs(same)).isEqualTo(expected.get(r).getAs(same));
      }
    }
    Cli.Outcome csv = scoreTable("csv", table("again"), "score.format=csv");
    assertThat(csv.code()).as("%s", csv).isZero();
    assertThat(Cli.read(dir.resolve("csv/scores/part-00000.csv")).lines())
        .hasSize(90)
        .startsWith("key_label,visit no,agent,label,prediction,probability")
        .element(1)
        .asString()
        .startsWith("p00,0,s0,no,");
  }

  @Test
  void labelsAndHoldersMayBeMissingAndBadRowsAreToldByTheirKey() {
    Cli.Outcome bare = scoreTable("bare", table("bare-rows", "age", "ill"));
    assertThat(bare.code()).as("%s", bare).isZero();
    assertThat(bare.out()).contains("89 rows scored", "0 of them with labels");
    assertThat(dir.resolve("bare/report.html")).doesNotExist();
    Cli.Outcome lone = scoreTable("lone", table("lone-rows", "age", "site"));
    assertThat(lone.code()).as("%s", lone).isZero();
    assertThat(Cli.table(dir.resolve("lone/scores")))
        .hasSize(89)
        .allSatisfy(row -> assertThat(row.<String>getAs("agent")).isEmpty());
    Cli.Outcome bad =
        scoreTable("bad", table("bad-rows", "if(label = 'p07' and `visit no` = 1, -1, age)"));
    assertThat(bad.code()).as("%s", bad).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(bad.complaints()).as("%s", bad).hasSize(1);
    assertThat(bad.err())
        .contains("bad-rows/`, where label = p07 and visit no = 1: ", "log(age)", "make a view");
    assertThat(dir.resolve("bad")).doesNotExist();
    Cli.Outcome without = scoreTable("bad", table("short", "age", "grade"));
    assertThat(without.err()).contains("The solution names the column 'grade', which the table");
  }
}
