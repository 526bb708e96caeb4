package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The block {@code inference}, from the configuration to files. What R 4.2.2 says of the same rows:
 *
 * <pre>
 * d <- read.csv("data/hospitals.csv")
 * f <- glm(I(diagnosis == "malignant") ~ radius_mean + texture_mean + smoothness_mean, binomial, d,
 *          control = glm.control(epsilon = 1e-15, maxit = 100))
 * summary(f)$coefficients; deviance(f); f$null.deviance; AIC(f)
 * </pre>
 */
class InferenceTest {
  static final double[][] R = {
    {-42.01940764491568103, 4.459426866175822290},
    {1.39699240809601166, 0.154032409765212736},
    {0.38055892626589438, 0.057113246653500982},
    {144.67422711501390609, 19.046875088979390966}
  };

  @TempDir Path dir;

  private Cli.Outcome optimize(String output, String... more) throws Exception {
    Path conf = dir.resolve("glm.conf");
    Files.writeString(
        conf,
        """
        data {
          path = "%s", label = diagnosis, agent = hospital
          features = [radius_mean, texture_mean, smoothness_mean]
        }
        problem.loss = logistic
        inference {}
        output.overwrite = true
        """
            .formatted(Cli.HOSPITALS),
        StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>();
    words.addAll(List.of("optimize", conf.toString(), "output.path=" + dir.resolve(output)));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  @Test
  void theTableOfGlmIsWritten() throws Exception {
    Cli.Outcome outcome = optimize("glm", "inference.covariance=true");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .contains("std. error", "odds ratio", "null deviance 751.44001 on 568 degrees of freedom");
    Path out = dir.resolve("glm");
    List<String> lines = Files.readAllLines(out.resolve("summary.csv"));
    assertThat(lines.get(0)).isEqualTo("term,estimate,stdError,statistic,pValue,low,high");
    for (int k = 0; k < R.length; k++) {
      String[] cells = lines.get(k + 1).split(",");
      assertThat(Double.parseDouble(cells[1])).isCloseTo(R[k][0], within(1e-6 * R[k][1]));
      assertThat(Double.parseDouble(cells[2])).isCloseTo(R[k][1], within(1e-6 * R[k][1]));
    }
    JsonNode solution = Cli.json(out, "solution.json");
    JsonNode inference = solution.path("inference");
    assertThat(inference.path("kind").asText()).isEqualTo("model");
    assertThat(inference.path("deviance").doubleValue())
        .isCloseTo(187.29022271784919, within(2e-6));
    assertThat(inference.path("nullDeviance").doubleValue())
        .isCloseTo(751.44000538416901, within(8e-6));
    assertThat(inference.path("aic").doubleValue()).isCloseTo(195.29022271784919, within(2e-6));
    assertThat(inference.path("degreesOfFreedom").intValue()).isEqualTo(565);
    assertThat(inference.path("covariance")).hasSize(4);
    assertThat(inference.at("/terms/1/ratio").doubleValue())
        .isCloseTo(Math.exp(R[1][0]), within(1e-6));
    assertThat(solution.at("/estimate/0").doubleValue())
        .isEqualTo(inference.at("/terms/1/estimate").doubleValue());
    assertThat(solution.toString()).doesNotContain("st-anna");
    assertThat(Files.readAllLines(out.resolve("covariance.csv"))).hasSize(5);
    JsonNode run = Cli.json(out, "run.json");
    assertThat(run.at("/inference/masked").booleanValue()).isTrue();
    assertThat(run.at("/inference/rowsByAgent/st-anna").intValue()).isEqualTo(178);
    assertThat(run.at("/privacy/disclosed").toString()).contains("Newton's steps");
    assertThat(run.at("/configuration/inference/enabled").asText()).isEqualTo("auto");
    // its own result may be replaced, and has no more files than are asked for
    assertThat(optimize("glm", "engine.name=graphx").code()).isZero();
    assertThat(out.resolve("covariance.csv")).doesNotExist();
    assertThat(Files.readAllLines(out.resolve("summary.csv"))).isEqualTo(lines);
  }

  @Test
  void whatIsLeftOutIsToldAndWhatIsInsistedOnIsRefused() throws Exception {
    Cli.Outcome outcome = optimize("l1", "problem.l1=1e-3");
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("standard errors: left out, because problem.l1");
    assertThat(dir.resolve("l1").resolve("summary.csv")).doesNotExist();
    assertThat(Cli.json(dir.resolve("l1"), "solution.json").at("/inference/kind").asText())
        .isEqualTo("none");
    Cli.Outcome refused = optimize("l1", "problem.l1=1e-3", "inference.enabled=true");
    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains("inference.enabled is true, and problem.l1");
    Cli.Outcome rows =
        optimize(
            "rows",
            "privacy.protect=rows",
            "privacy.epsilon=8",
            "data.standardize=false",
            "stop.max-ticks=400");
    assertThat(rows.code()).as("%s", rows).isZero();
    assertThat(rows.out()).contains("standard errors: left out, because rows are to be hidden");
  }

  @Test
  void robustErrorsAndWeightsAreChosenByKeys() throws Exception {
    Cli.Outcome outcome =
        optimize("agent", "inference.errors=agent", "data.weights-are=probability");
    assertThat(outcome.err())
        .contains("data.weights-are is 'probability', and data.weight =  does not use it");
    JsonNode agents = Cli.json(dir.resolve("agent"), "solution.json").path("inference");
    assertThat(agents.path("kind").asText()).isEqualTo("agent");
    assertThat(agents.at("/terms/1/stdError").doubleValue())
        .isNotEqualTo(R[1][1])
        .isCloseTo(R[1][1], within(0.5 * R[1][1]));
  }
}
