package io.sotto.cli;

import io.sotto.run.Costs;
import io.sotto.run.Prepared;
import io.sotto.run.Schema;
import io.sotto.run.Text;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What is learnt from and what is left out, for people. */
final class InputLines {
  private static final int MOST_NAMED = 10;
  private static final String NO_NUMBERS = "no numbers";

  private InputLines() {}

  static void print(Prepared prepared, AuditTable.Lines lines) {
    Costs costs = prepared.costs();
    Schema schema = costs.schema();
    if (schema != null) {
      lines.say(
          "features: %s: %s", Text.count(schema.features().size()), Text.some(schema.features()));
      if (schema.design() != null) {
        schema
            .design()
            .levels()
            .forEach(
                (column, levels) ->
                    lines.say(
                        "levels of %s: %s, which the others are compared with, %s",
                        column, levels.get(0), Text.some(levels.subList(1, levels.size()))));
      }
      lines.say("columns left out: %s", leftOut(schema.leftOut()));
      if (schema.leftOut().containsValue(NO_NUMBERS)) {
        lines.say("columns of text are used where problem.formula or data.features names them");
      }
    }
    boolean texts = costs.report().containsKey("tokens");
    if (!texts && costs.report().containsKey("parameters")) {
      lines.say("prompts: %s", costs.words());
      return;
    }
    lines.say("%s: %s", texts ? "texts" : "rows", costs.words());
    int[] rows = costs.work().rowsOf().clone();
    Arrays.sort(rows);
    lines.say(
        (texts
            ? "%s tokens of %s agents, with %s to %s tokens each; a model of %s parameters"
            : "%s rows of %s agents, with %s to %s rows each; %s coordinates"),
        Text.count(costs.work().rows()),
        Text.count(costs.count()),
        prepared.disclosure().rowsOf(rows[0]),
        prepared.disclosure().rowsOf(rows[rows.length - 1]),
        Text.count(costs.dimension()));
  }

  /** Those of one reason together. */
  private static String leftOut(Map<String, String> columns) {
    if (columns.isEmpty()) {
      return "none";
    }
    Map<String, Map<String, String>> byReason = new LinkedHashMap<>();
    columns.forEach(
        (name, why) -> byReason.computeIfAbsent(why, w -> new LinkedHashMap<>()).put(name, why));
    String first =
        byReason.entrySet().stream()
            .limit(MOST_NAMED)
            .map(of -> "%s (%s)".formatted(Text.some(of.getValue().keySet()), of.getKey()))
            .collect(Collectors.joining("; "));
    return "%s: %s%s"
        .formatted(
            Text.count(columns.size()), first, byReason.size() > MOST_NAMED ? "; and others" : "");
  }
}
