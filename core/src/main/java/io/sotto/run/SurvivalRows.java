package io.sotto.run;

import io.sotto.problem.Coordinates;
import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.problem.Standardization;
import io.sotto.problem.TimeCounts;
import io.sotto.run.RowSource.ScannedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rows with times, of which each stands for one row in each interval that its time reaches into.
 * Where intervals end is found from sums of counts over all rows.
 */
final class SurvivalRows {
  private SurvivalRows() {}

  /** With the intervals among the features. The rows themselves are split where they are loaded. */
  static ScannedRows of(ScannedRows rows, PiecewiseExponential asked) {
    TimeCounts times = Objects.requireNonNull(rows.times(), "times");
    Coordinates cuts = times.cuts(asked.intervals());
    PiecewiseExponential objective = asked.at(cuts);
    Schema schema = rows.schema();
    int n = schema.features().size();
    int all = n + cuts.size();
    List<String> features = new ArrayList<>(schema.features());
    features.addAll(objective.names());
    long splits = times.splits(cuts);
    Map<String, Object> report = new LinkedHashMap<>(rows.report());
    report.put("survival", report(times, cuts, splits));
    return new ScannedRows(
        rows.agents(),
        rows.rowsOf(),
        rows.weight(),
        splits * all,
        8 * splits * (all + 4) + rows.bytes(),
        new Schema(
            features,
            schema.intercept(),
            schema.sparse(),
            schema.vectors(),
            Objective.Shape.linear(1, all, schema.intercept()),
            schema.labels(),
            wider(schema.standardization(), all),
            schema.standardized(),
            schema.weight(),
            null,
            schema.leftOut(),
            schema.design(),
            cuts),
        new double[][] {Arrays.copyOf(rows.moments()[0], all), ones(rows.moments()[1], all)},
        rows.constant(),
        rows.digest(),
        rows.words(),
        report,
        (cost, regularizer, units) ->
            rows.cells().under(objective, regularizer, narrower(units, n)),
        times);
  }

  /** Columns of 0 and 1 stay as they are. */
  private static Standardization wider(Standardization units, int all) {
    return new Standardization(Arrays.copyOf(units.mean(), all), ones(units.deviation(), all));
  }

  private static Standardization narrower(Standardization units, int n) {
    return new Standardization(Arrays.copyOf(units.mean(), n), Arrays.copyOf(units.deviation(), n));
  }

  private static double[] ones(double[] numbers, int all) {
    double[] more = Arrays.copyOf(numbers, all);
    Arrays.fill(more, numbers.length, all, 1);
    return more;
  }

  private static Map<String, Object> report(TimeCounts times, Coordinates cuts, long splits) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("events", times.events());
    map.put("splitRows", splits);
    List<Object> intervals = new ArrayList<>();
    long[][] by = times.byInterval(cuts);
    for (int k = 0; k < by.length; k++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("from", k == 0 ? 0 : cuts.at(k - 1));
      if (k < cuts.size()) {
        one.put("to", cuts.at(k));
      }
      one.put("rowsThatEnd", by[k][0]);
      one.put("events", by[k][1]);
      intervals.add(one);
    }
    map.put("intervals", intervals);
    return map;
  }
}
