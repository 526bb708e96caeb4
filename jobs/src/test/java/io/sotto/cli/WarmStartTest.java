package io.sotto.cli;

import static io.sotto.cli.Cli.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From where an earlier run ended; that run is the hospitals by both methods. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarmStartTest {
  private static final String ADMM = "async-admm";
  private static final String SUBGRADIENT = "async-projected-subgradient";

  private Path dir;
  private Path conf;

  @BeforeAll
  void solveBefore(@TempDir Path temporary) {
    dir = temporary;
    conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", label = diagnosis, agent = hospital }
            problem { loss = logistic, l2 = 1e-3, constraints = [ { set = ball, radius = 2 } ] }
            stop { max-ticks = 20000, tolerance = 1e-5, disagreement = 1e-5 }
            engine.cells = 4
            privacy.protect = none
            """
                .formatted(Cli.HOSPITALS));
    done(run(ADMM, ADMM));
    done(run(SUBGRADIENT, SUBGRADIENT, "stop.tolerance=1e-3", "stop.disagreement=1e-3"));
  }

  private Cli.Outcome run(String name, String method, String... more) {
    List<String> words =
        new ArrayList<>(List.of("algorithm.name=" + method, "output.path=" + out(name)));
    words.addAll(List.of(more));
    return Cli.optimize(conf, words.toArray(String[]::new));
  }

  private Path out(String name) {
    return dir.resolve("out-" + name);
  }

  private static void done(Cli.Outcome outcome) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
  }

  private String warm(String name) {
    return "warm-start=" + out(name);
  }

  /** The hospitals with their text changed. */
  private String rows(String name, UnaryOperator<List<String>> change) throws IOException {
    List<String> lines = change.apply(Files.readAllLines(Cli.HOSPITALS));
    return "data.path=" + Cli.write(dir.resolve(name + ".csv"), String.join("\n", lines));
  }

  @ParameterizedTest
  @CsvSource({ADMM + ", 1e-5", SUBGRADIENT + ", 1e-3"})
  void fromItsOwnOutputThereIsNothingLeftToDo(String method, String tolerance) {
    String again = "again-" + method;
    done(
        run(
            again,
            method,
            warm(method),
            "stop.tolerance=" + tolerance,
            "stop.disagreement=" + tolerance));
    JsonNode cold = json(out(method), "run.json");
    JsonNode run = json(out(again), "run.json");
    assertThat(run.get("status").textValue()).isEqualTo("converged");
    assertThat(cold.get("ticks").intValue()).isGreaterThan(50);
    assertThat(run.get("ticks").intValue())
        .as("what was reported may have been an average, which agents do not stand at")
        .isLessThan(method.equals(ADMM) ? 1 : cold.get("ticks").intValue());
    assertThat(run.at("/step/initial")).isEqualTo(cold.at("/step/last"));
    assertThat(run.at("/step/from").textValue()).isEqualTo("warm-start");
    assertThat(run.at("/step/trials")).isEmpty();
    assertThat(run.at("/warmStart/agents").intValue()).isEqualTo(8);
    assertThat(run.at("/warmStart/newAgents").intValue()).isZero();
    assertThat(run.at("/warmStart/ticks").intValue()).isEqualTo(cold.get("ticks").intValue());
    assertThat(run.at("/warmStart/links").booleanValue()).isEqualTo(method.equals(ADMM));
  }

  /** Duals stay behind under offsets; estimates alone spare ticks, too. */
  @Test
  void underOffsetsEstimatesAreTakenOverAndNoDuals() {
    String[] offsets = {"privacy.protect=offsets", "stop.check-every=5", "stop.tolerance=1e-4"};
    done(run("cold-offsets", ADMM, offsets));
    done(run("warm-offsets", ADMM, with(offsets, warm("cold-offsets"))));
    JsonNode cold = json(out("cold-offsets"), "run.json");
    JsonNode warm = json(out("warm-offsets"), "run.json");
    assertThat(warm.at("/warmStart/links").booleanValue()).isFalse();
    assertThat(warm.get("status").textValue()).isEqualTo("converged");
    assertThat(warm.get("ticks").intValue()).isLessThan(cold.get("ticks").intValue());
    assertThat(warm.at("/privacy/termsMark")).isEqualTo(cold.at("/privacy/termsMark"));
  }

  /** The second half of the ticks, after a stop, is worth more than a half of the digits. */
  @Test
  void theFastMethodGoesOnAsIfItHadNotStopped() {
    String[] fixed = {"stop.tolerance=0", "algorithm.step.initial=100", "stop.check-every=20"};
    done(run("half", ADMM, with(fixed, "stop.max-ticks=40")));
    done(run("whole", ADMM, with(fixed, "stop.max-ticks=80")));
    done(run("rest", ADMM, with(fixed, "stop.max-ticks=40", warm("half"))));
    done(run("end", ADMM, with(fixed, "stop.max-ticks=400")));
    double optimum = json(out("end"), "solution.json").get("objective").doubleValue();
    double half = gap("half", optimum);
    double whole = gap("whole", optimum);
    assertThat(half).isGreaterThan(100 * whole);
    assertThat(gap("rest", optimum)).isLessThan(Math.sqrt(half * whole));
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private double gap(String name, double optimum) {
    return Math.abs(json(out(name), "solution.json").get("objective").doubleValue() - optimum);
  }

  @ParameterizedTest
  @ValueSource(strings = {ADMM, SUBGRADIENT})
  void bothEnginesGiveTheSameBits(String method) {
    String[] more = {warm(method), "stop.max-ticks=6", "stop.tolerance=0", "problem.l2=2e-3"};
    for (String engine : List.of("local", "graphx")) {
      List<String> words = new ArrayList<>(List.of(more));
      words.add("engine.name=" + engine);
      done(run(engine + method, method, words.toArray(String[]::new)));
    }
    done(run("twice" + method, method, more));
    JsonNode local = json(out("local" + method), "solution.json");
    assertThat(json(out("graphx" + method), "solution.json")).isEqualTo(local);
    assertThat(json(out("twice" + method), "solution.json")).isEqualTo(local);
    assertThat(Cli.table(out("graphx" + method).resolve("estimates")))
        .containsExactlyInAnyOrderElementsOf(Cli.table(out("local" + method).resolve("estimates")));
  }

  @Test
  void agentsComeAndGo() throws IOException {
    String changed =
        rows(
            "moved",
            lines ->
                lines.stream()
                    .filter(line -> !line.startsWith("lakeside,"))
                    .map(line -> line.replaceFirst("^county,", "newtown,"))
                    .toList());
    done(run("moved", ADMM, changed, warm(ADMM)));
    done(run("cold", ADMM, changed));
    JsonNode run = json(out("moved"), "run.json");
    assertThat(run.at("/warmStart/agents").intValue()).isEqualTo(6);
    assertThat(run.at("/warmStart/newAgents").intValue()).isEqualTo(1);
    assertThat(run.get("status").textValue()).isEqualTo("converged");
    double objective = run.get("objective").doubleValue();
    assertThat(json(out("cold"), "run.json").get("objective").doubleValue())
        .isCloseTo(objective, org.assertj.core.api.Assertions.within(1e-5 * objective));
  }

  @Test
  void withoutEstimatesOfAgentsAllStartAtTheSolution() {
    done(run("nameless", ADMM, "output.per-agent=false"));
    done(run("from-nameless", ADMM, warm("nameless")));
    JsonNode run = json(out("from-nameless"), "run.json");
    assertThat(run.at("/warmStart/newAgents").intValue()).isEqualTo(8);
    assertThat(run.at("/warmStart/links").booleanValue()).isFalse();
    assertThat(run.get("status").textValue()).isEqualTo("converged");
  }

  /** Columns in another order, and one more, which starts at 0: the same model. */
  @Test
  void featuresAreMatchedByName() throws IOException {
    String more =
        rows(
            "more",
            lines ->
                lines.stream()
                    .map(
                        line -> {
                          List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
                          cells.add(cells.remove(3));
                          cells.add(line.startsWith("hospital,") ? "extra" : "" + line.length());
                          return String.join(",", cells);
                        })
                    .toList());
    done(run("more", ADMM, more, warm(ADMM), "stop.max-ticks=1", "stop.tolerance=0"));
    JsonNode run = json(out("more"), "run.json");
    assertThat(run.at("/warmStart/newFeatures")).hasSize(1);
    assertThat(run.at("/warmStart/newFeatures/0").textValue()).isEqualTo("extra");
    double first =
        Cli.table(out("more").resolve("trace")).stream()
            .filter(row -> row.getLong(0) == 0)
            .mapToDouble(row -> row.getDouble(2))
            .findFirst()
            .orElseThrow();
    double before = json(out(ADMM), "solution.json").get("objective").doubleValue();
    assertThat(first).isCloseTo(before, org.assertj.core.api.Assertions.within(1e-6 * before));
  }

  @Test
  void whatDoesNotFitIsRefusedByName() throws IOException {
    String renamed =
        rows(
            "renamed",
            lines -> {
              List<String> all = new ArrayList<>(lines);
              all.set(0, all.get(0).replace("texture_mean", "texture"));
              return all;
            });
    refused(renamed, "'texture_mean'", "maybe 'texture' is meant", "old name");
    refused("problem.loss=squared-hinge", "problem.loss was logistic there, and is squared-hinge");
    refused("data.intercept=false", "data.intercept was true there, and is false");
    refused("data.positive=benign", "+1 was malignant there, and is benign");
    refused("data.features=[radius_mean]", "the feature", "which the rows do not have");
  }

  @Test
  void whatIsNoOutputIsRefused() throws IOException {
    Path broken = dir.resolve("out-broken");
    Files.createDirectory(broken);
    refused("warm-start=" + broken, "there is no _SUCCESS in it");
    Cli.write(broken.resolve("_SUCCESS"), "");
    refused("warm-start=" + broken, "it cannot be read", "solution.json");
    refused("warm-start=" + dir + "/nosuch", "there is nothing");
    for (String name : List.of("solution.json", "run.json")) {
      Files.copy(out(ADMM).resolve(name), broken.resolve(name));
    }
    Files.createDirectory(broken.resolve("estimates"));
    Cli.write(broken.resolve("estimates/part-0.parquet"), "no Parquet at all");
    refused("warm-start=" + broken, "it cannot be read", "part-0.parquet");
  }

  /** The first night starts from 0, the second where the first ended; again gives the same bits. */
  @Test
  void aPatternIsTheLatestOutputOfAnEarlierDay() throws IOException {
    Path rows = Files.copy(Cli.HOSPITALS, dir.resolve("rows-2026-11-28.csv"));
    Files.copy(rows, dir.resolve("rows-2026-11-27.csv"));
    Cli.Outcome first = night("2026-11-27");
    done(first);
    String pattern = dir + "/nights/{previous}";
    assertThat(first.out())
        .contains(
            "warm-start is '"
                + pattern
                + "', and there is no complete output of a day before 2026-11-27, so the run starts"
                + " from 0.");
    Path nights = dir.resolve("nights");
    assertThat(
            json(nights.resolve("2026-11-27"), "run.json").at("/configuration").has("warm-start"))
        .isFalse();

    Files.createDirectories(nights.resolve("2026-11-27b"));
    Cli.Outcome second = night("2026-11-28", "output.overwrite=true");
    done(second);
    assertThat(second.out()).contains("warm start: ").doesNotContain("starts from 0");
    JsonNode run = json(nights.resolve("2026-11-28"), "run.json");
    assertThat(run.at("/warmStart/agents").intValue()).isEqualTo(8);
    assertThat(run.at("/configuration/warm-start").textValue())
        .isEqualTo(nights.resolve("2026-11-27").toString());
    assertThat(run.at("/configuration/data/path").textValue()).isEqualTo(rows.toString());

    Path again = Cli.write(dir.resolve("again.json"), run.at("/configuration").toString());
    done(Cli.optimize(again, "output.path=" + out("once-more")));
    assertThat(json(out("once-more"), "solution.json"))
        .isEqualTo(json(nights.resolve("2026-11-28"), "solution.json"));

    Files.delete(nights.resolve("2026-11-28/_SUCCESS"));
    assertThat(night("2026-11-29", "data.path=" + rows).err())
        .contains("warm-start passes over what is no complete output: " + nights + "/2026-11-28.");
    Cli.Outcome bad = night("29.11.2026");
    assertThat(bad.code()).as("%s", bad).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(bad.err().strip())
        .isEqualTo("--date is '29.11.2026'; it must be a date such as 2026-11-28.");
  }

  private Cli.Outcome night(String date, String... more) {
    return Cli.optimize(
        conf,
        with(
            more,
            "data.path=" + dir + "/rows-{date}.csv",
            "warm-start=" + dir + "/nights/{previous}",
            "output.path=" + dir + "/nights/{date}",
            "stop.max-ticks=40",
            "algorithm.name=" + ADMM,
            "--date",
            date));
  }

  private void refused(String word, String... parts) {
    Path target = dir.resolve("out-refused");
    Cli.Outcome outcome =
        Cli.optimize(conf, "algorithm.name=" + ADMM, warm(ADMM), "output.path=" + target, word);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.complaints()).as("%s", outcome).hasSize(1);
    assertThat(outcome.err()).startsWith("warm-start is '").contains(parts);
    assertThat(target).doesNotExist();
  }
}
