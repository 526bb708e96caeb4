package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ROC curves and calibration of {@code score}. */
class ScoreCurvesTest {
  private static final String SOLUTION =
      """
      {"formatVersion": 3, "loss": "%s", "estimate": [1.0], "intercept": 0.0, "features": ["z"],
       "solvedEstimate": [1.0], "solvedIntercept": 0.0, "standardization": {"mean": [0.0], "deviation": [1.0]},
       "agents": 2, "dimension": 2, "labels": %s}
      """;

  /** Rows, mean prediction, observed, and the ends of its interval. */
  private static final String SHARES =
      """
      26 0.0622293384307379 0 0 0.132274604497754
      24 0.108502895002936 0 0 0.142473597722526
      23 0.179744065007041 0.130434782608696 0.0277515074227932 0.335889137537121
      23 0.28142442248915 0.260869565217391 0.102286133915358 0.484051970402438
      26 0.415644593615147 0.423076923076923 0.233521983127443 0.630819619076033
      22 0.566002656915554 0.5 0.282210520938093 0.717789479061907
      26 0.705183170340298 0.653846153846154 0.44332807395761 0.827855861994334
      24 0.816206449841027 0.833333333333333 0.626158286511317 0.952646373392743
      22 0.886739934191157 1 0.845627487184425 1
      24 0.933657467994085 1 0.857526402277474 1
      """;

  private static final String MEANS =
      """
      26 -2.72836538461538 -2.66426282051282 -3.14751516016622 -2.18101048085942
      24 -2.1171875 -2.27552083333333 -2.73367648436057 -1.81736518230609
      23 -1.52717391304348 -1.51557971014493 -1.98174348900154 -1.04941593128832
      23 -0.942934782608696 -1.05018115942029 -1.53754853181784 -0.562813787022736
      26 -0.34375 -0.45400641025641 -0.912985541054696 0.00497272054187503
      22 0.267045454545455 0.127651515151515 -0.357528654927839 0.61283168523087
      26 0.879807692307692 0.864423076923077 0.407721104425182 1.32112504942097
      24 1.5 1.5 1.00363729982794 1.99636270017206
      22 2.06818181818182 2.04393939393939 1.55048172291131 2.53739706496747
      24 2.65625 2.78958333333333 2.32262384479778 3.25654282186888
      """;

  @TempDir Path dir;

  private static double z(int r) {
    return r * 37 % 96 / 16.0 - 3;
  }

  private static double v(int r) {
    return z(r) + r * 29 % 60 / 15.0 - 2;
  }

  private static String side(int r) {
    return v(r) > 0 ? "yes" : "no";
  }

  /** Scores rows of z in two files, and returns what scores.json says. */
  private JsonNode scored(
      String loss, String labels, int rows, IntFunction<String> label, String more)
      throws IOException {
    Cli.write(dir.resolve("solution.json"), SOLUTION.formatted(loss, labels));
    Files.createDirectories(dir.resolve("rows"));
    for (int file = 0; file < 2; file++) {
      List<String> lines = new ArrayList<>(List.of("who,y,z"));
      for (int r = file; r < rows; r += 2) {
        lines.add("w,%s,%s".formatted(label.apply(r), z(r)));
      }
      Files.write(dir.resolve("rows/%d.csv".formatted(file)), lines);
    }
    Path conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "DIR/rows", label = y, agent = who }
            problem.loss = squared
            output { path = "DIR/none", overwrite = true }
            score { solution = "DIR/solution.json", output = "DIR/scores" }
            """
                    .replace("DIR", dir.toString())
                + more);
    Cli.Outcome outcome = Cli.run("score", conf.toString());
    assertThat(outcome.code()).as("%s", outcome).isZero();
    return Cli.json(dir.resolve("scores"), "scores.json");
  }

  private static void assertBins(JsonNode bins, String expected) {
    List<String> lines = expected.strip().lines().toList();
    assertThat(bins).hasSize(lines.size());
    for (int k = 0; k < lines.size(); k++) {
      String[] line = lines.get(k).strip().split(" ", -1);
      assertThat(bins.get(k).get("rows").asText()).isEqualTo(line[0]);
      List<String> keys = List.of("rows", "predicted", "observed", "low", "high");
      for (int c = 1; c < keys.size(); c++) {
        assertThat(bins.get(k).get(keys.get(c)).doubleValue())
            .as("%s of group %d", keys.get(c), k)
            .isCloseTo(Double.parseDouble(line[c]), within(c < 3 ? 1e-12 : 1e-9));
      }
    }
  }

  private static double area(JsonNode points) {
    double area = 0;
    for (int k = 1; k < points.size(); k++) {
      area +=
          (points.get(k).get("falsePositiveRate").doubleValue()
                  - points.get(k - 1).get("falsePositiveRate").doubleValue())
              * (points.get(k).get("truePositiveRate").doubleValue()
                  + points.get(k - 1).get("truePositiveRate").doubleValue())
              / 2;
    }
    return area;
  }

  /**
   * Of R: {@code r = 0:239; z = ((r*37) %% 96)/16 - 3; y = z + ((r*29) %% 60)/15 - 2 > 0; p =
   * plogis(z); k = cut(p, c(-Inf, unique(quantile(p, 1:10/10, type = 1)))); for (b in levels(k)) {
   * s = k == b; cat(sum(s), mean(p[s]), mean(y[s]), binom.test(sum(y[s]), sum(s))$conf.int) }}. Of
   * so few rows the curve has a point for each score.
   */
  @Test
  void probabilitiesByTenthsAreThoseOfR() throws IOException {
    JsonNode scores = scored("logistic", "[\"no\", \"yes\"]", 240, ScoreCurvesTest::side, "");
    assertBins(scores.get("calibration"), SHARES);
    JsonNode roc = scores.get("roc");
    int positive = 0;
    for (int r = 0; r < 240; r++) {
      positive += v(r) > 0 ? 1 : 0;
    }
    assertThat(roc.get(0).get("threshold").isNull()).isTrue();
    for (JsonNode point : roc) {
      if (point.get("threshold").isNull()) {
        assertThat(point).isEqualTo(roc.get(0));
        continue;
      }
      int[] above = new int[2];
      for (int r = 0; r < 240; r++) {
        if (1 / (1 + StrictMath.exp(-z(r))) >= point.get("threshold").doubleValue()) {
          above[v(r) > 0 ? 1 : 0]++;
        }
      }
      assertThat(point.get("falsePositiveRate").doubleValue())
          .isEqualTo(above[0] / (240.0 - positive));
      assertThat(point.get("truePositiveRate").doubleValue())
          .isEqualTo(above[1] / (double) positive);
    }
    assertThat(roc.get(roc.size() - 1).get("truePositiveRate").doubleValue()).isEqualTo(1);
    assertThat(area(roc)).isCloseTo(0.918372319688109, within(2e-3));
    assertThat(scores.at("/metrics/auc/value").doubleValue())
        .isCloseTo(0.918372319688109, within(1e-12));
  }

  /**
   * Of R, with z as above: {@code v = z + ((r*29) %% 60)/15 - 2; k = cut(z, c(-Inf,
   * unique(quantile(z, 1:10/10, type = 1)))); for (b in levels(k)) { s = k == b; cat(sum(s),
   * mean(z[s]), mean(v[s]), mean(v[s]) + c(-1,1)*qnorm(.975)*sd(v[s])/sqrt(sum(s))) }}.
   */
  @Test
  void numbersByTenthsAreThoseOfR() throws IOException {
    JsonNode scores = scored("squared", "[]", 240, r -> "" + v(r), "");
    assertBins(scores.get("calibration"), MEANS);
    assertThat(scores.has("roc")).isFalse();
    assertThat(dir.resolve("scores/report.html")).exists();
  }

  @Test
  void manyRowsMakeFewPointsAndFewRowsFewGroups() throws IOException {
    JsonNode many =
        scored("hinge", "[\"no\", \"yes\"]", 20_000, r -> r % 7 == 0 ? "no" : side(r), "");
    assertThat(many.get("roc").size()).isBetween(50, 202);
    assertThat(area(many.get("roc")))
        .isCloseTo(many.at("/metrics/auc/value").doubleValue(), within(1e-3));
    assertThat(many.has("calibration")).isFalse();
    JsonNode few = scored("logistic", "[\"no\", \"yes\"]", 25, ScoreCurvesTest::side, "");
    assertThat(few.get("calibration")).hasSize(2);
    int rows = 0;
    for (JsonNode bin : few.get("calibration")) {
      assertThat(bin.get("rows").intValue()).isGreaterThanOrEqualTo(10);
      rows += bin.get("rows").intValue();
    }
    assertThat(rows).isEqualTo(25);
  }

  private static void assertAtLeastThreeOrNone(double count) {
    assertThat(Math.round(count)).isNotIn(1L, 2L);
  }

  @Test
  void rulesOfDisclosureHoldForPointsAndGroups() throws IOException {
    JsonNode scores =
        scored("logistic", "[\"no\", \"yes\"]", 240, ScoreCurvesTest::side, "disclosure {}");
    JsonNode roc = scores.get("roc");
    assertThat(roc.size()).isGreaterThan(20);
    for (int k = 1; k < roc.size(); k++) {
      assertThat(roc.get(k).get("threshold").isNull()).isTrue();
      for (String axis : List.of("falsePositiveRate", "truePositiveRate")) {
        int all = axis.startsWith("true") ? 114 : 126;
        assertAtLeastThreeOrNone(
            all * (roc.get(k).get(axis).doubleValue() - roc.get(k - 1).get(axis).doubleValue()));
      }
    }
    for (JsonNode bin : scores.get("calibration")) {
      double n = bin.get("rows").doubleValue();
      assertAtLeastThreeOrNone(n * bin.get("observed").doubleValue());
      assertAtLeastThreeOrNone(n * (1 - bin.get("observed").doubleValue()));
    }
    JsonNode rare =
        scored("logistic", "[\"no\", \"yes\"]", 240, r -> r < 2 ? "yes" : "no", "disclosure {}");
    assertThat(rare.get("withheld").asText()).contains("disclosure.min-cell");
    assertThat(rare.get("metrics")).isEmpty();
    assertThat(rare.has("roc")).isFalse();
    assertThat(dir.resolve("scores/report.html")).doesNotExist();
    JsonNode unlabelled = scored("squared", "[]", 240, r -> r < 9 ? "1" : "", "disclosure {}");
    assertThat(unlabelled.get("withheld").asText()).contains("disclosure.min-rows");
    Cli.Outcome refused =
        Cli.run("score", dir.resolve("x.conf").toString(), "disclosure.columns=[y, other]");
    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains("disclosure.columns refuses the column 'z'", "the solution");
  }
}
