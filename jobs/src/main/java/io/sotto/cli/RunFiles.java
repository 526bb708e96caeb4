package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Measurement;
import io.sotto.engine.Plan;
import io.sotto.engine.StepSearch;
import io.sotto.io.Dataset;
import io.sotto.io.EarlierRun;
import io.sotto.io.Standardization;
import io.sotto.network.SpectralGap;
import io.sotto.problem.Objective;
import io.sotto.result.Result;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What {@code solution.json} and {@code run.json} say. */
final class RunFiles {
  private final RunConfig config;
  private final Preparation.Prepared prepared;
  private final Coordinator coordinator;
  private final Result result;

  RunFiles(
      RunConfig config, Preparation.Prepared prepared, Coordinator coordinator, Result result) {
    this.config = config;
    this.prepared = prepared;
    this.coordinator = coordinator;
    this.result = result;
  }

  /** The solution: made to be handed to the parties. */
  Map<String, @Nullable Object> solution() {
    Dataset data = prepared.data();
    Standardization units = data.standardization();
    double[] x = result.last().estimate();
    Objective.Shape shape = data.shape();
    Standardization none = Standardization.none(data.features().size());
    Map<String, @Nullable Object> solution = new LinkedHashMap<>();
    solution.put("estimate", byOutput(units.coefficients(x, shape), shape));
    solution.put("intercept", one(units.intercepts(x, shape), shape));
    solution.put("features", data.features());
    solution.put("solvedEstimate", byOutput(none.coefficients(x, shape), shape));
    solution.put("solvedIntercept", one(none.intercepts(x, shape), shape));
    solution.put("standardization", pair("mean", units.mean(), "deviation", units.deviation()));
    solution.put("objective", result.last().objective());
    solution.put("certificate", result.certificate().toMap());
    solution.put("agents", data.agents().size());
    solution.put("dimension", data.dimension());
    if (data.labels().positive() != null) {
      solution.put(
          "labels",
          pair(
              "positive", data.labels().positive(),
              "negative", String.valueOf(data.labels().negative())));
    } else if (!data.labels().classes().isEmpty()) {
      solution.put("labels", data.labels().classes());
    }
    if (data.terms().offset() != null) {
      solution.put("offset", data.terms().offset());
    }
    return solution;
  }

  /** An array for each prediction, if there are several. */
  private static Object byOutput(double[] w, Objective.Shape shape) {
    if (shape.outputs() < 2) {
      return w;
    }
    int n = w.length / shape.outputs();
    return IntStream.range(0, shape.outputs())
        .mapToObj(k -> Arrays.copyOfRange(w, k * n, (k + 1) * n))
        .toList();
  }

  private static Object one(double[] intercepts, Objective.Shape shape) {
    return shape.outputs() == 1 ? (Object) intercepts[0] : intercepts;
  }

  /** The run: belongs to the operator. */
  Map<String, @Nullable Object> run(StepSearch.Choice step, Map<String, Double> phases)
      throws IOException {
    Measurement last = result.last();
    Plan plan = prepared.plan();
    Dataset data = prepared.data();
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    run.put("status", result.status().toString());
    run.put("stopReason", result.stopReason());
    run.put("ticks", last.tick());
    run.put("supersteps", last.superstep());
    run.put("updates", last.updates());
    run.put("wallSeconds", phases.values().stream().mapToDouble(Double::doubleValue).sum());
    run.put("optimizeSeconds", result.seconds());
    run.put("objective", last.objective());
    run.put("disagreement", last.disagreement());
    run.put("infeasibility", last.infeasibility());
    run.put("step", step(step));
    run.put("loss", prepared.config().problem().loss());
    prepared.earlier().ifPresent(earlier -> run.put("warmStart", warmStart(earlier)));
    run.put("candidate", last.candidate().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    run.put("certificate", result.certificate().toMap());
    run.put(
        "algorithm",
        pair(
            "name", prepared.config().algorithm().name(),
            "reason", prepared.because("algorithm")));
    run.put("privacy", prepared.protection().report(prepared.config(), data, plan, last.tick()));
    run.put("engine", coordinator.name());
    run.put("cells", plan.cut().cells());
    run.put("ticksPerSuperstep", plan.ticksPerSuperstep());
    run.put("engineReasons", prepared.why());
    run.put("seed", plan.seed());
    run.put("network", network(plan));
    run.put("rows", data.rows());
    run.put("weight", data.weight());
    run.put("rejectedRows", data.rejected().size());
    run.put("constantFeatures", data.constant());
    run.put("configuration", configuration());
    Map<String, Object> versions = pair("sotto", Version.sotto(), "spark", Version.spark());
    versions.put("java", System.getProperty("java.version"));
    run.put("versions", versions);
    run.put("inputs", inputs(data));
    run.put("phases", phases);
    return run;
  }

  private static Map<String, Object> step(StepSearch.Choice step) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("initial", step.initial());
    map.put("auto", !step.trials().isEmpty());
    map.put("from", step.from());
    map.put(
        "trials",
        step.trials().stream()
            .map(
                trial -> {
                  Map<String, @Nullable Object> entry = new LinkedHashMap<>();
                  entry.put("initial", trial.initial());
                  entry.put("ticks", trial.ticks());
                  entry.put("objective", finite(trial.objective()));
                  return entry;
                })
            .toList());
    return map;
  }

  private static Map<String, Object> warmStart(WarmStart earlier) {
    EarlierRun.Fit fit = earlier.fit();
    Map<String, Object> map = pair("path", earlier.path(), "ticks", fit.ticks());
    map.put("agents", fit.agents());
    map.put("newAgents", fit.newcomers());
    map.put("newFeatures", fit.newFeatures());
    map.put("lostFeatures", fit.lostFeatures());
    map.put("links", fit.links());
    return map;
  }

  private Map<String, Object> network(Plan plan) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("links", plan.network().links());
    map.put("drawAttempts", prepared.around().attempts());
    map.put("directed", plan.network().directed());
    map.put("messages", prepared.around().conditions());
    if (!plan.network().directed()) { // which has no symmetric matrix, and so no such gap
      SpectralGap gap = SpectralGap.of(plan.network());
      map.put("spectralGap", gap.gap());
      map.put("spectralGapMethod", gap.method().name().toLowerCase(Locale.ROOT));
      map.put("spectralGapIsUpperBound", gap.upperBound());
    }
    map.put("borderPairs", plan.cut().borderPairs(plan.network()));
    return map;
  }

  /** Without what belongs to single agents, unless they are to be named. */
  private Map<String, Object> configuration() {
    Map<String, Object> map = config.toMap();
    if (!config.output().perAgent()) {
      map.remove("clock");
      map.remove("problem");
      map.remove("audit");
    }
    return map;
  }

  private static List<Map<String, Object>> inputs(Dataset data) {
    return data.parts().stream()
        .map(
            part -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("path", part.file().uri());
              entry.put("bytes", part.file().bytes());
              entry.put("sha256", part.checksum());
              return entry;
            })
        .toList();
  }

  /** In the order given; the order of {@code Map.of} differs from one JVM to the next. */
  private static Map<String, Object> pair(String key, Object value, String next, Object last) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    map.put(next, last);
    return map;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
