package io.sotto.privacy.attack;

import io.sotto.algorithm.Recursion;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.LinkUpdates;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.privacy.evidence.Voices;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first tick. All agents begin at the same point, as far as their sets allow it, so at tick 1
 * everybody's mix is known to everybody, also the part that is not heard: whoever is active then
 * shows its subgradient at the start to all neighbours, exposed or not. What is said before tick 1
 * may tell it outright.
 *
 * <p>The subgradient at the optimum is taken to be {@code g_i(x_0) + k (g_A(x*) - g_A(x_0))}: costs
 * are curved like the adversary's own, and k makes the result shortest, since subgradients are
 * small at the optimum. Without members k is 0.
 */
record FirstStep() implements Attack {
  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    Samples first =
        setting.recursion() instanceof Recursion.Links links
            ? link(links, victim, knowledge, transcript)
            : said(victim, knowledge, transcript);
    if (first == null || first.size() == 0) {
      return null;
    }
    lengthen(victim, first, knowledge, transcript);
    return carried(first, knowledge);
  }

  /** A finding of the first of some samples, carried on to the optimum. */
  static Finding.Subgradient carried(Samples first, Knowledge knowledge) {
    Setting setting = knowledge.setting();
    int d = setting.dimension();
    double[] start = Arrays.copyOf(first.points(), d);
    double[] guess = Arrays.copyOf(first.pulls(), d);
    double[] change = knowledge.ownSubgradient(setting.published());
    Vectors.addScaled(-1, knowledge.ownSubgradient(start), 0, change, 0, d);
    double square = Vectors.dot(change, 0, change, 0, d);
    if (square > 0) {
      Vectors.addScaled(-Vectors.dot(guess, 0, change, 0, d) / square, change, 0, guess, 0, d);
    }
    return first.finding(guess);
  }

  /**
   * Where the adversary's own set would have stopped the victim there, only the direction is known:
   * then it is taken as far as the blind guess goes that way.
   */
  private static void lengthen(
      int victim, Samples first, Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    if (setting.recursion() instanceof Recursion.Links
        || setting.sets().isEmpty()
        || knowledge.sets().isEmpty()) {
      return;
    }
    int d = setting.dimension();
    int at = transcript.message(victim) * transcript.stride();
    double[] stood = Arrays.copyOfRange(transcript.at(1), at, at + d);
    if (Projection.isInside(stood, knowledge.sets().get(0), setting.coefficients())) {
      return;
    }
    double[] pull = first.pulls();
    double[] blind = new BlindGuess(knowledge).at(victim, Arrays.copyOf(first.points(), d));
    double by = Vectors.dot(blind, 0, pull, 0, d) / Vectors.dot(pull, 0, pull, 0, d);
    Vectors.setScaled(Math.max(1, by), pull, 0, pull, 0, d);
  }

  private static @Nullable Samples said(int victim, Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    Voices voices = new Voices(knowledge, transcript);
    if (!voices.hears(victim) || voices.ticks() < 1 || !voices.startTogether()) {
      return null;
    }
    int d = setting.dimension();
    int at = voices.at(victim);
    double[] start = voices.said(0);
    double[] then = voices.said(1);
    Samples samples = new Samples(d);
    double[] moved = Arrays.copyOfRange(start, at, at + d);
    Vectors.addScaled(-1, then, at, moved, 0, d);
    if (setting.recursion() instanceof Recursion.Exact exact) {
      exact.solve(voices.of(victim, 0), samples);
      if (samples.size() == 0 && Vectors.norm(moved) > 0) {
        samples.add(1, start, at, 1 / exact.first(), moved);
      }
    } else if (setting.recursion() instanceof Recursion.Steps steps) {
      double[] mixed = Arrays.copyOfRange(start, at, at + transcript.stride());
      double told = steps.told(mixed, then, at);
      double length = Double.isNaN(told) ? step(steps, knowledge) : told;
      if (length != 0 && Vectors.norm(moved) > 0) {
        double[] point = new double[d];
        Updates.point(steps, knowledge, start, at, mixed, point);
        samples.add(1, point, 0, 1 / length, moved);
      }
    }
    return samples;
  }

  /** The step of a first update at tick 1, the victim's rate being taken to be a member's. */
  private static double step(Recursion.Steps steps, Knowledge knowledge) {
    Setting setting = knowledge.setting();
    boolean member = knowledge.adversary().members().length > 0;
    double rate = setting.synchronous() ? 1 : member ? knowledge.rate(0) : 0.5;
    return steps.length(1 / rate, rate);
  }

  /** With all z at the start, rho n (x_0 - x_i) is the subgradient where the victim then stands. */
  private static @Nullable Samples link(
      Recursion.Links links, int victim, Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    double[][] x = new LinkUpdates(knowledge, transcript).estimates(victim);
    if (x == null || x.length < 2 || x[1] == x[0]) {
      return null;
    }
    int d = setting.dimension();
    int count = setting.network().offset()[victim + 1] - setting.network().offset()[victim] - 1;
    double[] moved = x[0].clone();
    Vectors.addScaled(-1, x[1], 0, moved, 0, d);
    Samples samples = new Samples(d);
    samples.add(1, x[1], 0, count * links.rho(), moved);
    return samples;
  }
}
