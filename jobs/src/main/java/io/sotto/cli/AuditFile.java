package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.network.Network;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.privacy.exposure.Exposure;
import io.sotto.privacy.judge.Accuracy;
import io.sotto.privacy.judge.Audit;
import io.sotto.privacy.judge.DistinguishingGame;
import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.judge.Reconstructed;
import io.sotto.privacy.protocol.Exchanged;
import io.sotto.run.AuditGame;
import io.sotto.run.RunSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What {@code audit.json} says. */
final class AuditFile {
  private AuditFile() {}

  static Map<String, @Nullable Object> of(RunConfig config, AuditCommand.Audited audited) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    RunSettings chosen = audited.prepared().settings();
    map.put("adversary", config.audit().adversary().name().toLowerCase(Locale.ROOT));
    map.put("algorithm", chosen.algorithm().name());
    map.put("idle", chosen.clock().idle().name().toLowerCase(Locale.ROOT));
    map.put("mechanism", audited.prepared().protection().name());
    map.put("step", audited.step());
    map.put("ticks", audited.ticks());
    map.put("seeds", config.audit().seeds());
    map.put("threshold", config.audit().threshold());
    map.put("exposure", exposure(audited));
    map.put("pairs", audited.report().pairs());
    List<Map<String, @Nullable Object>> attacks = new ArrayList<>();
    audited.report().attacks().forEach(outcome -> attacks.add(outcome(outcome)));
    if (!audited.games().isEmpty()) {
      attacks.add(games(audited.games(), config.audit().threshold()));
    }
    map.put("attacks", attacks);
    map.put("limits", audited.limits());
    map.put("control", audited.report().control().stream().map(AuditFile::control).toList());
    Accuracy first = audited.report().firstMessage();
    map.put("firstMessage", first == null ? null : accuracy(first));
    map.put("firstUpdate", first == null ? null : leak(first.update()));
    map.put("bound", Double.isNaN(audited.bound()) ? null : audited.bound());
    map.put("swapGame", swapGame(audited.swaps(), config.audit().threshold()));
    Audit.Outcome best = audited.report().best();
    map.put("best", best == null ? null : outcome(best));
    List<String> names = audited.prepared().costs().agents();
    map.put(
        "victims",
        audited.report().victims().entrySet().stream()
            .map(victim -> victim(names.get(victim.getKey()), victim.getValue()))
            .toList());
    map.put(
        "rows",
        audited.report().rows().entrySet().stream()
            .map(victim -> rows(names.get(victim.getKey()), victim.getValue()))
            .toList());
    return map;
  }

  /**
   * For each agent and each other one; of an eavesdropper or a coalition, for each agent and it.
   */
  private static Map<String, Object> exposure(AuditCommand.Audited audited) {
    Network network = audited.prepared().plan().network();
    Map<String, Object> map = new LinkedHashMap<>();
    Adversary one = audited.adversary();
    if (one == null) {
      map.put("exposedPairs", audited.exposure().pairs().length);
      map.put("exposedAgents", audited.exposure().agents());
    } else {
      map.put("exposedPairs", Exposure.agents(network, one));
      map.put("exposedAgents", Exposure.agents(network, one));
    }
    map.put("agents", network.agents());
    return map;
  }

  private static Map<String, @Nullable Object> outcome(Audit.Outcome outcome) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", outcome.name());
    map.put("about", outcome.about());
    map.put("leak", leak(outcome.all().atOptimum()));
    map.put("exposed", leak(outcome.exposed().atOptimum()));
    map.put("unexposed", leak(outcome.unexposed().atOptimum()));
    map.put("beyond", leak(outcome.beyond().atOptimum()));
    Map<String, @Nullable Object> along = new LinkedHashMap<>();
    along.put("leak", leak(outcome.all().alongRun()));
    along.put("exposed", leak(outcome.exposed().alongRun()));
    along.put("unexposed", leak(outcome.unexposed().alongRun()));
    map.put("alongRun", along);
    map.put("victims", outcome.victims());
    map.put("falseAlarmRate", outcome.falseAlarmRate());
    return map;
  }

  /** The same attack without a message. */
  private static Map<String, @Nullable Object> control(Audit.Outcome outcome) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", outcome.name());
    map.put("leak", leak(outcome.all().atOptimum()));
    map.put("exposed", leak(outcome.exposed().atOptimum()));
    map.put("unexposed", leak(outcome.unexposed().atOptimum()));
    map.put("beyond", leak(outcome.beyond().atOptimum()));
    map.put("alongRun", leak(outcome.all().alongRun()));
    return map;
  }

  private static Map<String, @Nullable Object> accuracy(Accuracy first) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("accuracyOnVictim", first.onVictim());
    map.put("accuracyOfPublished", first.ofPublished());
    return map;
  }

  private static Map<String, @Nullable Object> rows(String agent, Reconstructed rows) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("agent", agent);
    map.put("found", rows.found());
    map.put("held", rows.held());
    map.put("leak", rows.leak());
    return map;
  }

  private static Map<String, @Nullable Object> victim(String agent, Audit.Group learnt) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("agent", agent);
    map.put("leak", leak(learnt.atOptimum()));
    map.put("alongRun", leak(learnt.alongRun()));
    return map;
  }

  /** As an attack, over the victims of games. */
  private static Map<String, @Nullable Object> games(
      List<AuditGame.Played> games, double threshold) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", DistinguishingGame.NAME);
    map.put("about", "one row");
    map.put("leak", leak(games, game -> true));
    map.put("exposed", leak(games, AuditGame.Played::exposed));
    map.put("unexposed", leak(games, game -> !game.exposed()));
    map.put("victims", games.size());
    map.put("falseAlarmRate", games.get(0).score().falseAlarmRate(threshold));
    map.put("games", games.stream().map(AuditFile::game).toList());
    return map;
  }

  private static @Nullable Map<String, Object> leak(
      List<AuditGame.Played> games, Predicate<AuditGame.Played> which) {
    return leak(
        Leak.over(games.stream().filter(which).mapToDouble(g -> g.score().leak()).toArray()));
  }

  private static Map<String, Object> game(AuditGame.Played game) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("victim", game.agent());
    map.put("exposed", game.exposed());
    map.put("row", game.row());
    map.put("games", game.score().games());
    map.put("wins", game.score().wins());
    map.put("epsilon", game.score().epsilon());
    map.put("delta", game.score().delta());
    map.put("by", game.score().player());
    map.put("control", game.score().control());
    map.put("byMessages", game.score().wins() - game.score().control());
    return map;
  }

  /** Over the victims of swap games; null if none was played. */
  private static @Nullable Map<String, Object> swapGame(
      List<AuditGame.Swapped> games, double threshold) {
    if (games.isEmpty()) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("games", games.stream().mapToInt(game -> game.score().games()).sum());
    map.put("wins", games.stream().mapToInt(game -> game.score().wins()).sum());
    map.put("falseAlarmRate", games.get(0).score().falseAlarmRate(threshold));
    map.put("played", games.stream().map(AuditFile::swap).toList());
    return map;
  }

  private static Map<String, @Nullable Object> swap(AuditGame.Swapped game) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("victim", game.agent());
    map.put("partner", game.partner());
    map.put("exposed", game.exposed());
    map.put("tilt", game.tilt());
    map.put("bound", Double.isNaN(game.bound()) ? null : game.bound());
    map.put("games", game.score().games());
    map.put("wins", game.score().wins());
    map.put("leak", game.score().leak());
    map.put("by", game.score().player());
    map.put("control", game.score().control());
    return map;
  }

  /** Other protocols, by who is curious. */
  static List<Map<String, @Nullable Object>> protocols(List<Exchanged> exchanged) {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (Exchanged one : exchanged) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("name", one.protocol());
      map.put("adversary", one.adversary());
      map.put("rounds", one.rounds());
      map.put("objective", one.objective());
      map.put("leak", leak(one.leak()));
      map.put("alongRun", leak(one.alongRun()));
      map.put("accuracyOnVictim", leak(one.accuracyOnVictim()));
      map.put("accuracyOfSolution", leak(one.accuracyOfSolution()));
      all.add(map);
    }
    return all;
  }

  private static @Nullable Map<String, Object> leak(@Nullable Leak leak) {
    if (leak == null) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("median", leak.median());
    map.put("low", leak.low());
    map.put("high", leak.high());
    return map;
  }
}
