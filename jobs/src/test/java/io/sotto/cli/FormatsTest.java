package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The same rows give the same solution, however they are stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormatsTest {
  private Path dir;
  private List<String> lines;
  private JsonNode csv;

  @BeforeAll
  void solveTheCsv(@TempDir Path temporary) throws IOException {
    dir = temporary;
    lines = Files.readAllLines(Cli.HOSPITALS);
    Cli.write(
        dir.resolve("x.conf"),
        """
        data { label = diagnosis, deal { agents = 5, by = contiguous } }
        problem { loss = logistic, l2 = 1e-2 }
        algorithm.step.initial = 20
        stop { max-ticks = 120, check-every = 60 }
        output.overwrite = true
        """);
    csv = solve(Cli.HOSPITALS.toString());
  }

  private JsonNode solve(String path, String... overrides) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "optimize",
                dir + "/x.conf",
                "data.path=" + path,
                "output.path=" + dir + "/o",
                "privacy.protect=none")); // offsets depend on the bytes of the files
    words.addAll(List.of(overrides));
    Cli.Outcome outcome = Cli.run(words);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    return Cli.json(dir.resolve("o"), "solution.json");
  }

  @Test
  void gzipAndBzip2() throws IOException {
    byte[] bytes = Files.readAllBytes(Cli.HOSPITALS);
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(dir.resolve("rows.csv.gz")))) {
      out.write(bytes);
    }
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(new Configuration());
    try (OutputStream out =
        codec.createOutputStream(Files.newOutputStream(dir.resolve("rows.csv.bz2")))) {
      out.write(bytes);
    }
    assertThat(solve(dir + "/rows.csv.gz")).isEqualTo(csv);
    assertThat(solve(dir + "/rows.csv.bz2")).isEqualTo(csv);
    assertThat(Files.size(dir.resolve("rows.csv.bz2"))).isLessThan(bytes.length / 2);
  }

  @Test
  void foldersAndGlobs() throws IOException {
    Path folder = dir.resolve("folder");
    Files.createDirectories(folder.resolve("inner"));
    String header = lines.get(0) + "\n";
    Cli.write(folder.resolve("a.csv"), header);
    Cli.write(folder.resolve("b.csv"), header + String.join("\n", lines.subList(1, 200)));
    Cli.write(folder.resolve("inner/c.csv"), header + String.join("\r\n", lines.subList(200, 570)));
    Cli.write(folder.resolve("_SUCCESS"), "");
    Cli.write(folder.resolve(".b.csv.crc"), "x");
    JsonNode whole = solve(folder.toString());
    assertClose(whole); // moments are joined from two files
    assertThat(solve(folder + "/{a,b,inner/c}.csv")).isEqualTo(whole);
    assertThat(Cli.json(dir.resolve("o"), "run.json").get("inputs")).hasSize(3);
  }

  @Test
  void libsvmFromIndex0And1() {
    JsonNode one = solve(libsvm("one.libsvm", 1), "data.format=libsvm", "data.label=");
    JsonNode zero = solve(libsvm("zero.libsvm", 0), "data.format=libsvm", "data.label=");
    assertClose(one);
    assertThat(one.get("features").get(0).textValue()).isEqualTo("1");
    assertThat(zero.get("features").get(0).textValue()).isEqualTo("0");
    assertThat(zero.get("estimate")).isEqualTo(one.get("estimate"));
    assertThat(zero.get("intercept")).isEqualTo(one.get("intercept"));
    assertThat(one.get("labels").get(1).textValue()).isEqualTo("+1");
  }

  @Test
  void foldersNameTheAgentOfLibsvm() throws IOException {
    for (String site : List.of("north", "south")) {
      Path folder = Files.createDirectories(dir.resolve("sites/year=2024/site=" + site));
      Files.copy(Path.of(libsvm(site + ".libsvm", 1)), folder.resolve("rows.libsvm"));
    }
    String[] words = {
      "optimize",
      dir + "/x.conf",
      "data.path=" + dir + "/sites",
      "output.path=" + dir + "/o",
      "data.format=libsvm",
      "data.label=",
      "data.deal=null",
      "data.agent=site"
    };
    Cli.Outcome outcome = Cli.run(words);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out())
        .contains("1,138 rows of 2 agents", "columns left out: 1: year (of libsvm, folders can");
    words[words.length - 1] = "data.agent=place";
    Cli.Outcome refused = Cli.run(words);
    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err())
        .contains("data.agent is 'place'", "place=NAME", "use data.deal")
        .hasLineCount(1);
  }

  /** Zeros left out, as is usual, and a comment. */
  private String libsvm(String name, int base) {
    StringBuilder text = new StringBuilder("# hospitals\n");
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      text.append(cells[1].equals("malignant") ? "+1" : "-1");
      for (int j = 2; j < cells.length; j++) {
        if (Double.parseDouble(cells[j]) != 0) {
          text.append(' ').append(j - 2 + base).append(':').append(cells[j]);
        }
      }
      text.append('\n');
    }
    return Cli.write(dir.resolve(name), text.toString()).toString();
  }

  @Test
  void parquet() {
    Path folder = dir.resolve("rows.parquet");
    SparkSession spark = Cli.spark();
    try {
      spark
          .read()
          .option("header", true)
          .option("inferSchema", true)
          .csv(Cli.HOSPITALS.toString())
          .coalesce(1)
          .write()
          .parquet(folder.toString());
    } finally {
      spark.stop();
    }
    assertThat(solve(folder.toString(), "data.format=parquet")).isEqualTo(csv);
  }

  @Test
  void agentsOfTheSameRowsByNameInsteadOfDealt() {
    StringBuilder text = new StringBuilder("holder," + lines.get(0) + "\n");
    int rows = lines.size() - 1;
    for (int row = 0; row < rows; row++) {
      text.append(row * 5 / rows).append(',').append(lines.get(1 + row)).append('\n');
    }
    Path named = Cli.write(dir.resolve("named.csv"), text.toString());
    assertThat(solve(named.toString(), "data.deal=null", "data.agent=holder")).isEqualTo(csv);
  }

  private void assertClose(JsonNode other) {
    double[] expected = Cli.numbers(csv.get("solvedEstimate"));
    double[] found = Cli.numbers(other.get("solvedEstimate"));
    assertThat(found).hasSameSizeAs(expected).containsExactly(expected, within(1e-9));
    double f = csv.get("objective").doubleValue();
    assertThat(other.get("objective").doubleValue()).isCloseTo(f, within(1e-9 * f));
  }
}
