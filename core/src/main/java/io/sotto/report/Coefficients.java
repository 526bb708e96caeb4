package io.sotto.report;

import io.sotto.result.Measured;
import io.sotto.run.Solution;
import io.sotto.run.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The coefficients of a solution, largest effect first, with intervals where there are any. An
 * effect is a coefficient times the deviation of its column, so that columns in different units can
 * be compared.
 */
final class Coefficients {
  /** As many are shown. */
  static final int MOST = 60;

  /** Costs without columns have coordinates, and beyond so many of them nobody looks at one. */
  private static final int MOST_COORDINATES = 10_000;

  private final Solution solution;
  private final List<Map<String, @Nullable Object>> terms = new ArrayList<>();

  private Coefficients(Solution solution) {
    this.solution = solution;
  }

  /** For the page. */
  static Map<String, @Nullable Object> of(Solution solution, Measured measured) {
    return new Coefficients(solution).map(measured);
  }

  private Map<String, @Nullable Object> map(Measured measured) {
    Summary summary = solution.summary();
    boolean inferred = summary != null && summary.holds();
    if (summary != null && inferred) {
      addTerms(summary);
    } else if (solution.outputs() > 0 || solution.dimension() <= MOST_COORDINATES) {
      addEstimates();
    }
    terms.sort(Comparator.comparingDouble(term -> -size(term)));
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("count", terms.size());
    map.put("terms", terms.subList(0, Math.min(MOST, terms.size())));
    map.put("scaled", !solution.standardization().isNone());
    map.put("classes", solution.labels());
    map.put("positive", solution.positive());
    map.put("inferred", inferred);
    if (summary != null) {
      map.put("reason", summary.reason());
      map.put("ratio", summary.ratio());
      map.put("level", Summary.LEVEL);
      map.put("lines", inferred ? summary.notes() : List.of());
      map.put("fit", Settings.flat(fit(summary)));
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    for (String name : measured.names()) {
      if (!Double.isNaN(measured.of(name))) {
        numbers.put(name, measured.of(name));
      }
    }
    map.put("measures", numbers);
    return map;
  }

  /** What is said of the fit as a whole. */
  private static Map<String, @Nullable Object> fit(Summary summary) {
    Map<String, @Nullable Object> all = summary.toMap();
    all.keySet().removeAll(List.of("terms", "covariance", "notes"));
    return all;
  }

  private static double size(Map<String, @Nullable Object> term) {
    return term.get("effect") instanceof Double effect ? Math.abs(effect) : Double.MAX_VALUE;
  }

  /** In blocks of one prediction each: the intercept, then the columns. */
  private void addTerms(Summary summary) {
    int block = solution.features().size() + (solution.hasIntercept() ? 1 : 0);
    for (int k = 0; k < summary.terms().size(); k++) {
      int feature = k % block - (solution.hasIntercept() ? 1 : 0);
      Summary.Term term = summary.terms().get(k);
      if (Double.isNaN(term.estimate())) {
        continue; // the notes tell of it
      }
      Map<String, @Nullable Object> map = add(term.name(), term.estimate(), feature);
      double unit = unit(feature);
      map.put("low", term.low());
      map.put("high", term.high());
      map.put("pValue", term.pValue());
      map.put("effectLow", Double.isNaN(unit) ? null : term.low() * unit);
      map.put("effectHigh", Double.isNaN(unit) ? null : term.high() * unit);
    }
  }

  private void addEstimates() {
    int outputs = Math.max(1, solution.outputs());
    int n = solution.estimate().length / outputs;
    for (int k = 0; k < outputs; k++) {
      String of = outputs == 1 ? "" : solution.labels().get(k) + ":";
      if (solution.hasIntercept()) {
        add(of + Summary.INTERCEPT, solution.intercepts()[k], -1);
      }
      for (int j = 0; j < n; j++) {
        String name = j < solution.features().size() ? solution.features().get(j) : "x" + j;
        add(of + name, solution.estimate()[k * n + j], j);
      }
    }
  }

  /** What a column is multiplied by to be in deviations; NaN for an intercept. */
  private double unit(int feature) {
    double[] deviation = solution.standardization().deviation();
    if (feature < 0) {
      return Double.NaN;
    }
    return feature < deviation.length ? deviation[feature] : 1;
  }

  private Map<String, @Nullable Object> add(String name, double estimate, int feature) {
    double unit = unit(feature);
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("estimate", estimate);
    map.put("effect", Double.isNaN(unit) ? null : estimate * unit);
    terms.add(map);
    return map;
  }
}
