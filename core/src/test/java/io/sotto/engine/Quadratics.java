package io.sotto.engine;

import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.WholeSpace;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Costs {@code f_i(x) = sum_j h_ij / 2 (x_j - c_ij)^2}, whose sum has a minimum in closed form;
 * also the shards that hold them.
 *
 * @param curvature h, by agent
 * @param minimiser c, by agent
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record Quadratics(double[][] curvature, double[][] minimiser)
    implements LocalObjective, Shards {

  /** Curvatures between 1/2 and 3/2, minimisers far apart: between -4 and 4. */
  public static Quadratics random(int agents, int dimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] h = new double[agents][dimension];
    double[][] c = new double[agents][dimension];
    for (int i = 0; i < agents; i++) {
      for (int j = 0; j < dimension; j++) {
        h[i][j] = random.nextDouble(0.5, 1.5);
        c[i][j] = random.nextDouble(-4, 4);
      }
    }
    return new Quadratics(h, c);
  }

  /** All curvatures 1, each agent at its own minimiser. */
  static Quadratics around(double[]... minimisers) {
    double[][] h = new double[minimisers.length][minimisers[0].length];
    Arrays.stream(h).forEach(row -> Arrays.fill(row, 1));
    return new Quadratics(h, minimisers);
  }

  @Override
  public Quadratics load(int[] agents) {
    return new Quadratics(
        Arrays.stream(agents).mapToObj(i -> curvature[i]).toArray(double[][]::new),
        Arrays.stream(agents).mapToObj(i -> minimiser[i]).toArray(double[][]::new));
  }

  /** Where the weighted sum of the costs is least. */
  double[] optimum(double[] weights) {
    double[] x = new double[dimension()];
    for (int j = 0; j < x.length; j++) {
      double above = 0;
      double below = 0;
      for (int i = 0; i < agents(); i++) {
        above += weights[i] * curvature[i][j] * minimiser[i][j];
        below += weights[i] * curvature[i][j];
      }
      x[j] = above / below;
    }
    return x;
  }

  /** Where the plain sum of the costs is least. */
  public double[] optimum() {
    double[] ones = new double[agents()];
    Arrays.fill(ones, 1);
    return optimum(ones);
  }

  /** The sum of all costs at x. */
  public double total(double[] x) {
    double sum = 0;
    for (int i = 0; i < agents(); i++) {
      sum += value(i, x, 0);
    }
    return sum;
  }

  @Override
  public int agents() {
    return curvature.length;
  }

  @Override
  public int dimension() {
    return curvature[0].length;
  }

  @Override
  public double value(int agent, double[] x, int at) {
    double sum = 0;
    for (int j = 0; j < dimension(); j++) {
      double r = x[at + j] - minimiser[agent][j];
      sum += curvature[agent][j] / 2 * r * r;
    }
    return sum;
  }

  @Override
  public void subgradient(int agent, long key, double[] x, int at, double[] out) {
    for (int j = 0; j < dimension(); j++) {
      out[j] = curvature[agent][j] * (x[at + j] - minimiser[agent][j]);
    }
  }

  @Override
  public double smoothness(int agent) {
    return Arrays.stream(curvature[agent]).max().orElseThrow();
  }

  @Override
  public Curvature smoothSecondOrder() {
    return new Diagonal(curvature);
  }

  /** Second derivatives, which nobody but a method that sums them asks for. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Diagonal(double[][] curvature) implements Curvature {
    @Override
    public void addHessian(int agent, double[] x, double[] packed) {
      for (int j = 0; j < x.length; j++) {
        packed[Curvature.at(j, j)] += curvature[agent][j];
      }
    }

    @Override
    public double steepness(int agent, double[] inverse) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int recession(int agent, double[] direction) {
      throw new UnsupportedOperationException();
    }

    @Override
    public double change(int agent, double[] direction) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void addStill(int agent, double[] direction, double most, double[] packed) {
      throw new UnsupportedOperationException();
    }
  }

  /** Exact without a set; with one, by projected gradient steps. */
  @Override
  public Proximal proximal() {
    return new Exact(this);
  }

  private record Exact(Quadratics costs) implements Proximal {
    @Override
    public int duals(int agent, ConstraintSet set) {
      return 0;
    }

    @Override
    public int scratch(ConstraintSet set) {
      return set.scratch(costs.dimension());
    }

    @Override
    public void step(
        int agent,
        long key,
        double[] x,
        int at,
        double[] target,
        double weight,
        ConstraintSet set,
        int n,
        double[] duals,
        int dualsAt,
        double[] work) {
      int d = costs.dimension();
      double[] h = costs.curvature()[agent];
      double[] c = costs.minimiser()[agent];
      double most = weight + Arrays.stream(h).max().orElseThrow();
      int steps = set instanceof WholeSpace ? 1 : 100;
      for (int k = 0; k < steps; k++) {
        for (int j = 0; j < d; j++) {
          x[at + j] =
              steps == 1
                  ? (h[j] * c[j] + weight * target[j]) / (h[j] + weight)
                  : x[at + j]
                      - (h[j] * (x[at + j] - c[j]) + weight * (x[at + j] - target[j])) / most;
        }
        set.project(x, at, d, work, 0);
      }
    }

    @Override
    public double addMinorant(int agent, double[] duals, int dualsAt, double[] slope) {
      return Double.NEGATIVE_INFINITY;
    }
  }
}
