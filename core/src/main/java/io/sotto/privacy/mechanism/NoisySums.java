package io.sotto.privacy.mechanism;

import io.sotto.algorithm.Scales;
import io.sotto.engine.Mechanism;
import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Proximal;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Scores;
import org.jspecify.annotations.Nullable;

/**
 * Differential privacy of rows, for methods whose agents add up gradients. In a round at the point
 * v agent i adds, modulo 2^64,
 *
 * <pre>
 *   round( 1/M sum over i's rows of clip( gradient of the row's loss at v ) )
 *     + discrete Gaussian noise + masks that cancel in the sum over all agents
 * </pre>
 *
 * <p>Guarantee. Two tables are neighbours if they differ in one row of one agent. {@link
 * MaskedSums} shows to a coalition the sums over honest parts and nothing else; here everybody
 * shares a key with everybody, so all who are not in the coalition are one part. Their sum has the
 * noise of at least h agents, and {@link RoundsBudget} says what T of them give away. Whatever else
 * is said, and the result, are computed from these sums: post-processing. Each agent draws its
 * noise from a key of its own and the number of the round, so who computes it again after a fault
 * gets the same numbers, and no round has the noise of another.
 *
 * <p>Nothing else may look at rows: the value of a cost and all that the operator could measure are
 * refused here.
 *
 * <p>Cost: for each agent and round its gradient, as many numbers of noise as there are
 * coordinates, and as many bytes of a keystream as it says for each other agent.
 */
public final class NoisySums implements Mechanism {
  private static final long serialVersionUID = 1;
  private static final String SETTING = "privacy.protect = rows";

  private final RoundsBudget budget;
  private final PairKeys secrets;
  private final Secret secret;
  private final String run;

  /**
   * @param budget noise and clipping
   * @param secrets the keys of masks
   * @param secret of the noise
   * @param run names all that messages depend on; with the same noise, two runs must say the same
   */
  public NoisySums(RoundsBudget budget, PairKeys secrets, Secret secret, String run) {
    this.budget = budget;
    this.secrets = secrets;
    this.secret = secret;
    this.run = run;
  }

  @Override
  public LocalObjective over(int[] agents, LocalObjective costs) {
    return new Clipped(ClippedRows.of(costs, budget.clip(), budget.rows(), SETTING));
  }

  @Override
  public boolean measurable() {
    return false;
  }

  @Override
  public Scales scales() {
    return budget.scales();
  }

  @Override
  public void noise(int agent, long round, double[] words, int at, int count) {
    byte[] own = secret.key("noise", run + "\u0000" + agent);
    DiscreteGaussian noise = new DiscreteGaussian(budget.scale());
    Keystream bits = new Keystream(own, agent, round);
    for (int k = at; k < at + count; k++) {
      words[k] = Double.longBitsToDouble(Double.doubleToRawLongBits(words[k]) + noise.next(bits));
    }
  }

  @Override
  public void mask(int agent, long round, double[] words, int at, int count) {
    for (int other = 0; other < budget.agents(); other++) {
      if (other != agent) {
        secrets.bits(agent, other, round).addTo(words, at, count, agent < other ? 1 : -1);
      }
    }
  }

  /** Sums of clipped gradients, and nothing else. */
  private static final class Clipped extends WrappedObjective {
    private static final long serialVersionUID = 1;

    private final ClippedRows rows;

    Clipped(ClippedRows rows) {
      super(rows.model());
      this.rows = rows;
    }

    private static IllegalStateException refused() {
      return new IllegalStateException("under %s nothing else looks at rows".formatted(SETTING));
    }

    /** Of the losses alone: the penalty is public, and the root of the tree knows it. */
    @Override
    public void gradient(int agent, long key, double[] x, int at, double[] out) {
      rows.sum(agent, x, at, out);
    }

    @Override
    public LocalObjective with(Regularizer regularizer) {
      return new Clipped(rows.with(regularizer));
    }

    /** Not known, so that nothing is done with it. */
    @Override
    public double smoothness(int agent) {
      return 0;
    }

    @Override
    public LocalObjective measured() {
      throw refused();
    }

    @Override
    public LocalObjective plain() {
      throw refused();
    }

    @Override
    public @Nullable Scores scores() {
      throw refused();
    }

    @Override
    public double value(int agent, double[] x, int at) {
      throw refused();
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      throw refused();
    }

    @Override
    public double[] measure(int agent, double[] x, int at) {
      throw refused();
    }

    @Override
    public double lowest(int agent) {
      throw refused();
    }

    @Override
    public @Nullable Curvature secondOrder() {
      return null;
    }

    @Override
    public @Nullable Curvature smoothSecondOrder() {
      return null;
    }

    @Override
    public Proximal proximal() {
      throw refused();
    }
  }
}
