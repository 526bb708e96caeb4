package io.sotto.privacy.judge;

import io.sotto.algorithm.Recursion;
import io.sotto.clock.Draws;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Directions;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Loss;
import io.sotto.problem.Squared;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Compares what attacks say of a victim with the truth, and with what a blind guess gets. */
final class Judge {
  private static final int CLAIMS = 40;

  /** A blind guess that is off by no more of the truth than this is right already. */
  private static final double KNOWN = 1e-2;

  /** A row is reconstructed if it is off by no more of itself than this, and its label is right. */
  private static final double EXACT = 1e-2;

  private final Knowledge knowledge;
  private final Truth truth;
  private final BlindGuess blind;
  private final Transcript transcript;

  Judge(Knowledge knowledge, Truth truth, Transcript transcript) {
    this.knowledge = knowledge;
    this.truth = truth;
    this.blind = new BlindGuess(knowledge);
    this.transcript = transcript;
  }

  /** How much a finding gives away; NaN where the blind guess is right already. */
  double leak(Finding finding, int victim) {
    if (finding instanceof Finding.Subgradient guess) {
      double[] optimum = knowledge.setting().published();
      double[] g = truth.subgradient(victim, optimum, 0);
      return against(g, guess.atOptimum(), blind.atOptimum(victim));
    }
    if (finding instanceof Finding.Clock clock) {
      double rate = truth.rate(victim);
      return clock(clock.active(), victim, Math.min(rate, 1 - rate));
    }
    return rows((Finding.Rows) finding, victim, (row, r) -> {});
  }

  /**
   * How well a model fits a victim's own rows: of two classes the share of rows that it puts into
   * the right one, of squared loss the share of the labels' squares about their mean that it
   * explains; NaN for other losses, and without rows.
   */
  double accuracy(double[] model, int victim) {
    LinearModel costs = truth.rows();
    Loss.@Nullable Labels labels = costs == null ? null : costs.loss().labels();
    boolean classes = labels == Loss.Labels.BINARY;
    if (costs == null || truth.held(victim) == 0 || !(classes || costs.loss() instanceof Squared)) {
      return Double.NaN;
    }
    int from = costs.rows().first(truth.place(victim));
    int to = from + truth.held(victim);
    double[] centre = costs.centre();
    double shift = costs.intercept() ? model[costs.rows().features()] : 0;
    shift -= centre == null ? 0 : Vectors.dot(centre, 0, model, 0, centre.length);
    double mean = 0;
    for (int r = from; r < to; r++) {
      mean += costs.rows().label(r) / (to - from);
    }
    double right = 0;
    double error = 0;
    double spread = 0;
    for (int r = from; r < to; r++) {
      double label = costs.rows().label(r);
      double z = costs.rows().dot(r, model, 0) + shift + costs.block().offset(r);
      right += z * label > 0 ? 1 : 0;
      error += (z - label) * (z - label);
      spread += (label - mean) * (label - mean);
    }
    return classes ? right / (to - from) : spread > 0 ? 1 - error / spread : Double.NaN;
  }

  /** The median over what it claims along the run; NaN if it claims nothing. */
  double leakAlongRun(Finding finding, int victim) {
    if (!(finding instanceof Finding.Subgradient guess) || guess.ticks().length == 0) {
      return Double.NaN;
    }
    int claims = Math.min(CLAIMS, guess.ticks().length);
    int d = knowledge.setting().dimension();
    double[] leaks = new double[claims];
    for (int k = 0; k < claims; k++) {
      int at = (int) ((long) k * guess.ticks().length / claims) * d;
      double[] point = Arrays.copyOfRange(guess.points(), at, at + d);
      double[] said = Arrays.copyOfRange(guess.alongRun(), at, at + d);
      leaks[k] = against(truth.subgradient(victim, point, 0), said, blind.at(victim, point));
    }
    Leak over = Leak.over(leaks);
    return over == null ? Double.NaN : over.median();
  }

  /**
   * How much of the direction in which a victim's costs pulled its first estimate is found; NaN
   * where nothing is said or known of it.
   */
  double leakOfFirst(Finding.@Nullable Subgradient guess, int victim) {
    if (guess == null || guess.ticks().length == 0) {
      return Double.NaN;
    }
    int d = knowledge.setting().dimension();
    double[] point = Arrays.copyOf(guess.points(), d);
    double[] said = Arrays.copyOf(guess.alongRun(), d);
    if (!(knowledge.setting().recursion() instanceof Recursion.Links)) {
      return against(truth.subgradient(victim, point, 0), said, blind.at(victim, point));
    }
    FirstUpdate first = truth.first(victim);
    return first == null ? Double.NaN : against(first.pull(), said, blind.at(victim, point));
  }

  private static double against(double[] truth, double[] guess, double[] blind) {
    double blindly = Vectors.distance(truth, blind);
    return blindly > KNOWN * Vectors.norm(truth)
        ? Leak.of(Vectors.distance(truth, guess), blindly)
        : Double.NaN;
  }

  /**
   * The same of a victim of whom nothing can be learnt: what it keeps is drawn anew when the run is
   * over, as far from the blind guess as the truth is, in a random direction; a clock's ticks are
   * drawn at its rate; rows are as long as they are, in random directions.
   */
  double falseAlarm(Finding finding, int victim, long seed) {
    if (finding instanceof Finding.Subgradient guess) {
      double[] optimum = knowledge.setting().published();
      double[] blindly = blind.atOptimum(victim);
      double far = Vectors.distance(truth.subgradient(victim, optimum, 0), blindly);
      double[] other = Directions.random(seed, victim, 0, blindly.length);
      Vectors.setScaled(far, other, 0, other, 0, other.length);
      Vectors.addScaled(1, blindly, 0, other, 0, other.length);
      return against(other, guess.atOptimum(), blindly);
    }
    if (finding instanceof Finding.Clock clock) {
      double rate = truth.rate(victim);
      BitSet drawn = new BitSet();
      for (int t = 1; t <= transcript.ticks(); t++) {
        drawn.set(
            t,
            !transcript.settling(t) && Draws.uniform(seed, victim, t, Draws.Purpose.AUDIT) < rate);
      }
      drawn.xor(clock.active());
      return Leak.of(drawn.cardinality(), transcript.updatingTicks() * Math.min(rate, 1 - rate));
    }
    return rows(
        (Finding.Rows) finding,
        victim,
        (row, r) -> { // as long, in a random direction
          double size = Vectors.norm(row);
          Vectors.setScaled(
              size, Directions.random(seed, victim, r, row.length), 0, row, 0, row.length);
        });
  }

  private double clock(BitSet said, int victim, double blindly) {
    int wrong = 0;
    for (int t = 1; t <= transcript.ticks(); t++) {
      boolean updated = truth.active(victim, t) && !transcript.settling(t);
      wrong += said.get(t) == updated ? 0 : 1;
    }
    return Leak.of(wrong, transcript.updatingTicks() * blindly);
  }

  /** How many of a victim's rows are guessed, label included. */
  int reconstructed(Finding.Rows said, int victim) {
    LinearModel model = truth.rows();
    int count = 0;
    if (model != null) {
      int agent = truth.place(victim);
      int n = model.rows().features();
      double[] row = new double[n];
      for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
        read(model, r, row);
        boolean guessed = false;
        for (int k = 0; !guessed && k < said.labels().length; k++) {
          guessed =
              said.labels()[k] == model.rows().label(r)
                  && Vectors.distance(row, 0, said.features(), k * n, n)
                      <= EXACT * Vectors.norm(row);
        }
        count += guessed ? 1 : 0;
      }
    }
    return count;
  }

  private static void read(LinearModel model, int r, double[] row) {
    Arrays.fill(row, 0);
    model.rows().addScaled(r, 1, row, 0);
    double[] centre = model.centre();
    if (centre != null) {
      Vectors.addScaled(-1, centre, 0, row, 0, row.length);
    }
  }

  /** Each guessed row against the true row that is nearest; blindly, the mean of all is guessed. */
  private double rows(Finding.Rows said, int victim, ObjIntConsumer<double[]> change) {
    LinearModel model = truth.rows();
    if (model == null || said.labels().length == 0) {
      return Double.NaN;
    }
    int agent = truth.place(victim);
    int n = model.rows().features();
    double[] row = new double[n];
    double error = 0;
    double blindly = 0;
    for (int k = 0; k < said.labels().length; k++) {
      double nearest = Double.POSITIVE_INFINITY;
      double size = 0;
      for (int r = model.rows().first(agent); r < model.rows().first(agent + 1); r++) {
        read(model, r, row);
        change.accept(row, r);
        double far = Vectors.distance(row, 0, said.features(), k * n, n);
        if (far < nearest) {
          nearest = far;
          size = Vectors.norm(row);
        }
      }
      error += nearest;
      blindly += size;
    }
    return Leak.of(error, blindly);
  }
}
