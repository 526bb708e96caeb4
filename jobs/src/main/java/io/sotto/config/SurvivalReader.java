package io.sotto.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import io.sotto.formula.Formula;
import io.sotto.formula.Terms;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Objective;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.run.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code survival { ... }}: the time until an event, in place of a label and a loss.
 *
 * @param values what was given
 */
record SurvivalReader(Values values) {
  private static final String TIME = "survival.time";
  private static final String EVENT = "survival.event";
  private static final String CUTS = "survival.cuts";
  private static final String INTERVALS = "survival.intervals";

  /** What a time and its event take the place of. */
  private static final List<String> REPLACED =
      List.of(
          "data.label",
          "data.offset",
          "data.positive",
          "problem.loss",
          "problem.objective",
          "problem.class-weights");

  /** Whether the block is given. */
  boolean on() {
    return values.changed("survival");
  }

  /** The column of times. */
  Optional<String> time() {
    return Optional.of(
        values.text(
            TIME, "give it the column of times until the event, or until a row was last seen"));
  }

  /** The column of events. */
  Optional<String> event() {
    return Optional.of(
        values.text(
            EVENT, "give it the column that is 1 if the event happened at that time, else 0"));
  }

  /** The terms of a formula, left of which nothing stands. */
  Formula formula(String text) {
    Formula formula = Formula.parse(text, time().orElseThrow());
    Terms terms = formula.over(List.of());
    if (!terms.intercept()) {
      throw new BadInputException(
          "problem.formula: the constant is the hazard of the first interval; take -1 or 0 out");
    }
    if (!terms.offsets().isEmpty()) {
      throw new BadInputException(
          "problem.formula: the offset is the time that a row spends in an interval; take offset() out");
    }
    return formula;
  }

  /** Refuses what does not go with it. */
  void check(RunConfig.Format format) {
    if (!on()) {
      return;
    }
    if (format == RunConfig.Format.LIBSVM) {
      throw values.bad(
          "data.format",
          values.at("data.format"),
          "survival names two columns, and those of libsvm have" + " no names: use csv or parquet");
    }
    for (String key : REPLACED) {
      if (values.changed(key)) {
        throw values.bad(
            key, values.at(key), "survival says what is predicted, and how: leave it out");
      }
    }
    if (!values.flag("data.intercept")) {
      throw values.bad(
          "data.intercept",
          values.at("data.intercept"),
          "the intercept is the hazard of the first interval: leave it out");
    }
  }

  /** What rows with times cost. */
  Part<Objective> objective() {
    boolean given = values.changed(CUTS);
    if (given && values.changed(INTERVALS)) {
      throw values.bad(
          INTERVALS, values.at(INTERVALS), "survival.cuts says how many there are: leave one out");
    }
    List<Double> cuts = cuts();
    int intervals = (int) values.whole(INTERVALS, 1, 1000, "a whole number from 1 to 1000");
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (given) {
      parameters.put("cuts", cuts);
    } else {
      parameters.put("intervals", intervals);
    }
    return Part.of(
        PiecewiseExponential.NAME,
        parameters,
        given
            ? new PiecewiseExponential(cuts.size() + 1, PiecewiseExponential.cuts(cuts))
            : new PiecewiseExponential(intervals, null));
  }

  private List<Double> cuts() {
    ConfigValue value = values.at(CUTS);
    String remedy = "it must be a list of ascending numbers above 0, such as [30, 90, 365]";
    if (!(value instanceof ConfigList list)) {
      throw values.bad(CUTS, value, remedy);
    }
    List<Double> cuts = new ArrayList<>();
    for (ConfigValue one : list) {
      double before = cuts.isEmpty() ? 0 : cuts.get(cuts.size() - 1);
      cuts.add(values.number(CUTS, one, cut -> cut > before, remedy));
    }
    return cuts;
  }
}
