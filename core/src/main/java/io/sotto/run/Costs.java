package io.sotto.run;

import io.sotto.engine.Shards;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The costs of all agents, as far as a run must know them before it begins: who the agents are,
 * what x is, what the costs are like, how much work they are, and where a cell finds them.
 *
 * @param agents their names, in the order of their indices
 * @param shape the coordinates of x
 * @param shards where a cell finds the costs of its agents
 * @param nature what methods must know of them
 * @param work what they take
 * @param schema what the coefficients mean in the columns of rows; null for a problem that has none
 * @param scaling from the columns to the coordinates in which they are computed; null without rows
 * @param squares by coordinate, the mean over all rows of the square of what it is multiplied by
 *     there: the diagonal of their second moments; 1 where costs are none of rows
 * @param name what the cost is called, which an earlier result must agree with
 * @param digest tells these costs from others
 * @param words what was found, in words
 * @param report what {@code run.json} says of them, by key
 * @param scaler makes them in other coordinates; null if there are none that suit better
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record Costs(
    List<String> agents,
    Objective.Shape shape,
    Shards shards,
    Nature nature,
    Work work,
    @Nullable Schema schema,
    @Nullable Scaling scaling,
    double[] squares,
    String name,
    String digest,
    String words,
    Map<String, Object> report,
    @Nullable Scaler scaler) {

  /** Makes the same costs in coordinates that suit a solver better. */
  @FunctionalInterface
  public interface Scaler {
    /**
     * The same costs.
     *
     * @param stretch false to leave coefficients as they are, and only to centre columns
     */
    Costs scaled(boolean stretch);
  }

  /**
   * What costs are like.
   *
   * @param smooth whether they are differentiable, the penalty aside
   * @param exact whether their subgradients are those of the whole cost, not of a part drawn by
   *     chance
   * @param penalised whether there is a penalty that is not smooth
   * @param rough whether proximal steps of them would be rough ones
   * @param likelihood whether they are a negative log-likelihood without a penalty, divided by the
   *     sum of the rows' weights; that of the normal distribution but for its variance
   */
  public record Nature(
      boolean smooth, boolean exact, boolean penalised, boolean rough, boolean likelihood) {}

  /**
   * What costs take.
   *
   * @param rowsOf by agent, how many rows it holds, or what stands for rows
   * @param weight the sum of all rows' weights
   * @param bytes what they take in memory
   * @param flops by agent, what a subgradient costs, in floating-point operations
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  public record Work(int[] rowsOf, double weight, long bytes, double[] flops) {

    /** How many rows there are. */
    public long rows() {
      return Arrays.stream(rowsOf).asLongStream().sum();
    }
  }

  /** The number of agents. */
  public int count() {
    return agents.size();
  }

  /** The number of coordinates of x. */
  public int dimension() {
    return shape.dimension();
  }

  /** From the columns of rows to the coordinates in which costs are computed. */
  public Standardization units() {
    return scaling == null
        ? Standardization.none(shape.coefficients() / Math.max(1, shape.outputs()))
        : scaling.units();
  }

  /** Whether they are computed in coordinates that were made from sums over rows. */
  public boolean isScaled() {
    return schema != null && scaling != null && !scaling.units().isSame(schema.standardization());
  }

  /** What one of a coordinate is in its coefficient; none at all if all are 1. */
  public Coordinates coefficientUnits() {
    return scaling == null ? Coordinates.NONE : scaling.coefficients();
  }
}
