package io.sotto.privacy.mechanism;

import io.sotto.engine.Mechanism;
import io.sotto.network.Links;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Offsets: each agent i adds a linear term to its cost, and the terms cancel in the sum,
 *
 * <pre>
 *   f_i(x)  becomes  f_i(x) + c_i.x,   c_i = sum over j of v_ij,   v_ij = -v_ji,
 * </pre>
 *
 * <p>where j goes over the agents with which i shares a key ({@link KeyGraph}). Both draw the same
 * normal vector from it, {@code v_ij = s S^(1/2) n_ij}: i adds it and j subtracts it. S is the
 * shape, as a rule the diagonal of the second moments of all rows together, so that no coordinate
 * is left without an offset and none gets one that is out of proportion. F and its optimum are what
 * they were, and so are all constants of convexity and smoothness.
 *
 * <p>Guarantee, for any method and any length of a run. All that honest agents say follows from the
 * costs f_i + c_i.x. Take an adversary that controls some agents, and knows their keys. Let L be
 * the Laplacian of the graph of keys among the others. For costs f_i and costs f_i + b_i.x, where
 * the b_i sum to 0 over each connected part of that graph, what it receives differs in total
 * variation by at most
 *
 * <pre>
 *   2 Phi( sqrt( b' Cov^+ b ) / 2 ) - 1,   Cov = s^2 L x S,
 * </pre>
 *
 * <p>up to the chance of breaking AES. For the covariance of the c_i given what the adversary knows
 * is Cov, and two normal distributions of one covariance whose means are b apart differ by so much.
 * Gade and Vaidya 2017 (arXiv:1701.05963) share functions with neighbours in this way, in their
 * "function sharing" with linear terms. What offsets do not hide: how subgradients differ from
 * point to point, and with that curvature, and when an agent is active.
 *
 * <p>Convergence. Agents have to undo each other's c_i first. A method in which the offsets of idle
 * agents stay in force (ADMM on links, say, whose links hold them) comes to the exact optimum.
 * Subgradient methods leave the c_i of idle agents out of a tick, so those of active ones do not
 * cancel: the mean gets noise of variance s^2 (1/p - 1) sum |c_i|^2 / N^2 at rate p, which only
 * shrinking steps wear down.
 *
 * <p>Each coordinate of v is rounded to a multiple of a power of two, 2^-30 of its deviation or
 * more, so that all sums of up to 2^19 of them are exact: the c_i sum to 0 to the last bit, in any
 * order, and whoever computes a c_i, also after a fault, gets the same bits.
 *
 * <p>Cost: for each agent d normal numbers for each of its keys when rows are loaded, d more
 * numbers, 2 d flops for each subgradient or proximal step.
 */
public final class Offsets implements Mechanism {
  private static final long serialVersionUID = 2;
  private static final double GRID = 0x1p-30;
  private static final int TRIALS = 2;

  private final Links keys;

  /** Deviations of v by coordinate, or a factor of its covariance, row by row. */
  private final double[] factor;

  /** By coordinate, what v is a multiple of. */
  private final double[] unit;

  private final PairKeys secrets;

  /**
   * Offsets with vectors v of some covariance.
   *
   * @param keys who shares a key with whom
   * @param factor of d numbers, the deviations of v's coordinates, 0 or above; or of d x d, a
   *     matrix row by row: v is its product with a standard normal vector
   * @param dimension d, the number of coordinates
   * @param secrets the keys
   */
  public Offsets(Links keys, double[] factor, int dimension, PairKeys secrets) {
    this.keys = keys;
    this.factor = factor.clone();
    this.unit = new double[dimension];
    this.secrets = secrets;
    for (int j = 0; j < dimension; j++) {
      unit[j] = Math.max(Double.MIN_NORMAL, GRID * Math.scalb(1.0, Math.getExponent(deviation(j))));
    }
  }

  /** Offsets whose coordinates all have one deviation. */
  public static Offsets alike(Links keys, double deviation, int dimension, PairKeys secrets) {
    double[] all = new double[dimension];
    Arrays.fill(all, deviation);
    return new Offsets(keys, all, dimension, secrets);
  }

  /** That of a coordinate of v. */
  private double deviation(int j) {
    int d = unit.length;
    return factor.length == d
        ? factor[j]
        : Vectors.norm(Arrays.copyOfRange(factor, j * d, (j + 1) * d));
  }

  /** Agents have to undo each other's terms before a trial of a step says something. */
  @Override
  public int trialLengthFactor() {
    return TRIALS;
  }

  /** Who shares a key with whom. */
  public Links keys() {
    return keys;
  }

  @Override
  public LocalObjective over(int[] agents, LocalObjective costs) {
    int d = costs.dimension();
    double[] terms = new double[Math.multiplyExact(agents.length, d)];
    double[] v = new double[d];
    for (int i = 0; i < agents.length; i++) {
      for (int k = 0; k < keys.degree(agents[i]); k++) {
        draw(agents[i], keys.neighbour(agents[i], k), v);
        Vectors.addScaled(1, v, 0, terms, i * d, d);
      }
    }
    return new Tilted(costs, terms);
  }

  /** v_ij, which both ends know, and nobody else. */
  public double[] shared(int agent, int other) {
    double[] v = new double[unit.length];
    draw(agent, other, v);
    return v;
  }

  /** What some others know of an agent's c from the keys that they share with it. */
  public double[] told(int agent, int[] others) {
    double[] known = new double[unit.length];
    IntStream.range(0, keys.degree(agent))
        .map(k -> keys.neighbour(agent, k))
        .filter(other -> Arrays.binarySearch(others, other) >= 0)
        .forEach(other -> Vectors.addScaled(1, shared(agent, other), 0, known, 0, known.length));
    return known;
  }

  /** By coordinate, the variance of what some others do not know of an agent's c. */
  public double[] untold(int agent, int[] others) {
    long unknown =
        IntStream.range(0, keys.degree(agent))
            .filter(k -> Arrays.binarySearch(others, keys.neighbour(agent, k)) < 0)
            .count();
    double[] variance = new double[unit.length];
    Arrays.setAll(variance, j -> unknown * deviation(j) * deviation(j));
    return variance;
  }

  /**
   * Costs of a block with a linear term c.x added to each.
   *
   * @param terms c by agent, one after the other
   */
  public static LocalObjective tilted(LocalObjective costs, double[] terms) {
    return new Tilted(costs, terms.clone());
  }

  private void draw(int agent, int other, double[] v) {
    Normals normals = new Normals(secrets.bits(agent, other));
    int sign = agent < other ? 1 : -1;
    int d = v.length;
    double[] normal = new double[d];
    for (int j = 0; j < d; j++) {
      normal[j] = normals.next();
    }
    for (int j = 0; j < d; j++) {
      double of =
          factor.length == d ? factor[j] * normal[j] : Vectors.dot(factor, j * d, normal, 0, d);
      v[j] = sign * (unit[j] * Math.rint(of / unit[j]));
    }
  }

  /** {@code f_i(x) + c_i.x}, for a block of agents. */
  private static final class Tilted extends WrappedObjective {
    private static final long serialVersionUID = 1;

    /** By agent: c_i. */
    private final double[] tilts;

    Tilted(LocalObjective plain, double[] tilts) {
      super(plain);
      this.tilts = tilts;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      int d = dimension();
      return plain.value(agent, x, at) + Vectors.dot(tilts, agent * d, x, at, d);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      plain.subgradient(agent, key, x, at, out);
      Vectors.addScaled(1, tilts, agent * dimension(), out, 0, dimension());
    }

    @Override
    public void gradient(int agent, long key, double[] x, int at, double[] out) {
      plain.gradient(agent, key, x, at, out);
      Vectors.addScaled(1, tilts, agent * dimension(), out, 0, dimension());
    }

    /** Without the terms, which cancel in all that is measured: in sums over all agents. */
    @Override
    public LocalObjective measured() {
      return plain.measured();
    }

    @Override
    public LocalObjective with(Regularizer regularizer) {
      return new Tilted(plain.with(regularizer), tilts);
    }

    /** Of f_i + c.x around a target, which is f_i's around {@code target - c / weight}. */
    @Override
    public Proximal proximal() {
      return new TiltedSteps(plain.proximal(), tilts, dimension());
    }
  }

  /** Proximal steps of tilted costs. */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  private record TiltedSteps(Proximal plain, double[] tilts, int dimension) implements Proximal {

    @Override
    public int duals(int agent, ConstraintSet set) {
      return plain.duals(agent, set);
    }

    @Override
    public int scratch(ConstraintSet set) {
      return plain.scratch(set);
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
      Vectors.addScaled(-1 / weight, tilts, agent * dimension, target, 0, dimension);
      plain.step(agent, key, x, at, target, weight, set, n, duals, dualsAt, work);
    }

    @Override
    public void start(
        int agent,
        double[] x,
        int at,
        double[] target,
        double weight,
        ConstraintSet set,
        int n,
        double[] duals,
        int dualsAt,
        double[] work) {
      Vectors.addScaled(-1 / weight, tilts, agent * dimension, target, 0, dimension);
      plain.start(agent, x, at, target, weight, set, n, duals, dualsAt, work);
    }

    @Override
    public double addMinorant(int agent, double[] duals, int dualsAt, double[] slope) {
      Vectors.addScaled(1, tilts, agent * dimension, slope, 0, dimension);
      return plain.addMinorant(agent, duals, dualsAt, slope);
    }
  }
}
