package io.sotto.privacy.attack;

import io.sotto.privacy.evidence.Knowledge;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;

/**
 * Costs that the agents outside an adversary may have: like the adversary's own rows, as many times
 * as they have rows, and
 *
 * <pre>
 *   + b_u.x + (x - x*)' Q_u (x - x*) / 2
 * </pre>
 *
 * <p>with b_u unknown, and Q_u, symmetric, unknown or 0. Second derivatives of own rows come from
 * differences of subgradients, so costs should be smooth.
 */
final class LikelyCosts {
  private static final double DIFFERENCE = 1e-6;

  private final Knowledge knowledge;
  private final int[] others;
  private final double[] ratios;
  private final int members;
  private final int d;
  private final boolean curved;
  private final double[] published;

  /**
   * @param own the members' costs
   * @param curved whether Q is unknown; else it is 0
   */
  LikelyCosts(Knowledge knowledge, LocalObjective own, boolean curved) {
    this.knowledge = knowledge;
    this.members = own.agents();
    this.d = knowledge.setting().dimension();
    this.curved = curved;
    this.published = knowledge.setting().published();
    this.others = others(knowledge);
    this.ratios =
        Arrays.stream(others)
            .mapToDouble(u -> knowledge.setting().ratio(u, knowledge.adversary().members()))
            .toArray();
  }

  private static int[] others(Knowledge knowledge) {
    return IntStream.range(0, knowledge.setting().agents())
        .filter(i -> !knowledge.adversary().controls(i))
        .toArray();
  }

  /** How many unknowns there are. */
  static int unknowns(Knowledge knowledge, boolean curved) {
    int d = knowledge.setting().dimension();
    return others(knowledge).length * (d + (curved ? d * (d + 1) / 2 : 0));
  }

  /** The agents outside, ascending. */
  int[] others() {
    return others.clone();
  }

  int dimension() {
    return d;
  }

  /** How many unknowns an agent has: b, then Q row by row up to the diagonal. */
  int each() {
    return d + (curved ? d * (d + 1) / 2 : 0);
  }

  int unknowns() {
    return others.length * each();
  }

  /** How many times the adversary's rows an agent outside has. */
  double ratio(int u) {
    return ratios[u];
  }

  /** The gradient of the cost of the u-th agent outside, at x. */
  void gradient(int u, double[] theta, double[] x, double[] out) {
    rows(x, out);
    Vectors.setScaled(ratios[u], out, 0, out, 0, d);
    Vectors.addScaled(1, knowledge.penalty(x), 0, out, 0, d);
    int at = u * each();
    Vectors.addScaled(1, theta, at, out, 0, d);
    int q = at + d;
    for (int a = 0; curved && a < d; a++) {
      for (int b = 0; b <= a; b++, q++) {
        out[a] += theta[q] * (x[b] - published[b]);
        out[b] += a == b ? 0 : theta[q] * (x[a] - published[a]);
      }
    }
  }

  /** That of the members' rows, without their penalty. */
  private void rows(double[] x, double[] out) {
    System.arraycopy(knowledge.ownSubgradient(x), 0, out, 0, d);
    Vectors.addScaled(-members, knowledge.penalty(x), 0, out, 0, d);
  }

  /** Second derivatives of the members' rows. */
  double[][] rowCurvature(double[] x) {
    double[] at = new double[d];
    double[] there = new double[d];
    double[][] h = new double[d][d];
    double step = DIFFERENCE * Math.max(1, Vectors.norm(x));
    double[] moved = x.clone();
    rows(x, at);
    for (int j = 0; j < d; j++) {
      moved[j] += step;
      rows(moved, there);
      moved[j] = x[j];
      for (int i = 0; i < d; i++) {
        h[i][j] = (there[i] - at[i]) / step;
      }
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < i; j++) {
        h[i][j] = (h[i][j] + h[j][i]) / 2;
        h[j][i] = h[i][j];
      }
    }
    return h;
  }

  /** Second derivatives of the cost of the u-th agent outside. */
  RealMatrix curvature(int u, double[] theta, double[] x) {
    double[][] h = rowCurvature(x);
    double[] ones = new double[d];
    Arrays.fill(ones, 1);
    double[] penalty = knowledge.penalty(ones); // the penalty is quadratic, each coordinate alone
    int q = u * each() + d;
    for (int a = 0; a < d; a++) {
      Vectors.setScaled(ratios[u], h[a], 0, h[a], 0, d);
      h[a][a] += penalty[a];
    }
    for (int a = 0; curved && a < d; a++) {
      for (int b = 0; b <= a; b++, q++) {
        h[a][b] += theta[q];
        h[b][a] += a == b ? 0 : theta[q];
      }
    }
    return new Array2DRowRealMatrix(h, false);
  }

  /** Adds how the gradient at x changes with the unknowns, so many times, to d x unknowns. */
  void addChange(int u, double[] x, double scale, double[][] out) {
    int at = u * each();
    int q = at + d;
    for (int a = 0; a < d; a++) {
      out[a][at + a] += scale;
      for (int b = 0; curved && b <= a; b++, q++) {
        out[a][q] += scale * (x[b] - published[b]);
        out[b][q] += a == b ? 0 : scale * (x[a] - published[a]);
      }
    }
  }
}
