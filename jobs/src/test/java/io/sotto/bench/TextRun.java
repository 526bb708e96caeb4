package io.sotto.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdam;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellReport;
import io.sotto.engine.CellSummary;
import io.sotto.engine.Coordinator;
import io.sotto.engine.DrawnOrigin;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.engine.Superstep;
import io.sotto.model.LanguageCosts;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import io.sotto.network.CellPartition;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.network.Topologies;
import io.sotto.problem.Constraints;
import io.sotto.problem.Parameters;
import io.sotto.problem.WholeSpace;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;

/**
 * The training of a model by agents on a ring, or by one alone, with async-adam.
 *
 * @param shape of the model
 * @param training of each agent
 * @param texts one for each agent
 * @param rate the share of ticks at which an agent is active
 * @param every agents exchange at every so many ticks
 * @param moments of Adam
 * @param warmUp the part of the run in which steps grow
 * @param floor the last step as a part of the longest
 * @param ticks of the run
 * @param seed of the start, the clocks and the windows that are drawn
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
record TextRun(
    ModelShape shape,
    Training training,
    Tokens[] texts,
    double rate,
    int every,
    AsyncAdam.Moments moments,
    double warmUp,
    double floor,
    long ticks,
    long seed)
    implements Serializable {

  /** What an evaluation is told: the tick, and the estimates of agents in their order. */
  @FunctionalInterface
  interface Look {
    /** Looks. */
    void at(long tick, double[][] estimates);
  }

  /**
   * How it ended.
   *
   * @param estimates by agent
   * @param seconds of processor time that the process took, its compiler included
   */
  record End(double[][] estimates, double seconds) {}

  /** One agent with all texts, at as many ticks as make so many tokens. */
  static TextRun central(
      ModelShape shape, Training training, Tokens text, long tokens, double warmUp, long seed) {
    return new TextRun(
        shape,
        training,
        new Tokens[] {text},
        1,
        1,
        AsyncAdam.Moments.USUAL,
        warmUp,
        0.01,
        tokens / ((long) training.batch() * shape.window()),
        seed);
  }

  /** The plan of it, in so many cells. */
  Plan plan(int cells, int ticksPerSuperstep) {
    Layout layout = new Layout(shape);
    int agents = texts.length;
    return new Plan(
            layout.dimension(),
            layout.coefficients(),
            network(agents),
            CellPartition.contiguous(agents, cells),
            new Constraints(new WholeSpace(), Map.of()),
            new Bernoulli(seed, rate, Map.of()),
            IdleRule.MIX,
            seed,
            ticksPerSuperstep,
            this::costs)
        .from(
            new DrawnOrigin(
                (drawn, x, at) -> new Layout(shape).start(drawn, x, at), seed, layout.dimension()))
        .exchanging(every)
        .convex(false);
  }

  private LanguageCosts costs(int[] agents) {
    Tokens[] some = new Tokens[agents.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = texts[agents[i]];
    }
    return new LanguageCosts(shape, training, some, texts.length);
  }

  private static Network network(int agents) {
    if (agents == 1) {
      return new Network(new int[] {0, 1}, new int[] {0}, new double[] {1});
    }
    return Network.of(
        Topologies.connected(
                Topologies.REGISTRY.make("topology", "ring", new Parameters("network", Map.of())),
                agents,
                1)
            .links(),
        MixingRules.METROPOLIS);
  }

  /** The method with a longest step. */
  Algorithm algorithm(double step) {
    return new AsyncAdam(
        IdleRule.MIX, new StepSize(step, 1, new StepSize.Course(ticks, warmUp, floor)), moments);
  }

  /** Runs it to its end on the engine {@code local}, on at most two threads. */
  End end(double step) {
    return end(algorithm(step), 0, (tick, estimates) -> {});
  }

  /**
   * The same with looks at it on the way.
   *
   * @param lookEvery so many ticks; 0 for never
   */
  End end(Algorithm algorithm, int lookEvery, Look look) {
    int cells = Math.min(2, texts.length);
    double begin = cpu();
    try (Coordinator carrier = new LocalCoordinator(plan(cells, 1), cells)) {
      carrier.start(List.of(algorithm));
      for (long tick = 1; tick <= ticks; tick++) {
        for (CellSummary cell : carrier.superstep(new Superstep(tick, 1, false, false))[0]) {
          if (cell.fault() != null) {
            throw new IllegalStateException("diverged: " + cell.fault());
          }
        }
        if (lookEvery > 0 && tick % lookEvery == 0) {
          look.at(tick, estimates(carrier));
        }
      }
      return new End(estimates(carrier), cpu() - begin);
    }
  }

  private double[][] estimates(Coordinator carrier) {
    int d = new Layout(shape).dimension();
    double[][] all = new double[texts.length][d];
    for (CellEstimates cell : carrier.ask(CellReport.estimates(), null)) {
      for (int i = 0; i < cell.agents().length; i++) {
        System.arraycopy(cell.estimates(), i * d, all[cell.agents()[i]], 0, d);
      }
    }
    return all;
  }

  /** Seconds of processor time that this process has taken. */
  static double cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        * 1e-9;
  }
}
