package io.sotto.privacy.judge;

import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Games of a {@link DistinguishingGame} that do not count. A player has its evidence as it stands;
 * and from its traits y it makes
 *
 * <pre>
 *   w.(y - m),   w = V^-1 (mean of y in the second problem - mean in the first),
 * </pre>
 *
 * <p>m being the mean over both, and V the identity or, for another player, the variances of the
 * coordinates of y among the pairs. It says "the second problem" above the value halfway between
 * the medians of its evidence.
 */
final class Practice {
  /** A variance is at least this part of the mean of all. */
  private static final double FLOOR = 1e-3;

  private static final String WEIGHED = ", weighed";

  private final List<Clues> zeros;
  private final List<Clues> ones;

  /**
   * Of pairs that share clocks and random numbers.
   *
   * @param zeros runs of the first problem
   * @param ones runs of the second
   */
  Practice(List<Clues> zeros, List<Clues> ones) {
    this.zeros = zeros;
    this.ones = ones;
  }

  /**
   * A player, and above which evidence it says "the second problem".
   *
   * @param player its name
   */
  record Rule(String player, ToDoubleFunction<Clues> evidence, double above) {
    /** In how many games it says so. */
    int says(List<Clues> games) {
      return (int) games.stream().filter(g -> evidence.applyAsDouble(g) > above).count();
    }
  }

  /**
   * The player that was right most often; of equals the one whose evidence lies farthest apart,
   * then the first by name.
   *
   * @param which players may play
   */
  Rule rule(Predicate<String> which) {
    List<Rule> rules = new ArrayList<>();
    TreeSet<String> players = new TreeSet<>();
    zeros.forEach(clues -> players.addAll(clues.evidence().keySet()));
    for (String player : players) {
      rules.add(rule(player, clues -> clues.evidence().getOrDefault(player, 0.0)));
    }
    zeros.get(0).traits().keySet().stream()
        .sorted()
        .forEach(
            player -> {
              addLinear(player, false, rules);
              addLinear(player, true, rules);
            });
    Rule best = new Rule("", clues -> 0, 0);
    int most = zeros.size(); // by luck
    double farthest = 0;
    for (Rule rule : rules) {
      int right = zeros.size() - rule.says(zeros) + rule.says(ones);
      double apart = apart(rule);
      if (which.test(rule.player()) && (right > most || right == most && apart > farthest)) {
        most = right;
        farthest = apart;
        best = rule;
      }
    }
    return best;
  }

  private Rule rule(String player, ToDoubleFunction<Clues> evidence) {
    return new Rule(player, evidence, (median(zeros, evidence) + median(ones, evidence)) / 2);
  }

  /** How far the medians are apart, in units of what evidence varies by. */
  private double apart(Rule rule) {
    double zero = median(zeros, rule.evidence());
    double one = median(ones, rule.evidence());
    double varies =
        median(zeros, clues -> Math.abs(rule.evidence().applyAsDouble(clues) - zero))
            + median(ones, clues -> Math.abs(rule.evidence().applyAsDouble(clues) - one));
    return one > zero ? (one - zero) / varies : 0;
  }

  private static double median(List<Clues> games, ToDoubleFunction<Clues> evidence) {
    double[] sorted = games.stream().mapToDouble(evidence).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Adds a player that goes by its traits, if it has them in all games. */
  private void addLinear(String player, boolean weighed, List<Rule> rules) {
    int n = zeros.get(0).traits().getOrDefault(player, new double[0]).length;
    List<double[]> first = traits(zeros, player);
    List<double[]> second = traits(ones, player);
    if (n == 0
        || !first.stream().allMatch(y -> y.length == n)
        || !second.stream().allMatch(y -> y.length == n)) {
      return;
    }
    double[] w = new double[n];
    double[] mean = new double[n];
    int pairs = first.size();
    for (int k = 0; k < pairs; k++) {
      Vectors.addScaled(1.0 / pairs, second.get(k), 0, w, 0, n);
      Vectors.addScaled(-1.0 / pairs, first.get(k), 0, w, 0, n);
      Vectors.addScaled(0.5 / pairs, first.get(k), 0, mean, 0, n);
      Vectors.addScaled(0.5 / pairs, second.get(k), 0, mean, 0, n);
    }
    if (weighed) {
      double[] variance = new double[n];
      for (int k = 0; k < pairs; k++) {
        for (int j = 0; j < n; j++) {
          double off = (first.get(k)[j] + second.get(k)[j]) / 2 - mean[j];
          variance[j] += off * off / pairs;
        }
      }
      double floor = FLOOR * Arrays.stream(variance).average().orElse(0);
      if (!(floor > 0)) {
        return;
      }
      for (int j = 0; j < n; j++) {
        w[j] /= variance[j] + floor;
      }
    }
    double[] centre = mean;
    rules.add(
        rule(
            weighed ? player + WEIGHED : player,
            clues -> {
              double[] y = clues.traits().getOrDefault(player, new double[0]);
              return y.length == w.length
                  ? Vectors.dot(w, 0, y, 0, n) - Vectors.dot(w, 0, centre, 0, n)
                  : 0;
            }));
  }

  private static List<double[]> traits(List<Clues> games, String player) {
    return games.stream().map(g -> g.traits().getOrDefault(player, new double[0])).toList();
  }
}
