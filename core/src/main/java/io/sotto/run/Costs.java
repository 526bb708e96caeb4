package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.OwnReference;
import io.sotto.engine.DrawnOrigin;
import io.sotto.engine.Shards;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a run must know of the costs of all agents before it begins: the agents, the coordinates of
 * x, what kind of costs they are, how much work they take, and where a cell loads them from. It
 * holds no rows.
 *
 * @param agents their names, in the order of their indices
 * @param shape the coordinates of x
 * @param shards loads the costs of a cell's agents
 * @param nature what kind of costs they are, for the choice of a method
 * @param work the rows, memory and flops that they take
 * @param schema what the coefficients mean in the columns of rows; null for a problem that has none
 * @param scaling from the columns of rows to the coordinates of the computation; null without rows
 * @param sizes by coordinate, the root mean square over all rows of what it is multiplied by there;
 *     empty, for 1 each, where costs are none of rows
 * @param name the name of the cost; a run can start only from an earlier result of the same name
 * @param digest a digest that differs for other costs
 * @param words what was found in the rows, for people
 * @param report what {@code run.json} says of them, by key
 * @param scaler makes the same costs in other coordinates; null if these need none
 * @param start writes where runs start, drawn from a seed; null for 0
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
    double[] sizes,
    String name,
    String digest,
    String words,
    Map<String, Object> report,
    @Nullable Scaler scaler,
    DrawnOrigin.@Nullable Start start) {

  /** Costs of which runs start at 0. */
  public Costs(
      List<String> agents,
      Objective.Shape shape,
      Shards shards,
      Nature nature,
      Work work,
      @Nullable Schema schema,
      @Nullable Scaling scaling,
      double[] sizes,
      String name,
      String digest,
      String words,
      Map<String, Object> report,
      @Nullable Scaler scaler) {
    this(
        agents, shape, shards, nature, work, schema, scaling, sizes, name, digest, words, report,
        scaler, null);
  }

  /** Makes the same costs in coordinates that are better for a solver. */
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
   * What kind of costs they are.
   *
   * @param smooth whether they are differentiable, the penalty aside
   * @param exact whether their subgradients are those of the whole cost, not of a part drawn by
   *     chance
   * @param penalised whether there is a penalty that is not smooth
   * @param rough whether their proximal steps are only rough approximations
   * @param likelihood whether F is a negative log-likelihood without a penalty, divided by the sum
   *     of the rows' weights. (For squared it is that of the normal distribution, apart from the
   *     variance.)
   * @param convex whether they are convex
   * @param renew where costs are measured from a point, too, such as the reference of a policy:
   *     after how many ticks, each time, an agent takes its own estimate as that point, 0 for
   *     never; empty for costs without such a point
   */
  public record Nature(
      boolean smooth,
      boolean exact,
      boolean penalised,
      boolean rough,
      boolean likelihood,
      boolean convex,
      OptionalInt renew) {

    /** Costs without such a point. */
    public Nature(
        boolean smooth,
        boolean exact,
        boolean penalised,
        boolean rough,
        boolean likelihood,
        boolean convex) {
      this(smooth, exact, penalised, rough, likelihood, convex, OptionalInt.empty());
    }

    /** Convex costs. */
    public Nature(
        boolean smooth, boolean exact, boolean penalised, boolean rough, boolean likelihood) {
      this(smooth, exact, penalised, rough, likelihood, true);
    }

    /** The method with the point that costs are measured from, if they have one. */
    Algorithm around(Algorithm method) {
      return renew.isPresent() ? new OwnReference(method, renew.getAsInt()) : method;
    }
  }

  /**
   * How much work costs are.
   *
   * @param rowsOf by agent, how many rows it holds, or what stands for rows
   * @param weight the sum of all rows' weights
   * @param bytes the memory that they take
   * @param flops by agent, what a subgradient costs, in floating-point operations
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  public record Work(int[] rowsOf, double weight, long bytes, double[] flops) {

    /** How many rows there are. */
    public long rows() {
      return Arrays.stream(rowsOf).asLongStream().sum();
    }
  }

  /** The same of another nature. */
  Costs of(Nature other) {
    return new Costs(
        agents, shape, shards, other, work, schema, scaling, sizes, name, digest, words, report,
        scaler, start);
  }

  /** The number of agents. */
  public int count() {
    return agents.size();
  }

  /** The number of coordinates of x. */
  public int dimension() {
    return shape.dimension();
  }

  /** The map from the columns of rows to the coordinates of the computation. */
  public Standardization units() {
    return scaling == null
        ? Standardization.none(shape.coefficients() / Math.max(1, shape.outputs()))
        : scaling.units();
  }

  /** Whether they are computed in coordinates that were made from sums over rows. */
  public boolean isScaled() {
    return schema != null && scaling != null && !scaling.units().isSame(schema.standardization());
  }

  /**
   * By coordinate, the coefficient that a coordinate of 1 stands for; no numbers at all if all are
   * 1.
   */
  public Coordinates coefficientUnits() {
    return scaling == null ? Coordinates.NONE : scaling.coefficients();
  }
}
