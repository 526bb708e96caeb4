package io.sotto.run;

import io.sotto.result.Result;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Optimize#run}.
 *
 * @param solution the solution, to be handed to the parties
 * @param record what {@code run.json} says; it belongs to the operator
 * @param result how it ended, with its trace
 * @param prepared what was decided
 * @param routing which experts the tokens of each agent have; null for what has no experts, and
 *     where the deadline ended the run
 */
public record RunResult(
    Solution solution,
    RunRecord record,
    Result result,
    Prepared prepared,
    @Nullable ExpertLoads routing) {

  /**
   * How far each coefficient is at most from its maximum likelihood estimate on the rows of all, in
   * its standard errors; NaN if that is not certified, or F is no likelihood.
   */
  public double standardErrors() {
    Costs costs = prepared.costs();
    if (!costs.nature().likelihood()) {
      return Double.NaN;
    }
    double weight = costs.work().weight();
    double free = Math.max(1, weight - costs.dimension());
    boolean normal = costs.name().equals("squared");
    double dispersion = normal ? 2 * result.last().objective() * weight / free : 1;
    return result.certificate().standardErrors(weight, dispersion);
  }

  /** True if it ended as well as was asked for: certified, where that is required. */
  public boolean isGoodEnough() {
    return result.status() == Result.Status.CONVERGED
        || !prepared.settings().stop().requireCertificate();
  }
}
