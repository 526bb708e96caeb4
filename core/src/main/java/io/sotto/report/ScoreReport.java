package io.sotto.report;

import io.sotto.run.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the report of scores says: how good predictions are, of what {@code scores.json} holds.
 *
 * @param path of the scores, after which the page is called
 * @param scores the fields of {@code scores.json} by name
 */
public record ScoreReport(String path, Map<String, @Nullable Object> scores) {
  private static final String CALIBRATION = "calibration";

  /** What metrics are, for who reads them the first time. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("accuracy", "share of rows whose class is predicted"),
          Map.entry("auc", "area under the ROC curve: 1 is best, 0.5 is chance"),
          Map.entry("brier", "mean square of outcome less probability; 0 is best"),
          Map.entry("logLoss", "mean of -log of the probability of the own class; 0 is best"),
          Map.entry("deviance", "sum over rows, as R has it; 0 is best"),
          Map.entry("meanDeviance", "deviance of a row, in the mean; 0 is best"),
          Map.entry("calibrationIntercept", "0 is right; above, probabilities are too low"),
          Map.entry("calibrationSlope", "1 is right; below, probabilities are too extreme"),
          Map.entry("rmse", "root of the mean square of errors, in the label's unit"),
          Map.entry("mae", "mean size of errors, in the label's unit"),
          Map.entry("r2", "share of the labels' variance that is predicted; 1 is best"));

  /**
   * For {@link Page#of}, as JSON has values.
   *
   * @param configuration the effective one, of which that is told which may be
   * @param versions of what ran it
   */
  public Map<String, @Nullable Object> toMap(
      Map<String, ?> configuration, Map<String, ?> versions) {
    Map<String, @Nullable Object> page = new LinkedHashMap<>();
    page.put("title", Page.title(path));
    page.put("kind", "scores");
    page.put("subtitle", "predictions of %s, by %s".formatted(solution(), scores.get("loss")));
    page.put("status", "scored");
    page.put(
        "verdict", "%s rows, %s of them with labels.".formatted(count("rows"), count("labelled")));
    page.put(
        "because",
        "Figures are of rows with labels. On rows that the solution was learnt from they are too good.");
    page.put("facts", facts());
    page.put("metrics", metrics());
    page.put("level", scores.get("level"));
    page.put("positive", positive());
    page.put("roc", scores.get("roc"));
    page.put(CALIBRATION, scores.get(CALIBRATION));
    page.put("provenance", Settings.flat(provenance(versions)));
    page.put("configuration", Settings.flat(configuration));
    return page;
  }

  private String solution() {
    return Page.title(String.valueOf(scores.get("solution")));
  }

  private String count(String key) {
    return scores.get(key) instanceof Number n ? Text.count(n.longValue()) : "";
  }

  /** Of two classes the one that is +1. */
  private @Nullable Object positive() {
    return scores.get("labels") instanceof List<?> labels && labels.size() == 2
        ? labels.get(1)
        : null;
  }

  private List<Map<String, String>> facts() {
    List<Map<String, String>> facts = new ArrayList<>();
    facts.add(fact("rows scored", count("rows"), "a prediction each"));
    facts.add(fact("with labels", count("labelled"), "figures are of these"));
    facts.add(fact("left out", told(scores.get("rejectedRows")), "could not be read"));
    if (scores.get("missing") instanceof Map<?, ?> missing) {
      facts.add(fact("without a value", told(missing.get("rows")), "left out, too"));
    }
    return facts;
  }

  private static Map<String, String> fact(String label, String value, String note) {
    return Map.of("label", label, "value", value, "note", note);
  }

  /** A number of rows, or words where it is too small to be told. */
  private static String told(@Nullable Object rows) {
    return rows instanceof Number n ? Text.count(n.longValue()) : String.valueOf(rows);
  }

  private List<Map<String, @Nullable Object>> metrics() {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    if (scores.get("metrics") instanceof Map<?, ?> metrics) {
      metrics.forEach(
          (name, value) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("name", name);
            one.put("words", WORDS.getOrDefault(String.valueOf(name), ""));
            ((Map<?, ?>) value).forEach((key, figure) -> one.put(String.valueOf(key), figure));
            all.add(one);
          });
    }
    return all;
  }

  private Map<String, @Nullable Object> provenance(Map<String, ?> versions) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("versions", versions);
    for (String key : List.of("solution", "inputs", "rejectedReasons")) {
      if (scores.get(key) != null && !Map.of().equals(scores.get(key))) {
        map.put(key, scores.get(key));
      }
    }
    return map;
  }
}
