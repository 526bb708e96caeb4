package io.sotto.run;

import io.sotto.engine.Plan;
import io.sotto.engine.StepControl;
import io.sotto.network.Network;
import io.sotto.network.SpectralGap;
import io.sotto.problem.Measures;
import io.sotto.result.Measured;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run.json} says of a run. It belongs to the operator.
 *
 * @param map the fields of {@code run.json} by name
 */
public record RunRecord(Map<String, @Nullable Object> map) {

  /** The version that is written today. A file without a number is of version 1. */
  public static final int FORMAT_VERSION = 2;

  /**
   * Makes the record of a run.
   *
   * @param gap the spectral gap of the network; null if it is directed
   * @param guarantee what offsets promise; null without
   * @param rounds how far rounds of sums came; null without
   * @param summary what was inferred; null if it was not asked for
   * @param path what held-out rows said of penalties; null if none were tried
   * @param routing which experts tokens have; null without experts
   * @param engine the engine that computed it
   * @param clock knows how long each phase took
   * @param configuration what to run again for the same bits, as JSON has values
   * @param versions of what ran it
   */
  static RunRecord of(
      Prepared prepared,
      Result result,
      StepSearch.Choice step,
      @Nullable SpectralGap gap,
      @Nullable Guarantee guarantee,
      @Nullable Rounds rounds,
      @Nullable Summary summary,
      @Nullable PenaltyPath path,
      @Nullable ExpertLoads routing,
      String engine,
      RunClock clock,
      Map<String, Object> configuration,
      Map<String, Object> versions) {
    Measurement last = result.last();
    Plan plan = prepared.plan();
    Costs costs = prepared.costs();
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    run.put("formatVersion", FORMAT_VERSION);
    run.put("status", result.status().toString());
    run.put("stopReason", result.stopReason());
    run.put("ticks", last.tick());
    run.put("supersteps", last.superstep());
    run.put("updates", last.updates());
    run.put("wallSeconds", clock.seconds());
    run.put("optimizeSeconds", result.seconds());
    boolean measured = last.isMeasured();
    if (measured) {
      run.put("objective", last.objective());
    }
    run.put("disagreement", last.disagreement());
    run.put("infeasibility", last.infeasibility());
    run.putAll(measures(last.measured(), costs.agents()));
    if (routing != null) {
      run.put("routing", routing.toMap());
    }
    run.put("step", step.isNone() ? Map.of("from", step.from()) : step(step, result.control()));
    if (rounds != null) {
      run.put("rounds", rounds.toMap());
    }
    run.put("loss", costs.name());
    prepared.warmStart().ifPresent(start -> run.put("warmStart", start.toMap()));
    run.put("candidate", last.candidate().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (measured) {
      run.put("certificate", result.certificate().toMap());
    } else {
      run.put("leftOut", RowsProtection.LEFT_OUT);
    }
    if (summary != null) {
      run.put("inference", Inference.record(summary, prepared));
    }
    if (path != null) {
      run.put("selection", path.toMap());
    }
    run.put("algorithm", algorithm(prepared, costs));
    run.put(
        "privacy", ProtectionReport.of(prepared, last.tick(), rounds, summary, path, guarantee));

    if (measured) {
      run.put("digest", prepared.digest());
    }
    run.put("engine", engine);
    run.put("cells", plan.partition().cells());
    run.put("ticksPerSuperstep", plan.ticksPerSuperstep());
    run.put("engineReasons", prepared.why());
    run.put("seed", plan.seed());
    run.put("network", network(prepared, gap));
    run.putAll(measured ? costs.report() : RowsProtection.counts(costs.report()));
    run.put("configuration", configuration);
    run.put("versions", versions);
    run.put("phases", clock.phases());
    return new RunRecord(run);
  }

  private static Map<String, Object> algorithm(Prepared prepared, Costs costs) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", prepared.settings().algorithm().name());
    map.put("exponent", prepared.settings().algorithm().step().exponent());
    Schema schema = costs.schema();
    map.put("standardized", schema != null && schema.standardized());
    map.put("reason", prepared.because("algorithm"));
    return map;
  }

  /** A held-out loss stands alone, several numbers in a block. */
  private static Map<String, Object> measures(Measured measured, List<String> agents) {
    Map<String, Object> map = new LinkedHashMap<>();
    Map<String, Object> all = numbers(measured.names(), measured::of);
    if (measured.names().equals(List.of(Measures.HELD_OUT))) {
      map.putAll(all);
      map.put(
          Measures.HELD_OUT + "ByAgent",
          numbers(agents, name -> measured.of(Measures.HELD_OUT, agents.indexOf(name))));
    } else if (!all.isEmpty()) {
      map.put("measures", all);
      Map<String, Object> byAgent = new LinkedHashMap<>();
      for (int i = 0; i < agents.size(); i++) {
        int agent = i;
        Map<String, Object> own = numbers(measured.names(), name -> measured.of(name, agent));
        if (!own.isEmpty()) {
          byAgent.put(agents.get(i), own);
        }
      }
      map.put("measuresByAgent", byAgent);
    }
    return map;
  }

  /** Numbers by name, without those that there are not. */
  private static Map<String, Object> numbers(List<String> names, ToDoubleFunction<String> number) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (String name : names) {
      double value = number.applyAsDouble(name);
      if (!Double.isNaN(value)) {
        map.put(name, value);
      }
    }
    return map;
  }

  private static Map<String, Object> step(StepSearch.Choice step, StepControl end) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("initial", step.initial());
    map.put("last", end.step());
    map.put("changes", end.changes());
    map.put("auto", !step.from().equals("configuration"));
    map.put("from", step.from());
    map.put("trials", step.trials().stream().map(RunRecord::trial).toList());
    return map;
  }

  private static Map<String, @Nullable Object> trial(StepSearch.Trial trial) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("initial", trial.initial());
    entry.put("ticks", trial.ticks());
    entry.put("objective", Double.isFinite(trial.objective()) ? trial.objective() : null);
    return entry;
  }

  private static Map<String, Object> network(Prepared prepared, @Nullable SpectralGap gap) {
    Plan plan = prepared.plan();
    Map<String, Object> map = new LinkedHashMap<>();
    Network network = prepared.around().network();
    map.put("links", network.links());
    map.put("drawAttempts", prepared.around().attempts());
    map.put("directed", network.directed());
    map.put("messages", prepared.around().conditions());
    if (gap != null) {
      map.put("spectralGap", gap.gap());
      map.put("spectralGapMethod", gap.method().name().toLowerCase(Locale.ROOT));
      map.put("spectralGapIsUpperBound", gap.upperBound());
    }
    map.put("borderPairs", plan.partition().borderPairs(plan.network()));
    return map;
  }

  /** The ticks of that run and of those that it started from. */
  double ticks() {
    return file().number("ticks", 0) + file().block("warmStart").number("ticks", 0);
  }

  /** The name of the cost. */
  String loss() {
    return file().text("loss");
  }

  /** The method. */
  String method() {
    return file().block("algorithm").text("name");
  }

  /** How fast its steps shrank; NaN if that is not known. */
  double exponent() {
    Written step = file().block("configuration").block("algorithm").block("step");
    return file().block("algorithm").number("exponent", step.number("exponent", Double.NaN));
  }

  /** Whether columns were scaled. */
  boolean standardized() {
    Written algorithm = file().block("algorithm");
    return algorithm.map().containsKey("standardized")
        ? algorithm.flag("standardized")
        : file().block("configuration").block("data").flag("standardize");
  }

  /** The step that a run from it begins with: its last, or its first; NaN if it has none. */
  double step() {
    Written step = file().block("step");
    return step.number("changes", 0) > 0
        ? step.number("last", Double.NaN)
        : step.number("initial", Double.NaN);
  }

  /**
   * A mark of the linear terms that offsets added to costs: equal marks mean equal terms. Empty
   * without offsets.
   */
  String termsMark() {
    return file().block("privacy").text("termsMark");
  }

  /** The digest of the run; empty if a version before wrote it. */
  String digest() {
    return file().text("digest");
  }

  private Written file() {
    return new Written("run.json", map);
  }

  /**
   * Reads a record that this version or an earlier one wrote.
   *
   * @param map as a JSON parser has it
   * @throws io.sotto.problem.BadInputException if a later version wrote it
   */
  public static RunRecord of(Map<String, ?> map) {
    Written file = new Written("run.json", map);
    file.requireVersion(FORMAT_VERSION);
    return new RunRecord(new LinkedHashMap<>(map));
  }

  /** How the run ended, as {@code run.json} says it. */
  public String status() {
    return file().text("status");
  }
}
