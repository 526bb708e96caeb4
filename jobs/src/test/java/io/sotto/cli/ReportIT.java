package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of real runs in a real browser. */
class ReportIT {
  private static final List<String> HOSTILE =
      List.of(
          "<img src=x onerror=alert(1)>",
          "</script><script>alert(2)</script>",
          "a&amp;b'c",
          "line\u2028end",
          "{{script}}",
          "plain");

  @TempDir static Path dir;
  private static Chromium browser;
  private static Path out;
  private static boolean leaks;

  @BeforeAll
  static void run() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder rows = new StringBuilder("who,<b>dose</b>,age,ill\n");
    for (int r = 0; r < 240; r++) {
      double dose = random.nextDouble(-2, 2);
      double age = random.nextDouble(20, 80);
      boolean ill = dose + 0.02 * age + random.nextDouble(-3, 3) > 1;
      rows.append(HOSTILE.get(r % HOSTILE.size())).append(',').append(dose).append(',').append(age);
      rows.append(ill ? ",yes\n" : ",no\n");
    }
    Cli.write(dir.resolve("rows.csv"), rows.toString());
    out = dir.resolve("out");
    Path conf =
        Cli.write(
            dir.resolve("x.conf"),
            """
            data { path = "%s", label = ill, agent = who }
            problem.loss = logistic
            inference {}
            stop { tolerance = 1e-5, check-every = 1 }
            audit { seeds = 1, games = 0, baseline = false }
            output { path = "%s", overwrite = true }
            """
                .formatted(dir.resolve("rows.csv"), out));
    Cli.Outcome outcome = Cli.optimize(conf);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    Cli.Outcome audit = Cli.run("audit", conf.toString());
    assertThat(audit.code()).as("%s", audit).isIn(ExitCode.DONE, ExitCode.LEAK);
    leaks = audit.code() == ExitCode.LEAK;
    browser = new Chromium(Files.createDirectory(dir.resolve("profile")));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    browser.send("Emulation.clearDeviceMetricsOverride", Map.of());
    browser.send("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    browser.open(out.resolve("report.html"));
  }

  private static String text(String selector) throws Exception {
    return browser.value("document.querySelector('" + selector + "').textContent").asText();
  }

  @Test
  void theRunIsDrawnInSilence() throws Exception {
    browser.assertQuiet(out.resolve("report.html"));
    assertThat(text("#status")).isEqualTo(Cli.json(out, "run.json").get("status").asText());
    assertThat(
            browser.value(
                "[...document.querySelectorAll('h2')].filter(h => h.offsetParent).map(h => h.textContent)"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "Solution",
            "The run",
            "Network",
            "Certificate",
            "Privacy",
            "Where the time went",
            "Settings and origin");
    JsonNode times = browser.value("performance.getEntriesByType('navigation')[0].toJSON()");
    System.out.printf(
        "report.html: %,d bytes, loaded and drawn %.0f ms after navigation began, of which %.0f ms in the"
            + " browser's script and layout%n",
        Files.size(out.resolve("report.html")),
        times.get("loadEventEnd").doubleValue(),
        times.get("loadEventEnd").doubleValue() - times.get("responseEnd").doubleValue());
    assertThat(Files.size(out.resolve("report.html"))).isLessThan(400_000);
  }

  @Test
  void curvesCarryTheTrace() throws Exception {
    List<Row> trace = Cli.table(out.resolve("trace"));
    assertThat(trace).hasSizeGreaterThan(5);
    JsonNode disagreement = browser.value("sotto.plots[1].u.data");
    assertThat(disagreement.get(0)).hasSameSizeAs(trace);
    for (int k = 0; k < trace.size(); k++) {
      Row row = trace.get(k);
      assertThat(disagreement.get(0).get(k).longValue()).isEqualTo(row.<Long>getAs("tick"));
      double value = row.<Double>getAs("disagreement");
      assertThat(disagreement.get(1).get(k).doubleValue()).isEqualTo(value); // null reads as 0, too
    }
    browser.value(
        "[...document.querySelectorAll('button')].find(b => b.textContent === 'seconds').click()");
    JsonNode seconds = browser.value("sotto.plots[1].u.data[0]");
    JsonNode gap = browser.value("sotto.plots[0].u.data[1]");
    double bound = Cli.json(out, "run.json").at("/certificate/lowerBound").doubleValue();
    for (int k = 0; k < trace.size(); k++) {
      assertThat(seconds.get(k).doubleValue())
          .isEqualTo(trace.get(k).<Double>getAs("elapsedSeconds"));
      double above = (trace.get(k).<Double>getAs("objective") - bound);
      assertThat(gap.get(k).doubleValue() * trace.get(k).<Double>getAs("objective"))
          .as("not below the bound at tick %d", k)
          .isGreaterThanOrEqualTo(above - 1e-5);
    }
    browser.assertQuiet(out.resolve("report.html"));
  }

  /** Estimate and ends of the interval by term. */
  private static Map<String, List<Double>> numbers(JsonNode terms, String name) {
    Map<String, List<Double>> numbers = new TreeMap<>();
    for (JsonNode term : terms) {
      numbers.put(
          term.get(name).asText(),
          Stream.of("estimate", "low", "high").map(key -> term.get(key).doubleValue()).toList());
    }
    return numbers;
  }

  @Test
  void estimatesAndIntervalsAreThoseOfTheSolution() throws Exception {
    assertThat(numbers(browser.value("sotto.page.answer.terms"), "name"))
        .hasSize(3)
        .isEqualTo(numbers(Cli.json(out, "solution.json").at("/inference/terms"), "term"));
    assertThat(
            browser.value(
                "[...document.querySelectorAll('.forest tbody th')].map(h => h.textContent)"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("(Intercept)", "<b>dose</b>", "age");
  }

  @Test
  void hostileNamesStayText() throws Exception {
    browser.value("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    browser.value("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
    String all = text("main");
    assertThat(HOSTILE).allSatisfy(name -> assertThat(all).contains(name));
    assertThat(
            browser
                .value("document.querySelectorAll('img, b, main script, iframe').length")
                .intValue())
        .isZero();
    assertThat(browser.value("document.scripts.length").intValue()).isEqualTo(3);
    browser.assertQuiet(out.resolve("report.html"));
    assertThatThrownBy(
            () -> browser.value("document.body.insertAdjacentHTML('beforeend', '<i>x</i>')"))
        .as("the policy holds")
        .hasMessageContaining("TrustedHTML");
  }

  @Test
  void aPhoneScrollsInOneDirection() throws Exception {
    browser.send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
    browser.open(out.resolve("report.html"));
    browser.value("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
    assertThat(browser.value("document.documentElement.scrollWidth").intValue())
        .isLessThanOrEqualTo(360);
    assertThat(
            browser
                .value(
                    "Math.max(...[...document.querySelectorAll('.plot canvas')].map(c => c.getBoundingClientRect().right))")
                .doubleValue())
        .isBetween(250.0, 360.0);
    browser.assertQuiet(out.resolve("report.html"));
  }

  @Test
  void itIsDarkWhereThatIsWanted() throws Exception {
    JsonNode light = browser.value(Chromium.CONTRAST);
    assertThat(light.get(0).doubleValue()).isGreaterThan(0.9);
    assertThat(light.get(1).doubleValue()).as("contrast, WCAG 1.4.3").isGreaterThan(4.5);
    browser.send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    JsonNode dark = browser.value(Chromium.CONTRAST);
    assertThat(dark.get(0).doubleValue()).isLessThan(0.05);
    assertThat(dark.get(1).doubleValue()).isGreaterThan(4.5);
  }

  @Test
  void itPrints() throws Exception {
    JsonNode printed = browser.send("Page.printToPDF", Map.of("printBackground", false));
    byte[] pdf = Base64.getDecoder().decode(printed.get("data").asText());
    assertThat(new String(pdf, 0, 5, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("%PDF-");
    assertThat(pdf.length).isGreaterThan(20_000);
    assertThat(browser.value("document.documentElement.className").asText()).isEmpty();
    browser.assertQuiet(out.resolve("report.html"));
  }

  @Test
  void keysMoveThroughACurve() throws Exception {
    browser.value("document.querySelector('.plot').focus()");
    for (String key : List.of("End", "ArrowLeft")) {
      browser.send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key));
    }
    browser.value("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
    int last = browser.value("sotto.page.curves.tick.at(-2)").intValue();
    assertThat(text(".readout")).startsWith("Tick " + last + ", ");
    double whole =
        browser
            .value("sotto.plots[1].u.scales.x.max - sotto.plots[1].u.scales.x.min")
            .doubleValue();
    browser.send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", "+"));
    assertThat(
            browser
                .value("sotto.plots[1].u.scales.x.max - sotto.plots[1].u.scales.x.min")
                .doubleValue())
        .as("all curves look closer")
        .isLessThan(whole);
    browser.send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", "0"));
    assertThat(
            browser
                .value("sotto.plots[1].u.scales.x.max - sotto.plots[1].u.scales.x.min")
                .doubleValue())
        .isEqualTo(whole);
  }

  @Test
  void aScreenReaderFindsHeadingsAndTables() throws Exception {
    assertThat(browser.value("document.querySelectorAll('h1').length").intValue()).isEqualTo(1);
    assertThat(browser.value("document.documentElement.lang").asText()).isEqualTo("en");
    assertThat(
            browser
                .value(
                    "[...document.querySelectorAll('figure')].every(f => f.querySelector('details') && f.querySelector('.plot').getAttribute('aria-label'))")
                .booleanValue())
        .isTrue();
    assertThat(
            browser
                .value(
                    "[...document.querySelectorAll('svg')].every(s => s.closest('[aria-hidden], [role=img]'))")
                .booleanValue())
        .isTrue();
    browser.value("document.querySelector('figure details').open = true");
    browser.value("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
    assertThat(
            browser.value("document.querySelectorAll('figure table tbody tr').length").intValue())
        .isEqualTo(browser.value("sotto.page.curves.tick.length").intValue());
  }

  @Test
  void theAuditShowsItsLeaks() throws Exception {
    Path folder = dir.resolve("out-audit");
    browser.open(folder.resolve("report.html"));
    browser.assertQuiet(folder.resolve("report.html"));
    List<String> attacks = new ArrayList<>();
    for (JsonNode attack : Cli.json(folder, "audit.json").get("attacks")) {
      if (!attack.get("leak").isNull() || !attack.at("/alongRun/leak").isNull()) {
        attacks.add(attack.get("name").asText());
      }
    }
    assertThat(attacks).isNotEmpty();
    assertThat(
            browser.value(
                "[...document.querySelectorAll('#leaks .forest tbody th')].map(h => h.textContent)"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(attacks);
    assertThat(text("#status"))
        .isEqualTo(leaks ? "leak above the threshold" : "none found above the threshold");
  }

  /** The longest that numbers become, in columns of both kinds. */
  @Test
  void longEstimatesStayInTheirColumns() throws Exception {
    for (String one :
        List.of(
            "-0.000875375:estimate",
            "-1.23457e-12:estimate",
            "-0.0008754 (-0.000123 to -0.000456):estimates")) {
      String[] parts = one.split(":", -1);
      assertThat(
              browser
                  .value(
                      """
                      (() => {
                        document.querySelector('.forest thead th.number').className = 'number %s';
                        const cell = document.querySelector('.forest tbody td.number');
                        cell.textContent = '%s';
                        return cell.scrollWidth - cell.clientWidth;
                      })()
                      """
                          .formatted(parts[1], parts[0]))
                  .intValue())
          .as(one)
          .isLessThanOrEqualTo(0);
    }
  }

  @Test
  void aReportIsLeftOutIfItIsNotWanted() throws IOException {
    Cli.Outcome outcome =
        Cli.optimize(
            dir.resolve("x.conf"),
            "output.report=false",
            "stop.max-ticks=2",
            "inference.enabled=false",
            "output.path=" + dir.resolve("bare"));
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(ExitCode.DONE);
    assertThat(dir.resolve("bare/run.json")).exists();
    assertThat(dir.resolve("bare/report.html")).doesNotExist();
  }
}
