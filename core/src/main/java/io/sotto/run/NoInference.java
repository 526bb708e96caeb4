package io.sotto.run;

import io.sotto.problem.BadInputException;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.run.InferenceSettings.Enabled;
import java.util.Set;
import java.util.function.Consumer;

/** Runs that have no standard errors, as is known before they begin. */
final class NoInference {
  /** Losses with second derivatives. */
  static final Set<String> LOSSES =
      Set.of("squared", "logistic", "poisson", "softmax", "huber", PiecewiseExponential.NAME);

  /** Losses with a kink, whose second derivatives are estimated. */
  private static final Set<String> KINKED = Set.of("quantile", "absolute");

  private NoInference() {}

  /**
   * Warns of a run for which inference is known not to be valid, and refuses it where that is
   * insisted on.
   *
   * @throws BadInputException for that
   */
  static void require(
      Problem problem, Prepared prepared, InferenceSettings asked, Consumer<String> warnings) {
    boolean wanted = asked.enabled() != Enabled.FALSE;
    String reason = wanted ? reason(problem, prepared, asked) : "";
    if (reason.isEmpty()) {
      return;
    }
    if (asked.enabled() == Enabled.TRUE) {
      throw new BadInputException(
          "inference.enabled is true, and %s; or set inference.enabled = auto.".formatted(reason));
    }
    warnings.accept("There will be no standard errors: %s.".formatted(reason));
  }

  /**
   * Why there are no standard errors whatever the run finds, with what to do; empty if there are.
   */
  static String reason(Problem problem, Prepared prepared, InferenceSettings asked) {
    Costs costs = prepared.costs();
    if (!(problem instanceof RowsProblem rows) || rows.cost().isOwnObjective()) {
      return "the problem is not one of rows with a loss of Sotto: standard errors are those of"
          + " coefficients of columns";
    }
    if (!LOSSES.contains(costs.name()) && !KINKED.contains(costs.name())) {
      return "problem.loss is %s, which has no second derivatives: take squared, huber, quantile, absolute, logistic, poisson or softmax"
          .formatted(costs.name());
    }
    if (costs.nature().penalised()) {
      return "problem.l1 or problem.group-lasso is above 0: coefficients that the data made 0 have no"
          + " standard error; refit those that are left without it";
    }
    if (costs.name().equals("softmax") && rows.cost().l2() > 0) {
      return "problem.loss is softmax and problem.l2 is above 0, so that no class is the reference: set"
          + " problem.l2 = 0";
    }
    RunSettings.Mechanism mechanism = prepared.protection().asked().mechanism();
    if (mechanism == RunSettings.Mechanism.ROWS
        || mechanism == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY) {
      return "rows are to be hidden (privacy.protect = rows or differential-privacy): sums without noise"
          + " would tell of rows, and with noise the errors would be those of the noise; set"
          + " privacy.protect = offsets or sums";
    }
    int d = costs.dimension();
    return d <= asked.coordinates()
        ? ""
        : "there are %,d coordinates, and inference.max-coordinates is %,d: raise it, or name fewer columns in data.features"
            .formatted(d, asked.coordinates());
  }
}
