package io.sotto.privacy.mechanism;

import io.sotto.engine.Mechanism;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Vectors;

/**
 * Private steps: each agent multiplies the step that its method prescribes by a number of its own
 * at each update,
 *
 * <pre>
 *   alpha_i(k) = s_i(k) (1 + w u_i(k)),   u_i(k) uniform on (-1, 1), independent, mean exactly 0
 * </pre>
 *
 * <p>with w the spread, at most 1. As methods are linear in step times subgradient, this is done by
 * multiplying the subgradient. It goes with methods whose steps shrink, and whose theorems allow
 * stochastic subgradients: (1 + w u) g is one, unbiased, of bounded second moment.
 *
 * <p>Guarantee: E alpha_i(k) = s_i(k), and the sum over k of alpha_i(k) - s_i(k), a martingale
 * whose variances w^2 / 3 s_i(k)^2 are summable, converges almost surely: all agents take the same
 * way in the mean, whatever they drew, and the limit is the optimum of the plain sum (Ram, Nedic
 * and Veeravalli 2010, on stochastic errors). Steps that are time-varying and not coordinated, to
 * hide subgradients from who knows the schedule, are the idea of Wang and Nedic (arXiv:2205.10934),
 * who ask for summable deviations; these are larger, and stay as large relative to the schedule at
 * all times.
 *
 * <p>What it hides: a single update reveals its subgradient up to a factor. Not its direction, and
 * not what is averaged over many updates, where the factor tends to 1.
 *
 * <p>Cost: one block of a stream cipher and d flops for each update.
 */
public final class PrivateSteps implements Mechanism {
  private static final long serialVersionUID = 1;

  private final double spread;
  private final byte[] key;

  /**
   * @param spread w, above 0 and at most 1
   * @param secret of the steps
   * @param run names all that messages depend on
   */
  public PrivateSteps(double spread, Secret secret, String run) {
    this.spread = spread;
    this.key = secret.key("private-steps", run);
  }

  @Override
  public LocalObjective over(int[] agents, LocalObjective costs) {
    return new Stretched(costs, agents.clone(), spread, key);
  }

  /** Subgradients by random factors; those that the operator measures are as they are. */
  private static final class Stretched extends WrappedObjective {
    private static final long serialVersionUID = 1;
    private final int[] agents;
    private final double spread;
    private final byte[] secret;

    Stretched(LocalObjective plain, int[] agents, double spread, byte[] secret) {
      super(plain);
      this.agents = agents;
      this.spread = spread;
      this.secret = secret;
    }

    @Override
    public LocalObjective measured() {
      return plain;
    }

    @Override
    public LocalObjective with(Regularizer regularizer) {
      return new Stretched(plain.with(regularizer), agents, spread, secret);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      plain.subgradient(agent, key, x, at, out);
      double u = ((new Keystream(secret, agents[agent], key).next() >> 12) + 0.5) * 0x1p-51;
      Vectors.setScaled(1 + spread * u, out, 0, out, 0, dimension());
    }

    /** No method that wants one supports this mechanism. */
    @Override
    public void gradient(int agent, long key, double[] x, int at, double[] out) {
      throw new IllegalStateException("this method does not go with private steps");
    }
  }
}
