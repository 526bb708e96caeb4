package io.sotto.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sotto.problem.BadInputException;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.ConstraintSets;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Parameters;
import io.sotto.run.Part;
import io.sotto.run.RowCost;
import io.sotto.run.RunSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads {@code problem { ... }}.
 *
 * @param values what was given
 * @param warnings takes sentences about what is not used
 */
record ProblemReader(Values values, List<String> warnings) {
  private static final String GROUPS = "problem.group-lasso.groups";

  /** What rows cost. */
  RowCost cost() {
    return new RowCost(
        objective(),
        new SelectionReader(values).largest("problem.l2"),
        new SelectionReader(values).largest("problem.l1"),
        new RowCost.GroupLasso(fromZero("problem.group-lasso.weight"), groups()),
        classWeights());
  }

  private Part<Objective> objective() {
    if (new SurvivalReader(values).on()) {
      return new SurvivalReader(values).objective();
    }
    Optional<String> loss = values.text("problem.loss");
    Optional<String> objective = values.text("problem.objective");
    if (objective.isEmpty() && loss.isEmpty()) {
      throw values.missing("problem.loss", "give it a loss, such as logistic or squared");
    }
    if (objective.isPresent() && loss.isPresent()) {
      throw values.bad(
          "problem.objective",
          values.at("problem.objective"),
          "problem.loss is given, too, and only one of them can be: take one out");
    }
    if (objective.isPresent() && !objective.get().contains(".")) {
      throw values.bad(
          "problem.objective",
          values.at("problem.objective"),
          "it must be the full name of a class, such as com.example.MyObjective");
    }
    double delta = values.number("problem.huber-delta", d -> d > 0, "a number above 0");
    double level =
        values.number(
            "problem.quantile-level", l -> l > 0 && l < 1, "a number above 0 and below 1");
    Map<String, Object> own = ConfigReader.parameters(block("problem.parameters"), Set.of());
    if (objective.isPresent()) {
      Parameters parameters = new Parameters("problem.parameters", own);
      Objective made =
          values.made(
              values.at("problem.objective"),
              () -> Objectives.own("problem.objective", objective.get(), parameters));
      warnUnread(parameters, "problem.parameters");
      return Part.of(objective.get(), own, made);
    }
    String name = loss.orElseThrow();
    if (name.contains(".")) {
      Parameters parameters = new Parameters("problem.parameters", own);
      Objective made =
          values.made(
              values.at("problem.loss"), () -> Objectives.loss("problem.loss", name, parameters));
      warnUnread(parameters, "problem.parameters");
      return Part.of(name, own, made);
    }
    Map<String, Object> all = new TreeMap<>();
    all.put("huber-delta", delta);
    all.put("quantile-level", level);
    Parameters parameters = new Parameters("problem", all);
    Objective made =
        values.made(
            values.at("problem.loss"), () -> Objectives.loss("problem.loss", name, parameters));
    all.keySet().removeAll(parameters.unread());
    return Part.of(name, all, made);
  }

  private void warnUnread(Parameters parameters, String where) {
    for (String key : parameters.unread()) {
      warnings.add(where + "." + key + " is not used by the kind that was chosen.");
    }
  }

  private ConfigObject block(String path) {
    return (ConfigObject) values.at(path); // the schema has seen to that
  }

  private double fromZero(String path) {
    return values.number(path, number -> number >= 0, "a number from 0 on");
  }

  private Map<String, Double> classWeights() {
    Map<String, Double> weights = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : block("problem.class-weights").entrySet()) {
      String path = "problem.class-weights." + ConfigUtil.joinPath(entry.getKey());
      boolean nested = entry.getValue() instanceof ConfigObject;
      String what = "a number from 0 on" + (nested ? "; quote a label that holds dots" : "");
      weights.put(entry.getKey(), values.number(path, entry.getValue(), w -> w >= 0, what));
    }
    return Collections.unmodifiableMap(weights);
  }

  private List<List<String>> groups() {
    ConfigValue given = values.at(GROUPS);
    if (!(given instanceof ConfigList list)) {
      throw values.bad(GROUPS, given, "it must be a list of lists of features, [[a, b], [c]]");
    }
    List<List<String>> groups = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (ConfigValue one : list) {
      String key = GROUPS + "[" + groups.size() + "]";
      List<String> group = values.texts(key, one);
      if (group.isEmpty()) {
        throw values.bad(key, one, "name features, or leave it out");
      }
      for (String feature : group) {
        if (!seen.add(feature)) {
          throw values.bad(
              key, one, "'%s' is in another group, too; leave it in one".formatted(feature));
        }
      }
      groups.add(group);
    }
    if (groups.isEmpty() && values.changed("problem.group-lasso.weight")) {
      throw new BadInputException(
          "%s: problem.group-lasso.weight is given, and %s is empty; name groups of features."
              .formatted(values.place(values.at("problem.group-lasso.weight")), GROUPS));
    }
    return List.copyOf(groups);
  }

  /** The sets, in their order. */
  List<RunSettings.Constraint> constraints() {
    String example = "such as { set = ball, radius = 2 }";
    ConfigValue given = values.at("problem.constraints");
    if (!(given instanceof ConfigList list)) {
      throw values.bad(
          "problem.constraints", given, "it must be a list [ ... ] of blocks " + example);
    }
    List<RunSettings.Constraint> constraints = new ArrayList<>();
    for (ConfigValue one : list) {
      String key = RunSettings.Constraint.key(constraints.size());
      if (!(one instanceof ConfigObject block)) {
        throw values.bad(key, one, "it must be a block " + example);
      }
      Map<String, Object> parts = ConfigReader.parameters(block, Set.of("agents", "set", "units"));
      if (!(block.containsKey("set") && block.get("set").unwrapped() instanceof String set)) {
        throw values.bad(key, one, "its set is missing or no name: give it one, " + example);
      }
      Parameters parameters = new Parameters(key, parts);
      ConstraintSet made =
          values.made(one, () -> ConstraintSets.REGISTRY.make(key + ".set", set, parameters));
      warnUnread(parameters, key);
      constraints.add(
          new RunSettings.Constraint(
              Part.of(set, parts, made), agents(key, block), units(key, block, made)));
    }
    return List.copyOf(constraints);
  }

  private RunSettings.Units units(String key, ConfigObject constraint, ConstraintSet set) {
    ConfigValue value = constraint.get("units");
    if (value == null || value.valueType() == ConfigValueType.NULL) {
      return RunSettings.Units.SOLVED;
    }
    RunSettings.Units units = values.choice(key + ".units", value, RunSettings.Units.class);
    if (units == RunSettings.Units.ORIGINAL && !ConstraintSets.hasUnits(set)) {
      throw new BadInputException(
          "%s: %s.units is 'original'; %s"
              .formatted(values.place(value), key, ConstraintSets.SOLVED_UNITS_ONLY));
    }
    return units;
  }

  private List<String> agents(String key, ConfigObject constraint) {
    ConfigValue value = constraint.get("agents");
    if (value == null || value.valueType() == ConfigValueType.NULL) {
      return List.of();
    }
    List<String> agents = values.texts(key + ".agents", value);
    if (agents.isEmpty()) {
      throw values.bad(key + ".agents", value, "name agents, or leave it out to bind them all");
    }
    return agents;
  }
}
