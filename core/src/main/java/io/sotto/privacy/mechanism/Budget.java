package io.sotto.privacy.mechanism;

import io.sotto.clock.ActivationModel;
import io.sotto.problem.BadInputException;
import java.io.Serializable;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What the updates of an agent may give away of its rows, and what each does: noise on the
 * subgradient of deviation {@code deviation} in each coordinate, which one row moves by no more
 * than {@code sensitivity}.
 *
 * <p>The sensitivity is 2 clip / rows where two tables differ in one row, with what rounding may
 * add: the sum's own, at most rows 2^-51 clip, and that of noise and subgradient to whole numbers
 * of deviation / {@link #GRID}, at most one in each coordinate.
 *
 * @param epsilon of the whole run
 * @param delta of the whole run
 * @param clip the norm to which the subgradient of each row's loss is clipped
 * @param rows of all agents
 * @param sensitivity before rounding to whole numbers
 * @param deviation of the noise
 * @param each what an update gives away
 * @param updates how many each agent may make
 */
public record Budget(
    double epsilon,
    double delta,
    double clip,
    long rows,
    double sensitivity,
    double deviation,
    Renyi each,
    long updates)
    implements Serializable {
  /** Whole numbers in one deviation. */
  static final long GRID = 1L << 24;

  private static final double ROUNDING = 0x1p-51;
  private static final double SLACK = 1e-12;
  private static final double DEVIATIONS = 6;

  /**
   * A budget.
   *
   * @param epsilon above 0
   * @param delta above 0 and below 1
   * @param clip above 0
   * @param rows of all agents
   * @param dimension of a subgradient
   * @param multiplier deviation by sensitivity; empty for what allows the updates wanted
   * @param wanted updates of an agent
   * @throws BadInputException if not one update fits
   */
  public static Budget of(
      double epsilon,
      double delta,
      double clip,
      long rows,
      int dimension,
      OptionalDouble multiplier,
      long wanted) {
    double sensitivity = 2 * clip / rows + rows * ROUNDING * clip;
    double most = Renyi.within(epsilon, delta).rho();
    double grid = Math.sqrt(dimension) / GRID;
    double inverse =
        multiplier.isPresent()
            ? 1 / multiplier.getAsDouble()
            : (Math.sqrt(2 * most / wanted) - grid) * (1 - SLACK);
    Renyi each = Renyi.of(inverse + grid, 1);
    long updates = inverse > 0 ? (long) (most / each.rho()) : 0;
    if (updates == 0) {
      throw new BadInputException(
          ("privacy.epsilon = %s and privacy.delta = %s do not allow a single update: raise"
                  + " privacy.epsilon%s.")
              .formatted(
                  epsilon, delta, multiplier.isPresent() ? ", or set privacy.noise = auto" : ""));
    }
    return new Budget(
        epsilon,
        delta,
        clip,
        rows,
        sensitivity,
        sensitivity / inverse,
        each,
        multiplier.isPresent() ? updates : wanted);
  }

  /** What an agent that made so many updates gave away: its epsilon, at this budget's delta. */
  public double spent(long count) {
    return each.times(count).epsilon(delta);
  }

  /** So many updates at most, but for odds of one in 10^9, each agent makes in so many ticks. */
  public static long expected(ActivationModel clock, int agents, long ticks) {
    double rate = IntStream.range(0, agents).mapToDouble(clock::rate).max().orElse(1);
    double spread = DEVIATIONS * Math.sqrt(ticks * rate * (1 - rate));
    return Math.min(ticks, (long) Math.ceil(ticks * rate + spread));
  }

  /** How a run goes: its last tick, and the most updates that any agent has made by then. */
  public record Course(long lastTick, long updates) {}

  /**
   * Up to the tick at which the first agent has spent its budget, or the last. Counting is exact,
   * and costs a draw for each agent and tick, as the run will.
   */
  public Course course(ActivationModel clock, int agents, long lastTick) {
    int[] counts = new int[agents];
    long most = 0;
    for (long tick = 1; tick <= lastTick; tick++) {
      for (int i = 0; i < agents; i++) {
        if (clock.active(i, tick)) {
          most = Math.max(most, ++counts[i]);
        }
      }
      if (most == updates) {
        return new Course(tick, most);
      }
    }
    return new Course(lastTick, most);
  }
}
