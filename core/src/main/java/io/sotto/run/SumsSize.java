package io.sotto.run;

import io.sotto.algorithm.Scales;
import io.sotto.engine.CellReport;
import io.sotto.engine.Runner;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Vectors;

/**
 * How finely agents round what they add to sums: by bounds that all agree on, out of three sums
 * over all agents where they start. Sums of |f_i|, of |g_i|^2 and of the traces of H_i bound each
 * number of each agent there; {@link Scales} leave room for the way. Without an operator these
 * would be masked sums, too.
 */
final class SumsSize {
  private SumsSize() {}

  /**
   * Asks the cells, which must not have started yet.
   *
   * @throws BadInputException if second derivatives are wanted, and some costs have none
   */
  static Scales of(Runner runner, Costs costs, int coordinates) {
    int d = runner.plan().dimension();
    boolean curved = d <= coordinates;
    double[] sums = new double[3];
    for (double[] answer : runner.cells().ask(CellReport.sizes(curved), null)) {
      Vectors.addScaled(1, answer, 0, sums, 0, sums.length);
    }
    if (Double.isNaN(sums[2])) {
      throw new BadInputException(
          ("algorithm.name is secure-newton, which sums second derivatives, and %s has none: set"
                  + " algorithm.max-coordinates = 0 to sum gradients only, or problem.loss = logistic,"
                  + " squared, poisson or softmax, or privacy.protect = offsets and algorithm.name ="
                  + " auto.")
              .formatted(costs.name()));
    }
    return Scales.of(runner.plan().agents(), sums[0], Math.sqrt(sums[1]), sums[2]);
  }
}
