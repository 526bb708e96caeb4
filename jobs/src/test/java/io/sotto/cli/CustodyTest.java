package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disclosure control and the comparison of agents, as those see it who run commands. */
class CustodyTest {
  @TempDir Path dir;

  /** Rows of four sites; a row for each label, which comes last. */
  private Path study(String... more) throws Exception {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>(List.of("who,height,smoker,sex,y"));
    for (String site : List.of("north", "south", "coast", "hill")) {
      for (int r = 0; r < 40; r++) {
        double height = 170 + 9 * random.nextGaussian();
        lines.add(
            String.format(
                Locale.ROOT,
                "%s,%.1f,%d,%s,%d",
                site,
                site.equals("south") ? height / 2.54 : height,
                r % 3 == 0 ? 1 : 0,
                site.equals("hill") ? "F" : r % 2 == 0 ? "female" : "male",
                r % 4 == 0 ? 1 : 0));
      }
    }
    lines.addAll(List.of(more));
    return Files.write(dir.resolve("rows.csv"), lines);
  }

  private static String[] site(String name, int rows, String smoker, String other) {
    String[] lines = new String[rows];
    for (int r = 0; r < rows; r++) {
      lines[r] = "%s,%d,%s,male,%d".formatted(name, 160 + r, r < 2 ? smoker : other, r % 2);
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "graphx"})
  void anAgentWithTooFewRowsIsNamedAndItsNumberIsNot(String engine) throws Exception {
    study(site("tiny", 7, "0", "1"));
    Small.Attempt attempt =
        Small.in(dir)
            .optimize("disclosure { min-cell = 0, max-parameters = 9 }", "engine.name=" + engine);
    attempt.isRefusedWith(List.of("disclosure.min-rows refuses the rows of 'tiny'"));
    assertThat(attempt.outcome().out() + attempt.outcome().err())
        .contains("with fewer than 10 to 40 rows each")
        .doesNotContainPattern("\\b7\\b");
  }

  @Test
  void aRareValueIsRefusedWithItsColumn() throws Exception {
    study(site("rare", 30, "1", "0"));
    Small.Attempt attempt = Small.in(dir).optimize("disclosure {}");
    attempt.isRefusedWith(
        List.of("disclosure.min-cell refuses the rows of 'rare' ('smoker')", "is not told"));
  }

  @Test
  void aRareClassAndTooManyCoefficientsAreRefused() throws Exception {
    List<String> one = new ArrayList<>();
    for (int r = 0; r < 14; r++) {
      one.add("few,%d,%d,male,%d".formatted(150 + r, r % 2, r == 4 ? 1 : 0));
    }
    study(one.toArray(String[]::new));
    Small.Attempt attempt = Small.in(dir).optimize("disclosure {}");
    attempt.isRefusedWith(
        List.of(
            "disclosure.min-cell refuses the rows of 'few' (the label)",
            "disclosure.max-parameters refuses the rows of 'few'"));
  }

  @Test
  void whoHoldsToTheRulesRunsAndSmallCountsOfBadRowsAreNotTold() throws Exception {
    study("north,,0,male,0", "north,,0,male,1");
    Small.Attempt attempt =
        Small.in(dir).optimize("disclosure {}\ndata.bad-rows = skip", "data.features=[height]");
    assertThat(attempt.outcome().code()).as("%s", attempt.outcome()).isZero();
    assertThat(attempt.outcome().out() + attempt.outcome().err())
        .contains("fewer than 3 left out", "fewer than 3 rows were left out");
    Path out = dir.resolve("results/out");
    JsonNode run = Cli.json(out, "run.json");
    assertThat(run.findValue("rejectedRows").asText()).isEqualTo("fewer than 3");
    assertThat(run.findValue("inputs").get(0).has("rejectedRows")).isFalse();
    assertThat(run.at("/configuration/disclosure/min-rows").intValue()).isEqualTo(10);
    assertThat(out.resolve("rejected/agents/north")).doesNotExist();
  }

  @Test
  void smallCountsOfMissingFieldsAndOfLevelsAreNotTold() throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(study()));
    lines.set(1, lines.get(1).replaceFirst(",[^,]*,", ",NA,")); // of north
    lines.set(2, lines.get(2).replaceFirst(",[^,]*,", ",NA,"));
    for (int r = 41; r < 45; r++) { // of south
      lines.set(r, lines.get(r).replaceFirst(",[^,]*,", ",NA,"));
    }
    lines.set(126, lines.get(126).replaceFirst(",F,", ",other,")); // of hill
    Files.write(dir.resolve("rows.csv"), lines);
    Path conf =
        Cli.write(
            dir.resolve("m.conf"),
            """
            data { path = "%1$s/rows.csv", agent = who }
            problem { formula = "y ~ height + sex", loss = squared }
            stop.max-ticks = 10
            output { path = "%1$s/results/m", overwrite = true }
            """
                .formatted(dir));
    Path out = dir.resolve("results/m");
    Cli.Outcome open = Cli.optimize(conf);
    assertThat(open.code()).as("%s", open).isZero();
    assertThat(open.out()).contains("6 left out for fields without a value (height in 6)");
    JsonNode all = Cli.json(out, "run.json");
    assertThat(all.findValue("leftOut").at("/rowsByAgent/north").asInt()).isEqualTo(2);
    assertThat(all.findValue("levels").at("/sex/other").asInt()).isEqualTo(1);

    Cli.Outcome closed = Cli.optimize(conf, "disclosure { min-cell = 3, max-parameters = 1 }");
    assertThat(closed.code()).as("%s", closed).isEqualTo(ExitCode.BAD_INPUT); // of the rare level
    Files.writeString(dir.resolve("rows.csv"), String.join("\n", lines).replace(",other,", ",F,"));
    closed = Cli.optimize(conf, "disclosure={min-cell=7}");
    assertThat(closed.code()).as("%s", closed).isZero();
    assertThat(closed.out())
        .contains("fewer than 7 left out for fields without a value (height)")
        .doesNotContain("height in");
    all = Cli.json(out, "run.json");
    JsonNode missing = all.findValue("leftOut");
    assertThat(missing.path("rows").asText()).isEqualTo("fewer than 7");
    assertThat(missing.path("columns").toString()).isEqualTo("[\"height\"]");
    assertThat(missing.path("rowsByAgent").toString()).isEqualTo("[\"north\",\"south\"]");
    assertThat(missing.path("byAgent").toString())
        .isEqualTo("{\"north\":[\"height\"],\"south\":[\"height\"]}");
    assertThat(Cli.read(out.resolve("report.html"))).doesNotContain("leftOut", "rowsByAgent");
  }

  @Test
  void namesOfAgentsAreNoPathsAndNoCommandsToATerminal() throws Exception {
    List<String> names =
        List.of(
            "../../up",
            "/etc/cron.d/x",
            "a/b",
            "..",
            "bell\u0007\u001b[2J",
            "</script><b>",
            "q\"q");
    List<String> lines = new ArrayList<>(List.of("who,height,y"));
    for (String name : names) {
      String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
      for (int r = 0; r < 12; r++) {
        lines.add(quoted + "," + (150 + 3 * r) + "," + r % 2);
      }
      lines.add(quoted + ",tall,1");
    }
    Files.write(dir.resolve("rows.csv"), lines);
    Small.Attempt attempt =
        Small.in(dir).optimize("data.bad-rows = skip\ndata.features = [height]");
    Cli.Outcome outcome = attempt.outcome();
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out() + outcome.err()).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
    Path out = dir.resolve("results/out");
    try (Stream<Path> all = Files.walk(dir)) {
      assertThat(all.filter(Files::isRegularFile).filter(file -> !file.startsWith(out)).toList())
          .containsExactlyInAnyOrder(dir.resolve("rows.csv"), dir.resolve("x.conf"));
    }
    try (Stream<Path> rejected = Files.list(out.resolve("rejected/agents"))) {
      assertThat(rejected).hasSize(names.size());
    }
    assertThat(Cli.read(out.resolve("report.html"))).doesNotContain("</script><b>", "\u001b");
    assertThat(outcome.out()).contains("84 rows of 7 agents");
  }

  @Test
  void columnsThatAreNotAllowedAreLeftOutOrRefused() throws Exception {
    study();
    Small small = Small.in(dir);
    small
        .optimize("disclosure { columns = [height, smoker] }")
        .isRefusedWith(List.of("data.label is 'y'; disclosure.columns refuses the column 'y'"));
    small
        .optimize("disclosure { columns = [height, y] }", "data.features=[smoker]")
        .isRefusedWith(List.of("disclosure.columns refuses the column 'smoker'"));
    Small.Attempt attempt = small.optimize("disclosure { columns = [height, y] }");
    assertThat(attempt.outcome().code()).as("%s", attempt.outcome()).isZero();
    assertThat(attempt.outcome().out()).contains("smoker, sex (not in disclosure.columns)");
  }

  @Test
  void whatStandsForNoValueIsNotCompared() throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(study()));
    for (int r = 1; r <= 160; r++) {
      if (lines.get(r).startsWith("coast") && r % 3 > 0) {
        lines.set(r, lines.get(r).replaceFirst(",[^,]*,", ",9999,"));
      }
    }
    Files.write(dir.resolve("rows.csv"), lines);
    Path conf =
        Cli.write(
            dir.resolve("v.conf"),
            """
            data { path = "%1$s/rows.csv", label = y, agent = who, features = [height] }
            problem.loss = logistic
            output.path = "%1$s/results/v"
            """
                .formatted(dir));
    Cli.Outcome as = Cli.run("validate", conf.toString(), "--no-calibration");
    assertThat(as.out()).contains("unit?: 'height' of coast").doesNotContain("missing: 'height'");
    Cli.Outcome coded =
        Cli.run("validate", conf.toString(), "--no-calibration", "data.missing-values=[\"9999\"]");
    assertThat(coded.code()).as("%s", coded).isZero();
    assertThat(coded.out())
        .contains("missing: 'height' of coast")
        .doesNotContain("unit?: 'height' of coast");
  }

  @Test
  void validateComparesAgentsAndAsksTheirCells() throws Exception {
    study(site("tiny", 7, "0", "1"));
    Path conf =
        Cli.write(
            dir.resolve("v.conf"),
            """
            data { path = "%s/rows.csv", label = y, agent = who }
            problem.loss = logistic
            output.path = "%s/results/v"
            """
                .formatted(dir, dir));
    Path file = dir.resolve("columns.json");
    Cli.Outcome outcome =
        Cli.run(
            "validate",
            conf.toString(),
            "--no-calibration",
            "--json=" + file,
            "problem.l2=[1e-2, 1e-1]");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .containsPattern("column +type +missing +means of agents +levels")
        .containsPattern("sex +text +0 % +.*female, male")
        .contains(
            "selection     l2 0.1000, l1 0.000; l2 0.01000, l1 0.000; judged on a share of 0.2",
            "the comparison of agents is in " + file);
    assertThat(Cli.read(file)).doesNotContain("tiny");
    JsonNode columns = Cli.json(dir, "columns.json");
    assertThat(columns.path("agentsCompared").intValue()).isEqualTo(4);
    assertThat(columns.at("/findings/0/kind").asText()).isEqualTo("unit");
    assertThat(columns.at("/findings/0/agents/0").asText()).isEqualTo("south");
    assertThat(columns.path("columns").findValuesAsText("column")).contains("height", "sex", "y");
    assertThat(columns.at("/columns/0/agents")).hasSize(4);
    assertThat(outcome.out())
        .contains(
            "harmonisation 4 agents are compared, 1 with too few rows are not; 3 to ask about:",
            "unit?: 'height' of south is about 1/2.5",
            "2.54 is centimetres against inches",
            "levels: 'sex' of hill has 'F', and elsewhere it is 'female', 'male'")
        .doesNotContain("unit?: 'smoker'");
    Cli.Outcome refused = Cli.run("validate", conf.toString(), "--no-calibration", "disclosure={}");
    assertThat(refused.code()).as("%s", refused).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains("disclosure.min-rows refuses the rows of 'tiny'");
    Cli.Outcome hospitals =
        Cli.run(
            "validate", "../conf/hospitals.conf", "--no-calibration", "data.path=" + Cli.HOSPITALS);
    assertThat(hospitals.out())
        .contains("harmonisation 8 agents are compared; nothing found to ask about");
  }
}
