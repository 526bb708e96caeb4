package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Samples;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.privacy.evidence.Updates;
import io.sotto.problem.Vectors;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Costs as quadratics, by least squares over the trajectory.
 *
 * <p>Of an exposed victim, whose updates {@link Updates} solves for, {@code g(x) = g* + H (x - x*)
 * + h(x)} is fitted to all of them, with a ridge on H, h being how the gradient of the adversary's
 * own rows changes, as many times as the victim has rows. So g* is known also where a method takes
 * its subgradients away from the optimum. The ridge and the noise are those of greatest evidence.
 *
 * <p>Of others, g and H of all agents outside are fitted through the whole network to the first
 * {@value #TICKS} ticks ({@link NetworkFit}): from a public start, the limit of all links follows
 * from what was heard on some. Who was active is given there: that is an oracle's bound. It is done
 * for up to {@value Surrogate#MOST} unknowns, under either idle rule, on links, and with several
 * ticks per superstep.
 */
final class SystemIdentification implements Attack {
  private static final int TICKS = 60;
  private static final int SAMPLES = 80;
  private static final int FEW = 4;
  private static final double WIDE = 100;
  private static final double[] RIDGES = {1e-6, 1e-3, 1, 100};
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
   * g*, as the mean of a normal process: with wide prior variance of g*, a ridge on H, and noise.
   */
  private static double[] regressed(Samples samples, int victim, Knowledge knowledge) {
    Setting setting = knowledge.setting();
    int d = setting.dimension();
    double[] optimum = setting.published();
    int[] near =
        IntStream.range(0, samples.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    k -> Vectors.distance(samples.points(), samples.at(k), optimum, 0, d)))
            .limit(SAMPLES)
            .mapToInt(Integer::intValue)
            .toArray();
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
    for (double ridge : far > 0 && size > 0 ? RIDGES : new double[0]) {
      for (double noise : NOISES) {
        double[][] covariance = new double[n][n];
        for (int a = 0; a < n; a++) {
          for (int b = 0; b <= a; b++) {
            double along = Vectors.dot(off[a], 0, off[b], 0, d) / far;
            covariance[a][b] = WIDE + ridge * along + (a == b ? noise : 0);
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
              Vectors.addScaled(WIDE, solved.getRow(a), 0, best, 0, d);
            }
          }
        } catch (MathIllegalArgumentException e) {
          continue; // less noise than rounding
        }
      }
    }
    return best;
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
