package io.sotto.bench;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.Plan;
import io.sotto.engine.Shards;
import io.sotto.network.CellPartition;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.network.NetworkPartitioner;
import io.sotto.network.Topologies;
import io.sotto.problem.Constraints;
import io.sotto.problem.Parameters;
import io.sotto.problem.WholeSpace;
import java.util.Arrays;
import java.util.Map;

/**
 * Synthetic problems, the same each time: logistic regression of gaussian rows, without intercept
 * and sets, over clocks of rate 1/2 whose idle agents mix.
 */
final class Problems {
  static final long SEED = 20;

  /** The clocks of all problems. */
  static final Bernoulli CLOCK = new Bernoulli(SEED, 0.5, Map.of());

  private Problems() {}

  /**
   * The common problem: 1,000 agents with 100 rows of 100 numbers each, four random neighbours
   * each.
   */
  static Plan common(int cells, int ticksPerSuperstep) {
    return common(100, 100, cells, ticksPerSuperstep);
  }

  /** The common problem in another size. */
  static Plan common(int rowsEach, int dimension, int cells, int ticksPerSuperstep) {
    int agents = 1_000;
    return plan(
        network("regular", agents),
        new GaussianRows(agents, rowsEach, dimension, SEED),
        cells,
        ticksPerSuperstep);
  }

  /** A plan over a partition along the network. */
  static Plan plan(Network network, GaussianRows rows, int cells, int ticksPerSuperstep) {
    return plan(network, rows, rows.dimension(), cells, ticksPerSuperstep);
  }

  /**
   * A plan over a partition along the network; whether there is an intercept makes no difference to
   * it.
   */
  static Plan plan(Network network, Shards rows, int dimension, int cells, int ticksPerSuperstep) {
    return new Plan(
        dimension,
        dimension,
        network,
        partition(network, cells),
        new Constraints(new WholeSpace(), Map.of()),
        CLOCK,
        IdleRule.MIX,
        SEED,
        ticksPerSuperstep,
        rows);
  }

  /** The same with all agents active at all ticks. */
  static Plan always(Plan plan) {
    return new Plan(
        plan.dimension(),
        plan.coefficients(),
        plan.network(),
        plan.partition(),
        plan.constraints(),
        ActivationModels.always(),
        plan.idle(),
        plan.seed(),
        plan.ticksPerSuperstep(),
        plan.shards(),
        plan.mechanism(),
        plan.perLink(),
        plan.channel(),
        plan.origin(),
        plan.digest(),
        plan.parents(),
        plan.exchangeEvery(),
        plan.convex());
  }

  /** The same with an intercept, which certificates must know of. */
  static Plan withIntercept(Plan plan) {
    return new Plan(
        plan.dimension(),
        plan.dimension() - 1,
        plan.network(),
        plan.partition(),
        plan.constraints(),
        plan.clock(),
        plan.idle(),
        plan.seed(),
        plan.ticksPerSuperstep(),
        plan.shards(),
        plan.mechanism(),
        plan.perLink(),
        plan.channel(),
        plan.origin(),
        plan.digest(),
        plan.parents(),
        plan.exchangeEvery(),
        plan.convex());
  }

  private static CellPartition partition(Network network, int cells) {
    double[] load = new double[network.agents()];
    Arrays.fill(load, 1);
    return NetworkPartitioner.of(network, cells, load);
  }

  /** A connected draw of a topology, with Metropolis weights; degree 4 where there is one. */
  static Network network(String topology, int agents) {
    return Network.of(
        Topologies.connected(
                Topologies.REGISTRY.make(
                    "topology", topology, new Parameters("network", Map.of("degree", 4))),
                agents,
                SEED)
            .links(),
        MixingRules.METROPOLIS);
  }

  /** The method, with a step that suits costs which are each about 1 / agents. */
  static ProjectedSubgradient algorithm(int agents) {
    return new ProjectedSubgradient(IdleRule.MIX, new StepSize(0.1 * agents, 0.51));
  }
}
