package io.sotto.cli;

import static io.sotto.cli.Cli.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How runs end, what they leave behind, and what is only asked for. */
class RunsTest {
  @TempDir Path dir;
  private Path conf;
  private Path out;

  @BeforeEach
  void configure() {
    out = dir.resolve("out");
    conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", label = diagnosis, agent = hospital }
            problem { loss = logistic, l2 = 1e-2 }
            clock.rates { st-anna = 0.3 }
            algorithm.step.initial = 20
            stop { max-ticks = 60, check-every = 20 }
            output.path = "%s"
            """
                .formatted(Cli.HOSPITALS, out));
  }

  @Test
  void badRowsAreKeptAsideAndTheOthersSolved() throws IOException {
    List<String> good = Files.readAllLines(Cli.HOSPITALS);
    List<String> mixed = new ArrayList<>(good);
    mixed.add(570, good.get(1).replace("17.99", "n/a"));
    mixed.add(300, good.get(2) + ",1");
    mixed.add(1, good.get(3).replace("19.69", "inf"));
    Path rows = Cli.write(dir.resolve("mixed.csv"), String.join("\n", mixed));
    Cli.Outcome outcome =
        Cli.optimize(
            conf,
            "privacy.protect=none",
            "data.path=" + rows,
            "data.bad-rows=skip",
            "output.path=" + dir + "/a");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(Cli.optimize(conf, "privacy.protect=none").code()).isEqualTo(ExitCode.DONE);

    assertThat(json(dir.resolve("a"), "solution.json")).isEqualTo(json(out, "solution.json"));
    JsonNode run = json(dir.resolve("a"), "run.json");
    assertThat(run.get("rejectedRows").intValue()).isEqualTo(3);
    assertThat(run.get("rows").intValue()).isEqualTo(569);
    assertThat(json(out, "run.json").get("rejectedRows").intValue()).isZero();
    assertThat(out.resolve("rejected")).doesNotExist();
    assertThat(outcome.err())
        .contains("Warning: 3 rows were left out: 'radius_mean' is no finite number (2)");
    assertThat(run.at("/rejectedReasons/'radius_mean' is no finite number").intValue())
        .isEqualTo(2);
    assertThat(run.at("/rejectedReasons/it has 33 fields, the header 32").intValue()).isEqualTo(1);
    assertThat(run.at("/inputs/0/rejectedRows").intValue()).isEqualTo(3);
    Path rejected = dir.resolve("a/rejected");
    assertThat(files(rejected))
        .containsExactlyInAnyOrder(
            "agents/lakeside/rows.csv", "agents/st-anna/rows.csv", "unassigned/rows.csv");
    assertThat(Files.readAllLines(rejected.resolve("agents/lakeside/rows.csv")))
        .containsExactly(
            "file,line,reason", "file:" + rows + ",2,'radius_mean' is no finite number");
    assertThat(Files.readAllLines(rejected.resolve("unassigned/rows.csv")))
        .containsExactly(
            "file,line,reason", "file:" + rows + ",302,\"it has 33 fields, the header 32\"");

    Path counted = dir.resolve("b");
    Cli.Outcome alone =
        Cli.optimize(
            conf,
            "data.path=" + rows,
            "data.bad-rows=skip",
            "data.rejected-values=shown",
            "output.per-agent=false",
            "output.path=" + counted);
    assertThat(alone.code()).as("%s", alone).isEqualTo(ExitCode.DONE);
    assertThat(counted.resolve("rejected")).doesNotExist();
    JsonNode summary = json(counted, "run.json");
    for (String key : List.of("rejectedRows", "rejectedReasons", "inputs")) {
      assertThat(summary.get(key)).as(key).isEqualTo(run.get(key));
    }
    assertThat(Cli.read(counted.resolve("run.json"))).doesNotContain("lakeside");
    assertThat(
            Cli.run(
                    "validate",
                    conf.toString(),
                    "--no-calibration",
                    "data.bad-rows=skip",
                    "data.path=" + rows,
                    "output.path=" + counted + "2")
                .out())
        .contains(
            "3 left out ('radius_mean' is no finite number (2); ",
            "of 2 agents, and 1 of agents that");
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "graphx"})
  void aRunThatDivergesSaysWhoWhenAndWhyAndLeavesWhatWasThere(String engine) throws IOException {
    Path there = Files.createDirectory(out).resolve("solution.json");
    String earlier = "{\"formatVersion\": 2, \"estimate\": []}";
    Cli.write(there, earlier);
    Cli.Outcome outcome =
        Cli.optimize(
            conf,
            "problem.loss=squared",
            "data.label=area_mean",
            "data.standardize=false",
            "algorithm.step.initial=1e6",
            "output.overwrite=true",
            "stop.max-ticks=100",
            "stop.check-every=100",
            "engine.name=" + engine,
            "engine.ticks-per-superstep=10");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.complaints()).as("%s", outcome).hasSize(1);
    assertThat(outcome.err())
        .matches(
            "(?s).*The estimate of agent '[a-z. -]+' is not finite, or grew without bound, at tick [0-9]+\\..*")
        .contains("algorithm.step.initial", "standardize");
    assertThat(there).hasContent(earlier);
    assertThat(left(dir)).containsExactly("out", "x.conf");
    assertThat(left(out)).containsExactly("solution.json");
  }

  @Test
  void anObjectiveThatOverflowsIsToldWithItsTick() {
    Cli.Outcome outcome =
        Cli.optimize(
            conf,
            "problem.loss=squared",
            "data.label=area_mean",
            "data.standardize=false",
            "algorithm.scale=none",
            "algorithm.step.initial=1",
            "stop.check-every=1");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err())
        .contains("objective is not finite, or grew without bound, at tick 1.");
    assertThat(left(dir)).containsExactly("x.conf");
  }

  /** The clock starts with the program: reading and loading count. */
  @Test
  void theDeadlineEndsARunWithAUsableResult() {
    List<String> deadline =
        List.of("stop.deadline=12s", "stop.max-ticks=100000000", "stop.tolerance=0");
    Cli.Outcome late = Cli.optimize(conf, deadline.toArray(String[]::new));
    assertThat(late.code()).as("%s", late).isEqualTo(3);
    JsonNode run = json(out, "run.json");
    assertThat(run.get("status").textValue()).isEqualTo("deadline");
    assertThat(run.get("stopReason").textValue()).contains("stop.deadline was reached");
    assertThat(run.get("ticks").longValue()).isBetween(1L, 100_000_000L);
    assertThat(json(out, "solution.json").get("objective").doubleValue()).isPositive();
    assertThat(out.resolve("_SUCCESS")).exists();

    List<String> words = new ArrayList<>(deadline);
    words.addAll(List.of("stop.deadline-exit-code=0", "output.overwrite=true"));
    assertThat(Cli.optimize(conf, words.toArray(String[]::new)).code()).isZero();
    assertThat(json(out, "run.json").get("status").textValue()).isEqualTo("deadline");
  }

  @Test
  void aDeadlineBeforeThereIsAnEstimateLeavesTheEarlierResult() throws IOException {
    assertThat(Cli.optimize(conf).code()).isEqualTo(ExitCode.DONE);
    String before = Files.readString(out.resolve("run.json"));
    Cli.Outcome late = Cli.optimize(conf, "stop.deadline=1ms", "output.overwrite=true");
    assertThat(late.code()).as("%s", late).isEqualTo(ExitCode.FAILED);
    assertThat(late.err())
        .contains(
            "stop.deadline of 0.0010 s passed before there was an estimate", "Raise stop.deadline.")
        .doesNotContain("\tat ");
    assertThat(Files.readString(out.resolve("run.json"))).isEqualTo(before);
    assertThat(left(dir)).containsExactly("out", "x.conf");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void maxTicksIsNeverPassedAndIsNoFailure(int ticksPerSuperstep) {
    Cli.Outcome outcome =
        Cli.optimize(
            conf,
            "stop.tolerance=0",
            "stop.max-ticks=50",
            "engine.ticks-per-superstep=" + ticksPerSuperstep);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    JsonNode run = json(out, "run.json");
    assertThat(run.get("status").textValue()).isEqualTo("max-ticks");
    assertThat(run.get("stopReason").textValue()).contains("stop.max-ticks was reached");
    assertThat(run.get("ticks").intValue()).isEqualTo(50);
    assertThat(run.get("supersteps").intValue()).isEqualTo(ticksPerSuperstep == 1 ? 50 : 7);
  }

  @Test
  void withoutPerAgentNothingNamesAnAgent() {
    Cli.Outcome outcome = Cli.optimize(conf, "output.per-agent=false", "clock.rates.county=0.2");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(left(out))
        .containsExactly("_SUCCESS", "model", "report.html", "run.json", "solution.json", "trace");
    assertThat(Cli.read(out.resolve("report.html"))).doesNotContain("st-anna", "county");
    assertThat(Cli.read(out.resolve("run.json"))).doesNotContain("st-anna", "county");
    assertThat(Cli.read(out.resolve("solution.json"))).doesNotContain("st-anna", "county");
  }

  @Test
  void aSecondRunReplacesTheFirstIfItMay() throws IOException {
    assertThat(Cli.optimize(conf).code()).isEqualTo(ExitCode.DONE);
    String first = Cli.read(out.resolve("run.json"));
    Cli.Outcome refused = Cli.optimize(conf, "seed=2");
    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains("output.path", "output.overwrite = true");
    assertThat(Cli.read(out.resolve("run.json"))).isEqualTo(first);

    Path foreign = Cli.write(out.resolve("notes"), "x");
    assertThat(Cli.optimize(conf, "seed=2", "output.overwrite=true").code())
        .isEqualTo(ExitCode.BAD_INPUT);
    Files.delete(foreign);
    assertThat(Cli.optimize(conf, "seed=2", "output.overwrite=true").code()).isZero();
    assertThat(json(out, "run.json").get("seed").intValue()).isEqualTo(2);
    assertThat(left(dir)).containsExactly("out", "x.conf");
  }

  /** Arcs of a long ring: the delay at their ends costs little, so auto bundles ticks. */
  @Test
  void whatAutoPickedGivesTheSameBitsWhenItIsAskedForOnTheOtherEngine() {
    Path dealt =
        Cli.write(
            dir.resolve("dealt.conf"),
            """
            data { path = "%s", label = diagnosis, deal { agents = 400, by = row-number } }
            data.features = [radius_mean, texture_mean]
            problem { loss = logistic, l2 = 1e-2 }
            algorithm.step.initial = 20
            stop { max-ticks = 64, check-every = 20 }
            output.path = "%s"
            """
                .formatted(Cli.HOSPITALS, out));
    assertThat(Cli.optimize(dealt).code()).isEqualTo(ExitCode.DONE);
    JsonNode run = json(out, "run.json");
    assertThat(run.get("engine").textValue()).isEqualTo("local");
    assertThat(run.get("ticksPerSuperstep").intValue()).isGreaterThan(1);
    assertThat(run.at("/engineReasons/ticksPerSuperstep").textValue())
        .contains("at the end of a superstep");

    Path again = dir.resolve("again");
    Cli.Outcome outcome =
        Cli.optimize(
            dealt,
            "engine.name=graphx",
            "engine.cells=" + run.get("cells"),
            "engine.ticks-per-superstep=" + run.get("ticksPerSuperstep"),
            "output.path=" + again);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(json(again, "solution.json")).isEqualTo(json(out, "solution.json"));
  }

  @Test
  void validateForecastsUnlessItIsToldNotTo() {
    Cli.Outcome outcome = Cli.run("validate", conf.toString());
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out()).contains("memory        about", "1,000 ticks   about");
    Cli.Outcome plain = Cli.run("validate", "--no-calibration", conf.toString());
    assertThat(plain.code()).as("%s", plain).isEqualTo(ExitCode.DONE);
    assertThat(plain.out()).contains("per superstep").doesNotContain("1,000 ticks");
  }

  @Test
  void validatePrintsThePlanAndWritesNothing() {
    Cli.Outcome outcome = Cli.run("validate", conf.toString(), "engine.cells=4");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out())
        .contains("rows: read from 1 file; none left out")
        .doesNotContain("stored numbers")
        .contains("569 rows of 8 agents, with 17 to 178 rows each; 31 coordinates")
        .contains("features: 30: radius_mean, ", "columns left out: none")
        .contains("31: 30 features and an intercept")
        .contains("ring; 8 links, spectral gap 0.195")
        .contains("bernoulli, rate 0.5, 1 agent(s) with rates of their own; idle agents mix")
        .contains("local: ")
        .contains("4, with 8 agent(s) heard across a border, 1 tick(s) per superstep")
        .contains("2.0 kB cross borders" /* 8 estimates of 31 doubles, 1,984 bytes */)
        .contains(out.toString());
    assertThat(outcome.complaints()).isEmpty();
    assertThat(left(dir)).containsExactly("x.conf");
  }

  @Test
  void unusedParametersAreWarnedOf() {
    Cli.Outcome outcome =
        Cli.run("validate", conf.toString(), "network.degree=4", "problem.huber-delta=2");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.complaints()).hasSize(2);
    assertThat(outcome.err()).contains("Warning: ", "problem.huber-delta is 2", "network.degree");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "optimize", "validate"})
  void helpIsNoFailure(String command) {
    Cli.Outcome outcome = command.isEmpty() ? Cli.run("--help") : Cli.run(command, "--help");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out()).startsWith("Usage: sotto").contains("--help");
    assertThat(outcome.complaints()).isEmpty();
  }

  @Test
  void helpNamesMethodsWithWhatTheyTell() {
    assertThat(Cli.run("optimize", "--help").out())
        .contains(
            "async-projected-subgradient: without offsets", "gradient-tracking: without offsets");
  }

  @ParameterizedTest
  @CsvSource({
    "optimise x.conf, Did you mean: sotto optimize",
    "optimize, Missing required parameter: 'CONF'",
    "optimize --nosuch x.conf, Unknown option: '--nosuch'",
    "--nosuch, Unknown option: '--nosuch'",
    "'', Missing required subcommand"
  })
  void aWrongCommandLineIsBadInput(String line, String message) {
    Cli.Outcome outcome = Cli.run(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
  }

  private static List<String> left(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
