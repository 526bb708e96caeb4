package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Costs fitted to the trajectory.
 *
 * <p>Of an exposed victim, whose updates {@link Updates} solves for, {@code g(x) = g* + r(x) +
 * h(x)} is fitted to them, r being smooth, and h how the gradient of the adversary's own rows
 * changes, as many times as the victim has rows. So g* is known also where a method takes its
 * subgradients away from the optimum. How smooth r is, and the noise, are those of greatest
 * evidence.
 *
 * <p>Of others, costs are taken to be quadratic: g and H of all agents outside are fitted through
 * the whole network to the first {@value #TICKS} ticks ({@link NetworkFit}): from a public start,
 * the limit of all links follows from what was heard on some. Who was active is given there: that
 * is an oracle's bound. It is done for up to {@value Surrogate#MOST} unknowns, under either idle
 * rule, on links, and with several ticks per superstep.
 */
final class SystemIdentification implements Attack {
  private static final int TICKS = 60;
  private static final int SAMPLES = 80;
  private static final int FEW = 4;
  private static final double WIDE = 100;
  private static final double NEAR = 0.9;
  private static final double[] VARIANCES = {1e-4, 1e-2, 1, 100, 1e4};
  private static final double[] SQUARES = {0.1, 1, 10, 100};
  private static final double[] NOISES = {1e-11, 1e-8, 1e-5, 1e-2};

  private final AtomicReference<@Nullable Last> last = new AtomicReference<>();

  /** The last that was fitted: victims are asked about one after the other. */
  private record Last(Knowledge knowledge, Transcript transcript, @Nullable NetworkFit fit) {}

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    boolean noisy = knowledge.setting().mechanism().contains("differential");
    Samples samples = noisy ? null : new Updates(knowledge, transcript).of(victim);
    if (samples != null) {
      return samples.size() < FEW ? null : along(samples, victim, knowledge, transcript);
    }
    Last known = last.get();
    if (known == null || known.knowledge != knowledge || known.transcript != transcript) {
      known = new Last(knowledge, transcript, Surrogate.fit(knowledge, transcript, TICKS, true));
      last.set(known);
    }
    NetworkFit fit = known.fit;
    double[] guess = fit == null || !fit.heard() ? null : fit.atOptimum(victim);
    return guess == null ? null : Finding.Subgradient.of(guess);
  }

  private static Finding along(
      Samples samples, int victim, Knowledge knowledge, Transcript transcript) {
    double[] guess = regressed(samples, victim, knowledge);
    Finding free = new Projection().on(victim, knowledge, transcript);
    double[] normal =
        free instanceof Finding.Subgradient g
            ? g.atOptimum()
            : new BlindGuess(knowledge).atOptimum(victim);
    return samples.finding(TrajectoryRegression.completed(guess, normal, knowledge));
  }

  /**
   * g*, as the mean of a normal process: with wide prior variance of g*, a {@link Bend}, and noise.
   */
  private static double[] regressed(Samples samples, int victim, Knowledge knowledge) {
    Setting setting = knowledge.setting();
    int d = setting.dimension();
    double[] optimum = setting.published();
    int[] near = near(samples, optimum);
    int n = near.length;
    double[][] off = new double[n][d];
    double[][] pulls = new double[n][d];
    double ratio =
        knowledge.own() == null ? 0 : setting.ratio(victim, knowledge.adversary().members());
    double far = 0;
    double size = 0;
    for (int k = 0; k < n; k++) {
      double[] x = new double[d];
      System.arraycopy(samples.points(), samples.at(near[k]), x, 0, d);
      System.arraycopy(samples.pulls(), samples.at(near[k]), pulls[k], 0, d);
      Vectors.addScaled(-1, change(x, optimum, ratio, knowledge), 0, pulls[k], 0, d);
      Vectors.addScaled(1, x, 0, off[k], 0, d);
      Vectors.addScaled(-1, optimum, 0, off[k], 0, d);
      far += Vectors.dot(off[k], 0, off[k], 0, d) / n;
      size += Vectors.dot(pulls[k], 0, pulls[k], 0, d) / n / d;
    }
    double[] best = pulls[0];
    double evidence = Double.NEGATIVE_INFINITY;
    RealMatrix right = new Array2DRowRealMatrix(pulls, false);
    for (Bend bend : far > 0 && size > 0 ? Bend.all(far) : List.<Bend>of()) {
      for (double noise : NOISES) {
        double[][] covariance = new double[n][n];
        for (int a = 0; a < n; a++) {
          for (int b = 0; b <= a; b++) {
            covariance[a][b] = bend.covariance(off[a], off[b]) + (a == b ? noise : 0);
            covariance[b][a] = covariance[a][b];
          }
        }
        try {
          CholeskyDecomposition factor =
              new CholeskyDecomposition(new Array2DRowRealMatrix(covariance, false), 1e-8, 0);
          RealMatrix solved = factor.getSolver().solve(right);
          double fit = 0;
          for (int a = 0; a < n; a++) {
            fit -= Vectors.dot(solved.getRow(a), 0, pulls[a], 0, d) / size / 2;
            fit -= d * Math.log(factor.getL().getEntry(a, a));
          }
          if (fit > evidence) {
            evidence = fit;
            best = new double[d];
            for (int a = 0; a < n; a++) {
              Vectors.addScaled(
                  bend.covariance(off[a], new double[d]), solved.getRow(a), 0, best, 0, d);
            }
          }
        } catch (MathIllegalArgumentException e) {
          continue; // less noise than rounding
        }
      }
    }
    return best;
  }

  /**
   * Samples to fit to, evenly from the nearest to nine tenths of all: steps that shrink keep the
   * last ones on one line, which need not lead to the published solution. The farthest bend most.
   */
  private static int[] near(Samples samples, double[] to) {
    int last = Math.max(FEW, (int) (NEAR * samples.size())) - 1;
    int[] order =
        IntStream.range(0, samples.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    k -> Vectors.distance(samples.points(), samples.at(k), to, 0, to.length)))
            .mapToInt(Integer::intValue)
            .toArray();
    return IntStream.range(0, SAMPLES)
        .map(k -> order[(int) ((long) k * last / (SAMPLES - 1))])
        .distinct()
        .toArray();
  }

  /**
   * How a gradient's coordinate varies from point to point, beside a constant of wide variance:
   * alike at points that are near each other.
   *
   * @param variance of a coordinate
   * @param square of the distance that counts as near
   */
  private record Bend(double variance, double square) {
    /** Those to choose from. */
    static List<Bend> all(double far) {
      return Arrays.stream(VARIANCES)
          .boxed()
          .flatMap(v -> Arrays.stream(SQUARES).mapToObj(s -> new Bend(v, s * far)))
          .toList();
    }

    double covariance(double[] a, double[] b) {
      double off = Vectors.distance(a, b);
      return WIDE + variance * Math.exp(-off * off / 2 / square);
    }
  }

  /** By how much the gradient at x differs from that at the optimum, if rows are like own ones. */
  private static double[] change(double[] x, double[] optimum, double ratio, Knowledge knowledge) {
    int members = knowledge.adversary().members().length;
    double[] change = knowledge.penalty(x);
    Vectors.addScaled(-1, knowledge.penalty(optimum), 0, change, 0, change.length);
    Vectors.setScaled(1 - ratio * members, change, 0, change, 0, change.length);
    Vectors.addScaled(ratio, knowledge.ownSubgradient(x), 0, change, 0, change.length);
    Vectors.addScaled(-ratio, knowledge.ownSubgradient(optimum), 0, change, 0, change.length);
    return change;
  }
}
