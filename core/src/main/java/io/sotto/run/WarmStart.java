package io.sotto.run;

import io.sotto.engine.Origin;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Objective;
import io.sotto.problem.Registry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The earlier result that a run starts from in place of 0. What does not fit is refused by name.
 * Harmless differences are not: a new agent starts from the earlier solution; a new feature starts
 * at 0, which gives the same model as before; a column of libsvm that no row has any more is
 * dropped. The coordinates of a model of language are all there, or it does not fit.
 *
 * @param earlier the result
 * @param origin where agents start
 * @param ticks that led there, those of runs before included
 * @param agents how many agents the earlier run had, too
 * @param newcomers how many are new
 * @param newFeatures the features that start at 0
 * @param lostFeatures the features that are dropped
 * @param links whether the duals of links are taken over
 * @param otherTerms whether they were left out because costs are or were moved by linear terms: the
 *     duals of an agent sum to a subgradient of its cost as it was moved, so that those of two runs
 *     would tell how the terms differ
 */
public record WarmStart(
    EarlierResult earlier,
    Origin origin,
    double ticks,
    int agents,
    int newcomers,
    List<String> newFeatures,
    List<String> lostFeatures,
    boolean links,
    boolean otherTerms) {
  private static final String KEY = "warm-start";

  /**
   * Fits an earlier result to the costs of this run.
   *
   * @param protection of this run
   * @param digest of this run
   * @throws BadInputException if it does not fit
   */
  static WarmStart of(EarlierResult earlier, Costs costs, Protection protection, String digest)
      throws IOException {
    RunRecord record = earlier.record();
    Solution solution = earlier.solution();
    Schema schema = costs.schema();
    if (schema == null && !costs.name().equals(LanguageProblem.NAME)) {
      throw refused(earlier, "this problem has no features to match", "Leave it out");
    }
    requireSame(earlier, "problem.loss", record.loss(), costs.name(), "Solve that loss without it");
    if (schema != null) {
      requireSameLabels(earlier, schema, costs.shape());
    }
    List<String> names = solution.features();
    List<String> now = schema == null ? List.of() : schema.features();
    List<String> lost = new ArrayList<>(names);
    lost.removeAll(new HashSet<>(now));
    if (!lost.isEmpty() && (schema == null || !schema.sparse())) {
      throw refused(
          earlier,
          "it has the feature '%s', which the rows do not have; maybe '%s' is meant"
              .formatted(lost.get(0), Registry.nearest(lost.get(0), now)),
          "Give the column its old name back, or leave warm-start out");
    }
    Map<String, Integer> at = new HashMap<>();
    for (int j = 0; j < names.size(); j++) {
      at.put(names.get(j), j);
    }
    Objective.Shape shape = costs.shape();
    int[] feature =
        shape.outputs() > 0
            ? now.stream().mapToInt(f -> at.getOrDefault(f, -1)).toArray()
            : IntStream.range(0, shape.coefficients()).toArray();
    int features = shape.outputs() > 0 ? names.size() : shape.coefficients();
    double ticks = record.ticks();
    EarlierResult.Fit fit =
        new EarlierResult.Fit(
            ticks,
            costs.agents(),
            features,
            feature,
            fallback(earlier, shape, features, feature),
            costs.units(),
            shape);
    boolean same = !protection.offsets() && record.termsMark().equals(protection.termsMark(digest));
    boolean taken = same && !protection.sums(); // sums have no duals
    EarlierResult.Kept kept = earlier.kept(fit, taken);
    return new WarmStart(
        earlier,
        kept.origin(),
        ticks,
        kept.agents(),
        costs.count() - kept.agents(),
        now.stream().filter(f -> !at.containsKey(f)).toList(),
        lost,
        taken && kept.hasLinks(),
        !same && kept.hasLinks());
  }

  private static void requireSameLabels(
      EarlierResult earlier, Schema schema, Objective.Shape shape) {
    Solution solution = earlier.solution();
    requireSame(
        earlier,
        "data.intercept",
        Boolean.toString(solution.hasIntercept()),
        Boolean.toString(shape.dimension() > shape.coefficients()),
        "Set it as it was");
    LabelCode labels = schema.labels();
    if (labels.positive() != null) {
      requireSame(
          earlier,
          "the class that counts as +1",
          LabelCode.canonical(solution.positive()),
          LabelCode.canonical(labels.positive()),
          "Set data.positive");
    } else if (!labels.classes().isEmpty()) {
      requireSame(
          earlier,
          "the list of classes",
          solution.labels().stream().map(LabelCode::canonical).toList().toString(),
          labels.classes().stream().map(LabelCode::canonical).toList().toString(),
          "Leave warm-start out");
    }
  }

  /** By coordinate, where new agents start, in original units. */
  private static double[] fallback(
      EarlierResult earlier, Objective.Shape shape, int features, int[] feature) {
    int outputs = shape.coefficients() / feature.length;
    double[] estimate = earlier.solution().estimate();
    requireCount(earlier, estimate.length, outputs * features);
    double[] fallback = new double[shape.dimension()];
    for (int j = 0; j < shape.coefficients(); j++) {
      int was = feature[j % feature.length];
      fallback[j] = was < 0 ? 0 : estimate[j / feature.length * features + was];
    }
    int others = shape.dimension() - shape.coefficients();
    if (others > 0) {
      double[] last = earlier.solution().intercepts();
      requireCount(earlier, last.length, others);
      System.arraycopy(last, 0, fallback, shape.coefficients(), others);
    }
    return fallback;
  }

  private static void requireCount(EarlierResult earlier, int found, int wanted) {
    if (found != wanted) {
      throw refused(
          earlier,
          "it has %d coordinates where there are %d".formatted(found, wanted),
          "Name an output of the same problem, or leave it out");
    }
  }

  private static void requireSame(
      EarlierResult earlier, String what, String then, String now, String remedy) {
    if (!then.equals(now)) {
      throw refused(earlier, "%s was %s there, and is %s".formatted(what, then, now), remedy);
    }
  }

  private static BadInputException refused(EarlierResult earlier, String what, String remedy) {
    return new BadInputException(
        "%s is '%s'; %s. %s.".formatted(KEY, earlier.where(), what, remedy));
  }

  /**
   * The first step of that run, in the units of this one; NaN if its steps are no guide, which they
   * are only for the same method on columns of the same scale. Steps are in proportion to the
   * number of agents, as costs are means.
   */
  public double step(RunSettings settings, boolean standardized, int count) {
    RunRecord was = earlier.record();
    boolean same =
        was.method().equals(settings.algorithm().name())
            && was.exponent() == settings.algorithm().step().exponent()
            && was.standardized() == standardized;
    double step = was.step();
    int before = earlier.solution().agents();
    return same && step > 0 ? step * count / before : Double.NaN;
  }

  /** Tells one starting point from another. */
  String digest() {
    return new RunDigest()
        .number("estimate", earlier.solution().estimate())
        .number("intercepts", earlier.solution().intercepts())
        .number("ticks", ticks)
        .text("terms", earlier.record().termsMark())
        .text("run", earlier.record().digest())
        .hex();
  }

  /** For {@code run.json}. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("path", earlier.where());
    map.put("ticks", ticks);
    map.put("agents", agents);
    map.put("newAgents", newcomers);
    map.put("newFeatures", newFeatures);
    map.put("lostFeatures", lostFeatures);
    map.put("links", links);
    return map;
  }

  /** For people. */
  public String words() {
    StringBuilder words = new StringBuilder();
    words.append(
        "%s agents go on from where they stood in %s, after %s ticks%s"
            .formatted(
                Text.count(agents),
                earlier.where(),
                Text.count((long) ticks),
                links ? ", with their links" : ""));
    if (otherTerms) {
      words.append(
          "; their links start anew, because costs are moved by random terms, and duals of two runs"
              + " would tell how these differ");
    }
    if (newcomers > 0) {
      words.append("; %s start at its solution".formatted(Text.count(newcomers)));
    }
    if (!newFeatures.isEmpty()) {
      words.append("; new, and at 0: ").append(String.join(", ", newFeatures));
    }
    if (!lostFeatures.isEmpty()) {
      words.append("; no longer there: ").append(String.join(", ", lostFeatures));
    }
    return words.toString();
  }
}
