package io.sotto.privacy.attack;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Recursion;
import io.sotto.network.Neighbourhoods;
import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.ClockReading;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.privacy.evidence.Voices;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Regression over all ticks that were observed, with the mask as latent. Around the optimum the
 * subgradient is {@code g + B u}, u the coordinates of the point along the {@value #AXES} axes in
 * which the trajectory spread most: the curvature as far as the trajectory shows it.
 *
 * <p>Of an exposed victim whose updates {@link Updates} solves for, g and B are fitted to them.
 *
 * <p>Of a victim that is heard, but not all of whose neighbours are, under {@code idle = mix}: with
 * z the mean of what is heard around it in place of the unheard ones u, the residual is
 *
 * <pre>
 *   r(t) = sum of heard w_ij x_j + sum of unheard w_iu z - x_i(t) = m(t) alpha (g + B u) + n(t)
 *   n(t) = phi n(t - 1) + known + new,    phi the mean of w_uu
 * </pre>
 *
 * <p>since whom the adversary does not hear forgets by its own weight, which is public. So r(t) -
 * phi r(t - 1), less what is known, jumps with the mask, and {@link JumpModel} finds mask and jump:
 * that agents are active at random is what gives them away. The mask in hand, g is what a
 * regression says. Which of active and idle is which: subgradients are monotone, so at active
 * ticks, and not at idle ones, the residual grows with the point.
 *
 * <p>alpha is taken to be that of a rate of 1 ({@link Recursion.Steps#length}), so that g comes out
 * over the rate. Weights of subgradient-push are taken to be 1.
 *
 * <p>Assumes Gaussian news, and subgradients that are nearly affine over the last two thirds of the
 * run. With several ticks per superstep it says something where all within two links of the victim
 * are in its cell. What is normal to the adversary's own set is taken from {@link Projection} or
 * the blind guess. Says nothing where jumps are no better than chance, and in synchronous runs,
 * where nothing jumps.
 *
 * <p>On links and under {@code hold} victims are regressed that are exposed, and no others. Who is
 * idle says nothing new there, so the mask is seen anyway. And once all has settled, what is heard
 * fits any g, if that of an unheard neighbour is changed as well: only the start, which is known,
 * tells them apart. {@link SystemIdentification} goes from there.
 *
 * <p>Cost: that of the jump model, and d times the square of the axes for each tick. Hidden Markov
 * models: Baum, Petrie, Soules and Weiss 1970.
 */
record TrajectoryRegression() implements Attack {
  private static final int AXES = 6;
  private static final double RIDGE = 1e-5;
  private static final int FEW = 60;
  private static final int SHOWN = 40;

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Setting setting = knowledge.setting();
    boolean noisy = setting.mechanism().contains("differential");
    Samples samples = noisy ? null : new Updates(knowledge, transcript).of(victim);
    if (samples != null) {
      return along(samples, victim, knowledge, transcript);
    }
    if (!(setting.recursion() instanceof Recursion.Steps steps)
        || setting.synchronous()
        || setting.idle() == IdleRule.HOLD
        || borders(victim, knowledge)
        || transcript.updatingTicks() < FEW) {
      return null;
    }
    Voices voices = new Voices(knowledge, transcript);
    return voices.hears(victim)
        ? jumps(steps, victim, voices, transcript.updatingTicks(), knowledge)
        : null;
  }

  @Override
  public @Nullable String limits(Setting setting) {
    String unexposed = "it says nothing of agents that are not exposed: ";
    if (setting.synchronous()) {
      return unexposed + "all are active at all ticks, so nothing jumps";
    }
    if (setting.recursion() instanceof Recursion.Links || setting.idle() == IdleRule.HOLD) {
      return unexposed
          + "idle agents say nothing new, and then what is heard fits any subgradient, if that of an"
          + " unheard neighbour is changed as well; only the known start tells them apart, which"
          + " system-identification uses";
    }
    return setting.ticksPerSuperstep() > 1 && setting.partition().cells() > 1
        ? unexposed.replace(":", ", if someone within two links of them is in another cell:")
            + "not all that is said there is heard"
        : null;
  }

  /** Whether something around the victim is heard less often than it is said. */
  private static boolean borders(int victim, Knowledge knowledge) {
    Setting setting = knowledge.setting();
    int cell = setting.partition().cellOf(victim);
    IntStream near =
        Arrays.stream(Neighbourhoods.closed(setting.network(), victim))
            .flatMap(j -> Arrays.stream(Neighbourhoods.closed(setting.network(), j)));
    return setting.ticksPerSuperstep() > 1
        && IntStream.concat(near, Arrays.stream(knowledge.adversary().members()))
            .anyMatch(j -> setting.partition().cellOf(j) != cell);
  }

  private static Finding along(
      Samples samples, int victim, Knowledge knowledge, Transcript transcript) {
    int d = knowledge.setting().dimension();
    int from = samples.size() * 3 / 4;
    int n = samples.size() - from;
    double[] points = Arrays.copyOfRange(samples.points(), from * d, samples.size() * d);
    double[] pulls = Arrays.copyOfRange(samples.pulls(), from * d, samples.size() * d);
    double[] guess = samples.pullAt(knowledge.setting().published());
    if (n > 4 * AXES) {
      Axes axes = Axes.of(points, d, knowledge.setting().published());
      double[][] design = new double[n][1 + axes.count()];
      for (int k = 0; k < n; k++) {
        design[k][0] = 1;
        axes.coordinates(points, k, design[k], 1);
      }
      guess = regress(design, pulls, d, 1)[0];
    }
    Finding free = new Projection().on(victim, knowledge, transcript);
    double[] normal =
        free instanceof Finding.Subgradient g
            ? g.atOptimum()
            : new BlindGuess(knowledge).atOptimum(victim);
    double[] completed = completed(guess, normal, knowledge);
    return free instanceof Finding.Subgradient g
        ? new Finding.Subgradient(completed, g.ticks(), g.points(), g.alongRun())
        : samples.finding(completed);
  }

  private static @Nullable Finding jumps(
      Recursion.Steps steps, int victim, Voices voices, int last, Knowledge knowledge) {
    int d = knowledge.setting().dimension();
    Residuals residuals = Residuals.of(steps, victim, voices, last, knowledge);
    double[] mask = new JumpModel(residuals.series(), d, residuals.phi()).fit();
    if (mask == null) {
      return null;
    }
    Axes axes = Axes.of(residuals.points(), d, knowledge.setting().published());
    Fit fit = Fit.of(mask, residuals, axes, d);
    if (fit.monotone() < 0) {
      for (int t = 0; t < mask.length; t++) {
        mask[t] = 1 - mask[t];
      }
      fit = Fit.of(mask, residuals, axes, d);
    }
    double active = Arrays.stream(mask).sum();
    double rate = ClockReading.rate(knowledge, Math.round(active), mask.length);
    double[] blind = new BlindGuess(knowledge).atOptimum(victim);
    double[] guess = new double[d];
    Vectors.setScaled(rate, fit.jump(), 0, guess, 0, d);
    if (steps.saysEstimate()) {
      guess = completed(guess, blind, knowledge);
    }
    int shown = knowledge.setting().sets().isEmpty() ? SHOWN : 0;
    int[] ticks = new int[shown];
    double[] points = new double[shown * d];
    double[] pulls = new double[shown * d];
    for (int k = 0; k < shown; k++) {
      int t = (int) ((long) k * mask.length / shown);
      ticks[k] = residuals.from() + t;
      System.arraycopy(residuals.points(), t * d, points, k * d, d);
      fit.at(axes, points, k, rate, pulls);
    }
    return new Finding.Subgradient(guess, ticks, points, pulls);
  }

  /** A guess whose part normal to the adversary's own set is taken from another one. */
  static double[] completed(double[] guess, double[] other, Knowledge knowledge) {
    if (knowledge.setting().sets().isEmpty() || knowledge.sets().isEmpty()) {
      return guess;
    }
    NormalSpace normal =
        new NormalSpace(
            knowledge.sets().get(0),
            knowledge.setting().published(),
            knowledge.setting().coefficients());
    double[] completed = guess.clone();
    Vectors.addScaled(-1, normal.part(guess), 0, completed, 0, completed.length);
    Vectors.addScaled(1, normal.part(other), 0, completed, 0, completed.length);
    return completed;
  }

  /**
   * Least squares, the same design for all d columns: a coefficient row each. All but the first few
   * have a ridge, so that what either could explain goes to the first.
   */
  private static double[][] regress(double[][] design, double[] values, int d, int free) {
    int k = design[0].length;
    double[][] normal = new double[k][k];
    double[][] right = new double[k][d];
    for (int t = 0; t < design.length; t++) {
      for (int a = 0; a < k; a++) {
        Vectors.addScaled(design[t][a], design[t], 0, normal[a], 0, k);
        Vectors.addScaled(design[t][a], values, t * d, right[a], 0, d);
      }
    }
    RealMatrix square = new Array2DRowRealMatrix(normal, false);
    double ridge = RIDGE * design.length;
    for (int a = 0; a < k; a++) {
      square.addToEntry(a, a, a < free ? ridge * RIDGE : ridge);
    }
    return JumpModel.factor(square)
        .getSolver()
        .solve(new Array2DRowRealMatrix(right, false))
        .getData();
  }

  /**
   * The axes in which points spread most, from an origin.
   *
   * @param origin where u is 0
   * @param axes a unit vector each
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Axes(double[] origin, double[][] axes, double[] size) {
    static Axes of(double[] points, int d, double[] origin) {
      double[] off = points.clone();
      for (int at = 0; at < off.length; at += d) {
        Vectors.addScaled(-1, origin, 0, off, at, d);
      }
      JumpModel.Eigen eigen = JumpModel.Eigen.principal(off, d);
      int k = Math.min(AXES, eigen.values().length);
      double[][] axes = new double[k][];
      double[] size = new double[k];
      for (int j = 0; j < k; j++) {
        axes[j] = eigen.vectors()[j];
        size[j] = Math.sqrt(Math.max(eigen.values()[j], Double.MIN_NORMAL));
      }
      return new Axes(origin, axes, size);
    }

    int count() {
      return axes.length;
    }

    /** The coordinates of the t-th point, in units of their spread. */
    void coordinates(double[] points, int t, double[] out, int at) {
      int d = origin.length;
      for (int j = 0; j < axes.length; j++) {
        double along =
            Vectors.dot(points, t * d, axes[j], 0, d) - Vectors.dot(origin, 0, axes[j], 0, d);
        out[at + j] = along / size[j];
      }
    }
  }

  /**
   * What the mask explains of the residuals.
   *
   * @param jump of an active tick at the optimum, over s(t)
   * @param slopes of the jump along the axes
   * @param monotone above 0 if active ticks grow with the point more than idle ones do
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Fit(double[] jump, double[][] slopes, double monotone) {
    static Fit of(double[] mask, Residuals residuals, Axes axes, int d) {
      int n = mask.length;
      int k = axes.count();
      double[][] design = new double[n][2 + 2 * k];
      double[] u = new double[k];
      double[] before = new double[k];
      for (int t = 0; t < n; t++) {
        axes.coordinates(residuals.points(), t, u, 0);
        double last = t == 0 ? mask[0] : mask[t - 1];
        design[t][0] = mask[t] - residuals.phi() * last;
        design[t][1] = 1;
        for (int j = 0; j < k; j++) {
          double was = t == 0 ? u[j] : before[j];
          design[t][2 + j] = mask[t] * u[j] - residuals.phi() * last * was;
          design[t][2 + k + j] = u[j];
        }
        System.arraycopy(u, 0, before, 0, k);
      }
      double[][] all = regress(design, residuals.series(), d, 2);
      double monotone = 0;
      for (int j = 0; j < k; j++) {
        monotone += axes.size()[j] * Vectors.dot(all[2 + j], 0, axes.axes()[j], 0, d);
      }
      return new Fit(all[0], Arrays.copyOfRange(all, 2, 2 + k), monotone);
    }

    /** The subgradient at the k-th point. */
    void at(Axes axes, double[] points, int k, double rate, double[] out) {
      int d = jump.length;
      double[] u = new double[slopes.length];
      axes.coordinates(points, k, u, 0);
      Vectors.setScaled(rate, jump, 0, out, k * d, d);
      for (int j = 0; j < u.length; j++) {
        Vectors.addScaled(rate * u[j], slopes[j], 0, out, k * d, d);
      }
    }
  }

  /**
   * What cannot be explained by what is heard, over s(t), from a third of the run on.
   *
   * @param from the first tick
   * @param phi the memory of those not heard
   * @param series ticks x d
   * @param points ticks x d, about where the victim took its subgradients
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Residuals(int from, double phi, double[] series, double[] points) {
    static Residuals of(
        Recursion.Steps steps, int victim, Voices voices, int last, Knowledge knowledge) {
      Setting setting = knowledge.setting();
      int d = setting.dimension();
      int from = Math.max(3, last / 3);
      int n = last - from + 1;
      int[] around =
          Arrays.stream(
                  setting.network().heard(),
                  setting.network().offset()[victim],
                  setting.network().offset()[victim + 1])
              .toArray();
      int[] near = Arrays.stream(around).filter(voices::hears).toArray();
      int[] unheard = Arrays.stream(around).filter(j -> !voices.hears(j)).toArray();
      double missing = 0;
      double phi = 0;
      double stay = 0; // weight of z(t - 2) in what is known
      for (int u : unheard) {
        double w = setting.weight(victim, u);
        double rest = 1;
        for (int h : voices.heard()) {
          rest -= setting.weight(u, h);
        }
        missing += w;
        phi += w * setting.weight(u, u);
        stay += w * rest; // u's own weight, and that of others that are not heard
      }
      phi = missing == 0 ? 0 : phi / missing;
      double[] series = new double[n * d];
      double[] points = new double[n * d];
      double[] point = new double[d];
      double[] residual = new double[d];
      double[] mixed = new double[voices.stride()];
      for (int t = from; t <= last; t++) {
        int at = (t - from) * d;
        double s = steps.length(t, 1);
        residual(victim, t, missing, near, voices, mixed, residual);
        Vectors.setScaled(1 / s, residual, 0, series, at, d);
        Updates.point(steps, knowledge, mixed, 0, mixed, point);
        System.arraycopy(point, 0, points, at, d);
        residual(victim, t - 1, missing, near, voices, mixed, residual);
        Vectors.addScaled(-phi / s, residual, 0, series, at, d);
        for (int j : near) {
          double share = 1.0 / near.length / s;
          double[] before = voices.said(t - 2);
          Vectors.addScaled(-missing * share, voices.said(t - 1), voices.at(j), series, at, d);
          Vectors.addScaled(stay * share, before, voices.at(j), series, at, d);
        }
        for (int u : unheard) {
          for (int h : voices.heard()) {
            double w = setting.weight(victim, u) * setting.weight(u, h) / s;
            if (w != 0) {
              Vectors.addScaled(w, voices.said(t - 2), voices.at(h), series, at, d);
            }
          }
        }
      }
      return new Residuals(from, phi, series, points);
    }

    /** r(t), and the mix with z for what is not heard. */
    private static void residual(
        int victim,
        int t,
        double missing,
        int[] near,
        Voices voices,
        double[] mixed,
        double[] out) {
      voices.mix(victim, t, mixed);
      for (int j : near) {
        Vectors.addScaled(
            missing / near.length, voices.said(t - 1), voices.at(j), mixed, 0, mixed.length);
      }
      System.arraycopy(mixed, 0, out, 0, out.length);
      Vectors.addScaled(-1, voices.said(t), voices.at(victim), out, 0, out.length);
    }
  }
}
