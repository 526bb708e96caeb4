package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.io.Dataset;
import io.sotto.problem.BadInputException;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.ConstraintSets;
import io.sotto.problem.Groups;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What {@code problem { ... }} is made of.
 *
 * @param config the configuration
 * @param warnings take what was given and is not used
 */
record ProblemParts(RunConfig config, Consumer<String> warnings) {
  private static final String GROUPS = "problem.group-lasso.groups";

  /** The cost of rows. */
  Objective objective() {
    RunConfig.Problem problem = config.problem();
    Parameters parameters = problem.lossParameters();
    Objective objective =
        problem.objective().isPresent()
            ? Objectives.own("problem.objective", problem.objective().get(), parameters)
            : Objectives.loss("problem.loss", problem.loss(), parameters);
    if (problem.loss().isEmpty() || problem.loss().contains(".")) {
      warnUnread(parameters, "problem.parameters");
    }
    if (config.data().offset().isPresent() && !objective.offsets()) {
      throw new BadInputException(
          "data.offset is '%s'; it makes no difference to %s, so leave it out."
              .formatted(config.data().offset().get(), problem.objective().orElse(problem.loss())));
    }
    return objective;
  }

  /** The sets, in their order. */
  List<ConstraintSet> sets() {
    List<ConstraintSet> sets = new ArrayList<>();
    for (int i = 0; i < config.problem().constraints().size(); i++) {
      Parameters parameters = config.problem().constraintParameters(i);
      String key = RunConfig.Problem.constraintKey(i);
      String name = config.problem().constraints().get(i).set();
      sets.add(ConstraintSets.REGISTRY.make(key + ".set", name, parameters));
      warnUnread(parameters, key);
    }
    return sets;
  }

  /** The penalties; groups are of features that the rows have. */
  Regularizer regularizer(Dataset data) {
    RunConfig.GroupLasso lasso = config.problem().groupLasso();
    Map<String, Integer> position = new HashMap<>();
    for (int j = 0; j < data.schema().features().size(); j++) {
      position.put(data.schema().features().get(j), j);
    }
    List<List<Integer>> groups = new ArrayList<>();
    for (List<String> names : lasso.groups()) {
      List<Integer> group = new ArrayList<>();
      for (String name : names) {
        Integer feature = position.get(name);
        if (feature == null) {
          throw new BadInputException(
              "%s[%d] names the feature '%s', which the rows do not have; maybe '%s' is meant."
                  .formatted(
                      GROUPS,
                      groups.size(),
                      name,
                      Registry.nearest(name, data.schema().features())));
        }
        group.add(feature);
      }
      groups.add(group);
    }
    int outputs = data.schema().shape().outputs();
    if (outputs == 0 && lasso.weight() > 0) {
      throw new BadInputException(
          "problem.group-lasso.weight is %s; the coefficients of problem.objective are not those of"
                  .formatted(lasso.weight())
              + " features: set it to 0.");
    }
    return new Regularizer(
        config.problem().l2(),
        config.problem().l1(),
        lasso.weight() > 0
            ? Groups.of(lasso.weight(), groups, data.schema().features().size(), outputs)
            : Groups.NONE);
  }

  private void warnUnread(Parameters parameters, String where) {
    for (String key : parameters.unread()) {
      warnings.accept(where + "." + key + " is not used by the kind that was chosen.");
    }
  }
}
