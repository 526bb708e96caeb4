package io.sotto.privacy.judge;

import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Transcript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs attacks on what adversaries received in runs of different seeds, and adds up how much they
 * learnt. The best attack is chosen on other seeds than it is scored on, for each group of victims;
 * where it says nothing about a victim, the next best that does takes its place.
 */
public final class Audit {
  /** A guess without messages: others' rows are like the adversary's own. */
  public static final String OWN_ROWS = "like-own-rows";

  private static final String SUBGRADIENT = "subgradient";

  private final Map<String, Attack> attacks;
  private final double threshold;
  private final List<Case> cases = new ArrayList<>();
  private final List<Case> controls = new ArrayList<>();
  private final Map<Integer, Reconstructed> rows = new TreeMap<>();
  private final FirstMessages firstMessages = new FirstMessages();

  /**
   * What one attack made of one victim.
   *
   * @param exposed whether the adversary hears all around the victim
   * @param heard whether it hears the victim
   * @param spoke whether the attack said anything
   * @param leak at the optimum
   * @param alongRun the median over what it claims along the run; NaN if nothing
   * @param falseAlarm whether it is above the threshold where nothing can be learnt
   */
  private record Case(
      String attack,
      int run,
      int adversary,
      int victim,
      boolean exposed,
      boolean heard,
      boolean spoke,
      double leak,
      double alongRun,
      boolean falseAlarm) {

    String pair() {
      return run + " " + adversary + " " + victim;
    }

    Case named(String other) {
      return new Case(
          other, run, adversary, victim, exposed, heard, spoke, leak, alongRun, falseAlarm);
    }

    /** NaN if nothing was said. */
    Case silent(double found, double along) {
      boolean says = !Double.isNaN(found);
      return new Case(
          attack, run, adversary, victim, exposed, heard, says, says ? found : 0, along, false);
    }
  }

  /**
   * How much was learnt of some victims.
   *
   * @param atOptimum their subgradients at the optimum; null if the group is empty, or nothing was
   *     said about anybody in it
   * @param alongRun those along the run, where something is claimed about them
   */
  public record Group(@Nullable Leak atOptimum, @Nullable Leak alongRun) {}

  /**
   * How much an attack learnt.
   *
   * @param name its name; of the best of all, the name of the one that was chosen most often
   * @param about what it finds: subgradient, clock, rows or game
   * @param all victims that are heard
   * @param exposed those of them all around whom is heard
   * @param unexposed the others of them
   * @param beyond victims that are not heard
   * @param victims how many pairs of adversary and victim it said something about, over all seeds
   * @param falseAlarmRate how often it would be above the threshold if nothing could be learnt
   */
  public record Outcome(
      String name,
      String about,
      Group all,
      Group exposed,
      Group unexposed,
      Group beyond,
      int victims,
      @Nullable Double falseAlarmRate) {}

  /**
   * All outcomes, and the best.
   *
   * @param control what attacks say without a message, and a guess by rows alone
   * @param firstMessage null if no attack read one as a model
   * @param victims what the best attack learnt of each victim, by its index, over adversaries that
   *     hear it, if any does, and seeds
   * @param rows by victim, the most of its rows that an adversary reconstructed
   * @param pairs how many pairs of adversary and victim there were, over all seeds
   */
  public record Report(
      List<Outcome> attacks,
      List<Outcome> control,
      @Nullable Accuracy firstMessage,
      @Nullable Outcome best,
      Map<Integer, Group> victims,
      Map<Integer, Reconstructed> rows,
      int pairs) {

    /**
     * The greatest median of the best attack, over groups, at the optimum and along the run; or of
     * the first update; or of rows, where some were reconstructed.
     */
    public double worst() {
      double worst = rows.values().stream().mapToDouble(Reconstructed::leak).max().orElse(0);
      worst = Math.max(worst, firstMessage == null ? 0 : median(firstMessage.update()));
      if (best != null) {
        for (Group group : List.of(best.all(), best.exposed(), best.unexposed(), best.beyond())) {
          worst = Math.max(worst, median(group.atOptimum()));
          worst = Math.max(worst, median(group.alongRun()));
        }
      }
      return worst;
    }

    private static double median(@Nullable Leak leak) {
      return leak == null ? 0 : leak.median();
    }
  }

  /**
   * @param attacks by name
   * @param threshold what counts as a leak
   */
  public Audit(Map<String, Attack> attacks, double threshold) {
    this.attacks = new LinkedHashMap<>(attacks);
    this.threshold = threshold;
  }

  /**
   * Attacks some victims.
   *
   * @param run the number of the run
   * @param adversary the number of the adversary
   * @param victims none of its members
   */
  public void attack(
      int run,
      int adversary,
      Knowledge knowledge,
      Transcript transcript,
      Truth truth,
      int[] victims) {
    Judge judge = new Judge(knowledge, truth, transcript);
    for (int victim : victims) {
      boolean exposed = knowledge.adversary().exposes(knowledge.setting().network(), victim);
      boolean heard = knowledge.adversary().hears(knowledge.setting().network(), victim);
      attacks.forEach(
          (name, attack) -> {
            Finding said = attack.tried(victim, knowledge, transcript);
            if (said instanceof Finding.LocalModel local) {
              firstMessages.add(local, victim, judge, knowledge.setting().published());
            }
            Finding finding = said instanceof Finding.LocalModel one ? one.subgradient() : said;
            if (finding instanceof Finding.Rows some) {
              int found = judge.reconstructed(some, victim);
              Reconstructed one =
                  new Reconstructed(found, truth.held(victim), judge.leak(some, victim));
              rows.merge(victim, one, (a, b) -> a.found() < b.found() ? b : a);
            }
            Case it =
                finding == null
                    ? new Case(
                        name, run, adversary, victim, exposed, heard, false, 0, Double.NaN, false)
                    : new Case(
                        name,
                        run,
                        adversary,
                        victim,
                        exposed,
                        heard,
                        true,
                        judge.leak(finding, victim),
                        judge.leakAlongRun(finding, victim),
                        judge.falseAlarm(finding, victim, run) > threshold);
            cases.add(it);
            control(it, knowledge, judge);
          });
    }
  }

  /** What the same attack says without a message, and for all of them a guess by rows alone. */
  private void control(Case it, Knowledge knowledge, Judge judge) {
    Attack attack = Objects.requireNonNull(attacks.get(it.attack()));
    Finding finding =
        isSubgradient(it.attack())
            ? attack.tried(it.victim(), knowledge, Transcript.silent())
            : null;
    controls.add(
        finding == null
            ? it.silent(Double.NaN, Double.NaN)
            : it.silent(
                judge.leak(finding, it.victim()), judge.leakAlongRun(finding, it.victim())));
    boolean first = it.attack().equals(attacks.keySet().iterator().next());
    if (first && knowledge.own() != null) {
      Finding rows = Finding.Subgradient.of(new BlindGuess(knowledge).likeOwn(it.victim()));
      controls.add(it.named(OWN_ROWS).silent(judge.leak(rows, it.victim()), Double.NaN));
    }
  }

  /** What all of that comes to. */
  public Report report() {
    List<Outcome> outcomes = new ArrayList<>();
    attacks.forEach(
        (name, attack) ->
            outcomes.add(
                outcome(
                    name,
                    attack.about(),
                    cases.stream().filter(c -> c.attack().equals(name)).toList())));
    int pairs = (int) cases.stream().map(Case::pair).distinct().count();
    List<Case> chosen = chosen();
    List<Outcome> control =
        Stream.concat(Stream.of(OWN_ROWS), attacks.keySet().stream())
            .map(name -> controls.stream().filter(c -> c.attack().equals(name)).toList())
            .filter(its -> its.stream().anyMatch(Case::spoke))
            .map(its -> outcome(its.get(0).attack(), SUBGRADIENT, its))
            .toList();
    Accuracy first = firstMessages.accuracy();
    return new Report(outcomes, control, first, best(chosen), victims(chosen), rows, pairs);
  }

  /** Of rows, victims of whom nothing is said do not count. */
  private static Outcome outcome(String name, String about, List<Case> all) {
    List<Case> its = about.equals("rows") ? all.stream().filter(Case::spoke).toList() : all;
    long spoken = its.stream().filter(Case::spoke).count();
    long alarms = its.stream().filter(Case::falseAlarm).count();
    return new Outcome(
        name,
        about,
        group(its, Case::heard),
        group(its, Case::exposed),
        group(its, c -> c.heard() && !c.exposed()),
        group(its, c -> !c.heard()),
        (int) spoken,
        spoken == 0 ? null : (double) alarms / spoken);
  }

  /** Victims of whom nothing is said count 0, unless nothing is said of anybody. */
  private static Group group(List<Case> cases, Predicate<Case> which) {
    List<Case> its = cases.stream().filter(which).toList();
    return its.stream().noneMatch(Case::spoke)
        ? new Group(null, null)
        : new Group(
            Leak.over(its.stream().mapToDouble(Case::leak).toArray()),
            Leak.over(its.stream().mapToDouble(Case::alongRun).toArray()));
  }

  /** Of each pair what the attack made of it that was best on other seeds. */
  private List<Case> chosen() {
    List<Case> all = cases.stream().filter(c -> isSubgradient(c.attack())).toList();
    if (all.stream().noneMatch(Case::spoke)) {
      return List.of();
    }
    Map<String, List<Case>> byPair = new LinkedHashMap<>();
    all.forEach(c -> byPair.computeIfAbsent(c.pair(), p -> new ArrayList<>()).add(c));
    Map<String, List<String>> order = new TreeMap<>();
    List<Case> chosen = new ArrayList<>();
    for (List<Case> pair : byPair.values()) {
      Case one = pair.get(0);
      String key = one.run() + group(one);
      Case pick =
          first(pair, order.computeIfAbsent(key, k -> ranked(all, one, Case::leak)), Case::leak);
      Case along =
          first(
              pair,
              order.computeIfAbsent(key + " along", k -> ranked(all, one, Case::alongRun)),
              Case::alongRun);
      chosen.add(along(pick, along.alongRun()));
    }
    return chosen;
  }

  private static @Nullable Outcome best(List<Case> chosen) {
    boolean noneHeard = chosen.stream().noneMatch(c -> c.spoke() && c.heard());
    Map<String, Integer> used = new LinkedHashMap<>();
    chosen.stream()
        .filter(c -> c.spoke() && (c.heard() || noneHeard))
        .forEach(c -> used.merge(c.attack(), 1, Integer::sum));
    return used.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(most -> outcome(most.getKey(), SUBGRADIENT, chosen))
        .orElse(null);
  }

  private static Map<Integer, Group> victims(List<Case> chosen) {
    Map<Integer, List<Case>> by = new TreeMap<>();
    chosen.forEach(c -> by.computeIfAbsent(c.victim(), v -> new ArrayList<>()).add(c));
    Map<Integer, Group> victims = new TreeMap<>();
    by.forEach(
        (victim, its) -> {
          boolean heard = its.stream().anyMatch(Case::heard);
          victims.put(victim, group(its, c -> c.heard() || !heard));
        });
    return victims;
  }

  private boolean isSubgradient(String attack) {
    Attack its = attacks.get(attack);
    return its != null && its.about().equals(SUBGRADIENT);
  }

  /** The first attack that says something about a victim. */
  private static Case first(List<Case> pair, List<String> ranks, ToDoubleFunction<Case> figure) {
    return ranks.stream()
        .flatMap(
            name ->
                pair.stream()
                    .filter(c -> c.spoke() && c.attack().equals(name))
                    .filter(c -> !Double.isNaN(figure.applyAsDouble(c))))
        .findFirst()
        .orElse(pair.get(0));
  }

  private static Case along(Case c, double alongRun) {
    return new Case(
        c.attack(),
        c.run(),
        c.adversary(),
        c.victim(),
        c.exposed(),
        c.heard(),
        c.spoke(),
        c.leak(),
        alongRun,
        c.falseAlarm());
  }

  private static String group(Case c) {
    return c.exposed() ? " exposed" : c.heard() ? " unexposed" : " beyond";
  }

  /** The attacks on that group of victims, the one that learnt most in other runs first. */
  private List<String> ranked(List<Case> all, Case one, ToDoubleFunction<Case> figure) {
    boolean single = all.stream().map(Case::run).distinct().count() == 1;
    Function<String, Double> median =
        name -> {
          Leak leak =
              Leak.over(
                  all.stream()
                      .filter(c -> c.attack().equals(name) && c.spoke())
                      .filter(c -> group(c).equals(group(one)))
                      .filter(c -> single || c.run() != one.run())
                      .mapToDouble(figure)
                      .toArray());
          return leak == null ? -1 : leak.median();
        };
    Map<String, Double> medians = new LinkedHashMap<>();
    attacks.keySet().forEach(name -> medians.put(name, median.apply(name)));
    return medians.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }
}
