package io.sotto.run;

import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import java.util.List;
import java.util.Map;

/**
 * The cost of rows: the loss and the penalties.
 *
 * @param objective the loss of a row
 * @param l2 weight of half the squared norm of the coefficients, from 0 on
 * @param l1 weight of the sum of absolute coefficients, from 0 on
 * @param groupLasso a penalty on groups of features
 * @param classWeights by label, what its rows count for; 1 for others
 */
public record RowCost(
    Part<Objective> objective,
    double l2,
    double l1,
    GroupLasso groupLasso,
    Map<String, Double> classWeights) {

  /** A penalty on groups of features, by name. */
  public record GroupLasso(double weight, List<List<String>> groups) {
    /** None. */
    public static final GroupLasso NONE = new GroupLasso(0, List.of());
  }

  /** A cost without a penalty. */
  public static RowCost of(Objective objective) {
    return new RowCost(
        Part.made(Objectives.name(objective), objective), 0, 0, GroupLasso.NONE, Map.of());
  }

  /** The same with another l2. */
  public RowCost l2(double weight) {
    return new RowCost(objective, weight, l1, groupLasso, classWeights);
  }

  /** The same with another l1. */
  public RowCost l1(double weight) {
    return new RowCost(objective, l2, weight, groupLasso, classWeights);
  }

  /** Whether labels are times. */
  public boolean isOfTimes() {
    return objective.value().labels() == Loss.Labels.TIME;
  }

  /** Whether it is a whole objective of the user's own, not a loss of one prediction. */
  public boolean isOwnObjective() {
    return !Objectives.isLoss(objective.value()) && objective.name().contains(".");
  }
}
