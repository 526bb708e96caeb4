package io.sotto.cli;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Circumstance;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.config.RunConfig;
import io.sotto.config.RunConfig.EngineName;
import io.sotto.engine.Carrier;
import io.sotto.engine.LocalCarrier;
import io.sotto.engine.Plan;
import io.sotto.engine.graphx.GraphxCarrier;
import io.sotto.io.Dataset;
import io.sotto.io.EdgeList;
import io.sotto.io.Source;
import io.sotto.network.MixingRule;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.network.Topologies;
import io.sotto.network.Topology;
import io.sotto.problem.BadInputException;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.ConstraintSets;
import io.sotto.problem.Constraints;
import io.sotto.problem.Intersection;
import io.sotto.problem.Loss;
import io.sotto.problem.Losses;
import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** From a configuration to a plan: inputs scanned, network drawn, all of it checked. */
final class Preparation {
  /** How often a run is measured in as many ticks as tell steps apart. */
  private static final int CHECKS_PER_TRIAL = 3;

  private final RunConfig config;
  private final JavaSparkContext spark;
  private final Consumer<String> warnings;
  private final Map<String, Integer> agentIndex = new HashMap<>();

  /**
   * A run that is ready to go.
   *
   * @param config with everything that was auto, the step aside, replaced by what was chosen
   * @param data the inputs
   * @param links what came out of the topology, in words
   * @param attempts how many draws a random topology took
   * @param plan the run
   * @param algorithm the algorithm for a first step
   * @param stateBytes what all agents' estimates take in memory
   * @param why why this engine, so many cells and ticks per superstep, by key
   */
  record Prepared(
      RunConfig config,
      Dataset data,
      String links,
      int attempts,
      Plan plan,
      DoubleFunction<Algorithm> algorithm,
      long stateBytes,
      Map<String, String> why) {

    /** Loads the rows into what runs the plan. */
    Carrier carrier(JavaSparkContext spark) {
      return config.engine().name() == EngineName.LOCAL
          ? new LocalCarrier(
              plan,
              spark.sc().isLocal()
                  ? spark.defaultParallelism()
                  : Runtime.getRuntime().availableProcessors())
          : new GraphxCarrier(plan, spark);
    }

    /** Why this was chosen. */
    String because(String key) {
      return why.getOrDefault(key, "");
    }
  }

  private record Drawn(Network network, String links, int attempts) {}

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
    Loss loss =
        Losses.REGISTRY.make(
            "problem.loss", config.problem().loss(), config.problem().lossParameters());
    List<ConstraintSet> sets = sets();
    Source source = new Source(config.data(), loss, spark);
    Dataset data = source.scan();
    int agents = data.agents().size();
    if (!data.constant().isEmpty() && config.data().standardize()) {
      warnings.accept(
          "These features are the same in all rows, and get scale 1: "
              + String.join(", ", data.constant()));
    }
    Constraints constraints = constraints(sets, data);
    Drawn drawn = network(data.agents());
    ActivationModel clock = clock(data.agents());
    IdleRule idle = IdleRule.valueOf(config.clock().idle().name());
    MethodChoice choice =
        MethodChoice.of(config.algorithm(), circumstances(loss, constraints, clock, agents));
    Method method = choice.method();
    double exponent = config.algorithm().step().exponent();
    DoubleFunction<Algorithm> algorithm = step -> method.of(idle, new StepSize(step, exponent));
    Algorithm example = algorithm.apply(1);

    long stateBytes = 8L * agents * data.dimension();
    Map<String, String> why = new TreeMap<>();
    why.put("algorithm", choice.why());
    Sizing sizing =
        Sizing.of(config.engine(), data, drawn.network(), clock, choice, stateBytes, why);
    Plan plan =
        new Plan(
                data.dimension(),
                data.features().size(),
                drawn.network(),
                sizing.cut(),
                constraints,
                clock,
                idle,
                config.seed(),
                sizing.ticksPerSuperstep(),
                source.shards(data, new Regularizer(config.problem().l2(), config.problem().l1())))
            .addressed(example.addressed());
    return new Prepared(
        config
            .withMethod(choice.name(), example.trialTicks() / CHECKS_PER_TRIAL)
            .withEngine(sizing.engine(), sizing.cut().cells(), sizing.ticksPerSuperstep()),
        data,
        drawn.links(),
        drawn.attempts(),
        plan,
        algorithm,
        stateBytes,
        why);
  }

  private Set<Circumstance> circumstances(
      Loss loss, Constraints constraints, ActivationModel clock, int agents) {
    Set<Circumstance> all = EnumSet.of(Circumstance.UNDIRECTED);
    if (IntStream.range(0, agents).anyMatch(i -> clock.rate(i) < 1)) {
      all.add(Circumstance.IDLE_AGENTS);
      if (config.clock().idle() == RunConfig.Idle.HOLD) {
        all.add(Circumstance.HOLD);
      }
    }
    if (config.engine().ticksPerSuperstep().orElse(1) > 1) {
      all.add(Circumstance.BORDER_DELAY);
    }
    boolean sets = !config.problem().constraints().isEmpty();
    if (sets) {
      all.add(Circumstance.SETS);
    }
    if (constraints.distinct().size() > 1) {
      all.add(Circumstance.OWN_SETS);
    }
    if (!loss.smooth()) {
      all.add(Circumstance.NONSMOOTH);
    }
    if (config.problem().l1() > 0) {
      all.add(sets ? Circumstance.L1_IN_SETS : Circumstance.L1);
    }
    return all;
  }

  private List<ConstraintSet> sets() {
    List<ConstraintSet> sets = new ArrayList<>();
    for (int i = 0; i < config.problem().constraints().size(); i++) {
      Parameters parameters = config.problem().constraintParameters(i);
      sets.add(
          ConstraintSets.REGISTRY.make(
              RunConfig.Problem.constraintKey(i) + ".set",
              config.problem().constraints().get(i).set(),
              parameters));
      warnUnread(parameters, RunConfig.Problem.constraintKey(i));
    }
    return sets;
  }

  private Constraints constraints(List<ConstraintSet> sets, Dataset data) {
    int n = data.features().size();
    List<ConstraintSet> common = new ArrayList<>();
    Map<Integer, List<ConstraintSet>> own = new TreeMap<>();
    for (int i = 0; i < sets.size(); i++) {
      ConstraintSet set = sets.get(i);
      complainingOf(RunConfig.Problem.constraintKey(i), () -> set.requireDimension(n));
      List<String> names = config.problem().constraints().get(i).agents();
      if (names.isEmpty()) {
        common.add(set);
      }
      for (String name : names) {
        int agent = agent(name, RunConfig.Problem.constraintKey(i) + ".agents", data.agents());
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

  private int agent(String name, String key, List<String> agents) {
    if (agentIndex.isEmpty()) {
      for (int i = 0; i < agents.size(); i++) {
        agentIndex.put(agents.get(i), i);
      }
    }
    Integer agent = agentIndex.get(name);
    if (agent == null) {
      throw new BadInputException(
          "%s names the agent '%s', who holds no rows; maybe '%s' is meant."
              .formatted(key, name, Registry.nearest(name, agents)));
    }
    return agent;
  }

  private Drawn network(List<String> agents) throws IOException {
    String topology = config.network().topology();
    MixingRule rule =
        MixingRules.REGISTRY.make(
            "network.weights", config.network().weights(), new Parameters("network", Map.of()));
    Parameters parameters = config.network().parameters();
    if (topology.equals("edges")) {
      Network network =
          EdgeList.read(parameters.text("path"), agents, rule, spark.hadoopConfiguration());
      warnUnread(parameters, "network");
      return new Drawn(network, "edges of " + parameters.text("path"), 1);
    }
    Topology chosen = Topologies.REGISTRY.make("network.topology", topology, parameters);
    warnUnread(parameters, "network");
    Topologies.Drawn drawn = Topologies.connected(chosen, agents.size(), config.seed());
    String shape = chosen.shape(agents.size());
    return new Drawn(
        Network.of(drawn.links(), rule, agents::get),
        shape.isEmpty() ? topology : topology + ", " + shape,
        drawn.attempts());
  }

  private ActivationModel clock(List<String> agents) {
    RunConfig.Clock clock = config.clock();
    Map<Integer, Double> rates = new TreeMap<>();
    clock.rates().forEach((name, rate) -> rates.put(agent(name, "clock.rates", agents), rate));
    return ActivationModels.REGISTRY
        .make(
            "clock.model",
            clock.model().name().toLowerCase(Locale.ROOT),
            new Parameters("clock", Map.of()))
        .of(config.seed(), clock.rate(), rates);
  }

  private void warnUnread(Parameters parameters, String where) {
    for (String key : parameters.unread()) {
      warnings.accept(where + "." + key + " is not used by the kind that was chosen.");
    }
  }
}
