package io.sotto.privacy.mechanism;

import io.sotto.engine.Mechanism;
import io.sotto.network.Links;
import io.sotto.network.Network;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;
import java.util.Arrays;

/**
 * Function sharing. Before tick 1 each agent i draws a random vector r_ij for each neighbour j and
 * tells it to j alone; then, whatever the method,
 *
 * <pre>
 *   f_i(x)  becomes  f_i(x) + c_i.x,   c_i = sum over neighbours j of ( r_ij - r_ji )
 * </pre>
 *
 * <p>The c_i sum to 0, so F and its optimum are what they were. All convexity and smoothness
 * constants stay; what a method needs of F alone, or of convex f_i with bounded subgradients on
 * X_i, it still has. f_i + c_i.x may be unbounded below on its own, which matters to none.
 *
 * <p>Guarantee: adversaries that do not disconnect the others when they are taken out of the
 * network learn of the others' f_i no more than their sum, up to a linear term each: Gade and
 * Vaidya 2017 (arXiv:1701.05963), on the privacy of their "function sharing" with linear terms. So
 * it hides the *offset* of subgradients. Their differences, and with them curvature, stay visible.
 * An agent all of whose neighbours are adversaries has told them its c_i: nothing is hidden. What
 * is not told of c_i has a finite size, about scale sqrt(2/3 d m) over m neighbours who are no
 * adversaries: who inverts an update errs by that, r times as far as a blind guess; who weighs both
 * errs 1 / sqrt(1 + 1/r^2) times as far as blindly, 0.95 times at r = 3.
 *
 * <p>Convergence. Agents have to undo each other's c_i first: methods that converge linearly spend
 * ticks in proportion to log r on that. Idle agents leave their c_i out, so those of the active
 * ones do not cancel at any one tick: in subgradient methods the mean gets noise of variance s^2
 * (1/p - 1) sum |c_i|^2 / N^2 at rate p, which only shrinking steps s wear down, and ticks grow as
 * r^2 does. Where all agents are always active there is no such noise.
 *
 * <p>Each r has coordinates k u with k a uniform whole number of 32 bits, with its sign, and u a
 * power of two: all sums of up to 2^21 of them are exact, the c_i sum to 0 to the last bit, in any
 * order. They come from {@link Keystream} under (secret, i, j), so whoever computes c_i, also after
 * a fault, gets the same bits; if not, they would not cancel and the optimum would be silently
 * wrong.
 *
 * <p>Cost: 2 d random numbers for each link when rows are loaded, d more numbers for each agent, 2
 * d flops for each subgradient or proximal step.
 */
public final class FunctionSharing implements Mechanism {
  private static final long serialVersionUID = 1;
  private static final double RANGE = 0x1p31;
  private static final int PATIENCE = 4;

  private final Links links;
  private final double unit;
  private final byte[] key;

  /**
   * @param network whose neighbours share; links in one direction count as links
   * @param scale r's coordinates lie within this, rounded up to a power of two; above 0
   * @param secret of the vectors
   * @param run names all that messages depend on
   */
  public FunctionSharing(Network network, double scale, Secret secret, String run) {
    this.links = links(network);
    this.unit = power(scale) / RANGE;
    this.key = secret.key("function-sharing", run);
  }

  /**
   * Trials that see the agents' way to their c_i only would take the shortest step for the best.
   */
  @Override
  public int trialLengthFactor() {
    return PATIENCE;
  }

  private static Links links(Network network) {
    int[] hearers = new int[network.heard().length];
    for (int i = 0; i < network.agents(); i++) {
      Arrays.fill(hearers, network.offset()[i], network.offset()[i + 1], i);
    }
    return Links.of(network.agents(), hearers, network.heard());
  }

  /** The least power of two that is not below a number. */
  private static double power(double scale) {
    double below = Math.scalb(1.0, Math.getExponent(scale));
    return below < scale ? 2 * below : below;
  }

  @Override
  public LocalObjective over(int[] agents, LocalObjective costs) {
    int d = costs.dimension();
    double[] tilts = new double[Math.multiplyExact(agents.length, d)];
    for (int i = 0; i < agents.length; i++) {
      for (int k = 0; k < links.degree(agents[i]); k++) {
        int other = links.neighbour(agents[i], k);
        addDrawn(agents[i], other, 1, tilts, i * d, d);
        addDrawn(other, agents[i], -1, tilts, i * d, d);
      }
    }
    return new Tilted(costs, tilts);
  }

  /**
   * r_ij: what one agent drew for a neighbour, and told it. Whoever of the two is an adversary
   * knows it.
   */
  public double[] drawn(int from, int to, int dimension) {
    double[] r = new double[dimension];
    addDrawn(from, to, 1, r, 0, dimension);
    return r;
  }

  /** What some others know of an agent's c from the vectors that they exchanged with it. */
  public double[] told(int agent, int[] others, int dimension) {
    double[] known = new double[dimension];
    for (int k = 0; k < links.degree(agent); k++) {
      int other = links.neighbour(agent, k);
      if (Arrays.binarySearch(others, other) >= 0) {
        addDrawn(agent, other, 1, known, 0, dimension);
        addDrawn(other, agent, -1, known, 0, dimension);
      }
    }
    return known;
  }

  private void addDrawn(int from, int to, int sign, double[] out, int at, int d) {
    Keystream stream = new Keystream(key, from, to);
    double scaled = sign * unit;
    for (int j = 0; j < d; j += 2) {
      long bits = stream.next();
      out[at + j] += scaled * (int) bits;
      if (j + 1 < d) {
        out[at + j + 1] += scaled * (int) (bits >>> 32);
      }
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
