package io.sotto.cli;

import static io.sotto.cli.Cli.json;
import static io.sotto.cli.Cli.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README from its rows to all files of the result, on the local engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HospitalsTest {
  private static final double OPTIMUM = 0.0834568;
  private static final double L2 = 1e-3;
  private static final double RADIUS = 2;
  private static final Path CONF = Path.of("../conf/hospitals.conf");

  private Path dir;
  private Path out;
  private Cli.Outcome outcome;
  private JsonNode solution;
  private JsonNode run;
  private List<String> columns;
  private List<String[]> rows;

  @BeforeAll
  void solve(@TempDir Path temporary) throws IOException {
    dir = temporary;
    List<String> lines = Files.readAllLines(Cli.HOSPITALS);
    columns = List.of(lines.get(0).split(",", -1));
    rows = lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
    out = dir.resolve("results/out");
    outcome =
        Cli.optimize(CONF, "engine.name=local", "data.path=" + Cli.HOSPITALS, "output.path=" + out);
    solution = json(out, "solution.json");
    run = json(out, "run.json");
  }

  @Test
  void convergesToTheOptimumThatOthersFound() {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(run.get("status").textValue()).isEqualTo("converged");
    assertThat(run.get("objective").doubleValue()).isCloseTo(OPTIMUM, within(1e-2 * OPTIMUM));
    assertThat(run.get("disagreement").doubleValue()).isLessThanOrEqualTo(1e-3);
    assertThat(run.get("infeasibility").doubleValue()).isLessThanOrEqualTo(1e-3);
    assertThat(outcome.complaints()).as("warnings").isEmpty();
  }

  @Test
  void theObjectiveIsThatOfTheSolutionInBothUnits() {
    double[] solved = numbers(solution.get("solvedEstimate"));
    double[] mean = numbers(solution.get("standardization").get("mean"));
    double[] deviation = numbers(solution.get("standardization").get("deviation"));
    double[] estimate = numbers(solution.get("estimate"));
    double squares = Arrays.stream(solved).map(w -> w * w).sum();
    double standardised = 0;
    double original = 0;
    for (String[] row : rows) {
      double y = row[columns.indexOf("diagnosis")].equals("malignant") ? 1 : -1;
      double z = solution.get("solvedIntercept").doubleValue();
      double raw = solution.get("intercept").doubleValue();
      for (int j = 0; j < solved.length; j++) {
        double a = Double.parseDouble(row[2 + j]);
        z += solved[j] * (a - mean[j]) / deviation[j];
        raw += estimate[j] * a;
      }
      standardised += Math.log1p(Math.exp(-y * z)) / rows.size();
      original += Math.log1p(Math.exp(-y * raw)) / rows.size();
    }
    double penalty = L2 / 2 * squares;
    double said = run.get("objective").doubleValue();
    assertThat(standardised + penalty).isCloseTo(said, within(1e-9 * said));
    assertThat(original + penalty).isCloseTo(said, within(1e-9 * said));
    assertThat(solution.get("objective").doubleValue()).isEqualTo(said);
    assertThat(Math.sqrt(squares)).isLessThanOrEqualTo(RADIUS * (1 + 1e-12));
  }

  @Test
  void theStandardizationIsThatOfTheRows() {
    double[] mean = numbers(solution.get("standardization").get("mean"));
    double[] deviation = numbers(solution.get("standardization").get("deviation"));
    for (int j = 0; j < mean.length; j++) {
      int column = 2 + j;
      double[] values = rows.stream().mapToDouble(r -> Double.parseDouble(r[column])).toArray();
      double m = Arrays.stream(values).sum() / values.length;
      double squares = Arrays.stream(values).map(v -> (v - m) * (v - m)).sum();
      double expected = Math.sqrt(squares / (values.length - 1));
      assertThat(mean[j]).isCloseTo(m, within(1e-12 * Math.abs(m)));
      assertThat(deviation[j]).isCloseTo(expected, within(1e-12 * expected));
    }
  }

  @Test
  void theFolderHoldsWhatIsPromisedAndNothingElse() throws IOException {
    assertThat(names(out))
        .containsExactly(
            "_SUCCESS",
            "estimates",
            "links",
            "model",
            "report.html",
            "run.json",
            "solution.json",
            "trace");
    assertThat(names(dir.resolve("results")))
        .as("nothing is left beside it")
        .containsExactly("out");
    assertThat(names(out.resolve("trace")) + "" + names(out.resolve("estimates")))
        .as("no checksum files of Hadoop")
        .doesNotContain(".crc");
  }

  @Test
  void solutionJsonHasItsFields() {
    assertThat(solution.fieldNames())
        .toIterable()
        .containsExactly(
            "formatVersion",
            "loss",
            "estimate",
            "intercept",
            "features",
            "solvedEstimate",
            "solvedIntercept",
            "standardization",
            "objective",
            "certificate",
            "agents",
            "dimension",
            "labels");
    assertThat(solution.get("features"))
        .extracting(JsonNode::textValue)
        .isEqualTo(columns.subList(2, columns.size()));
    assertThat(solution.get("agents").intValue()).isEqualTo(8);
    assertThat(solution.get("dimension").intValue()).isEqualTo(31);
    assertThat(solution.get("labels").toString()).isEqualTo("[\"benign\",\"malignant\"]");
    assertThat(solution.toString()).as("no agent is named").doesNotContain("st-anna");
  }

  @Test
  void runJsonHasItsFields() throws IOException, NoSuchAlgorithmException {
    assertThat(run.fieldNames())
        .toIterable()
        .contains(
            "status",
            "stopReason",
            "ticks",
            "supersteps",
            "updates",
            "wallSeconds",
            "objective",
            "disagreement",
            "infeasibility",
            "step",
            "candidate",
            "certificate",
            "engine",
            "cells",
            "ticksPerSuperstep",
            "seed",
            "configuration",
            "versions",
            "inputs",
            "phases");
    assertThat(run.get("stopReason").textValue()).contains("stop.tolerance", "stop.disagreement");
    assertThat(run.get("engine").textValue()).isEqualTo("local");
    assertThat(run.get("cells").intValue()).isEqualTo(4);
    assertThat(run.get("seed").intValue()).isEqualTo(7);
    assertThat(run.get("supersteps")).isEqualTo(run.get("ticks"));
    assertThat(run.get("candidate").textValue())
        .isIn("last-mean", "current-window", "finished-window");
    assertThat(run.get("versions").fieldNames()).toIterable().contains("sotto", "spark", "java");
    assertThat(run.get("phases").fieldNames())
        .toIterable()
        .containsExactly("prepare", "load", "resume", "step", "solve", "write");
    JsonNode input = run.get("inputs").get(0);
    assertThat(input.get("path").textValue()).endsWith("/data/hospitals.csv");
    assertThat(input.get("bytes").longValue()).isEqualTo(Files.size(Cli.HOSPITALS));
    assertThat(input.get("sha256").textValue()).isEqualTo(sha256(Cli.HOSPITALS));
  }

  @Test
  void theStepChangesOnTheWayWithoutTrials() {
    JsonNode step = run.get("step");
    assertThat(step.get("auto").booleanValue()).isTrue();
    assertThat(step.get("from").textValue()).isEqualTo("curvature");
    assertThat(step.get("trials")).isEmpty();
    assertThat(step.get("changes").intValue()).isPositive();
    assertThat(step.get("last")).isNotEqualTo(step.get("initial"));
  }

  @Test
  void theTablesHaveTheirColumnsAndAgreeWithRunJson() {
    List<Row> trace = Cli.table(out.resolve("trace"));
    assertThat(trace.get(0).schema().simpleString())
        .isEqualTo(
            "struct<tick:bigint,superstep:bigint,objective:double,disagreement:double,"
                + "infeasibility:double,active:int,elapsedSeconds:double>");
    assertThat(trace.get(0).getLong(0)).isZero();
    assertThat(trace).isSortedAccordingTo((a, b) -> Long.compare(a.getLong(0), b.getLong(0)));
    Row last = trace.get(trace.size() - 1);
    assertThat(last.getLong(0)).isEqualTo(run.get("ticks").longValue());
    assertThat(last.getDouble(2)).isEqualTo(run.get("objective").doubleValue());
    assertThat(last.getDouble(3)).isEqualTo(run.get("disagreement").doubleValue());

    List<Row> estimates = Cli.table(out.resolve("estimates"));
    assertThat(estimates.get(0).schema().simpleString())
        .isEqualTo(
            "struct<agent:string,estimate:array<double>,intercept:double,updates:bigint,"
                + "distance:double,cell:int>");
    assertThat(estimates)
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrderElementsOf(new TreeSet<>(rows.stream().map(r -> r[0]).toList()));
    assertThat(estimates.stream().mapToLong(row -> row.getLong(3)).sum())
        .isEqualTo(run.get("updates").longValue());
    assertThat(estimates.stream().mapToDouble(row -> row.getDouble(4)).max().orElseThrow())
        .isEqualTo(run.get("disagreement").doubleValue());
    assertThat(estimates).allSatisfy(row -> assertThat(row.getList(1)).hasSize(30));
  }

  @Test
  void theConfigurationOfRunJsonMakesTheSameBitsAgain() {
    Path conf = Cli.write(dir.resolve("again.conf"), run.get("configuration").toString());
    Path again = dir.resolve("again/out");
    Cli.Outcome second = Cli.optimize(conf, "output.path=" + again);
    assertThat(second.code()).as("%s", second).isEqualTo(ExitCode.DONE);
    assertThat(Cli.read(again.resolve("solution.json")))
        .isEqualTo(Cli.read(out.resolve("solution.json")));
    assertThat(json(again, "run.json").get("step").get("trials"))
        .as("what auto chose is in it, and needs no trials")
        .isInstanceOf(ArrayNode.class)
        .isEmpty();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
