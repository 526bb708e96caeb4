package io.sotto.privacy.judge;

import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hipparchus.special.Beta;

/**
 * A game between two problems that differ in one row of the victim, g_0 and g_1 being its
 * subgradients in the one and the other: the adversary, who knows both, hears a run of one of them
 * and says of which. Each attack that guesses subgradients is a player, with what it says of the
 * optimum, and with what it says along the run; another one takes all updates that {@link Updates}
 * solves for. A player's evidence is
 *
 * <pre>
 *   sum of |guess - g_0(point)|^2 - |guess - g_1(point)|^2,
 * </pre>
 *
 * <p>which is the logarithm of the likelihood ratio, but for a factor, where all errors are normal
 * and alike. In practice games the adversary, who can run both problems, sees where evidence of the
 * one and of the other has its medians, and decides halfway between them; whichever player was
 * right most often plays the games that count, which are others.
 *
 * <p>Of a mechanism with privacy (epsilon, delta), P(says 1 | 1) is at most e^epsilon P(says 1 | 0)
 * + delta, and the same of 0: what epsilon is at least, at 95 % confidence, follows from bounds of
 * both chances (Clopper and Pearson 1934). So few games bound epsilon only so far: 20 of each, all
 * won, by 1.6.
 *
 * <p>Costs two runs, and all attacks on both, for each game.
 */
public final class DistinguishingGame {
  /** Its name among attacks. */
  public static final String NAME = "distinguishing-game";

  private static final double TAIL = 0.025;

  private final Runs runs;
  private final LocalObjective zero;
  private final LocalObjective one;
  private final double delta;
  private final Map<String, Attack> attacks;

  /**
   * How often an attack told the two problems apart.
   *
   * @param games played
   * @param wins games won
   * @param epsilon no smaller epsilon of differential privacy fits this, at 95 % confidence
   * @param delta with this delta
   * @param player whose evidence won
   */
  public record Score(int games, int wins, double epsilon, double delta, String player) {

    /** From 0, no better than by luck, to 1, always right. */
    public double leak() {
      return Math.max(0, 2.0 * wins / games - 1);
    }

    /** The chance that a guesser gets a leak above a threshold. */
    public double falseAlarmRate(double threshold) {
      int most = (int) Math.floor((1 + threshold) / 2 * games);
      return most >= games ? 0 : Beta.regularizedBeta(0.5, most + 1.0, (double) games - most);
    }
  }

  /** What an adversary makes of a run. */
  public record Heard(Knowledge knowledge, Transcript transcript) {}

  /** Runs one of the two problems. */
  @FunctionalInterface
  public interface Runs {
    /**
     * Runs it, and listens.
     *
     * @param other which of the two
     * @param seed of the run; no two runs share one
     */
    Heard run(boolean other, long seed) throws Exception;
  }

  /**
   * @param runs the two problems
   * @param zero the victim's cost in the one, as agent 0
   * @param one and in the other
   * @param delta what may go wrong for privacy to hold nonetheless
   * @param attacks the players, by name
   */
  public DistinguishingGame(
      Runs runs,
      LocalObjective zero,
      LocalObjective one,
      double delta,
      Map<String, Attack> attacks) {
    this.runs = runs;
    this.zero = zero;
    this.one = one;
    this.delta = delta;
    this.attacks = new LinkedHashMap<>(attacks);
    this.attacks.values().removeIf(attack -> !attack.about().equals("subgradient"));
  }

  /** Plays so many games with each of the two, after half as many for practice. */
  public Score play(int victim, int each, long seed) throws Exception {
    int practice = Math.max(1, each / 2);
    List<Map<String, Double>> zeros = new ArrayList<>();
    List<Map<String, Double>> ones = new ArrayList<>();
    for (int k = 0; k < practice + each; k++) {
      zeros.add(evidence(victim, runs.run(false, seed + 2L * k)));
      ones.add(evidence(victim, runs.run(true, seed + 2L * k + 1)));
    }
    Rule rule = rule(zeros.subList(0, practice), ones.subList(0, practice));
    int falsely = rule.says(zeros.subList(practice, practice + each));
    int rightly = rule.says(ones.subList(practice, practice + each));
    double says = epsilon(lower(rightly, each), upper(falsely, each));
    double denies = epsilon(lower(each - falsely, each), upper(each - rightly, each));
    return new Score(
        2 * each,
        each - falsely + rightly,
        Math.max(0, Math.max(says, denies)),
        delta,
        rule.player());
  }

  /** Says 1 where a player's evidence is above a value. */
  private record Rule(String player, double above) {
    int says(List<Map<String, Double>> games) {
      return (int) games.stream().filter(g -> g.getOrDefault(player, 0.0) > above).count();
    }
  }

  /** The player that was right most often, and of equals the first by name. */
  private static Rule rule(List<Map<String, Double>> zeros, List<Map<String, Double>> ones) {
    TreeMap<String, Double> players = new TreeMap<>();
    zeros.forEach(players::putAll);
    ones.forEach(players::putAll);
    Rule best = new Rule("", 0);
    int most = 0;
    for (String player : players.keySet()) {
      Rule rule = new Rule(player, (median(zeros, player) + median(ones, player)) / 2);
      int right = zeros.size() - rule.says(zeros) + rule.says(ones);
      if (right > most) {
        most = right;
        best = rule;
      }
    }
    return best;
  }

  private static double median(List<Map<String, Double>> games, String player) {
    double[] sorted =
        games.stream().mapToDouble(g -> g.getOrDefault(player, 0.0)).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private double epsilon(double right, double wrong) {
    return right > delta ? Math.log((right - delta) / wrong) : 0;
  }

  /** How much more a run looks like the second problem's, by player; those that say something. */
  private Map<String, Double> evidence(int victim, Heard heard) {
    Map<String, Double> by = new LinkedHashMap<>();
    Samples samples = new Updates(heard.knowledge(), heard.transcript()).of(victim);
    if (samples != null) {
      by.put("all updates", evidence(samples.points(), samples.pulls(), samples.size()));
    }
    attacks.forEach(
        (name, attack) -> {
          if (attack.on(victim, heard.knowledge(), heard.transcript())
              instanceof Finding.Subgradient guess) {
            double[] published = heard.knowledge().setting().published();
            by.put(name, evidence(published, guess.atOptimum(), 1));
            if (guess.ticks().length > 0) {
              by.put(
                  name + " along the run",
                  evidence(guess.points(), guess.alongRun(), guess.ticks().length));
            }
          }
        });
    return by;
  }

  private double evidence(double[] points, double[] guesses, int count) {
    int d = zero.dimension();
    double[] g = new double[d];
    double sum = 0;
    for (int k = 0; k < count; k++) {
      double[] point = Arrays.copyOfRange(points, k * d, (k + 1) * d);
      zero.subgradient(0, 0, point, 0, g);
      double off = Vectors.distance(guesses, k * d, g, 0, d);
      one.subgradient(0, 0, point, 0, g);
      double other = Vectors.distance(guesses, k * d, g, 0, d);
      sum += off * off - other * other;
    }
    return sum;
  }

  /** No chance above this fits so few of so many, at 97.5 %. */
  static double upper(int hits, int of) {
    return hits == of ? 1 : quantile(1 - TAIL, hits + 1, of - hits);
  }

  /** No chance below this fits so many, at 97.5 %. */
  static double lower(int hits, int of) {
    return hits == 0 ? 0 : quantile(TAIL, hits, of - hits + 1);
  }

  private static double quantile(double at, double a, double b) {
    double low = 0;
    double high = 1;
    for (int k = 0; k < 60; k++) {
      double middle = (low + high) / 2;
      if (Beta.regularizedBeta(middle, a, b) < at) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
