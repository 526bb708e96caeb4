package io.sotto.cli;

import io.sotto.privacy.judge.Accuracy;
import io.sotto.privacy.judge.Audit;
import io.sotto.privacy.judge.DistinguishingGame;
import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.protocol.Exchanged;
import io.sotto.run.AuditGame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An audit for people. */
final class AuditTable {
  private static final String ROW = "  %-20s %-11s %-18s %-18s %-18s %-18s %-18s %s";

  /** So many victims are named, those of whom most was learnt. */
  private static final int SHOWN = 8;

  /** Takes a line, in the manner of {@link String#format}. */
  @FunctionalInterface
  interface Lines {
    void say(String format, Object... arguments);
  }

  private final Lines lines;

  AuditTable(Lines lines) {
    this.lines = lines;
  }

  /**
   * Prints it.
   *
   * @param exchanged what other protocols tell
   */
  void print(String title, AuditCommand.Audited audited, List<Exchanged> exchanged) {
    Audit.Report report = audited.report();
    lines.say("");
    lines.say(
        "%s: leak, from 0 (a blind guess does as well) to 1 (all is known), median and the range of"
            + " 95 %% of victims and runs",
        title);
    lines.say(
        ROW,
        "attack",
        "about",
        "exposed",
        "unexposed",
        "not heard",
        "along the run",
        "without messages",
        "false alarms");
    report.attacks().forEach(outcome -> row(outcome, outcome.name(), report.control()));
    report.control().stream()
        .filter(control -> control.name().equals(Audit.OWN_ROWS))
        .forEach(control -> row(control, "-", report.control()));
    audited.games().forEach(this::row);
    audited.swaps().forEach(this::row);
    Audit.Outcome best = report.best();
    if (best != null) {
      row(
          new Audit.Outcome(
              "best (" + best.name() + ")",
              best.about(),
              best.all(),
              best.exposed(),
              best.unexposed(),
              best.beyond(),
              best.victims(),
              best.falseAlarmRate()),
          best.name(),
          report.control());
    }
    Map<String, List<String>> limits = new LinkedHashMap<>();
    audited
        .limits()
        .forEach(
            (attack, limit) ->
                limits.computeIfAbsent(limit, none -> new ArrayList<>()).add(attack));
    limits.forEach((limit, attacks) -> lines.say("  %s: %s", String.join(", ", attacks), limit));
    Accuracy first = report.firstMessage();
    if (first != null && first.onVictim() != null && first.ofPublished() != null) {
      lines.say(
          "  first messages, read as models, are right about %.3f of their senders' own rows; the"
              + " published solution about %.3f",
          first.onVictim(), first.ofPublished());
    }
    if (first != null && first.update() != null) {
      lines.say(
          "  first update: a leak of %s, of the subgradient that moved an agent at its first update",
          leak(first.update()));
    }
    exchanged.forEach(this::row);
    List<String> names = audited.prepared().costs().agents();
    report.victims().entrySet().stream()
        .filter(v -> v.getValue().atOptimum() != null)
        .sorted(Comparator.comparingDouble(v -> -median(v.getValue())))
        .limit(SHOWN)
        .forEach(
            v -> lines.say("  of %s: %s", names.get(v.getKey()), leak(v.getValue().atOptimum())));
    report
        .rows()
        .forEach(
            (victim, rows) ->
                lines.say(
                    "  of %s: %d of %d rows are reconstructed, leak %.4f",
                    names.get(victim), rows.found(), rows.held(), rows.leak()));
    if (report.worst() == 0 && report.rows().isEmpty()) {
      lines.say("  no leak of subgradients found by these attacks");
    }
  }

  /** A row of the table, and what the attack of that name says without a message. */
  private void row(Audit.Outcome outcome, String name, List<Audit.Outcome> control) {
    Double alarms = outcome.falseAlarmRate();
    lines.say(
        ROW,
        outcome.name(),
        outcome.about(),
        leak(outcome.exposed().atOptimum()),
        leak(outcome.unexposed().atOptimum()),
        leak(outcome.beyond().atOptimum()),
        leak(outcome.all().alongRun()),
        control.stream()
            .filter(without -> without.name().equals(name))
            .map(without -> leak(without.all().atOptimum()))
            .findFirst()
            .orElse("-"),
        alarms == null ? "" : String.format(Locale.ROOT, "%.2g", alarms));
  }

  private void row(AuditGame.Played game) {
    DistinguishingGame.Score score = game.score();
    row(
        DistinguishingGame.NAME,
        "one row",
        game.exposed(),
        score,
        String.format(Locale.ROOT, "; epsilon is %.2g or more", score.epsilon()));
  }

  private void row(AuditGame.Swapped game) {
    String promise =
        Double.isNaN(game.bound())
            ? ""
            : String.format(
                Locale.ROOT,
                "; with offsets nobody is right in more than %.2f of them in the mean",
                0.5 + game.bound() / 2);
    row("swap-game", "a tilt", game.exposed(), game.score(), promise);
  }

  private void row(
      String name, String about, boolean exposed, DistinguishingGame.Score score, String more) {
    String leak = String.format(Locale.ROOT, "%.3f", score.leak());
    lines.say(
        ROW,
        name,
        about,
        exposed ? leak : "-",
        exposed ? "-" : leak,
        "-",
        "-",
        "-",
        String.format(
            Locale.ROOT,
            "%d of %d games by %s, %d from the solution alone%s",
            score.wins(),
            score.games(),
            score.player().isEmpty() ? "luck" : score.player(),
            score.control(),
            more));
  }

  /** A server hears each agent, a client hears none. */
  private void row(Exchanged one) {
    boolean server = one.adversary().equals("server");
    Leak local = one.accuracyOnVictim();
    Leak solution = one.accuracyOfSolution();
    lines.say(
        ROW,
        one.protocol() + ", " + one.adversary(),
        "subgradient",
        server ? leak(one.leak()) : "-",
        "-",
        server ? "-" : leak(one.leak()),
        leak(one.alongRun()),
        "-",
        local == null || solution == null
            ? ""
            : String.format(
                Locale.ROOT,
                "a model of the victim's rows alone is seen: right on %.3f of them (the solution: %.3f)",
                local.median(),
                solution.median()));
  }

  private static double median(Audit.Group learnt) {
    Leak leak = learnt.atOptimum();
    return leak == null ? 0 : leak.median();
  }

  private static String leak(@Nullable Leak leak) {
    return leak == null
        ? "-"
        : String.format(Locale.ROOT, "%.3f %.2f-%.2f", leak.median(), leak.low(), leak.high());
  }
}
