package io.sotto.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the report of an audit says: the leak of each attack, of what {@code audit.json} holds.
 *
 * @param path of the output of the run, after which the page is called
 * @param audit the fields of {@code audit.json} by name
 * @param drawing the network with the leak of each victim; null if there are none
 */
public record AuditReport(
    String path, Map<String, @Nullable Object> audit, @Nullable Drawing drawing) {
  /** What is in {@link Drawing#values}. */
  public static final String LEAK = "leak";

  private static final String BASELINE = "baseline";

  /** The value of a number of {@code audit.json}; NaN where that is null. */
  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /**
   * For {@link Page#of}, as JSON has values.
   *
   * @param verdict what was found, in a sentence
   * @param leaks whether that is above the threshold
   * @param configuration the effective one
   * @param versions of what ran it
   */
  public Map<String, @Nullable Object> toMap(
      String verdict, boolean leaks, Map<String, ?> configuration, Map<String, ?> versions) {
    Map<String, @Nullable Object> page = new LinkedHashMap<>();
    page.put("title", Page.title(path));
    page.put(
        "subtitle",
        "audit of %s, adversary %s, mechanism %s"
            .formatted(audit.get("algorithm"), audit.get("adversary"), audit.get("mechanism")));
    page.put("status", leaks ? "leak above the threshold" : "none found above the threshold");
    page.put("verdict", verdict);
    page.put("because", "");
    page.put("facts", facts());
    List<Map<String, @Nullable Object>> tables = new ArrayList<>();
    tables.add(table("As configured", audit));
    if (audit.get(BASELINE) instanceof Map<?, ?> baseline) {
      tables.add(table("Baseline: synchronous, without sets", texts(baseline)));
    }
    page.put("leaks", tables);
    page.put("threshold", audit.get("threshold"));
    page.put("network", drawing == null ? null : drawing.toMap());
    page.put("audit", Settings.flat(rest()));
    page.put("configuration", Settings.flat(configuration));
    page.put("provenance", Settings.flat(Map.of("versions", versions)));
    return page;
  }

  private List<Map<String, String>> facts() {
    List<Map<String, String>> facts = new ArrayList<>();
    facts.add(fact("threshold", audit.get("threshold"), "of a leak, from 0 to 1"));
    if (audit.get("exposure") instanceof Map<?, ?> exposure) {
      facts.add(
          fact("exposed agents", exposure.get("exposedAgents"), "of " + exposure.get("agents")));
    }
    facts.add(fact("pairs", audit.get("pairs"), "of adversary and victim"));
    facts.add(fact("runs", audit.get("seeds"), "of up to %s ticks".formatted(audit.get("ticks"))));
    facts.removeIf(fact -> "null".equals(fact.get("value"))); // games on texts have fewer
    return facts;
  }

  private static Map<String, String> fact(String label, @Nullable Object value, String note) {
    return Map.of("label", label, "value", Objects.toString(value), "note", note);
  }

  private static Map<String, @Nullable Object> texts(Map<?, ?> map) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    map.forEach((key, value) -> all.put(String.valueOf(key), value));
    return all;
  }

  /** A row for each attack that said something, and a sentence for those that did not. */
  private static Map<String, @Nullable Object> table(
      String heading, Map<String, @Nullable Object> audit) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    Map<String, Map<String, @Nullable Object>> control = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> one : blocks(audit.get("control"))) {
      control.put(String.valueOf(one.get("name")), one);
    }
    for (Map<String, @Nullable Object> attack : blocks(audit.get("attacks"))) {
      Map<String, @Nullable Object> along =
          attack.get("alongRun") instanceof Map<?, ?> map ? texts(map) : Map.of();
      String name = String.valueOf(attack.get("name"));
      if (attack.get("leak") == null && along.get("leak") == null) {
        silent.add(name);
        continue;
      }
      rows.add(
          row(
              name,
              attack.get("about"),
              attack.get("leak"),
              List.of(
                  leak(attack.get("exposed")),
                  leak(attack.get("unexposed")),
                  leak(attack.get("beyond")),
                  leak(along.get("leak")),
                  leak(control.getOrDefault(name, Map.of()).get("leak")))));
    }
    if (audit.get("sentenceGame") instanceof Map<?, ?> game) {
      blocks(game.get("guesses"))
          .forEach(
              one ->
                  rows.add(
                      row(
                          "guess by " + one.get("by"),
                          "a sentence",
                          point(one.get("leak")),
                          List.of())));
    }
    for (Map<String, @Nullable Object> one : blocks(audit.get("protocols"))) {
      String who = one.get("name") + ", " + one.get("adversary");
      rows.add(
          row(
              who,
              "subgradient",
              one.get("leak"),
              List.of("", "", "", leak(one.get("alongRun")), "")));
    }
    Map<String, @Nullable Object> table = new LinkedHashMap<>();
    table.put("heading", heading);
    table.put("rows", rows);
    table.put("silent", silent);
    table.put("games", games(audit));
    List<String> limits = new ArrayList<>();
    if (audit.get("limits") instanceof Map<?, ?> all) {
      all.forEach((attack, why) -> limits.add(attack + ": " + why));
    }
    table.put("limits", limits);
    return table;
  }

  /** What came of games, and what of the same games without messages: the solution tells, too. */
  private static List<String> games(Map<String, @Nullable Object> audit) {
    List<String> lines = new ArrayList<>();
    for (Map<String, @Nullable Object> attack : blocks(audit.get("attacks"))) {
      for (Map<String, @Nullable Object> game : blocks(attack.get("games"))) {
        lines.add(game(attack.get("name") + ", one row of ", game) + ".");
      }
    }
    if (audit.get("swapGame") instanceof Map<?, ?> swaps) {
      for (Map<String, @Nullable Object> game : blocks(swaps.get("played"))) {
        double bound = number(game.get("bound"));
        String promise =
            Double.isNaN(bound)
                ? ""
                : String.format(
                    Locale.ROOT,
                    "; with offsets nobody wins more than %.2f of them in the mean",
                    0.5 + bound / 2);
        lines.add(game("swap-game, a tilt of the cost of ", game) + promise + ".");
      }
    }
    return lines;
  }

  private static String game(String what, Map<String, @Nullable Object> game) {
    return "%s%s: %s of %s games won, %s from the published solution alone"
        .formatted(
            what, game.get("victim"), game.get("wins"), game.get("games"), game.get("control"));
  }

  private static Map<String, Object> point(@Nullable Object value) {
    double at = number(value);
    return Map.of("median", at, "low", at, "high", at);
  }

  private static Map<String, @Nullable Object> row(
      String name, @Nullable Object about, @Nullable Object leak, List<String> groups) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("about", about);
    row.put("leak", leak);
    row.put("groups", groups);
    return row;
  }

  private static List<Map<String, @Nullable Object>> blocks(@Nullable Object list) {
    List<Map<String, @Nullable Object>> blocks = new ArrayList<>();
    if (list instanceof List<?> all) {
      for (Object one : all) {
        if (one instanceof Map<?, ?> map) {
          blocks.add(texts(map));
        }
      }
    }
    return blocks;
  }

  /** The median, and the range of 95 % of victims and runs. */
  private static String leak(@Nullable Object leak) {
    return leak instanceof Map<?, ?> of
        ? String.format(
            Locale.ROOT,
            "%.3f (%.2f to %.2f)",
            number(of.get("median")),
            number(of.get("low")),
            number(of.get("high")))
        : "";
  }

  /** What has no place in the tables. */
  private Map<String, @Nullable Object> rest() {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(audit);
    rest.keySet().removeAll(List.of("attacks", "control", "limits", BASELINE, "best", "protocols"));
    return rest;
  }
}
