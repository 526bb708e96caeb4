package io.sotto.run;

import io.sotto.problem.Coordinates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hazard of a row whose columns have the values {@link #at}, and what follows from it: the
 * content of {@code survival.csv} and of the field {@code survival} of {@code solution.json}.
 *
 * @param at by feature, the value of the column: its mean over all rows where columns were centred,
 *     else 0
 * @param steps one for each interval
 */
public record SurvivalCurve(Map<String, Double> at, List<Step> steps) {
  private static final String HEADER = "from,to,hazard,cumulativeHazard,survival";

  /**
   * An interval.
   *
   * @param from where it begins, in units of the time
   * @param to where it ends; +infinity for the last
   * @param hazard events for each unit of time
   * @param cumulative the hazard times time, summed up to the end; +infinity for the last
   * @param survival the probability that the event has not happened by the end
   */
  public record Step(double from, double to, double hazard, double cumulative, double survival) {}

  /**
   * At a point.
   *
   * @param x in the coordinates in which costs are computed
   */
  static SurvivalCurve of(Costs costs, Schema schema, double[] x) {
    Coordinates cuts = schema.cuts();
    int intervals = cuts.size() + 1;
    double[] w = costs.units().coefficients(x, costs.shape());
    int n = w.length - cuts.size();
    Map<String, Double> at = new LinkedHashMap<>();
    for (int j = 0; j < n; j++) {
      at.put(schema.features().get(j), costs.units().mean()[j]);
    }
    double constant = x[x.length - 1]; // of the row at the means
    List<Step> steps = new ArrayList<>();
    double cumulative = 0;
    for (int k = 0; k < intervals; k++) {
      double from = k == 0 ? 0 : cuts.at(k - 1);
      double to = k < cuts.size() ? cuts.at(k) : Double.POSITIVE_INFINITY;
      double hazard = StrictMath.exp(constant + (k == 0 ? 0 : w[n + k - 1]));
      cumulative += hazard * (to - from);
      steps.add(new Step(from, to, hazard, cumulative, StrictMath.exp(-cumulative)));
    }
    return new SurvivalCurve(at, steps);
  }

  /** The lines of {@code survival.csv}. */
  public List<String> csv() {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (Step step : steps) {
      boolean last = step.to == Double.POSITIVE_INFINITY;
      lines.add(
          "%s,%s,%s,%s,%s"
              .formatted(
                  step.from,
                  last ? "" : step.to,
                  step.hazard,
                  last ? "" : step.cumulative,
                  last ? "" : step.survival));
    }
    return lines;
  }

  /** As {@code solution.json} has it. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", at);
    List<Object> all = new ArrayList<>();
    for (Step step : steps) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("from", step.from);
      if (step.to < Double.POSITIVE_INFINITY) {
        one.put("to", step.to);
      }
      one.put("hazard", step.hazard);
      if (step.to < Double.POSITIVE_INFINITY) {
        one.put("cumulativeHazard", step.cumulative);
        one.put("survival", step.survival);
      }
      all.add(one);
    }
    map.put("intervals", all);
    return map;
  }
}
