package io.sotto.privacy.judge;

import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.special.Beta;

/**
 * A game between two problems: the adversary, who knows both, hears a run of one of them and says
 * of which. They differ in some victims alone: in one row of one ({@link OtherLabel}), or in a tilt
 * that is moved between two ({@link Swap}). Each attack that guesses subgradients is a player, with
 * what it says of the optimum, and with what it says along the run; another one takes all updates
 * that {@link Updates} solves for, others take what was heard as it is, and one the published
 * solution alone ({@link Clues}).
 *
 * <p>In practice games the adversary runs both problems, in pairs with the same clocks and random
 * numbers, and sees how each player's evidence differs between them ({@link Practice}); whichever
 * player was right most often plays the games that count, which are others. The best of those that
 * see the solution alone plays the same games. How often it wins is the control: what no method can
 * hide that publishes this solution. What more is won with messages a method can be blamed for.
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

  /** What a bound may be wrong by. */
  static final double TAIL = 0.025;

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
   * @param control games won by who saw the published solution and no message
   */
  public record Score(
      int games, int wins, double epsilon, double delta, String player, int control) {

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
     * @param seed of the run; the two problems share it in practice games, and no others do
     */
    Heard run(boolean other, long seed) throws Exception;
  }

  /**
   * @param runs the two problems
   * @param zero the victims' costs in the one, in their order
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

  /**
   * Plays so many games with each of the two, after half as many for practice.
   *
   * @param victims who differ, ascending
   */
  public Score play(int[] victims, int each, long seed) throws Exception {
    int practice = Math.max(1, each / 2);
    List<Clues> zeros = new ArrayList<>();
    List<Clues> ones = new ArrayList<>();
    for (int k = 0; k < practice + each; k++) {
      long first = k < practice ? seed + k : seed + practice + 2L * (k - practice);
      zeros.add(clues(victims, runs.run(false, first)));
      ones.add(clues(victims, runs.run(true, k < practice ? first : first + 1)));
    }
    Practice seen = new Practice(zeros.subList(0, practice), ones.subList(0, practice));
    Practice.Rule rule = seen.rule(player -> true);
    int falsely = rule.says(zeros.subList(practice, practice + each));
    int rightly = rule.says(ones.subList(practice, practice + each));
    Practice.Rule without = seen.rule(player -> player.startsWith(Clues.SOLUTION));
    int control =
        each
            - without.says(zeros.subList(practice, practice + each))
            + without.says(ones.subList(practice, practice + each));
    double says = epsilon(lower(rightly, each), upper(falsely, each));
    double denies = epsilon(lower(each - falsely, each), upper(each - rightly, each));
    return new Score(
        2 * each,
        each - falsely + rightly,
        Math.max(0, Math.max(says, denies)),
        delta,
        rule.player(),
        control);
  }

  private Clues clues(int[] victims, Heard heard) {
    return Clues.of(victims, heard.knowledge(), heard.transcript(), zero, one, attacks);
  }

  private double epsilon(double right, double wrong) {
    return right > delta ? Math.log((right - delta) / wrong) : 0;
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
