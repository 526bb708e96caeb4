package io.sotto.privacy.judge;

import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
 * the medians of its evidence. How good such a player is shows in pairs that had no part in its w
 * and m: each pair in turn is left out.
 */
final class Practice {
  /** A variance is at least this part of the mean of all. */
  private static final double FLOOR = 1e-3;

  private static final String WEIGHED = ", weighed";

  private static final double[] NOTHING = new double[0];

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
   * A player and its evidence in practice.
   *
   * @param zeros of runs of the first problem
   * @param ones of runs of the second
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Player(
      String name, ToDoubleFunction<Clues> evidence, double[] zeros, double[] ones) {

    double above() {
      return (median(zeros) + median(ones)) / 2;
    }

    int right() {
      double above = above();
      return (int)
          (Arrays.stream(zeros).filter(e -> e <= above).count()
              + Arrays.stream(ones).filter(e -> e > above).count());
    }

    /** How far the means are apart, in units of what evidence varies by. */
    double apart() {
      double zero = mean(zeros);
      double one = mean(ones);
      return one > zero ? (one - zero) / (deviation(zeros, zero) + deviation(ones, one)) : 0;
    }

    private static double mean(double[] values) {
      return Arrays.stream(values).average().orElse(0);
    }

    private static double deviation(double[] values, double mean) {
      return Math.sqrt(mean(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).toArray()));
    }
  }

  /**
   * The player that was right most often; of equals the one whose evidence lies farthest apart,
   * then the first by name.
   *
   * @param which players may play
   */
  Rule rule(Predicate<String> which) {
    Rule best = new Rule("", clues -> 0, 0);
    int most = zeros.size(); // by luck
    double farthest = 0;
    for (Player player : players()) {
      int right = player.right();
      double apart = player.apart();
      if (which.test(player.name()) && (right > most || right == most && apart > farthest)) {
        most = right;
        farthest = apart;
        double above = (median(zeros, player.evidence()) + median(ones, player.evidence())) / 2;
        best = new Rule(player.name(), player.evidence(), above);
      }
    }
    return best;
  }

  private List<Player> players() {
    List<Player> players = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    zeros.forEach(clues -> names.addAll(clues.evidence().keySet()));
    for (String name : names) {
      ToDoubleFunction<Clues> evidence = clues -> clues.evidence().getOrDefault(name, 0.0);
      players.add(new Player(name, evidence, all(zeros, evidence), all(ones, evidence)));
    }
    for (String name : new TreeSet<>(zeros.get(0).traits().keySet())) {
      int n = traits(zeros.get(0), name).length;
      if (Stream.concat(zeros.stream(), ones.stream()).allMatch(g -> traits(g, name).length == n)) {
        players.add(linear(name, false));
        players.add(linear(name, true));
      }
    }
    return players;
  }

  private static double[] all(List<Clues> games, ToDoubleFunction<Clues> evidence) {
    return games.stream().mapToDouble(evidence).toArray();
  }

  private static double median(List<Clues> games, ToDoubleFunction<Clues> evidence) {
    return median(all(games, evidence));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** A player that goes by its traits, which it has in all games. */
  private Player linear(String name, boolean weighed) {
    int pairs = zeros.size();
    double[] zero = new double[pairs];
    double[] one = new double[pairs];
    for (int k = 0; k < pairs; k++) {
      ToDoubleFunction<Clues> others = learnt(name, weighed, pairs == 1 ? -1 : k);
      zero[k] = others.applyAsDouble(zeros.get(k));
      one[k] = others.applyAsDouble(ones.get(k));
    }
    return new Player(weighed ? name + WEIGHED : name, learnt(name, weighed, -1), zero, one);
  }

  /** {@code w.(y - m)}, from all pairs but one; below 0 for all. */
  private ToDoubleFunction<Clues> learnt(String name, boolean weighed, int without) {
    int n = traits(zeros.get(0), name).length;
    int[] pairs = IntStream.range(0, zeros.size()).filter(k -> k != without).toArray();
    double part = 1.0 / pairs.length;
    double[] w = new double[n];
    double[] mean = new double[n];
    for (int k : pairs) {
      Vectors.addScaled(part, traits(ones.get(k), name), 0, w, 0, n);
      Vectors.addScaled(-part, traits(zeros.get(k), name), 0, w, 0, n);
      Vectors.addScaled(part / 2, traits(zeros.get(k), name), 0, mean, 0, n);
      Vectors.addScaled(part / 2, traits(ones.get(k), name), 0, mean, 0, n);
    }
    if (weighed) {
      double[] variance = new double[n];
      for (int k : pairs) {
        double[] zero = traits(zeros.get(k), name);
        double[] one = traits(ones.get(k), name);
        for (int j = 0; j < n; j++) {
          double off = (zero[j] + one[j]) / 2 - mean[j];
          variance[j] += part * off * off;
        }
      }
      double floor = FLOOR * Arrays.stream(variance).average().orElse(0);
      for (int j = 0; floor > 0 && j < n; j++) {
        w[j] /= variance[j] + floor;
      }
    }
    double centre = Vectors.dot(w, 0, mean, 0, n);
    return clues -> {
      double[] y = traits(clues, name);
      return y.length == n ? Vectors.dot(w, 0, y, 0, n) - centre : 0;
    };
  }

  private static double[] traits(Clues clues, String name) {
    return clues.traits().getOrDefault(name, NOTHING);
  }
}
