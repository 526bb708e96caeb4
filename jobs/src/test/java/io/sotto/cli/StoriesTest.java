package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The problems that documents tell from start to end, with their configurations. */
@Tag("slow")
class StoriesTest {
  private static final Path DOCS = Path.of("../core/docs");
  private static final double DEMAND = 1400;

  @TempDir Path dir;

  /** The shell block of a document that holds some words. */
  private static String block(String document, String words) {
    Matcher blocks =
        Pattern.compile("(?s)```sh\n(.*?)```").matcher(Cli.read(DOCS.resolve(document)));
    return blocks
        .results()
        .map(found -> found.group(1))
        .filter(text -> text.contains(words))
        .findFirst()
        .orElseThrow();
  }

  /** What the table of R's summary(glm) says, as {@link InferenceTest} has it. */
  @Test
  void theTableOfTheHospitalsIsThatOfGlm() {
    Path out = dir.resolve("study");
    Cli.Outcome outcome =
        Cli.optimize(
            Path.of("../conf/study.conf"), "data.path=" + Cli.HOSPITALS, "output.path=" + out);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    JsonNode inference = Cli.json(out, "solution.json").get("inference");
    for (int k = 0; k < InferenceTest.R.length; k++) {
      JsonNode term = inference.get("terms").get(k);
      double deviation = InferenceTest.R[k][1];
      assertThat(term.get("estimate").doubleValue())
          .isCloseTo(InferenceTest.R[k][0], within(1e-6 * deviation));
      assertThat(term.get("stdError").doubleValue()).isCloseTo(deviation, within(1e-6 * deviation));
    }
    List<String> table = outcome.out().lines().filter(line -> line.contains("_mean  ")).toList();
    assertThat(table).hasSize(3);
    assertThat(Cli.read(DOCS.resolve("HOSPITALS.md"))).contains(table);
  }

  @Test
  void metersGoOnFromTheNightBefore() throws Exception {
    Path conf = Files.createDirectories(dir.resolve("conf")).resolve("meters.conf");
    Files.copy(Path.of("../conf/meters.conf"), conf);
    Process made =
        new ProcessBuilder("bash", "-e", "-c", block("METERS.md", "rates.conf"))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(new File(dir.toFile(), "made.log"))
            .start();
    assertThat(made.waitFor()).as("%s", dir.resolve("made.log")).isZero();
    night(conf, "2026-11-27", "there is no complete output of a day before 2026-11-27");
    night(conf, "2026-11-28", "warm start: ");
  }

  /** The run is proven to be near, and nine of ten readings lie below what it says. */
  private void night(Path conf, String date, String told) throws Exception {
    Path meters = dir.resolve("out/meters");
    Cli.Outcome outcome =
        Cli.run(
            "optimize",
            conf.toString(),
            "--date",
            date,
            "data.path=" + meters.resolve("{date}.csv"),
            "warm-start=" + meters.resolve("night-{previous}"),
            "output.path=" + meters.resolve("night-{date}"));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out() + outcome.err()).contains(told, "2,000 agents");
    JsonNode run = Cli.json(meters.resolve("night-" + date), "run.json");
    assertThat(run.get("status").textValue()).isEqualTo("converged");
    JsonNode solution = Cli.json(meters.resolve("night-" + date), "solution.json");
    double[] estimate = Cli.numbers(solution.get("estimate"));
    List<String> rows = Files.readAllLines(meters.resolve(date + ".csv"));
    assertThat(rows.get(0)).isEqualTo("meter,cold,people,electric,kw");
    long below =
        rows.stream()
            .skip(1)
            .map(row -> numbers(row, 1))
            .filter(
                row ->
                    row[3]
                        <= solution.get("intercept").doubleValue()
                            + estimate[0] * row[1]
                            + estimate[1] * row[2] * row[0])
            .count();
    assertThat(estimate).containsExactly(new double[] {0.53, 0.12}, within(0.03));
    assertThat(below / (rows.size() - 1.0)).isCloseTo(0.9, within(0.005));
  }

  @Test
  void plantsDeliverWhatTheClosedFormSays() throws Exception {
    Path out = dir.resolve("dispatch");
    Cli.Outcome outcome =
        Cli.optimize(
            Path.of("../conf/dispatch.conf"),
            "data.path=../data/dispatch.csv",
            "output.path=" + out);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out()).contains("converged: the certified gap (dual)");
    JsonNode solution = Cli.json(out, "solution.json");
    List<String> lines = Files.readAllLines(Path.of("../data/dispatch.csv"));
    double[][] plants = lines.stream().skip(1).map(l -> numbers(l, 1)).toArray(double[][]::new);
    double low = 0;
    double high = 1000;
    for (int k = 0; k < 100; k++) {
      double price = (low + high) / 2;
      boolean less = Arrays.stream(plants).mapToDouble(p -> output(p, price)).sum() < DEMAND;
      low = less ? price : low;
      high = less ? high : price;
    }
    double price = high;
    double[] best = Arrays.stream(plants).mapToDouble(p -> output(p, price)).toArray();
    assertThat(Cli.numbers(solution.get("estimate"))).containsExactly(best, within(1e-5));
    double cost = 0;
    for (int i = 0; i < best.length; i++) {
      double[] p = plants[i];
      cost += p[1] / 2 * best[i] * best[i] + p[2] * best[i] + p[3] * Math.abs(best[i] - p[4]);
    }
    assertThat(solution.get("objective").doubleValue() * plants.length)
        .isCloseTo(cost, within(1e-8 * cost));
    assertThat(Cli.read(DOCS.resolve("DISPATCH.md"))).contains("%.6f".formatted(cost));
  }

  /** Where the marginal cost of a plant, a row of data/dispatch.csv, meets a price. */
  private static double output(double[] plant, double price) {
    double free = (price - plant[2]) / plant[1] - plant[4];
    double kink = plant[3] / plant[1];
    double moved = plant[4] + Math.signum(free) * Math.max(0, Math.abs(free) - kink);
    return Math.min(Math.max(moved, plant[5]), plant[6]);
  }

  private static double[] numbers(String row, int from) {
    return Arrays.stream(row.split(",", -1)).skip(from).mapToDouble(Double::parseDouble).toArray();
  }
}
