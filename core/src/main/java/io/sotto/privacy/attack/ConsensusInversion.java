package io.sotto.privacy.attack;

import io.sotto.network.Network;
import io.sotto.privacy.evidence.Finding;
import io.sotto.privacy.evidence.Knowledge;
import io.sotto.privacy.evidence.Potentials;
import io.sotto.privacy.evidence.Setting;
import io.sotto.privacy.evidence.Transcript;
import io.sotto.problem.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.jspecify.annotations.Nullable;

/**
 * Asymptotic inversion where part of the neighbourhood is not heard. What is not heard is replaced
 * by what consensus implies: with L phi = pulls ({@link Potentials}), and pulls of which nothing is
 * known but that they sum to zero, all alike, the best linear guess of i's pull is
 *
 * <pre>
 *   e_i' Q D' (D Q Q' D' + v I)^-1 y,      Q the pseudo-inverse of L, y = D phi what is heard
 * </pre>
 *
 * <p>where v is the variance of y. For an exposed victim, of whose neighbours nobody is unheard,
 * this is (L phi)_i, so that the pull is inverted from averages over time alone.
 *
 * <p>Of networks of more than {@value #MOST} agents it looks at those nearest to the victim, and
 * takes the others to be at consensus.
 */
record ConsensusInversion() implements Attack {
  private static final int MOST = 300;

  /** What is added to eigenvalues, by their mean. */
  private static final double ZERO = 1e-10;

  @Override
  public @Nullable Finding on(int victim, Knowledge knowledge, Transcript transcript) {
    Potentials heard = Potentials.of(knowledge, transcript);
    if (heard == null || Arrays.stream(heard.agents()).noneMatch(j -> j == victim)) {
      return null;
    }
    Setting setting = knowledge.setting();
    int[] near = near(setting.network(), victim);
    Map<Integer, Integer> place = new HashMap<>();
    for (int k = 0; k < near.length; k++) {
      place.put(near[k], k);
    }
    boolean unit = transcript.perLink();
    RealMatrix q =
        pseudoInverse(
            laplacian(setting.network(), near, place, unit), near.length == setting.agents());
    int d = setting.dimension();
    List<double[]> rows = new ArrayList<>();
    List<double[]> seen = new ArrayList<>();
    Integer hub = place.get(heard.agents()[0]);
    for (int k = 1; hub != null && k < heard.agents().length; k++) {
      Integer j = place.get(heard.agents()[k]);
      if (j != null) {
        rows.add(q.getRowVector(j).subtract(q.getRowVector(hub)).toArray());
        seen.add(Arrays.copyOfRange(heard.values(), k * d, (k + 1) * d));
      }
    }
    if (rows.isEmpty()) {
      return null;
    }
    RealMatrix dq = new Array2DRowRealMatrix(rows.toArray(double[][]::new), false);
    RealMatrix covariance = dq.multiplyTransposed(dq);
    double size = prior(covariance, seen, d);
    double noise = size == 0 ? 0 : heard.variance() / size;
    for (int k = 0; k < rows.size(); k++) {
      covariance.addToEntry(k, k, noise);
    }
    Integer place0 = place.get(victim);
    RealVector with = dq.getColumnVector(place0 == null ? 0 : place0);
    RealVector weights = inverse(covariance).operate(with);
    double[] guess = new double[d];
    for (int k = 0; k < seen.size(); k++) {
      Vectors.addScaled(weights.getEntry(k), seen.get(k), 0, guess, 0, d);
    }
    return Finding.Subgradient.of(guess);
  }

  /** The variance of a coordinate of a pull that would explain what is seen. */
  private static double prior(RealMatrix covariance, List<double[]> seen, int d) {
    double square = 0;
    for (double[] y : seen) {
      square += Vectors.dot(y, 0, y, 0, d);
    }
    return square / d / covariance.getTrace();
  }

  /** The agents nearest to one, itself first. */
  private static int[] near(Network network, int agent) {
    Map<Integer, Integer> order = new HashMap<>();
    int[] queue = new int[Math.min(MOST, network.agents())];
    queue[0] = agent;
    order.put(agent, 0);
    int end = 1;
    for (int head = 0; head < end; head++) {
      int i = queue[head];
      for (int e = network.offset()[i]; end < queue.length && e < network.offset()[i + 1]; e++) {
        int j = network.heard()[e];
        if (order.putIfAbsent(j, end) == null) {
          queue[end++] = j;
        }
      }
    }
    return Arrays.copyOf(queue, end);
  }

  private static RealMatrix laplacian(
      Network network, int[] near, Map<Integer, Integer> place, boolean unit) {
    RealMatrix l = MatrixUtils.createRealMatrix(near.length, near.length);
    for (int k = 0; k < near.length; k++) {
      int i = near[k];
      for (int e = network.offset()[i]; e < network.offset()[i + 1]; e++) {
        int j = network.heard()[e];
        double w = unit ? 1 : network.weight()[e];
        if (j != i) {
          l.addToEntry(k, k, w);
          Integer other = place.get(j);
          if (other != null) {
            l.addToEntry(k, other, -w);
          }
        }
      }
    }
    return l;
  }

  /** The pseudo-inverse of a Laplacian, whose null space is the constant vector or nothing. */
  private static RealMatrix pseudoInverse(RealMatrix laplacian, boolean whole) {
    int n = laplacian.getRowDimension();
    double share = whole ? 1.0 / n : 0;
    RealMatrix inverse =
        inverse(laplacian.add(laplacian.transpose()).scalarMultiply(0.5).scalarAdd(share));
    return inverse.scalarAdd(-share);
  }

  /** Of a matrix with no negative eigenvalue; those next to 0 are taken to be a little more. */
  private static RealMatrix inverse(RealMatrix square) {
    double ridge = ZERO * square.getTrace() / square.getRowDimension();
    for (int k = 0; k < square.getRowDimension(); k++) {
      square.addToEntry(k, k, ridge);
    }
    return JumpModel.factor(square).getSolver().getInverse();
  }
}
