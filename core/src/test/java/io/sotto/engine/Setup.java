package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.Bernoulli;
import io.sotto.network.CellPartition;
import io.sotto.network.Channel;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.network.Topologies;
import io.sotto.network.Topology;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Constraints;
import io.sotto.problem.Parameters;
import io.sotto.problem.WholeSpace;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.run.RunClock;
import io.sotto.run.StepSearch;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * A plan in the making: a ring with Metropolis weights in one cell, clocks of rate 1/2, idle agents
 * that mix, a tick per superstep and no sets, as far as nothing else is said.
 */
public final class Setup {
  private final Shards shards;
  private final int dimension;
  private final int agents;
  private int coefficients;
  private Network network;
  private CellPartition partition;
  private Constraints constraints = new Constraints(new WholeSpace(), Map.of());
  private ActivationModel clock = new Bernoulli(11, 0.5, Map.of());
  private IdleRule idle = IdleRule.MIX;
  private int ticks = 1;
  private Channel channel = Channel.CLEAR;

  private Setup(Shards shards, int agents, int dimension) {
    this.shards = shards;
    this.agents = agents;
    this.dimension = dimension;
    this.coefficients = dimension;
    this.network = network("ring", agents, Map.of());
    this.partition = CellPartition.contiguous(agents, 1);
  }

  /** Quadratic costs. */
  public static Setup of(Quadratics costs) {
    return new Setup(costs, costs.agents(), costs.dimension());
  }

  /** Any costs, in a space without an intercept. */
  public static Setup of(Shards shards, int agents, int dimension) {
    return new Setup(shards, agents, dimension);
  }

  /** How many coordinates, from the first, sets and regularizer apply to. */
  public Setup coefficients(int n) {
    this.coefficients = n;
    return this;
  }

  /** Any costs, in a space whose last coordinate is an intercept. */
  public static Setup withIntercept(Shards shards, int agents, int dimension) {
    Setup setup = new Setup(shards, agents, dimension);
    setup.coefficients = dimension - 1;
    return setup;
  }

  /** A connected draw of a topology, seed 3, with Metropolis weights. */
  public static Network network(String topology, int agents, Map<String, ?> parameters) {
    Topology made =
        Topologies.REGISTRY.make("topology", topology, new Parameters("network", parameters));
    return Network.of(Topologies.connected(made, agents, 3).links(), MixingRules.METROPOLIS);
  }

  public Setup on(Network other) {
    network = other;
    return this;
  }

  public Setup in(CellPartition other) {
    partition = other;
    return this;
  }

  public Setup cells(int cells) {
    return in(CellPartition.contiguous(agents, cells));
  }

  public Setup within(ConstraintSet common, Map<Integer, ? extends ConstraintSet> own) {
    constraints = new Constraints(common, Map.copyOf(own));
    return this;
  }

  public Setup clock(ActivationModel other) {
    clock = other;
    return this;
  }

  public Setup idle(IdleRule other) {
    idle = other;
    return this;
  }

  public Setup ticksPerSuperstep(int other) {
    ticks = other;
    return this;
  }

  public Setup through(Channel other) {
    channel = other;
    return this;
  }

  public Plan plan() {
    return new Plan(
            dimension,
            coefficients,
            network,
            partition,
            constraints,
            clock,
            idle,
            17,
            ticks,
            shards)
        .through(channel);
  }

  /** The algorithm with the first step that trials find. */
  public static Algorithm searched(Plan any, DoubleFunction<? extends Algorithm> algorithm) {
    Plan plan = any.by(algorithm.apply(1));
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      StepSearch search = new StepSearch(new Runner(plan, carrier), algorithm, RunClock.start());
      return algorithm.apply(search.choose().initial());
    }
  }

  /** Runs so many ticks in one process, and measures. */
  public static Measurement run(Plan any, Algorithm algorithm, int ticks) {
    Plan plan = any.by(algorithm);
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      return run(new Runner(plan, carrier), algorithm, ticks);
    }
  }

  /** Runs so many ticks from the start, and measures. */
  public static Measurement run(Runner runner, Algorithm algorithm, int ticks) {
    Checks checks = new Checks(ticks, ticks);
    Certifier certifier = new Certifier(runner);
    Measurement first = certifier.first(runner.start(algorithm), checks);
    return certifier.measure(
        runner.run(0, 0, StepControl.fixed(1), checks, false, Runner.Steering.none()),
        first,
        checks);
  }

  /** Runs so many ticks in one process; where each agent then stands. */
  public static double[][] estimates(Plan any, Algorithm algorithm, int ticks) {
    Plan plan = any.by(algorithm);
    try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
      run(new Runner(plan, carrier), algorithm, ticks);
      double[][] estimates = new double[plan.agents()][plan.dimension()];
      for (CellEstimates cell : carrier.ask(CellReport.estimates(), null)) {
        for (int i = 0; i < cell.agents().length; i++) {
          System.arraycopy(
              cell.estimates(),
              i * plan.dimension(),
              estimates[cell.agents()[i]],
              0,
              plan.dimension());
        }
      }
      return estimates;
    }
  }
}
