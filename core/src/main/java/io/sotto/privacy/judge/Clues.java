package io.sotto.privacy.judge;

import io.sotto.privacy.attack.Attack;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Rounds;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run tells the players of a {@link DistinguishingGame}. Of a player that guesses
 * subgradients of a victim, which are g_0 and g_1 in the two problems, there is evidence
 *
 * <pre>
 *   sum of |guess - g_0(point)|^2 - |guess - g_1(point)|^2,
 * </pre>
 *
 * <p>which is the logarithm of the likelihood ratio, but for a factor, where all errors are normal
 * and alike. All players also have traits, of which practice shows how they differ: by how far
 * guesses are from g_0, what was heard, and the published solution.
 *
 * @param evidence by player, how much more this looks like the second problem
 * @param traits by player
 */
record Clues(Map<String, Double> evidence, Map<String, double[]> traits) {
  /** Of so many rounds of sums each is a player. */
  private static final int ROUNDS = 3;

  /** The player who sees no message. */
  static final String SOLUTION = "solution";

  /** What an adversary makes of a run. */
  static Clues of(
      int[] victims,
      Knowledge knowledge,
      Transcript transcript,
      LocalObjective zero,
      LocalObjective one,
      Map<String, Attack> attacks) {
    Reading reading = new Reading(zero, one, victims.length);
    double[] published = knowledge.setting().published();
    Updates updates = new Updates(knowledge, transcript);
    Rounds rounds = Rounds.of(knowledge, transcript);
    for (int v = 0; v < victims.length; v++) {
      Samples samples = updates.of(victims[v]);
      if (samples != null) {
        reading.add("all updates", v, samples.points(), samples.pulls(), samples.size());
      }
      for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
        if (attack.getValue().tried(victims[v], knowledge, transcript)
            instanceof Finding.Subgradient guess) {
          reading.add(attack.getKey(), v, published, guess.atOptimum(), 1);
          if (guess.ticks().length > 0) {
            reading.add(
                attack.getKey() + " along the run",
                v,
                guess.points(),
                guess.alongRun(),
                guess.ticks().length);
          }
        }
      }
    }
    Map<String, double[]> traits = new LinkedHashMap<>(reading.traits);
    traits.put(SOLUTION, published);
    heard(victims, transcript, rounds, traits);
    if (rounds != null) {
      rounds.first(ROUNDS).forEach((r, words) -> traits.put("sums of round " + r, words));
    }
    return new Clues(reading.evidence, traits);
  }

  /** What was heard: after 1, 2, 4, ... ticks, over the whole run, and first of each victim. */
  private static void heard(
      int[] victims, Transcript transcript, @Nullable Rounds rounds, Map<String, double[]> traits) {
    int last = transcript.ticks();
    double[] end = numbers(transcript.at(last), rounds);
    if (end.length == 0) {
      return;
    }
    double[] sum = new double[end.length];
    for (int t = 0; t <= last; t++) {
      double[] now = numbers(transcript.at(t), rounds);
      Vectors.addScaled(1, now, 0, sum, 0, sum.length);
      Vectors.addScaled(-1, end, 0, sum, 0, sum.length);
      if (Integer.bitCount(t) == 1) {
        traits.put("messages at tick " + t, now);
      }
    }
    traits.put("messages of all ticks", sum);
    for (int v = 0; v < victims.length; v++) {
      double[] first = first(victims[v], transcript, rounds);
      if (first.length > 0) {
        traits.put("first words of victim " + (v + 1), first);
      }
    }
  }

  /** What was heard at a tick, as numbers; where it is sums, whole ones are scaled down. */
  private static double[] numbers(double[] heard, @Nullable Rounds rounds) {
    return rounds == null ? heard.clone() : rounds.numbers(heard);
  }

  /** All that a victim says when it first says something else than at the start. */
  private static double[] first(int victim, Transcript transcript, @Nullable Rounds rounds) {
    int stride = transcript.stride();
    int[] speakers = transcript.speakers();
    for (int t = 1; t <= transcript.ticks(); t++) {
      double[] now = transcript.at(t);
      double[] words = new double[now.length];
      int n = 0;
      boolean other = false;
      for (int k = 0; k < speakers.length; k++) {
        if (speakers[k] == victim) {
          int from = k * stride;
          other |= !Arrays.equals(now, from, from + stride, transcript.at(0), from, from + stride);
          System.arraycopy(numbers(now, rounds), from, words, n, stride);
          n += stride;
        }
      }
      if (other) {
        return Arrays.copyOf(words, n);
      }
    }
    return new double[0];
  }

  /** Compares guesses with subgradients of both problems. */
  private static final class Reading {
    final Map<String, Double> evidence = new LinkedHashMap<>();
    final Map<String, double[]> traits = new LinkedHashMap<>();
    private final LocalObjective zero;
    private final LocalObjective one;
    private final int victims;

    Reading(LocalObjective zero, LocalObjective one, int victims) {
      this.zero = zero;
      this.one = one;
      this.victims = victims;
    }

    void add(String player, int victim, double[] points, double[] guesses, int count) {
      int d = zero.dimension();
      double[] g = new double[d];
      double[] off = traits.computeIfAbsent(player, p -> new double[victims * d]);
      double sum = 0;
      for (int k = 0; k < count; k++) {
        double[] point = Arrays.copyOfRange(points, k * d, (k + 1) * d);
        zero.subgradient(victim, 0, point, 0, g);
        double first = Vectors.distance(guesses, k * d, g, 0, d);
        Vectors.addScaled(1.0 / count, guesses, k * d, off, victim * d, d);
        Vectors.addScaled(-1.0 / count, g, 0, off, victim * d, d);
        one.subgradient(victim, 0, point, 0, g);
        double other = Vectors.distance(guesses, k * d, g, 0, d);
        sum += first * first - other * other;
      }
      evidence.merge(player, sum, Double::sum);
    }
  }
}
