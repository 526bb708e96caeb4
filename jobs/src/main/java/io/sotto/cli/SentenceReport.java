package io.sotto.cli;

import io.sotto.privacy.attack.Attacks;
import io.sotto.privacy.judge.Guesses;
import io.sotto.problem.BadInputException;
import io.sotto.run.AuditSettings;
import io.sotto.run.RunSettings;
import io.sotto.run.SentenceGame;
import io.sotto.run.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit of a model of language, for people and as {@code audit.json} has it. */
final class SentenceReport {
  /** Why there is nothing else. */
  static final String LEFT_OUT =
      "The attacks of an audit are of generalised linear models, and are left out: this is a model of"
          + " language. A game on one planted sentence is played.";

  private static final String ROW = "  %-18s %-10s %-14s %-8s %s";

  private final AuditSettings asked;
  private final SentenceGame.Played played;

  /**
   * @param asked what the audit does
   * @param played what came of it
   */
  SentenceReport(AuditSettings asked, SentenceGame.Played played) {
    this.asked = asked;
    this.played = played;
  }

  /** Refuses what is asked for by name and is not for texts. */
  static void requireGames(AuditSettings asked, List<String> protocols) {
    if (!asked.attacks().isEmpty()) {
      throw new BadInputException(
          "audit.attacks names %s, and data.format is text: attacks are of generalised linear models. Leave"
                  .formatted(String.join(", ", asked.attacks()))
              + " audit.attacks empty; then a game on one planted sentence is played.");
    }
    if (!protocols.isEmpty()) {
      throw new BadInputException(
          "--protocol is for problems of rows, and data.format is text. Leave it out.");
    }
  }

  void print(AuditTable.Lines lines) {
    lines.say("");
    lines.say(
        "one sentence of %d tokens in a text of %s, %s; %d games of %s ticks",
        played.tokens(),
        played.victim(),
        asked.copies() == 1 ? "once" : Text.count(asked.copies()) + " times",
        asked.games(),
        Text.count(played.ticks()));
    lines.say(ROW, "guess by", "right", "of 95 %", "leak", "control, of two that stand nowhere");
    for (Guesses one : played.guesses()) {
      lines.say(
          ROW,
          one.by(),
          "%d of %d".formatted(one.right(), one.games()),
          String.format(Locale.ROOT, "%.2f to %.2f", one.low(), one.high()),
          String.format(Locale.ROOT, "%.3f", one.leak()),
          "%d of %d%s"
              .formatted(
                  one.control(),
                  one.games(),
                  one.isControlLuck() ? "" : "; half lies outside its interval of 95 %"));
    }
    int fewest = Guesses.fewest(asked.threshold());
    if (asked.games() < fewest) {
      lines.say(
          "  so few games cannot show a leak above audit.threshold, whatever comes of them: set"
              + " audit.games to %d or more",
          fewest);
    }
    lines.say("  half right is luck; nothing is said of longer runs, other texts or other guesses");
  }

  /** With the fields that other audits have, where there is something to be said. */
  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    RunSettings chosen = played.prepared().settings();
    map.put("adversary", asked.adversary().name().toLowerCase(Locale.ROOT));
    map.put("algorithm", chosen.algorithm().name());
    map.put("idle", chosen.clock().idle().name().toLowerCase(Locale.ROOT));
    map.put("mechanism", played.prepared().protection().name());
    map.put("step", played.step());
    map.put("ticks", played.ticks());
    map.put("threshold", asked.threshold());
    map.put("attacks", List.of());
    Map<String, String> limits = new LinkedHashMap<>();
    for (String name : Attacks.REGISTRY.names()) {
      limits.put(name, "left out, since it is of generalised linear models");
    }
    map.put("limits", limits);
    map.put("best", null);
    Map<String, @Nullable Object> game = new LinkedHashMap<>();
    List<String> names = played.prepared().costs().agents();
    List<String> curious = new ArrayList<>();
    for (int member : played.adversary().members()) {
      curious.add(names.get(member));
    }
    game.put("curious", curious);
    game.put("victim", played.victim());
    game.put("tokens", played.tokens());
    game.put("copies", asked.copies());
    game.put("tokensTrainedOn", played.trainedOn());
    game.put("ticks", played.ticks());
    game.put("games", asked.games());
    game.put("leakAtLeast", played.atLeast());
    game.put("guesses", played.guesses().stream().map(SentenceReport::guesses).toList());
    map.put("sentenceGame", game);
    return map;
  }

  private static Map<String, Object> guesses(Guesses one) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("by", one.by());
    map.put("games", one.games());
    map.put("right", one.right());
    map.put("low", one.low());
    map.put("high", one.high());
    map.put("leak", one.leak());
    map.put("control", one.control());
    return map;
  }
}
