package io.sotto.privacy.evidence;

import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.Scales;
import io.sotto.engine.Recording;
import io.sotto.engine.Wiretap;
import java.util.Arrays;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What is known of a run whose messages are sums along a tree: the tree, and of each round where
 * all agents were. Sums over all agents there are granted to every adversary, though only the root
 * decodes them: that is what the statement about masked sums grants.
 *
 * @param parents by agent, its neighbour on the way to the root; -1 for the root
 * @param rounds by their numbers, those in which a sum was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Summed(int[] parents, NavigableMap<Long, Round> rounds) {

  /**
   * A round.
   *
   * @param tick at which it was first heard of
   * @param scales how numbers become whole in it
   * @param point where all agents are
   * @param gradient the sum of their subgradients there
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Round(int tick, Scales scales, double[] point, double[] gradient) {}

  /**
   * That of a recording.
   *
   * @param d coordinates of x
   * @param gradient the sum of all agents' subgradients at a point
   */
  public static Summed of(
      Recording recording,
      Recursion.Sums sums,
      int[] parents,
      int d,
      UnaryOperator<double[]> gradient) {
    NavigableMap<Long, Round> rounds = new TreeMap<>();
    Wiretap tap = recording.tap();
    for (int t = 0; t <= recording.ticks(); t++) {
      double[] said = recording.at(t);
      for (int k = 0; k < tap.size(); k++) {
        int at = k * recording.stride();
        boolean down = parents[tap.hearers()[k]] == tap.speakers()[k];
        if (down && sums.round(said, at) > 0 && sums.asks(said, at)) {
          int tick = t;
          rounds.computeIfAbsent(
              sums.round(said, at),
              number -> {
                int from = at + sums.point();
                double[] point = Arrays.copyOfRange(said, from, from + d);
                return new Round(tick, sums.scales(said, at), point, gradient.apply(point));
              });
        }
      }
    }
    return new Summed(parents, Collections.unmodifiableNavigableMap(rounds));
  }
}
