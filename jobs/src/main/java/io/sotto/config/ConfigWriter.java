package io.sotto.config;

import io.sotto.formula.Choices;
import io.sotto.problem.Disclosure;
import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.run.AuditSettings;
import io.sotto.run.InferenceSettings;
import io.sotto.run.Part;
import io.sotto.run.RowCost;
import io.sotto.run.RunSettings;
import io.sotto.run.SelectionSettings;
import io.sotto.run.Stepping;
import io.sotto.run.Wiring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Writes a configuration as nested maps and lists: what ConfigReader reads, backwards. */
final class ConfigWriter {
  static final String AUTO = "auto";
  static final String NEVER = "never";

  private ConfigWriter() {}

  static Map<String, Object> of(RunConfig config) {
    Map<String, Object> map = new LinkedHashMap<>();
    RunSettings settings = config.settings();
    if (config.language().isPresent()) {
      RunConfig.Language language = config.language().get();
      map.put("data", LanguageWriter.data(config.data(), language));
      map.put("problem", block("constraints", constraints(settings.constraints())));
      map.put("model", LanguageWriter.model(language));
    } else if (config.prompts().isPresent()) {
      map.put("data", PromptsWriter.data(config.data(), config.prompts().get()));
      map.put("problem", block("constraints", constraints(settings.constraints())));
      map.put("tasks", PromptsWriter.tasks(config.prompts().get().tasks()));
      map.put("policy", PromptsWriter.policy(config.prompts().get()));
    } else {
      Map<String, Object> data = data(config.data(), config.inference().weights());
      map.put("data", data);
      map.put("problem", problem(config, settings.constraints()));
      SelectionWriter.survival(config, data, map);
      SelectionWriter.selection(config.selection(), map);
    }
    config.making().ifPresent(making -> PromptsWriter.making(making, map));
    map.put("network", network(settings.network()));
    map.put("clock", clock(settings.clock()));
    Map<String, Object> algorithm = block("name", settings.algorithm().name());
    algorithm.put("allow-leaking", settings.algorithm().allowLeaking());
    algorithm.put("scale", word(settings.algorithm().scale()));
    Map<String, Object> step = step(settings.algorithm().step());
    algorithm.put("step", step);
    stepping(settings.algorithm().stepping(), algorithm, step);
    algorithm.put("max-coordinates", settings.algorithm().coordinates());
    map.put("algorithm", algorithm);
    map.put("privacy", privacy(settings.privacy(), config.secret()));
    map.put("engine", engine(settings.engine()));
    map.put("stop", stop(settings.stop(), config));
    map.put("certificate", block("max-coordinates", settings.stop().certifiedCoordinates()));
    map.put("checkpoint", OutputWriter.checkpoint(config.checkpoint()));
    map.put("output", OutputWriter.output(config.output()));
    disclosure(config.data().disclosure(), map);
    inference(config.inference(), map);
    if (!config.score().equals(ScoreSettings.DEFAULT)) {
      map.put("score", OutputWriter.score(config.score()));
    }
    config.warmStart().ifPresent(path -> map.put("warm-start", path));
    map.put("audit", audit(config.audit()));
    map.put("seed", settings.seed());
    config.zone().ifPresent(zone -> map.put("zone", zone));
    return map;
  }

  private static Map<String, Object> data(RunConfig.Data data, InferenceSettings.Weights weights) {
    Map<String, Object> map = block("path", data.path());
    map.put("format", word(data.format()));
    data.label().ifPresent(label -> map.put("label", label));
    data.agent().ifPresent(agent -> map.put("agent", agent));
    data.deal().ifPresent(deal -> map.put("deal", deal(deal)));
    map.put("features", data.features());
    map.put("standardize", data.standardize());
    map.put("intercept", data.intercept());
    map.put("bad-rows", word(data.badRows()));
    map.put("rejected-values", word(data.rejectedValues()));
    data.positive().ifPresent(positive -> map.put("positive", positive));
    map.put("libsvm-index-base", auto(data.libsvmIndexBase()));
    data.weight().ifPresent(weight -> map.put("weight", weight));
    if (weights != InferenceSettings.off().weights()) {
      map.put("weights-are", word(weights));
    }
    data.offset().ifPresent(offset -> map.put("offset", offset));
    data.units().ifPresent(units -> map.put("units", units));
    if (!data.key().isEmpty()) {
      map.put("key", data.key());
    }
    choices(data.choices(), Choices.usual(), map);
    if (data.formula().isPresent()) {
      map.keySet().removeAll(List.of("features", "intercept"));
    }
    return map;
  }

  private static void disclosure(Disclosure rules, Map<String, Object> map) {
    if (rules.isOn()) {
      Map<String, Object> block = block("min-rows", rules.minRows());
      block.put("min-cell", rules.minCell());
      block.put("max-parameters", rules.maxParameters());
      block.put("columns", rules.columns());
      map.put("disclosure", block);
    }
  }

  /** What is chosen otherwise than it is usual. */
  private static void choices(Choices chosen, Choices usual, Map<String, Object> map) {
    Map<String, Object> all = block("reference", chosen.reference());
    all.put("min-level", chosen.leastRows());
    all.put("rare-levels", word(chosen.rare()));
    all.put("missing", word(chosen.missing()));
    all.put("missing-values", chosen.words().words());
    all.put("missing-constant", chosen.constant());
    all.put("missing-indicator", chosen.indicator());
    if (chosen != usual) {
      Map<String, Object> others = new LinkedHashMap<>();
      choices(usual, usual, others);
      all.entrySet().removeIf(one -> one.getValue().equals(others.get(one.getKey())));
    }
    map.putAll(all);
  }

  private static Map<String, Object> deal(RunConfig.Deal deal) {
    Map<String, Object> map = block("agents", deal.agents());
    map.put("by", word(deal.by()));
    map.put("seed", deal.seed());
    return map;
  }

  private static Map<String, Object> problem(
      RunConfig config, List<RunSettings.Constraint> constraints) {
    RowCost cost = config.cost();
    Part<Objective> objective = cost.objective();
    Map<String, Object> map = new LinkedHashMap<>();
    boolean times =
        objective.name().equals(PiecewiseExponential.NAME); // the block survival says it
    if (!times) {
      map.put(cost.isOwnObjective() ? "objective" : "loss", objective.name());
    }
    if (objective.name().contains(".")) {
      map.put("parameters", objective.parameters());
    } else if (!times) {
      map.putAll(objective.parameters());
    }
    config.data().formula().ifPresent(formula -> map.put("formula", formula));
    List<SelectionSettings.Penalty> tried = config.selection().penalties();
    map.put(
        "l2",
        SelectionWriter.oneOrAll(
            cost.l2(), tried.stream().map(SelectionSettings.Penalty::l2).toList()));
    map.put(
        "l1",
        SelectionWriter.oneOrAll(
            cost.l1(), tried.stream().map(SelectionSettings.Penalty::l1).toList()));
    Map<String, Object> groups = block("weight", cost.groupLasso().weight());
    groups.put("groups", cost.groupLasso().groups());
    map.put("group-lasso", groups);
    map.put("class-weights", cost.classWeights());
    map.put("constraints", constraints(constraints));
    return map;
  }

  private static List<Object> constraints(List<RunSettings.Constraint> constraints) {
    List<Object> sets = new ArrayList<>();
    for (RunSettings.Constraint constraint : constraints) {
      Map<String, Object> one = block("set", constraint.set().name());
      if (!constraint.agents().isEmpty()) {
        one.put("agents", constraint.agents());
      }
      if (constraint.units() != RunSettings.Units.SOLVED) {
        one.put("units", word(constraint.units()));
      }
      one.putAll(constraint.set().parameters());
      sets.add(one);
    }
    return sets;
  }

  private static Map<String, Object> network(RunSettings.Network network) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (network.wiring() instanceof Wiring.Drawn drawn) {
      map.put("topology", drawn.topology().name());
      map.putAll(drawn.topology().parameters());
    } else if (network.wiring() instanceof Wiring.InFiles files) {
      map.put("topology", "edges");
      map.put("directed", files.directed());
      if (files.periods().isEmpty()) {
        map.put("path", files.paths().get("network.path"));
      } else {
        map.put("schedule", schedule(files));
      }
    }
    map.put("weights", network.weights().name());
    map.put("seed", network.seed().isPresent() ? network.seed().getAsLong() : AUTO);
    map.put("link-rate", network.linkRate());
    map.put("loss", network.loss());
    Map<String, Object> delay = block("model", word(network.delay().model()));
    delay.put("ticks", network.delay().ticks());
    map.put("delay", delay);
    return map;
  }

  private static List<Object> schedule(Wiring.InFiles files) {
    List<Object> schedule = new ArrayList<>();
    for (String path : files.paths().values()) {
      Map<String, Object> one = block("path", path);
      one.put("ticks", files.periods().get(schedule.size()));
      schedule.add(one);
    }
    return schedule;
  }

  private static Map<String, Object> clock(RunSettings.Clock clock) {
    Map<String, Object> map = block("model", clock.model().name());
    map.put("rate", clock.rate());
    map.put("rates", clock.rates());
    map.put("idle", word(clock.idle()));
    map.put("offline", offline(clock.offline()));
    return map;
  }

  private static Map<String, Object> offline(RunSettings.Offline offline) {
    Map<String, Object> map = block("rate", offline.rate());
    map.put("duration", offline.duration());
    map.put("rates", offline.rates());
    Map<String, Object> intervals = new LinkedHashMap<>();
    offline
        .intervals()
        .forEach(
            (agent, spans) ->
                intervals.put(
                    agent,
                    spans.stream().map(span -> List.of(span.first(), span.last())).toList()));
    map.put("intervals", intervals);
    return map;
  }

  private static Map<String, Object> step(RunSettings.Step step) {
    Map<String, Object> map = block("initial", auto(step.initial()));
    map.put("exponent", step.exponent());
    return map;
  }

  /** What a version before did not know is written where it is set, so that its runs go on. */
  private static void stepping(
      Stepping stepping, Map<String, Object> algorithm, Map<String, Object> step) {
    if (stepping.equals(Stepping.usual())) {
      return;
    }
    step.put("schedule", word(stepping.schedule()));
    step.put("warm-up", stepping.warmUp());
    step.put("floor", stepping.floor());
    algorithm.put("local-steps", stepping.localSteps());
    Map<String, Object> outer = block("step", stepping.outerStep());
    outer.put("momentum", stepping.outerMomentum());
    algorithm.put("outer", outer);
    Map<String, Object> adam = block("beta1", stepping.adam().beta1());
    adam.put("beta2", stepping.adam().beta2());
    adam.put("epsilon", stepping.adam().epsilon());
    adam.put("decay", stepping.adam().decay());
    algorithm.put("adam", adam);
  }

  private static Map<String, Object> privacy(RunSettings.Privacy privacy, Optional<String> secret) {
    boolean protects =
        privacy.mechanism() == RunSettings.Mechanism.OFFSETS
            || privacy.mechanism() == RunSettings.Mechanism.SUMS
            || privacy.mechanism() == RunSettings.Mechanism.ROWS;
    Map<String, Object> map =
        privacy.byDefault()
            ? new LinkedHashMap<>()
            : block(protects ? "protect" : "mechanism", word(privacy.mechanism()));
    secret.ifPresent(path -> map.put("secret", path));
    map.put("scale", auto(privacy.scale()));
    map.put("shape", word(privacy.shape()));
    map.put("spread", privacy.spread());
    privacy.epsilon().ifPresent(epsilon -> map.put("epsilon", epsilon));
    map.put("delta", privacy.delta());
    map.put("clip", auto(privacy.clip()));
    map.put("noise", auto(privacy.noise()));
    map.put("honest", auto(privacy.honest()));
    return map;
  }

  private static Map<String, Object> engine(RunSettings.Engine engine) {
    Map<String, Object> map = block("name", word(engine.name()));
    map.put("cells", auto(engine.cells()));
    map.put("ticks-per-superstep", auto(engine.ticksPerSuperstep()));
    return map;
  }

  private static Map<String, Object> stop(RunSettings.Stop stop, RunConfig config) {
    Map<String, Object> map = block("max-ticks", stop.maxTicks());
    if (!stop.toleranceByDefault()) {
      map.put("tolerance", stop.tolerance());
    }
    map.put("disagreement", stop.disagreement());
    map.put("check-every", auto(stop.checkEvery()));
    map.put("deadline", config.timeOfDay().orElseGet(() -> text(stop.deadline())));
    map.put("require-certificate", stop.requireCertificate());
    map.put("deadline-exit-code", config.deadlineExitCode());
    return map;
  }

  /** Only where there is any, so that runs of a version before go on. */
  private static void inference(InferenceSettings inference, Map<String, Object> map) {
    if (inference.enabled() == InferenceSettings.Enabled.FALSE) {
      return;
    }
    Map<String, Object> block = block("enabled", word(inference.enabled()));
    block.put("max-coordinates", inference.coordinates());
    block.put("errors", word(inference.errors()));
    block.put("covariance", inference.covariance());
    map.put("inference", block);
  }

  private static Map<String, Object> audit(AuditSettings audit) {
    Map<String, Object> map = block("adversary", word(audit.adversary()));
    map.put("agents", audit.agents());
    map.put("size", audit.size());
    map.put("victims", audit.victims());
    map.put("seeds", audit.seeds());
    map.put("games", audit.games());
    map.put("ticks", audit.ticks());
    map.put("copies", audit.copies());
    map.put("threshold", audit.threshold());
    map.put("baseline", audit.baseline());
    map.put("attacks", audit.attacks());
    return map;
  }

  /** A block that begins with that key. */
  static Map<String, Object> block(String key, Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }

  private static Object auto(OptionalInt number) {
    return number.isPresent() ? (Object) number.getAsInt() : AUTO;
  }

  private static Object auto(OptionalDouble number) {
    return number.isPresent() ? (Object) number.getAsDouble() : AUTO;
  }

  /** A constant as configurations write it: {@code ROW_NUMBER} is {@code row-number}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * A duration in the greatest unit of which it is a whole number, such as {@code 90m}; none is
   * {@code 0s}.
   */
  static String text(Duration duration) {
    long nanos = duration.toNanos();
    String[] units = {"d", "h", "m", "s", "ms", "us"};
    long[] sizes = {
      86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000, 1_000_000, 1000
    };
    for (int u = nanos == 0 ? 3 : 0; u < units.length; u++) {
      if (nanos % sizes[u] == 0) {
        return nanos / sizes[u] + units[u];
      }
    }
    return nanos + "ns";
  }
}
