package io.sotto.cli;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Circumstance;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.config.RunConfig;
import io.sotto.config.RunConfig.EngineName;
import io.sotto.engine.Engine;
import io.sotto.engine.LocalEngine;
import io.sotto.engine.Plan;
import io.sotto.engine.Shards;
import io.sotto.engine.graphx.GraphxEngine;
import io.sotto.io.Dataset;
import io.sotto.io.Source;
import io.sotto.problem.BadInputException;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Constraints;
import io.sotto.problem.Intersection;
import io.sotto.problem.Objective;
import io.sotto.problem.Regularizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;

/** From a configuration to a plan: inputs scanned, network drawn, all of it checked. */
final class Preparation {
  /** How often a run is measured in as many ticks as tell steps apart. */
  private static final int CHECKS_PER_TRIAL = 3;

  private final RunConfig config;
  private final JavaSparkContext spark;
  private final Consumer<String> warnings;

  /**
   * A run that is ready to go.
   *
   * @param config with everything that was auto, the step aside, replaced by what was chosen
   * @param data the inputs
   * @param around the network, the clocks and what becomes of messages
   * @param plan the run
   * @param algorithm the algorithm for a first step
   * @param stateBytes what all agents' estimates take in memory
   * @param earlier what the run starts from, if not from 0
   * @param protection the mechanism
   * @param why why this engine, so many cells and ticks per superstep, by key
   */
  record Prepared(
      RunConfig config,
      Dataset data,
      Surroundings around,
      Plan plan,
      DoubleFunction<Algorithm> algorithm,
      long stateBytes,
      Optional<WarmStart> earlier,
      Protection protection,
      Map<String, String> why) {

    /** The first step of the run that this one starts from; NaN if that is no guide. */
    double earlierStep() {
      return earlier.map(e -> e.step(config, plan.agents())).orElse(Double.NaN);
    }

    /** The same over other rows. */
    Prepared over(Shards others) {
      return new Prepared(
          config, data, around, plan.over(others), algorithm, stateBytes, earlier, protection, why);
    }

    /** What runs the plan. */
    Engine engine(JavaSparkContext spark) {
      return config.engine().name() == EngineName.LOCAL
          ? new LocalEngine(
              spark.sc().isLocal()
                  ? spark.defaultParallelism()
                  : Runtime.getRuntime().availableProcessors())
          : new GraphxEngine(spark);
    }

    /** Why this was chosen. */
    String because(String key) {
      return why.getOrDefault(key, "");
    }
  }

  Preparation(RunConfig config, JavaSparkContext spark, Consumer<String> warnings) {
    this.config = config;
    this.spark = spark;
    this.warnings = warnings;
  }

  /**
   * Reads and checks everything.
   *
   * @throws BadInputException if anything is wrong
   */
  Prepared prepare() throws IOException {
    Protection asked = Protection.of(config, spark.hadoopConfiguration());
    ProblemParts parts = new ProblemParts(config, warnings);
    Objective objective = parts.objective();
    List<ConstraintSet> sets = parts.sets();
    Source source = new Source(config.data(), objective, config.problem().classWeights(), spark);
    Dataset data = source.scan();
    Regularizer regularizer = parts.regularizer(data);
    int agents = data.agents().size();
    if (!data.constant().isEmpty() && config.data().standardize()) {
      warnings.accept(
          "These features are the same in all rows, and get scale 1: "
              + String.join(", ", data.constant()));
    }
    AgentNames names = new AgentNames(data.agents());
    Constraints constraints = constraints(sets, data, names);
    Surroundings around = Surroundings.of(config, names, spark.hadoopConfiguration(), warnings);
    IdleRule idle = IdleRule.valueOf(config.clock().idle().name());
    Set<Circumstance> circumstances = circumstances(objective, regularizer, constraints, around);
    circumstances.addAll(asked.circumstances());
    MethodChoice choice =
        MethodChoice.of(
            config.algorithm(),
            circumstances,
            config.problem().objective().isPresent() && !objective.smooth());
    Method method = choice.method();
    double exponent = config.algorithm().step().exponent();
    DoubleFunction<Algorithm> algorithm = step -> method.of(idle, new StepSize(step, exponent));
    Algorithm example = algorithm.apply(1);

    long stateBytes = 8L * agents * data.dimension();
    Map<String, String> why = new TreeMap<>();
    why.put("algorithm", choice.why());
    Sizing sizing = Sizing.of(config.engine(), data, around, choice, stateBytes, why);
    RunConfig chosen =
        config
            .withMethod(choice.name(), example.trialTicks() / CHECKS_PER_TRIAL)
            .withEngine(sizing.engine(), sizing.cut().cells(), sizing.ticksPerSuperstep());
    Protection protection = asked.over(data, around.clock(), config.stop().maxTicks());
    Optional<WarmStart> earlier =
        WarmStart.of(config, data, protection.terms(chosen, data), spark.hadoopConfiguration());
    Plan plan =
        new Plan(
                data.dimension(),
                data.shape().coefficients(),
                around.network(),
                sizing.cut(),
                constraints,
                around.clock(),
                idle,
                config.seed(),
                sizing.ticksPerSuperstep(),
                source.shards(data, regularizer))
            .under(protection.mechanism(around.network(), chosen, data))
            .addressed(example.addressed())
            .through(around.channel())
            .from(earlier.map(e -> e.fit().origin()).orElse(null));
    return new Prepared(
        chosen, data, around, plan, algorithm, stateBytes, earlier, protection, why);
  }

  private Set<Circumstance> circumstances(
      Objective objective, Regularizer regularizer, Constraints constraints, Surroundings around) {
    Set<Circumstance> all =
        around.circumstances(
            config.clock().idle() == RunConfig.Idle.HOLD,
            config.engine().ticksPerSuperstep().orElse(1) > 1);
    boolean sets = !config.problem().constraints().isEmpty();
    if (sets) {
      all.add(Circumstance.SETS);
    }
    if (constraints.distinct().size() > 1) {
      all.add(Circumstance.OWN_SETS);
    }
    if (!objective.smooth()) {
      all.add(Circumstance.NONSMOOTH);
    }
    if (regularizer.penalises()) {
      all.add(sets ? Circumstance.L1_IN_SETS : Circumstance.L1);
    }
    return all;
  }

  private Constraints constraints(List<ConstraintSet> sets, Dataset data, AgentNames names) {
    int n = data.shape().coefficients();
    List<ConstraintSet> common = new ArrayList<>();
    Map<Integer, List<ConstraintSet>> own = new TreeMap<>();
    for (int i = 0; i < sets.size(); i++) {
      ConstraintSet set = sets.get(i);
      complainingOf(RunConfig.Problem.constraintKey(i), () -> set.requireDimension(n));
      List<String> bound = config.problem().constraints().get(i).agents();
      if (bound.isEmpty()) {
        common.add(set);
      }
      for (String name : bound) {
        int agent = names.find(RunConfig.Problem.constraintKey(i) + ".agents", name);
        own.computeIfAbsent(agent, a -> new ArrayList<>()).add(set);
      }
    }
    complainingOf("problem.constraints", () -> Intersection.of(sets));
    Map<Integer, ConstraintSet> ofAgent = new TreeMap<>();
    own.forEach(
        (agent, theirs) -> {
          List<ConstraintSet> all = new ArrayList<>(common);
          all.addAll(theirs);
          ofAgent.put(agent, Intersection.of(all));
        });
    Intersection.memberOrBadInput(Intersection.of(sets), n, "problem.constraints");
    return new Constraints(Intersection.of(common), ofAgent);
  }

  /** Does a check that does not know the key it is about. */
  private static void complainingOf(String key, Runnable check) {
    try {
      check.run();
    } catch (BadInputException e) {
      throw new BadInputException(key + ": " + e.getMessage(), e);
    }
  }
}
