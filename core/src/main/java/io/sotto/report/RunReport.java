package io.sotto.report;

import io.sotto.result.Certificate;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.run.Costs;
import io.sotto.run.Guarantee;
import io.sotto.run.Prepared;
import io.sotto.run.RunRecord;
import io.sotto.run.RunSettings;
import io.sotto.run.Solution;
import io.sotto.run.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the report of a run says. All of it stands in the other files of a result, too: the report
 * looks at no rows, and tells no more than these.
 *
 * @param drawing the network; null if single agents are not to be named
 */
public record RunReport(Prepared prepared, Result result, @Nullable Drawing drawing) {

  /** For {@link Page#of}, as JSON has values. */
  public Map<String, @Nullable Object> toMap(Solution solution, RunRecord record) {
    Map<String, @Nullable Object> run = record.map();
    Costs costs = prepared.costs();
    Map<String, @Nullable Object> page = new LinkedHashMap<>();
    page.put("title", title(run));
    page.put("subtitle", subtitle(run));
    page.put("status", result.status().toString());
    page.put("verdict", verdict());
    page.put("because", sentence(result.stopReason()));
    page.put("facts", facts());
    page.put("answer", Coefficients.of(solution, result.last().measured()));
    RunSettings.Stop stop = prepared.settings().stop();
    page.put("tolerance", stop.tolerance());
    page.put("agreement", stop.disagreement());
    page.put("curves", Curves.of(result.trace(), drawing == null ? List.of() : costs.agents()));
    page.put("network", drawing == null ? null : drawing.toMap());
    page.put("proof", proof());
    page.put("privacy", privacy(run));
    page.put("phases", run.get("phases"));
    page.put("choices", choices(run));
    page.put("provenance", Settings.flat(provenance(run)));
    page.put("configuration", Settings.flat(run.get("configuration")));
    return page;
  }

  private static String title(Map<String, @Nullable Object> run) {
    return run.get("configuration") instanceof Map<?, ?> all
            && all.get("output") instanceof Map<?, ?> output
        ? Page.title(String.valueOf(output.get("path")))
        : "result";
  }

  private String subtitle(Map<String, @Nullable Object> run) {
    Costs costs = prepared.costs();
    String rows =
        run.get("rows") instanceof Number n ? Text.count(n.longValue()) + " rows of " : "";
    return "%s, %s%s agents, %s coordinates, by %s"
        .formatted(
            costs.name(),
            rows,
            Text.count(costs.count()),
            Text.count(costs.dimension()),
            prepared.settings().algorithm().name());
  }

  /** What is proven, first. */
  private String verdict() {
    Certificate certificate = result.certificate();
    String ended =
        switch (result.status()) {
          case CONVERGED -> "";
          case SETTLED -> "Settled: the run seems to be done.";
          case MAX_TICKS -> "The limit of ticks ended the run.";
          case DEADLINE -> "The deadline ended the run.";
          case BUDGET -> "The privacy budget ended the run.";
        };
    if (!result.last().isMeasured()) {
      return ended + " Objective, gap and certificate are left out: they would tell of rows.";
    }
    String proven =
        certificate.holds()
            ? " F is proven to be at most a fraction of %s above its least value."
                .formatted(figure(certificate.gap()))
            : " Nothing proves how far F is above its least value.";
    return (ended + proven).strip();
  }

  private List<Map<String, String>> facts() {
    Measurement last = result.last();
    RunSettings.Stop stop = prepared.settings().stop();
    List<Map<String, String>> facts = new ArrayList<>();
    if (last.isMeasured()) {
      facts.add(
          fact(
              "F at the estimate",
              String.format(Locale.ROOT, "%.9g", last.objective()),
              "the sum of all costs"));
      Certificate certificate = result.certificate();
      facts.add(
          certificate.holds()
              ? fact("certified gap", figure(certificate.gap()), wanted(stop.tolerance()))
              : fact("certified gap", "none", "see below"));
    }
    facts.add(fact("disagreement", figure(last.disagreement()), wanted(stop.disagreement())));
    facts.add(fact("infeasibility", figure(last.infeasibility()), wanted(stop.disagreement())));
    facts.add(fact("ticks", Text.count(last.tick()), Text.count(last.updates()) + " updates"));
    facts.add(fact("time", Text.seconds(result.seconds()), "for the ticks"));
    return facts;
  }

  private static Map<String, String> fact(String label, String value, String note) {
    return Map.of("label", label, "value", value, "note", note);
  }

  private static String wanted(double tolerance) {
    return tolerance > 0 ? "wanted: " + figure(tolerance) : "no limit is set";
  }

  /** 3.59e-07, 0.0123. */
  private static String figure(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
  }

  private static String sentence(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private String proof() {
    if (!result.last().isMeasured()) {
      return "There is no certificate: it would tell of rows.";
    }
    Certificate certificate = result.certificate();
    if (!certificate.holds()) {
      return "There is no certificate: " + certificate.reason() + ".";
    }
    String how =
        switch (certificate.kind()) {
          case NONE -> throw new IllegalStateException("a certificate of no kind holds");
          case TANGENT -> "from a gradient at one point";
          case AVERAGE -> "from gradients at several points";
          case DUAL -> "from the duals of the agents' proximal steps";
          case NEWTON -> "from second derivatives";
        };
    return String.format(
        Locale.ROOT,
        "No point of the set has a cost below %.9g. This bound was found %s (%s), and holds whatever the"
            + " method did. F at the estimate is %.9g, at most a fraction of %.2g above the least value.",
        certificate.lowerBound(),
        how,
        certificate.kind(),
        result.last().objective(),
        certificate.gap());
  }

  private Map<String, @Nullable Object> privacy(Map<String, @Nullable Object> run) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("words", sentence(prepared.protection().words()));
    if (run.get("privacy") instanceof Map<?, ?> said) {
      Map<String, Object> level = new LinkedHashMap<>();
      said.forEach((key, value) -> level.put(String.valueOf(key), value == null ? "none" : value));
      if (level.remove("bound") instanceof Map<?, ?> bound) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        bound.forEach((key, value) -> numbers.put(String.valueOf(key), value == null ? "" : value));
        map.put("bound", sentence(Guarantee.words(numbers)));
      }
      map.put("disclosed", level.remove("disclosed"));
      map.put("level", Settings.flat(level));
    }
    return map;
  }

  /** What was chosen, and why. */
  private static List<List<String>> choices(Map<String, @Nullable Object> run) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (String key :
        List.of(
            "step",
            "candidate",
            "algorithm",
            "engine",
            "cells",
            "ticksPerSuperstep",
            "engineReasons",
            "network",
            "warmStart")) {
      if (run.get(key) != null) {
        map.put(key, run.get(key));
      }
    }
    return Settings.flat(map);
  }

  private static Map<String, @Nullable Object> provenance(Map<String, @Nullable Object> run) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (String key :
        List.of(
            "versions",
            "seed",
            "digest",
            "rows",
            "rejectedRows",
            "rejectedReasons",
            "columnsLeftOut",
            "constantFeatures",
            "inputs")) {
      if (run.get(key) != null) {
        map.put(key, run.get(key));
      }
    }
    return map;
  }
}
