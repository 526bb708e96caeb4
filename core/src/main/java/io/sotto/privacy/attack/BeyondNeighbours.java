package io.sotto.privacy.attack;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Recursion;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Voices;
import io.sotto.privacy.exposure.Adversary;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reconstruction of agents that are two and more links away. Whatever the adversary received is
 * linear in what all agents contributed, with the mixing matrix as coefficients:
 *
 * <pre>
 *   x(t + 1) = W x(t) - s(t) g(t) + mask noise,   g(t + 1) = g(t) + drift,   what is heard: some x_j(t)
 * </pre>
 *
 * <p>so the posterior of all x and g, given all that was heard, is that of a Bayesian linear model,
 * which a Kalman filter over 2 N numbers gives tick by tick; the covariance does not depend on the
 * coordinate, so it is computed once for all d. Masks and rates of others are not known: that the
 * mean step per tick is s for everybody is public, and what the masks add is noise of variance (1 -
 * p) / p s^2 g^2, p being taken to be a member's. At the end all subgradients sum to zero. With no
 * evidence the posterior is the blind guess, and it moves away from it as far as evidence goes.
 *
 * <p>Assumes one tick per superstep, subgradients that wander about theirs at the optimum as the
 * adversary's own do; how much, and how large others' are, by maximum likelihood on a grid. Starts
 * at a third of the run, no more than {@value #MOST_TICKS} ticks before its end. Of networks of
 * more than {@value #MOST_AGENTS} agents it looks at those nearest to the adversary. What is normal
 * to its own set comes from the blind guess. Says nothing of methods whose agents say something
 * else than the estimate that they step from.
 *
 * <p>Cost: grid x ticks x (4 N^2 (degree + heard) + 2 N d (degree + heard)). El Mrini, Cyffers and
 * Bellet 2024 (arXiv:2402.10001); Kalman 1960.
 */
final class BeyondNeighbours implements Attack {
  private static final int MOST_AGENTS = 32;
  private static final int MOST_TICKS = 1000;
  private static final int FEW = 10;
  private static final double[] WANDERING = {0.1, 1, 10, 100};
  private static final double[] SIZES = {1, 4};

  /** The last that was reconstructed: victims are asked about one after the other. */
  private final AtomicReference<@Nullable Last> last = new AtomicReference<>();

  private record Last(Knowledge knowledge, Transcript transcript, @Nullable Filter best) {}

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Last known = last.get();
    if (known == null || known.knowledge != knowledge || known.transcript != transcript) {
      known = new Last(knowledge, transcript, reconstructed(knowledge, transcript));
      last.set(known);
    }
    Filter best = known.best;
    double[] guess = best == null ? null : best.guess(victim);
    if (best == null || guess == null) {
      return null;
    }
    double[] blind = new BlindGuess(knowledge).atOptimum(victim);
    double[] completed = TrajectoryRegression.completed(guess, blind, knowledge);
    return Vectors.distance(completed, blind) > best.credible()
        ? null
        : Finding.Subgradient.of(completed);
  }

  private static @Nullable Filter reconstructed(Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    if (!(setting.recursion() instanceof Recursion.Steps steps)
        || !steps.saysEstimate()
        || setting.ticksPerSuperstep() > 1
        || transcript.updatingTicks() < FEW
        || transcript.speakers().length == 0
        || knowledge.own() == null) {
      return null;
    }
    Filter best = null;
    for (double wandering : WANDERING) {
      for (double size : SIZES) {
        Filter filter = new Filter(knowledge, transcript, wandering, size).run();
        best = best == null || filter.fit > best.fit ? filter : best;
      }
    }
    return best;
  }

  /** One run over all ticks. The state is all x, then all g. */
  private static final class Filter {
    private static final double SURE = 1e-12;
    private static final double WIDE = 100;

    private final Setting setting;
    private final Knowledge knowledge;
    private final Voices voices;
    private final int last;
    private final LocalObjective own;
    private final int[] agents;
    private final int[] heard;
    private final int n;
    private final int d;
    private final double rate;
    private final double pace;
    private final double wandering;
    private final double size;
    private final double[][] ownAtOptimum;

    private double[] mean;
    private double[] nextMean;
    private double[][] covariance;
    private final double[][] half;
    private double fit;

    Filter(Knowledge knowledge, Transcript transcript, double wandering, double size) {
      this.knowledge = knowledge;
      this.setting = knowledge.setting();
      this.voices = new Voices(knowledge, transcript);
      this.last = transcript.updatingTicks();
      if (knowledge.own() == null) {
        throw new IllegalStateException("an adversary without members has no measure of others");
      }
      this.own = knowledge.own();
      this.agents = nearest(setting, knowledge.adversary());
      this.heard = Arrays.stream(agents).filter(voices::hears).toArray();
      this.n = agents.length;
      this.d = setting.dimension();
      boolean holds = setting.idle() == IdleRule.HOLD && !setting.synchronous();
      this.rate = setting.synchronous() ? 1 : knowledge.rate(0);
      this.pace = holds ? rate : 1;
      this.wandering = wandering;
      this.ownAtOptimum = new double[own.agents()][d];
      double square = 0;
      for (int m = 0; m < own.agents(); m++) {
        own.subgradient(m, 0, setting.published(), 0, ownAtOptimum[m]);
        square += Vectors.dot(ownAtOptimum[m], 0, ownAtOptimum[m], 0, d) / own.agents() / d;
      }
      this.size = size * Math.max(square, Double.MIN_NORMAL);
      this.mean = new double[2 * n * d];
      this.nextMean = new double[2 * n * d];
      this.covariance = new double[2 * n][2 * n];
      this.half = new double[2 * n][2 * n];
    }

    /** The members, and who is nearest to them, ascending. */
    private static int[] nearest(Setting setting, Adversary adversary) {
      Set<Integer> found = new TreeSet<>();
      ArrayDeque<Integer> queue = new ArrayDeque<>();
      for (int member : adversary.members()) {
        found.add(member);
        queue.add(member);
      }
      while (!queue.isEmpty()) {
        int i = queue.remove();
        for (int e = setting.network().offset()[i]; e < setting.network().offset()[i + 1]; e++) {
          int j = setting.network().heard()[e];
          if (found.size() < MOST_AGENTS && found.add(j)) {
            queue.add(j);
          }
        }
      }
      return found.stream().mapToInt(Integer::intValue).toArray();
    }

    double @Nullable [] guess(int victim) {
      int i = Arrays.binarySearch(agents, victim);
      return i < 0 ? null : Arrays.copyOfRange(mean, (n + i) * d, (n + i + 1) * d);
    }

    /** How far from the blind guess a subgradient may be that is of the size that was assumed. */
    double credible() {
      return 3 * Math.sqrt(d * size);
    }

    Filter run() {
      int first = Math.max(last / 3, last - MOST_TICKS);
      begin(first);
      listen(first);
      for (int t = first + 1; t <= last; t++) {
        predict(t);
        know(t);
        listen(t);
      }
      for (int m = 0; m < own.agents(); m++) {
        know(m, ownAtOptimum[m]);
      }
      if (n == setting.agents()) {
        sumToZero();
      }
      return this;
    }

    private void begin(int tick) {
      double s = setting.step().at(Math.max(1, tick));
      double[] centre = new double[d];
      for (int h : heard) {
        Vectors.addScaled(1.0 / heard.length, voices.said(tick), voices.at(h), centre, 0, d);
      }
      double[] others = new double[d];
      for (double[] g : ownAtOptimum) {
        Vectors.addScaled(-1.0 / (setting.agents() - own.agents()), g, 0, others, 0, d);
      }
      double away = away(tick);
      for (int i = 0; i < n; i++) {
        System.arraycopy(centre, 0, mean, i * d, d);
        System.arraycopy(others, 0, mean, (n + i) * d, d);
        covariance[i][i] = WIDE * s * s * size;
        covariance[n + i][n + i] = size + wandering * away;
      }
      know(tick);
    }

    /**
     * The square, by coordinate, of how far members' subgradients are from those at the optimum.
     */
    private double away(int tick) {
      double square = 0;
      double[] g = new double[d];
      for (int m = 0; m < own.agents(); m++) {
        own.subgradient(m, 0, voices.said(tick), voices.at(member(m)), g);
        double far = Vectors.distance(g, ownAtOptimum[m]);
        square += far * far / d / own.agents();
      }
      return square;
    }

    private int member(int m) {
      return knowledge.adversary().members()[m];
    }

    /** {@code x := W x - s g}, and the same of the covariance, from both sides. */
    private void predict(int t) {
      double s = pace * setting.step().at(t);
      for (int i = 0; i < n; i++) {
        int at = i * d;
        Arrays.fill(nextMean, at, at + d, 0);
        Arrays.fill(half[i], 0);
        for (int j = 0; j < n; j++) {
          double w = weight(i, j);
          if (w != 0) {
            Vectors.addScaled(w, mean, j * d, nextMean, at, d);
            Vectors.addScaled(w, covariance[j], 0, half[i], 0, 2 * n);
          }
        }
        Vectors.addScaled(-s, mean, (n + i) * d, nextMean, at, d);
        Vectors.addScaled(-s, covariance[n + i], 0, half[i], 0, 2 * n);
        System.arraycopy(mean, (n + i) * d, nextMean, (n + i) * d, d);
        System.arraycopy(covariance[n + i], 0, half[n + i], 0, 2 * n);
      }
      for (int row = 0; row < 2 * n; row++) {
        for (int i = 0; i < n; i++) {
          double sum = -s * half[row][n + i];
          for (int j = 0; j < n; j++) {
            double w = weight(i, j);
            if (w != 0) {
              sum += w * half[row][j];
            }
          }
          covariance[row][i] = sum;
        }
        System.arraycopy(half[row], n, covariance[row], n, n);
      }
      double[] before = mean;
      mean = nextMean;
      nextMean = before;
      double away = away(t);
      for (int i = 0; i < n; i++) {
        int at = (n + i) * d;
        double square = Vectors.dot(mean, at, mean, at, d) / d + covariance[n + i][n + i];
        covariance[i][i] += s * s * ((1 - rate) / rate * square + wandering * away);
        covariance[n + i][n + i] += wandering * away / 100;
      }
    }

    /** How much of j's estimate i takes; what comes from beyond is as if it came from i. */
    private double weight(int i, int j) {
      if (weights == null) {
        weights = new double[n][n];
        for (int a = 0; a < n; a++) {
          double sum = 0;
          for (int b = 0; b < n; b++) {
            weights[a][b] = pace * setting.weight(agents[a], agents[b]);
            sum += weights[a][b];
          }
          weights[a][a] += 1 - sum;
        }
      }
      return weights[i][j];
    }

    private double @Nullable [][] weights;

    private void know(int tick) {
      double[] g = new double[d];
      for (int m = 0; m < own.agents(); m++) {
        own.subgradient(m, 0, voices.said(tick), voices.at(member(m)), g);
        know(m, g);
      }
    }

    /** A member's subgradient. */
    private void know(int m, double[] g) {
      int at = n + Arrays.binarySearch(agents, member(m));
      System.arraycopy(g, 0, mean, at * d, d);
      Arrays.fill(covariance[at], 0);
      for (double[] row : covariance) {
        row[at] = 0;
      }
    }

    private void listen(int tick) {
      double s = setting.step().at(Math.max(1, tick));
      double[] off = new double[d];
      for (int h : heard) {
        int at = Arrays.binarySearch(agents, h);
        double[] gain = covariance[at].clone();
        double variance = gain[at] + SURE * s * s * size;
        for (int j = 0; j < d; j++) {
          off[j] = voices.said(tick)[voices.at(h) + j] - mean[at * d + j];
        }
        if (!knowledge.adversary().controls(h)) {
          fit -= (d * Math.log(variance) + Vectors.dot(off, 0, off, 0, d) / variance) / 2;
        }
        update(gain, variance, off);
      }
    }

    private void update(double[] gain, double variance, double[] off) {
      for (int row = 0; row < 2 * n; row++) {
        double share = gain[row] / variance;
        if (share != 0) {
          Vectors.addScaled(share, off, 0, mean, row * d, d);
          Vectors.addScaled(-share, gain, 0, covariance[row], 0, 2 * n);
        }
      }
      for (int row = 0; row < 2 * n; row++) { // rounding must not add up
        for (int column = 0; column < row; column++) {
          covariance[row][column] = covariance[column][row];
        }
      }
    }

    private void sumToZero() {
      double[] gain = new double[2 * n];
      double[] off = new double[d];
      double variance = SURE * size;
      for (int i = n; i < 2 * n; i++) {
        Vectors.addScaled(1, covariance[i], 0, gain, 0, 2 * n);
        Vectors.addScaled(-1, mean, i * d, off, 0, d);
      }
      for (int i = n; i < 2 * n; i++) {
        variance += gain[i];
      }
      update(gain, variance, off);
    }
  }
}
