package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.BlindGuess;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Fits the unknowns of {@link LikelyCosts} to what was heard, by Gauss-Newton steps through a
 * {@link LikelyNetwork}. The prior of b is normal, about what makes the subgradient at the
 * published solution the blind guess. Its covariance is that of a sum of as many rows as the agent
 * has, times a factor, and that of the agent's offset, whose size is public. How far messages are
 * off the model, in parts of their length, and that factor are those of greatest evidence on a
 * grid. Without sets all subgradients sum to zero at the published solution.
 *
 * <p>What b has moved by is shared out between subgradient and offset by their covariances.
 */
final class NetworkFit {
  private static final double[] NOISES = {1e-6, 1e-3, 0.1, 0.3, 1};
  private static final double[] FACTORS = {1, 10, 100};
  private static final int ROUNDS = 5;
  private static final int HALVINGS = 4;
  private static final double STEADY = 1e-4;
  private static final double FLOOR = 1e-3;

  /** How well the published solution is known to be one, in parts of the adversary's pull. */
  private static final double SOLVED = 1e-2;

  /** Of a curvature's coordinates, in parts of the rows' own. */
  private static final double BEND = 0.5;

  /** An offset that is larger than the rest by so much leaves nothing to be found. */
  private static final double DROWNED = 1e-3;

  private final Knowledge knowledge;
  private final LikelyCosts costs;
  private final @Nullable LikelyNetwork network;
  private final int d;
  private final double[] centre;
  private final double[][][] rows;
  private final double bend;
  private double[] theta;
  private double factor = FACTORS[0];

  NetworkFit(
      Knowledge knowledge, LocalObjective own, Transcript transcript, int ticks, boolean curved) {
    this.knowledge = knowledge;
    this.costs = new LikelyCosts(knowledge, own, curved);
    this.network = LikelyNetwork.of(knowledge, transcript, costs, ticks);
    this.d = costs.dimension();
    int[] others = costs.others();
    BlindGuess blind = new BlindGuess(knowledge);
    double[] published = knowledge.setting().published();
    this.centre = new double[costs.unknowns()];
    double[][] curvature = costs.rowCurvature(published);
    double trace = 0;
    for (int j = 0; j < d; j++) {
      trace += curvature[j][j] / d;
    }
    this.rows = new double[others.length][d][d];
    double[] zero = new double[costs.unknowns()];
    double[] g = new double[d];
    for (int u = 0; u < others.length; u++) {
      int at = u * costs.each();
      costs.gradient(u, zero, published, g);
      Vectors.addScaled(1, blind.atOptimum(others[u]), 0, centre, at, d);
      Vectors.addScaled(-1, g, 0, centre, at, d);
      Vectors.addScaled(1, knowledge.told(others[u]), 0, centre, at, d);
      double scale = Math.max(costs.ratio(u), FLOOR) / knowledge.setting().rows();
      for (int j = 0; j < d; j++) {
        Vectors.addScaled(scale, curvature[j], 0, rows[u][j], 0, d);
        rows[u][j][j] += scale * FLOOR * trace;
      }
    }
    this.bend = BEND * trace;
    this.theta = centre.clone();
    if (network != null) {
      fit(network);
    }
  }

  /** False if there was nothing to fit to. */
  boolean heard() {
    return network != null;
  }

  /** The subgradient of an agent at the published solution; null if its offset drowns all. */
  double @Nullable [] atOptimum(int victim) {
    int u = Arrays.binarySearch(costs.others(), victim);
    int at = u * costs.each();
    double[] moved = new double[d];
    Vectors.addScaled(1, theta, at, moved, 0, d);
    Vectors.addScaled(-1, centre, at, moved, 0, d);
    RealMatrix own = new Array2DRowRealMatrix(rows[u]).scalarMultiply(factor);
    double[] offset = knowledge.untold(victim);
    if (own.getTrace() < DROWNED * Arrays.stream(offset).sum()) {
      return null;
    }
    RealMatrix all = own.add(MatrixUtils.createRealDiagonalMatrix(offset));
    double[] share =
        own.operate(
            new CholeskyDecomposition(all, 1e-8, 0)
                .getSolver()
                .solve(new ArrayRealVector(moved, false))
                .toArray());
    Vectors.addScaled(1, new BlindGuess(knowledge).atOptimum(victim), 0, share, 0, d);
    return share;
  }

  /** The unknowns are centre + factor(prior) w, w standard normal. */
  private void fit(LikelyNetwork likely) {
    for (int round = 0; round < ROUNDS; round++) {
      List<LikelyNetwork.Message> heard = likely.run(theta, true);
      if (heard.isEmpty()) {
        return;
      }
      Best best = null;
      for (double prior : FACTORS) {
        Linear linear = new Linear(heard, roots(prior), prior);
        for (double noise : NOISES) {
          Best one = linear.solved(noise);
          best = one != null && (best == null || one.evidence > best.evidence) ? one : best;
        }
      }
      if (best == null || !accept(likely, heard, best)) {
        return;
      }
    }
  }

  /** Goes as far along a step as it makes things likelier; false if no more rounds are wanted. */
  private boolean accept(LikelyNetwork likely, List<LikelyNetwork.Message> heard, Best best) {
    double before = best.cost(heard, theta);
    double by = 1;
    for (int k = 0; k < HALVINGS; k++) {
      double[] next = theta.clone();
      Vectors.addScaled(by, best.step, 0, next, 0, next.length);
      double after = best.cost(likely.run(next, false), next);
      if (after <= before) {
        theta = next;
        factor = best.prior;
        return before - after > STEADY * Math.max(1, after);
      }
      by /= 2;
    }
    return false;
  }

  /** By agent, a root of the prior's covariance. */
  private RealMatrix[] roots(double prior) {
    int m = costs.each();
    RealMatrix[] roots = new RealMatrix[costs.others().length];
    for (int u = 0; u < roots.length; u++) {
      RealMatrix of = new Array2DRowRealMatrix(rows[u]).scalarMultiply(prior);
      double[] offset = knowledge.untold(costs.others()[u]);
      RealMatrix all = of.add(MatrixUtils.createRealDiagonalMatrix(offset));
      RealMatrix root =
          MatrixUtils.createRealIdentityMatrix(m)
              .scalarMultiply(bend * Math.max(costs.ratio(u), FLOOR));
      root.setSubMatrix(new CholeskyDecomposition(all, 1e-8, 0).getL().getData(), 0, 0);
      roots[u] = root;
    }
    return roots;
  }

  /** A step of the unknowns under a prior and a noise. */
  private final class Best {
    final double evidence;
    final double[] step;
    final double prior;
    final double noise;
    final RealMatrix[] roots;

    Best(double evidence, double[] step, double prior, double noise, RealMatrix[] roots) {
      this.evidence = evidence;
      this.step = step;
      this.prior = prior;
      this.noise = noise;
      this.roots = roots;
    }

    double cost(List<LikelyNetwork.Message> heard, double[] at) {
      double cost = 0;
      for (LikelyNetwork.Message message : heard) {
        double deviation = noise * deviation(message);
        cost += Vectors.dot(message.off(), 0, message.off(), 0, d) / deviation / deviation;
      }
      double[] w = standard(roots, at);
      cost += Vectors.dot(w, 0, w, 0, w.length);
      double[] sum = sumOff(at);
      return cost + Vectors.dot(sum, 0, sum, 0, sum.length);
    }
  }

  /** Of a coordinate, for a noise of 1. */
  private double deviation(LikelyNetwork.Message message) {
    return Math.max(message.size(), Double.MIN_NORMAL) / Math.sqrt(d);
  }

  /** w of the unknowns. */
  private double[] standard(RealMatrix[] roots, double[] at) {
    int m = costs.each();
    double[] w = new double[at.length];
    for (int u = 0; u < roots.length; u++) {
      double[] off = new double[m];
      Vectors.addScaled(1, at, u * m, off, 0, m);
      Vectors.addScaled(-1, centre, u * m, off, 0, m);
      ArrayRealVector solved = new ArrayRealVector(off);
      MatrixUtils.solveLowerTriangularSystem(roots[u], solved);
      System.arraycopy(solved.toArray(), 0, w, u * m, m);
    }
    return w;
  }

  /** By how much all b sum to less than they should, over its deviation; empty with sets. */
  private double[] sumOff(double[] at) {
    if (!knowledge.setting().sets().isEmpty()) {
      return new double[0];
    }
    double[] off = new double[d];
    for (int u = 0; u < costs.others().length; u++) {
      Vectors.addScaled(1, centre, u * costs.each(), off, 0, d);
      Vectors.addScaled(-1, at, u * costs.each(), off, 0, d);
    }
    Vectors.setScaled(1 / sumDeviation(), off, 0, off, 0, d);
    return off;
  }

  private double sumDeviation() {
    double[] own = knowledge.ownSubgradient(knowledge.setting().published());
    return SOLVED * Math.max(Vectors.norm(own), Double.MIN_NORMAL) / Math.sqrt(d);
  }

  /** The model made linear at the unknowns, in w. */
  private final class Linear {
    private final RealMatrix[] roots;
    private final double prior;
    private final double[] w;
    private final double[][] square;
    private final double[] right;
    private final double[][] sums;
    private final double[] sumRight;
    private double off;
    private double logs;
    private int count;

    Linear(List<LikelyNetwork.Message> heard, RealMatrix[] roots, double prior) {
      this.roots = roots;
      this.prior = prior;
      int n = costs.unknowns();
      this.w = standard(roots, theta);
      this.square = new double[n][n];
      this.right = new double[n];
      this.sums = new double[n][n];
      this.sumRight = new double[n];
      for (LikelyNetwork.Message message : heard) {
        double deviation = deviation(message);
        double[][] change = Objects.requireNonNull(message.change());
        for (int j = 0; j < d; j++) {
          logs += Math.log(deviation);
          add(change[j], message.off()[j], 1 / deviation, square, right);
        }
        off += Vectors.dot(message.off(), 0, message.off(), 0, d) / deviation / deviation;
        count += d;
      }
      double[] sum = sumOff(theta);
      for (int j = 0; j < sum.length; j++) {
        double[] row = new double[n];
        for (int u = 0; u < roots.length; u++) {
          row[u * costs.each() + j] = 1;
        }
        double by = 1 / sumDeviation();
        add(row, sum[j] / by, by, sums, sumRight);
      }
    }

    /** Adds a row of the least squares in w. */
    private void add(double[] change, double value, double by, double[][] to, double[] toRight) {
      int m = costs.each();
      double[] row = new double[change.length];
      for (int u = 0; u < roots.length; u++) {
        double[] part = roots[u].preMultiply(Arrays.copyOfRange(change, u * m, (u + 1) * m));
        Vectors.setScaled(by, part, 0, row, u * m, m);
      }
      for (int a = 0; a < row.length; a++) {
        if (row[a] != 0) {
          Vectors.addScaled(row[a], row, 0, to[a], 0, a + 1);
        }
      }
      Vectors.addScaled(by * value, row, 0, toRight, 0, row.length);
    }

    @Nullable Best solved(double noise) {
      int n = w.length;
      double by = 1 / noise / noise;
      RealMatrix normal = new Array2DRowRealMatrix(n, n);
      double[] pull = new double[n];
      for (int a = 0; a < n; a++) {
        for (int b = 0; b <= a; b++) {
          double value = by * square[a][b] + sums[a][b] + (a == b ? 1 : 0);
          normal.setEntry(a, b, value);
          normal.setEntry(b, a, value);
        }
        pull[a] = by * right[a] + sumRight[a] - w[a];
      }
      double[] step;
      RealMatrix lower;
      try {
        CholeskyDecomposition factored = new CholeskyDecomposition(normal, 1e-8, 0);
        lower = factored.getL();
        step = factored.getSolver().solve(new ArrayRealVector(pull, false)).toArray();
      } catch (MathIllegalArgumentException e) {
        return null; // rounding at the least noise
      }
      double half = 0;
      for (int a = 0; a < n; a++) {
        half += Math.log(lower.getEntry(a, a));
      }
      double least = by * off + Vectors.dot(w, 0, w, 0, n) - Vectors.dot(step, 0, pull, 0, n);
      double[] sum = sumOff(theta);
      least += Vectors.dot(sum, 0, sum, 0, sum.length);
      double evidence = -least / 2 - half - logs - count * Math.log(noise);
      double[] unknown = new double[n];
      int m = costs.each();
      for (int u = 0; u < roots.length; u++) {
        double[] part = roots[u].operate(Arrays.copyOfRange(step, u * m, (u + 1) * m));
        System.arraycopy(part, 0, unknown, u * m, m);
      }
      return new Best(evidence, unknown, prior, noise, roots);
    }
  }
}
