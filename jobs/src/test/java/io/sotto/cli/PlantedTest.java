package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code data.make = planted}: rows whose optimum is known. */
class PlantedTest {
  @TempDir Path dir;

  private Path conf(String loss) {
    return Cli.write(
        dir.resolve("x.conf"),
        """
        data { path = "DIR/rows", format = parquet, agent = agent, label = label, weight = weight, make = planted }
        planted { agents = 5, pairs = 400, features = 4, files = 3 }
        problem.loss = LOSS
        network.topology = complete
        privacy.protect = none
        stop.tolerance = 1e-10
        output.path = "DIR/out"
        """
            .replace("DIR", dir.toString())
            .replace("LOSS", loss));
  }

  /** What is not there is made first; the run finds what is known. */
  @ParameterizedTest
  @ValueSource(strings = {"squared", "huber", "logistic", "poisson"})
  void theOptimumIsWhereItWasPlanted(String loss) {
    Cli.Outcome run = Cli.optimize(conf(loss));
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("in 3 files, and beside it its optimum", "800 rows of 5 agents");
    JsonNode known = Cli.json(dir, "rows-optimum.json");
    JsonNode solution = Cli.json(dir.resolve("out"), "solution.json");
    assertThat(Cli.numbers(solution.path("estimate")))
        .containsExactly(Cli.numbers(known.path("estimate")), within(1e-4));
    assertThat(solution.path("intercept").doubleValue())
        .isCloseTo(known.path("intercept").doubleValue(), within(1e-4));
    assertThat(solution.path("objective").doubleValue())
        .isCloseTo(known.path("objective").doubleValue(), within(1e-8));
  }

  @Test
  void whereItWouldNotBeKnownNothingIsMade() {
    Cli.Outcome penalty = Cli.run("make-data", conf("squared").toString(), "problem.l2=0.1");
    assertThat(penalty.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(penalty.err()).contains("without penalties", "Leave out problem.l2");
    Cli.Outcome hinge = Cli.run("make-data", conf("hinge").toString());
    assertThat(hinge.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(hinge.err()).contains("problem.loss is hinge", "squared, huber, logistic");
    assertThat(dir.resolve("rows")).doesNotExist();
  }
}
