package io.sotto.problem;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Time to an event under a hazard that is constant within intervals of time, {@code exp(w.a + b +
 * c_k)} in interval k: the proportional hazards of Cox's model with a baseline of steps. Its
 * likelihood is that of Poisson counts (Holford 1980; Laird and Olivier 1981): a row becomes one
 * row for each interval that its time reaches into, with label 1 if its event happens there and
 * else 0, and the logarithm of the time that it spends there as offset. The intervals but the first
 * are features of 0 and 1.
 *
 * <p>Labels are times, offsets say whether the event happened (1) or the row was last seen without
 * it (0). An interval holds its end and not its beginning.
 *
 * @param intervals how many are wanted, from 1 on
 * @param cuts where intervals end, ascending and above 0, but for the last, which has no end; null
 *     if they are yet to be found from the times of events ({@link TimeCounts})
 */
public record PiecewiseExponential(int intervals, @Nullable Coordinates cuts) implements Objective {
  /** What configurations call it. */
  public static final String NAME = "piecewise-exponential";

  /** The same with these cuts. */
  public PiecewiseExponential at(Coordinates others) {
    return new PiecewiseExponential(others.size() + 1, others);
  }

  @Override
  public Loss.Labels labels() {
    return Loss.Labels.TIME;
  }

  @Override
  public boolean smooth() {
    return true;
  }

  @Override
  public Shape shape(int features, int classes, boolean intercept) {
    return Shape.linear(1, features + intervals - 1, intercept);
  }

  /** The names of the intervals but the first, which is that of the intercept. */
  public List<String> names() {
    Coordinates ends = found();
    return IntStream.range(0, ends.size())
        .mapToObj(
            k ->
                k + 1 < ends.size()
                    ? "interval(%s,%s]".formatted(text(ends.at(k)), text(ends.at(k + 1)))
                    : "interval(%s,Inf)".formatted(text(ends.at(k))))
        .toList();
  }

  /** A number without a decimal point where it is whole. */
  static String text(double time) {
    return time == Math.rint(time) && time < 1e15
        ? String.format(Locale.ROOT, "%.0f", time)
        : String.valueOf(time);
  }

  private Coordinates found() {
    return Objects.requireNonNull(cuts, "cuts");
  }

  /** The interval that a time lies in. */
  int interval(double time) {
    Coordinates ends = found();
    int k = 0;
    while (k < ends.size() && time > ends.at(k)) {
      k++;
    }
    return k;
  }

  @Override
  public LocalObjective over(Block block) {
    Rows rows = block.rows();
    int n = rows.features();
    int agents = rows.agents();
    int[] first = new int[agents + 1];
    for (int agent = 0; agent < agents; agent++) {
      first[agent + 1] = first[agent];
      for (int r = rows.first(agent); r < rows.first(agent + 1); r++) {
        first[agent + 1] += interval(rows.label(r)) + 1;
      }
    }
    int width = n + intervals - 1;
    Split split = new Split(new double[first[agents]], width, block.weights() != null);
    for (int agent = 0; agent < agents; agent++) {
      for (int r = rows.first(agent); r < rows.first(agent + 1); r++) {
        split.add(block, r, r - rows.first(agent), this);
      }
    }
    double[] centre = block.centre() == null ? null : Arrays.copyOf(block.centre(), width);
    return new LinearModel(
        new Block(
            new DenseRows(width, first, split.labels, split.values),
            split.weights,
            split.exposures,
            block.rowWeight(),
            block.agentWeight(),
            block.regularizer(),
            block.intercept(),
            centre,
            0,
            split.subjects),
        new Poisson());
  }

  /** Rows by interval, as they are made. */
  private static final class Split {
    private final int width;
    private final double[] labels;
    private final double[] values;
    private final double[] exposures;
    private final double @Nullable [] weights;
    private final int[] subjects;
    private int next;

    Split(double[] labels, int width, boolean weighted) {
      this.width = width;
      this.labels = labels;
      this.values = new double[Math.multiplyExact(labels.length, width)];
      this.exposures = new double[labels.length];
      this.weights = weighted ? new double[labels.length] : null;
      this.subjects = new int[labels.length];
    }

    /** Adds a row for each interval that the time of a subject reaches into. */
    void add(Block block, int row, int subject, PiecewiseExponential times) {
      Coordinates ends = times.found();
      double time = block.rows().label(row);
      int last = times.interval(time);
      for (int k = 0; k <= last; k++) {
        double from = k == 0 ? 0 : ends.at(k - 1);
        double to = k == last ? time : ends.at(k);
        block.rows().addScaled(row, 1, values, next * width);
        if (k > 0) {
          values[next * width + block.rows().features() + k - 1] = 1;
        }
        labels[next] = k == last ? block.offset(row) : 0;
        exposures[next] = StrictMath.log(to - from);
        subjects[next] = subject;
        if (weights != null && block.weights() != null) {
          weights[next] = block.weights()[row];
        }
        next++;
      }
    }
  }

  /**
   * Refuses what is no event.
   *
   * @param where for the message
   * @throws BadInputException if it is neither 0 nor 1
   */
  public static void requireEvent(String where, double event) {
    if (event != 0 && event != 1) {
      throw new BadInputException(
          "%s: the event is neither 0 nor 1; let 1 say that it happened, and 0 that the row was last seen without it."
              .formatted(where));
    }
  }

  /** Counts of times, of rows that are read under that objective; null if labels are no times. */
  public static @Nullable TimeCounts counts(Objective objective) {
    return objective instanceof PiecewiseExponential times ? new TimeCounts(times.cuts) : null;
  }

  /** Cut points that are given, as parameters say them. */
  public static Coordinates cuts(List<Double> given) {
    return Coordinates.of(given.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
