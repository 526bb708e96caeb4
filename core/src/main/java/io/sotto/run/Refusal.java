package io.sotto.run;

import io.sotto.engine.Coordinator;
import io.sotto.engine.DisclosureRequest;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Disclosure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Refuses runs that break rules of disclosure control. */
final class Refusal {
  private static final int MOST_COLUMNS = 5;

  private Refusal() {}

  /**
   * Asks the cells of a run whether all their agents hold to its rules.
   *
   * @throws BadInputException if one does not; it names rules, agents and columns, and neither
   *     numbers of rows nor values
   */
  static void require(Prepared prepared, Coordinator cells) {
    List<Disclosure.Broken> all = new DisclosureRequest(prepared.disclosure()).ask(cells);
    if (all == null) {
      throw new BadInputException(
          "disclosure is given; the costs of %s keep their rows to themselves, so that its rules cannot be checked. Let them say block(), or take the block disclosure out."
              .formatted(prepared.costs().name()));
    }
    if (all.isEmpty()) {
      return;
    }
    List<String> sentences = new ArrayList<>();
    for (Disclosure.Rule rule : Disclosure.Rule.values()) {
      Map<Integer, List<Disclosure.Broken>> byAgent =
          all.stream()
              .filter(broken -> broken.rule() == rule)
              .collect(
                  Collectors.groupingBy(
                      Disclosure.Broken::agent, TreeMap::new, Collectors.toList()));
      if (!byAgent.isEmpty()) {
        List<String> agents =
            byAgent.entrySet().stream().map(of -> words(prepared, of.getValue())).toList();
        sentences.add(
            "%s refuses the rows of %s: %s."
                .formatted(rule.key(), Text.some(agents), remedy(rule)));
      }
    }
    throw new BadInputException(
        String.join(" ", sentences)
            + " How many they are is not told; whoever keeps these rows may see to it, or allow less.");
  }

  /** An agent, with the columns that are refused. */
  private static String words(Prepared prepared, List<Disclosure.Broken> broken) {
    String agent = "'" + prepared.costs().agents().get(broken.get(0).agent()) + "'";
    if (broken.get(0).rule() != Disclosure.Rule.MIN_CELL) {
      return agent;
    }
    Schema schema = prepared.costs().schema();
    List<String> columns =
        broken.stream()
            .map(
                each ->
                    each.column() < 0 || schema == null
                        ? "the label"
                        : column(schema, each.column()))
            .distinct()
            .toList();
    return "%s (%s%s)"
        .formatted(
            agent,
            String.join(", ", columns.subList(0, Math.min(MOST_COLUMNS, columns.size()))),
            columns.size() > MOST_COLUMNS ? " and others" : "");
  }

  /** A column, without the level that a feature may be named for. */
  private static String column(Schema schema, int feature) {
    String name = schema.features().get(feature);
    if (schema.design() == null || schema.design().isPlain()) {
      return "'" + name + "'";
    }
    List<String> inputs = schema.design().inputNames().stream().filter(name::contains).toList();
    return inputs.isEmpty() ? "a column" : "'" + String.join("' with '", inputs) + "'";
  }

  private static String remedy(Disclosure.Rule rule) {
    return switch (rule) {
      case MIN_ROWS -> "they hold too few; leave these agents out, or join them with others";
      case MIN_CELL ->
          "a value stands in too few of them; leave the column or the agent out, or join values";
      case MAX_PARAMETERS ->
          "the model has too many coefficients for so few rows; name fewer columns in data.features";
    };
  }
}
