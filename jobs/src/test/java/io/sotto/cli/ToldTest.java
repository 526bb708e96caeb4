package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run says of the rows that it learns from, and what it writes of their labels and units.
 */
class ToldTest {
  private static final String HEADER = "id,site,a,sex,same,y";

  @TempDir Path dir;

  private Path conf;

  @BeforeEach
  void configuration() {
    conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s/rows.csv", label = y, agent = site, missing = refuse }
            problem { loss = logistic, l2 = 1e-2 }
            stop { max-ticks = 400, check-every = 20 }
            output { path = "%s/out", overwrite = true }
            """
                .formatted(dir, dir));
  }

  /** Forty rows of four agents; feature a times something, and the labels of the two classes. */
  private void rows(double times, String no, String yes, String weight, String more) {
    StringBuilder rows = new StringBuilder(HEADER + ",w\n");
    for (int r = 0; r < 40; r++) {
      double a = Math.sin(r) + (r % 3 == 0 ? 0.5 : 0);
      rows.append(
          String.format(
              Locale.ROOT,
              "%d,s%d,%s,%s,3,%s,%s%n",
              (r * 7) % 40 + 100,
              r % 4,
              a * times,
              r % 2 == 0 ? "f" : "m",
              r % 3 == 0 ? yes : no,
              weight));
    }
    Cli.write(dir.resolve("rows.csv"), rows + more);
  }

  private JsonNode solve(String... words) {
    Cli.Outcome outcome = Cli.optimize(conf, words);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    return Cli.json(dir.resolve("out"), "solution.json");
  }

  @Test
  void columnsAndRowsThatAreUsedOrLeftOutAreTold() {
    rows(1, "0", "1", "1", "200,s1,NA,f,3,1,1\n201,s2,,m,3,0,1\n");
    for (String command : List.of("optimize", "validate")) {
      Cli.Outcome outcome = Cli.run(command, conf.toString());
      assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(outcome.err()).contains("rows.csv:42", "'a' is no finite number", "NA");
    }
    for (List<String> words :
        List.of(List.of("optimize"), List.of("validate", "--no-calibration"))) {
      String[] line =
          java.util.stream.Stream.concat(
                  words.stream(), java.util.stream.Stream.of(conf.toString(), "data.bad-rows=skip"))
              .toArray(String[]::new);
      Cli.Outcome outcome = Cli.run(line);
      assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
      assertThat(outcome.out())
          .contains(
              "features: 4: id, a, same, w",
              "columns left out: 1: sex (no numbers)",
              "2 left out ('a' is no finite number (2); of 2 agents)",
              "40 rows of 4 agents, with 10 to 10 rows each; 5 coordinates");
      assertThat(outcome.out().lines().filter(l -> l.contains("rows of"))).hasSize(1);
      assertThat(outcome.err())
          .contains("differ in all rows", "patients or rows do: id.")
          .contains("the same in all rows, and get scale 1: same, w");
    }
  }

  @Test
  void runJsonSaysWhatIsLeftOutAndFlagsAreNumbers() {
    rows(1, "FALSE", "TRUE", "1", "200,s1,NA,f,3,TRUE,1\n");
    Cli.Outcome outcome =
        Cli.optimize(
            conf,
            "problem.loss=squared",
            "data.bad-rows=skip",
            "data.label=y",
            "privacy.protect=none");
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(outcome.err()).contains("labels true and false are read as 1 and 0, in 40 of 40");
    JsonNode run = Cli.json(dir.resolve("out"), "run.json");
    assertThat(run.get("columnsLeftOut")).hasToString("{\"sex\":\"no numbers\"}");
    assertThat(run.get("rejectedReasons")).hasToString("{\"'a' is no finite number\":1}");
    double words = Cli.json(dir.resolve("out"), "solution.json").get("objective").doubleValue();
    rows(1, "0", "1", "1", "");
    assertThat(solve("problem.loss=squared", "privacy.protect=none").get("objective").doubleValue())
        .isEqualTo(words);
  }

  @Test
  void labelsAreWrittenAsTheyAreReadAndComparedToTheLastDigit() {
    String named = "data.features=[a]";
    rows(1, "9007199254740992", "9007199254740993", "1", "");
    JsonNode large = solve(named);
    assertThat(large.get("labels").toString())
        .isEqualTo("[\"9007199254740992\",\"9007199254740993\"]");
    rows(1, "007", "010", "1", "");
    assertThat(solve(named).get("labels").toString()).isEqualTo("[\"007\",\"010\"]");
    assertThat(solve(named, "problem.loss=squared").get("labels").isEmpty()).isTrue();
  }

  @Test
  void hugeAndTinyColumnsAndWeightsGiveTheSameSolution() {
    rows(1, "0", "1", "1", "");
    String named = "data.features=[a]";
    double f = solve(named).get("objective").doubleValue();
    rows(1, "0", "1", "1e-300", "");
    assertClose(solve(named, "data.weight=w"), f);
    for (double times : new double[] {1e160, 1e-170, 1e299, 1e-299}) {
      rows(times, "0", "1", "1", "");
      JsonNode scaled = solve(named);
      assertClose(scaled, f);
      assertThat(scaled.at("/standardization/deviation/0").doubleValue() / times)
          .isBetween(0.5, 1.0);
    }
    rows(1, "0", "1", "1", "");
    String[] plain = {named, "problem.l2=0", "data.standardize=false"};
    double free = solve(plain).get("objective").doubleValue();
    for (double times : new double[] {1e160, 1e-170}) {
      rows(times, "0", "1", "1", "");
      assertClose(solve(plain), free);
    }
    rows(1e-305, "0", "1", "1", "");
    Cli.Outcome outcome = Cli.optimize(conf, named);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("The feature 'a'", "too small", "multiply");
  }

  private static void assertClose(JsonNode solution, double f) {
    assertThat(solution.get("objective").doubleValue()).isCloseTo(f, within(2e-3 * f));
  }
}
