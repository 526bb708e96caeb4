package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of scores in a real browser. */
class ScoreReportIT {
  /** A class whose name would be markup. */
  private static final String YES = "yes <b>&amp;</script><i>";

  @TempDir static Path dir;
  private static Chromium browser;

  @BeforeAll
  static void score() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder rows = new StringBuilder("who,dose,ill\n");
    for (int r = 0; r < 240; r++) {
      double dose = random.nextDouble(-3, 3);
      rows.append("<img src=x>,").append(dose).append(',');
      rows.append(dose + random.nextDouble(-3, 3) > 0 ? YES : "no").append('\n');
    }
    rows.append("<img src=x>,,no\n");
    Cli.write(dir.resolve("rows.csv"), rows.toString());
    Cli.write(
        dir.resolve("solution.json"),
        """
        {"formatVersion": 3, "loss": "logistic", "estimate": [1.0], "intercept": 0.0,
         "features": ["dose"], "solvedEstimate": [1.0], "solvedIntercept": 0.0,
         "standardization": {"mean": [0.0], "deviation": [1.0]}, "agents": 1, "dimension": 2,
         "labels": ["no", "%s"]}
        """
            .formatted(YES));
    Path conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "DIR/rows.csv", label = ill, agent = who, bad-rows = skip }
            problem.loss = logistic
            output.path = "DIR/none"
            score { solution = "DIR/solution.json", output = "DIR/scores" }
            """
                .replace("DIR", dir.toString()));
    Cli.Outcome scored = Cli.run("score", conf.toString());
    assertThat(scored.code()).as("%s", scored).isEqualTo(ExitCode.DONE);
    browser = new Chromium(Files.createDirectory(dir.resolve("profile")));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static String text(String selector) throws Exception {
    return browser.value("document.querySelector('" + selector + "').textContent").asText();
  }

  private static Path open() throws Exception {
    Path page = dir.resolve("scores/report.html");
    browser.open(page);
    browser.value("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
    return page;
  }

  @Test
  void curvesOfScoresCarryTheValuesOfTheirFile() throws Exception {
    Path page = open();
    browser.assertQuiet(page);
    JsonNode scores = Cli.json(dir.resolve("scores"), "scores.json");
    assertThat(
            browser.value(
                "[...document.querySelectorAll('h2')].filter(h => h.offsetParent).map(h => h.textContent)"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "How good predictions are", "ROC curve", "Calibration", "Settings and origin");
    for (String key : List.of("roc", "calibration")) {
      assertThat(
              browser
                  .value(
                      "JSON.stringify(sotto.page.%1$s) === JSON.stringify(%2$s)"
                          .formatted(key, scores.get(key)))
                  .booleanValue())
          .as(key)
          .isTrue();
    }
    JsonNode curve =
        browser.value(
            "[...document.querySelector('#roc .curve').points].map(p => [(p.x - 62) / 300, (312 - p.y) / 300])");
    assertThat(curve).hasSameSizeAs(scores.get("roc")).hasSizeGreaterThan(50);
    for (int k = 0; k < curve.size(); k++) {
      JsonNode point = scores.get("roc").get(k);
      assertThat(curve.get(k).get(0).doubleValue())
          .isCloseTo(point.get("falsePositiveRate").doubleValue(), within(1e-5));
      assertThat(curve.get(k).get(1).doubleValue())
          .isCloseTo(point.get("truePositiveRate").doubleValue(), within(1e-5));
    }
    JsonNode dots =
        browser.value(
            """
            [...document.querySelectorAll('#calibration .dot')].map((dot, k) => {
              const range = document.querySelectorAll('#calibration .range')[k];
              return [312 - dot.getAttribute('cy'), 312 - range.getAttribute('y1'), 312 - range.getAttribute('y2'), dot.getAttribute('cx') - 62];
            })
            """);
    assertThat(dots).hasSameSizeAs(scores.get("calibration")).hasSizeGreaterThan(5);
    double unit = dots.get(0).get(3).doubleValue() / bin(scores, 0, "predicted");
    for (int k = 0; k < dots.size(); k++) {
      assertThat(dots.get(k).get(0).doubleValue())
          .isCloseTo(unit * bin(scores, k, "observed"), within(1e-6));
      assertThat(dots.get(k).get(1).doubleValue())
          .isCloseTo(unit * bin(scores, k, "low"), within(1e-6));
      assertThat(dots.get(k).get(2).doubleValue())
          .isCloseTo(unit * bin(scores, k, "high"), within(1e-6));
      assertThat(dots.get(k).get(3).doubleValue())
          .isCloseTo(unit * bin(scores, k, "predicted"), within(1e-6));
    }
    assertThat(text("#metrics table")).contains("auc", "DeLong", "calibrationSlope", "Wald");
    assertThat(text("#roc-note")).contains("count as " + YES + ".");
    assertThat(browser.value("document.querySelectorAll('b, i, img').length").intValue()).isZero();
  }

  private static double bin(JsonNode scores, int k, String key) {
    return scores.get("calibration").get(k).get(key).doubleValue();
  }

  @Test
  void scoresAreForPhonesNightsPaperAndScreenReaders() throws Exception {
    browser.send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
    Path page = open();
    assertThat(
            browser
                .value(
                    "Math.max(...['html', '.scroll', '.plane'].flatMap(s => [...document.querySelectorAll(s)]).map(e => e.scrollWidth))")
                .intValue())
        .isLessThanOrEqualTo(360);
    assertThat(browser.value(Chromium.CONTRAST).get(1).doubleValue()).isGreaterThan(4.5);
    browser.send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    JsonNode dark = browser.value(Chromium.CONTRAST);
    assertThat(dark.get(0).doubleValue()).isLessThan(0.05);
    assertThat(dark.get(1).doubleValue()).isGreaterThan(4.5);
    JsonNode printed = browser.send("Page.printToPDF", Map.of("printBackground", false));
    assertThat(Base64.getDecoder().decode(printed.get("data").asText()).length)
        .isGreaterThan(20_000);
    assertThat(
            browser.value(
                "[...document.querySelectorAll('svg')].map(s => s.getAttribute('role') + ' ' + s.getAttribute('aria-label'))"))
        .extracting(JsonNode::asText)
        .hasSize(2)
        .allMatch(label -> label.startsWith("img ") && label.contains("The table below lists"));
    for (String curve : List.of("roc", "calibration")) {
      browser.value("document.querySelector('#" + curve + " details').open = true");
      browser.value("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
      assertThat(
              browser
                  .value("document.querySelectorAll('#" + curve + " tbody tr').length")
                  .intValue())
          .isEqualTo(browser.value("sotto.page." + curve + ".length").intValue());
    }
    browser.assertQuiet(page);
  }
}
