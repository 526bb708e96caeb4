package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The block {@code selection} and the block {@code survival}, from the configuration to files. */
class PathsTest {
  private static final String THREE = "[1e-3, 1e-1, 1e-2]";

  @TempDir Path dir;

  private Path hospitals() {
    return Cli.write(
        dir.resolve("path.conf"),
        """
        data {
          path = "%s", label = diagnosis, agent = hospital
          features = [radius_mean, texture_mean, smoothness_mean]
        }
        problem { loss = logistic, l2 = %s }
        output.overwrite = true
        """
            .formatted(Cli.HOSPITALS, THREE));
  }

  private Path hazards(String more) {
    StringBuilder rows = new StringBuilder("site,days,died,dose\n");
    for (int i = 1; i <= 120; i++) {
      int days = 1 + i * 53 % 211;
      rows.append("s%d,%d,%d,%s%n".formatted(i % 4, days, i % 3 == 0 ? 0 : 1, i * 37 % 101 / 10.0));
    }
    Path file = Cli.write(dir.resolve("hazards.csv"), rows.toString());
    return Cli.write(
        dir.resolve("hazards.conf"),
        """
        data { path = "%s", agent = site }
        survival { time = days, event = died, intervals = 4 }
        inference {}
        output.overwrite = true
        %s
        """
            .formatted(file, more));
  }

  @Test
  void aPathIsTheSameOnBothEngines() {
    Path local = dir.resolve("local");
    Path spark = dir.resolve("graphx");
    Cli.Outcome here =
        Cli.optimize(
            hospitals(), "selection.by=agent", "output.path=" + local, "engine.name=local");
    Cli.Outcome there =
        Cli.optimize(
            hospitals(),
            "selection.by=agent",
            "output.path=" + spark,
            "engine.name=graphx",
            "engine.cells=3");
    assertThat(here.code()).as("%s", here).isZero();
    assertThat(there.code()).as("%s", there).isZero();
    assertThat(here.out())
        .contains(
            "l2 0.1000, l1 0.000: held-out loss",
            "chosen by selection.rule = best: l2 0.001000",
            "the least held-out loss is at the smallest penalty of the list",
            "agent st-anna: held-out loss");
    assertThat(Cli.read(spark.resolve("path.csv"))).isEqualTo(Cli.read(local.resolve("path.csv")));
    List<String> lines = Cli.read(local.resolve("path.csv")).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("l2,l1,heldOutLoss,stdError,nonzero,chosen,");
    assertThat(lines.get(3)).startsWith("0.001,0.0,").contains(",true,");
    JsonNode run = Cli.json(local, "run.json");
    assertThat(run.at("/selection/by").asText()).isEqualTo("agent");
    assertThat(run.at("/selection/chosen/l2").doubleValue()).isEqualTo(1e-3);
    assertThat(run.at("/selection/path/0/byAgent/st-anna").isNumber()).isTrue();
    assertThat(run.at("/selection/masked").booleanValue()).isTrue();
    assertThat(run.at("/configuration/problem/l2")).hasSize(3);
    assertThat(run.at("/privacy/disclosed").toString()).contains("without the rows of each agent");
    assertThat(run.at("/phases/select").isNumber()).isTrue();
    // the reported fit is the one to all rows at the chosen penalty
    Path plain = dir.resolve("plain");
    Cli.optimize(hospitals(), "problem.l2=1e-3", "output.path=" + plain);
    double expected = Cli.json(plain, "solution.json").path("objective").doubleValue();
    double objective = Cli.json(local, "solution.json").path("objective").doubleValue();
    assertThat(Math.abs(objective / expected - 1)).isLessThan(2e-3);
  }

  @Test
  void singleAgentsAreNotToldUnlessThatIsAllowed() {
    Path out = dir.resolve("untold");
    Cli.Outcome outcome =
        Cli.optimize(
            hospitals(),
            "problem.l2=1e-2",
            "selection.by=agent",
            "output.per-agent=false",
            "output.path=" + out);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("held-out loss, each agent's rows by the fit to the others");
    assertThat(outcome.out()).doesNotContain("st-anna");
    assertThat(Cli.read(out.resolve("path.csv"))).doesNotContain("st-anna");
    assertThat(Cli.read(out.resolve("run.json"))).doesNotContain("byAgent");
  }

  @Test
  void hazardsOfFilesAreTheSameOnBothEngines() {
    Path local = dir.resolve("hazards");
    Path spark = dir.resolve("hazards-graphx");
    Path conf = hazards("");
    Cli.Outcome here =
        Cli.optimize(conf, "output.path=" + local, "engine.name=local", "engine.cells=2");
    assertThat(here.code()).as("%s", here).isZero();
    assertThat(here.out()).contains("hazard ratio", "120 rows of 4 agents");
    Cli.Outcome there =
        Cli.optimize(conf, "output.path=" + spark, "engine.name=graphx", "engine.cells=2");
    assertThat(there.code()).as("%s", there).isZero();
    for (String name : List.of("summary.csv", "survival.csv")) {
      assertThat(Cli.read(spark.resolve(name))).isEqualTo(Cli.read(local.resolve(name)));
    }
    assertThat(Cli.read(local.resolve("summary.csv"))).contains("dose,", "interval(");
    JsonNode run = Cli.json(local, "run.json");
    assertThat(run.at("/survival/events").intValue()).isEqualTo(80);
    assertThat(run.at("/survival/intervals")).hasSize(4);
    assertThat(run.at("/configuration/survival/time").asText()).isEqualTo("days");
    assertThat(run.at("/configuration/data/label").isMissingNode()).isTrue();
    JsonNode solution = Cli.json(local, "solution.json");
    assertThat(solution.at("/survival/at/dose").isNumber()).isTrue();
    assertThat(solution.path("offset").isMissingNode()).isTrue();
    // what run.json says gives the same again, and subjects are held out whole
    Path again = Cli.write(dir.resolve("again.conf"), run.path("configuration").toString());
    Cli.Outcome third =
        Cli.optimize(
            again,
            "output.path=" + dir.resolve("third"),
            "selection.by=held-out",
            "survival.intervals=3");
    assertThat(third.code()).as("%s", third).isZero();
    assertThat(third.out()).contains("held-out loss, rows that agents held back");
  }

  private void requireRefused(Cli.Outcome outcome, String... words) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains(words);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    String to = "output.path=" + dir.resolve("refused");
    requireRefused(
        Cli.optimize(hospitals(), to, "problem.l1=[0,1]"),
        "problem.l1",
        "problem.l2 is a list, too");
    requireRefused(Cli.optimize(hospitals(), to, "problem.l2=[0,0]"), "none twice");
    requireRefused(
        Cli.optimize(hospitals(), to, "selection.by=none"), "selection.by", "held-out or agent");
    requireRefused(
        Cli.optimize(hospitals(), to, "privacy.protect=rows", "privacy.epsilon=4"),
        "what trials tell is not in the budget");
    requireRefused(
        Cli.run("audit", hospitals().toString(), to), "An audit attacks one run", "selection");
    requireRefused(
        Cli.optimize(hazards("problem.loss = poisson"), to), "problem.loss", "survival says");
    requireRefused(Cli.optimize(hazards("survival.cuts = [30, 20]"), to), "survival.cuts");
    requireRefused(
        Cli.optimize(hazards("survival.event = dose"), to), "hazards.csv", "neither 0 nor 1");
    requireRefused(
        Cli.optimize(hazards("privacy { protect = rows, epsilon = 4 }"), to), "survival.time");
    requireRefused(Cli.run("audit", hazards("").toString(), to), "survival splits each time");
  }
}
