package io.sotto.run;

import io.sotto.algorithm.Scales;
import io.sotto.engine.Cell;
import io.sotto.engine.CellState;
import io.sotto.engine.MaskedSum;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Request;
import io.sotto.engine.Runner;
import io.sotto.problem.Curvature;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.PivotedCholesky;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Scores;
import io.sotto.problem.Vectors;
import io.sotto.result.Measurement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Newton's method on sums over all agents, under masks where the run has a protection. Of an agent
 * nobody sees its loss, gradient or second derivatives: these are summed as {@link MaskedSum} says,
 * with keys that the rounds of the run's own method do not use. The penalty is public, and is added
 * to the sums.
 *
 * <p>Points are in the coordinates of the computation. Where some of them are not free, second
 * derivatives along them are 0 in what is returned, and their coordinates stay.
 */
final class PooledNewton {
  /** Numbers grow by so many bits when one does not fit. */
  private static final int BITS = 8;

  /** From the finest scale to the coarsest. */
  private static final int RETRIES = 250;

  private static final int STEPS = 60;

  /** A way that was halved so often leads nowhere. */
  private static final int HALVED = 50;

  /** What F is off by rounding, relative to itself. */
  private static final double ROUNDING = 1e-12;

  /** What sums are guessed to be at most before the first is known, relative to what they are. */
  static final double LARGER = 4;

  private final Runner runner;
  private final Mechanism masks;
  private final Runnable left;
  private final int coefficients;
  private Regularizer penalty;
  private Sample sample;
  private double size;
  private double trace = 1;
  private long round;

  /**
   * Sums of a run.
   *
   * @param end where steps begin
   * @param asked what is asked for
   * @param left throws where no sum may be made any more
   */
  PooledNewton(
      Runner runner, Prepared prepared, Measurement end, InferenceSettings asked, Runnable left) {
    this(
        runner,
        Inference.masks(
            prepared,
            new RunDigest()
                .text("run", prepared.digest())
                .text("inference", asked.toString())
                .number("from", end.estimate())
                .number("objective", end.objective())),
        end.objective(),
        left);
  }

  /**
   * Sums under masks.
   *
   * @param value about what the first sum of losses will be
   * @param left throws where no sum may be made any more: a run that is late must have made the
   *     sums that one with more time makes first, since both have the same masks
   */
  PooledNewton(Runner runner, Mechanism masks, double value, Runnable left) {
    this.runner = runner;
    this.left = left;
    this.masks = masks;
    Request<Regularizer> request = PooledNewton::penalty;
    this.penalty = runner.cells().ask(request, null).get(0);
    this.coefficients = runner.plan().coefficients();
    this.sample = new Sample((costs, agents) -> costs, 1);
    this.size = Math.max(Math.abs(value), Double.MIN_NORMAL);
  }

  /**
   * Some of the rows.
   *
   * @param view what is left of the costs of a cell
   * @param share how much of the weight of all rows they have; sums are divided by it
   */
  record Sample(MaskedSum.View view, double share) {}

  /** From here on F is of another loss of the same rows. */
  void of(Loss loss) {
    sample = new Sample((costs, agents) -> costs.under(loss), 1);
  }

  /** From here on F is of some of the rows, and of another penalty. */
  void of(Sample some, Regularizer other) {
    sample = some;
    penalty = other;
  }

  private static Regularizer penalty(Cell cell, CellState[] lanes) {
    return cell.regularizer();
  }

  /** What sums are of. */
  MaskedSum.View view() {
    return sample.view;
  }

  /** What the diagonal of second derivatives summed up to at the last point. */
  double trace() {
    return trace;
  }

  /** How many sums were made. */
  long rounds() {
    return round;
  }

  /** The penalty. */
  Regularizer penalty() {
    return penalty;
  }

  /**
   * Sums at a point.
   *
   * @param loss F without its penalty
   * @param value F
   * @param gradient of F; 0 along what is not free
   * @param information the second derivatives of F without its penalty, packed
   * @param hessian the second derivatives of F, packed
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Point(
      double[] x,
      double loss,
      double value,
      double[] gradient,
      double[] information,
      double[] hessian) {}

  /**
   * Where steps led.
   *
   * @param factor of the second derivatives there
   * @param reached how far any linear function of x is from that at the minimiser, at most, as the
   *     last step tells, in standard errors
   * @param before the point before
   */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  record Fit(Point point, PivotedCholesky factor, double reached, double[] before) {
    /** Whether that is as near as was wanted. */
    boolean within(double wanted) {
      return reached <= wanted;
    }
  }

  /**
   * Steps from a point until they are small.
   *
   * @param free the coordinates that may move, ascending
   * @param scale what a standard error is, for one that the second derivatives of F have: sqrt of
   *     dispersion / weight
   * @param wanted how small steps must be, in standard errors
   * @return null if F is not finite at the start
   */
  @Nullable Fit minimise(double[] start, int[] free, ToDoubleFunction<Point> scale, double wanted) {
    Point best = at(start, free);
    double[] before = start;
    double last = Double.POSITIVE_INFINITY;
    for (int k = 0; best != null; k++) {
      PivotedCholesky factor = PivotedCholesky.of(best.hessian, start.length);
      if (factor == null) {
        return null;
      }
      double decrement = factor.decrement(best.gradient, Double.POSITIVE_INFINITY);
      double reached = decrement == 0 ? 0 : decrement / scale.applyAsDouble(best);
      boolean stalls = reached < Math.sqrt(wanted) && reached >= last;
      if (reached <= wanted || stalls || k >= STEPS) {
        return new Fit(best, factor, reached, before);
      }
      Point next = below(best, factor.step(best.x, best.gradient), free);
      if (next == null) {
        return new Fit(best, factor, reached, before);
      }
      before = best.x;
      last = reached;
      best = next;
    }
    return null;
  }

  /** The first point on the way back to the best one at which F is not higher; null if none is. */
  @Nullable Point below(Point best, double[] far, int[] free) {
    double[] x = far;
    for (int k = 0; k < HALVED; k++) {
      Point next = at(x, free);
      if (next != null && next.value <= best.value + ROUNDING * Math.abs(best.value)) {
        return next;
      }
      x = x.clone();
      for (int j = 0; j < x.length; j++) {
        x[j] = x[j] / 2 + best.x[j] / 2;
      }
    }
    return null;
  }

  /** The sums at a point; null if F is not finite there. */
  @Nullable Point at(double[] x, int[] free) {
    int m = free.length;
    double[] bounds = {LARGER * size, LARGER * Math.sqrt(size * trace), LARGER * trace};
    MaskedSum sum =
        sum(
            sample.view,
            new int[] {1, m, Curvature.size(m)},
            bounds,
            (costs, agents, i) -> part(costs, i, x, free));
    if (!sum.finite()) {
      return null;
    }
    size = Math.max(Math.abs(sum.numbers()[0]), Double.MIN_NORMAL);
    double[] numbers = sum.numbers();
    Vectors.setScaled(1 / sample.share, numbers, 0, numbers, 0, numbers.length);
    double[] gradient = new double[x.length];
    double[] information = new double[Curvature.size(x.length)];
    double diagonal = 0;
    int from = 1 + m;
    for (int a = 0; a < m; a++) {
      gradient[free[a]] = numbers[1 + a];
      for (int b = 0; b <= a; b++) {
        information[Curvature.at(free[a], free[b])] = numbers[from + Curvature.at(a, b)];
      }
      diagonal += numbers[from + Curvature.at(a, a)];
    }
    double[] hessian = information.clone();
    double[] slope = new double[x.length];
    penalty.setGradient(1, x, 0, slope, coefficients);
    for (int j : free) {
      gradient[j] += slope[j];
      hessian[Curvature.at(j, j)] +=
          j < coefficients ? penalty.l2() * penalty.unit(j) * penalty.unit(j) : 0;
    }
    trace = diagonal > 0 ? diagonal * sample.share : trace;
    return new Point(
        x,
        numbers[0],
        numbers[0] + penalty.value(x, 0, coefficients),
        gradient,
        information,
        hessian);
  }

  /**
   * Sums over all agents.
   *
   * @param counts how many numbers there are of each kind
   * @param bounds what the sum of absolute values of a kind is at most; larger ones take more sums
   */
  MaskedSum sum(MaskedSum.View view, int[] counts, double[] bounds, MaskedSum.Part part) {
    int agents = runner.plan().agents();
    MaskedSum.Kind[] kinds = new MaskedSum.Kind[counts.length];
    Arrays.setAll(kinds, i -> new MaskedSum.Kind(counts[i], Scales.exact(agents, bounds[i])));
    for (int k = 0; k < RETRIES; k++) {
      left.run();
      MaskedSum sum = MaskedSum.of(runner, masks, round++, List.of(kinds), view, part);
      if (!sum.finite() || sum.fits()) {
        return sum;
      }
      for (int i = 0; i < kinds.length; i++) {
        int exponent = kinds[i].exponent() - (sum.coarser()[i] ? BITS : 0);
        kinds[i] = new MaskedSum.Kind(counts[i], exponent);
      }
    }
    throw new IllegalStateException("finite numbers fit some scale");
  }

  /** F itself at a point, whatever loss the other sums are of. */
  double value(double[] x) {
    MaskedSum sum =
        sum(
            (costs, agents) -> costs,
            new int[] {1},
            new double[] {LARGER * size},
            (costs, agents, i) -> new double[] {loss(costs).value(i, x, 0)});
    return sum.finite() ? sum.numbers()[0] + penalty.value(x, 0, coefficients) : Double.NaN;
  }

  /** Sums of {@link Scores#residuals} over all agents; empty if they are not finite. */
  double[] residuals(double[] x, double... levels) {
    double about = LARGER * size;
    return sum(
            sample.view,
            new int[] {1, 1, levels.length},
            new double[] {about, about * about, LARGER},
            (costs, agents, i) -> scores(costs).residuals(i, x, levels))
        .numbers();
  }

  /** The costs without their penalty. */
  static LocalObjective loss(LocalObjective costs) {
    return costs.with(new Regularizer(0, 0));
  }

  /** What inference wants of the costs. */
  static Scores scores(LocalObjective costs) {
    return Objects.requireNonNull(costs.scores(), "scores");
  }

  private static double[] part(LocalObjective costs, int agent, double[] x, int[] free) {
    LocalObjective loss = loss(costs);
    double[] gradient = new double[x.length];
    loss.gradient(agent, 0, x, 0, gradient);
    double[] packed = new double[Curvature.size(x.length)];
    scores(loss).addInformation(agent, x, packed);
    int m = free.length;
    double[] numbers = new double[1 + m + Curvature.size(m)];
    numbers[0] = loss.value(agent, x, 0);
    for (int a = 0; a < m; a++) {
      numbers[1 + a] = gradient[free[a]];
    }
    pick(packed, free, numbers, 1 + m);
    return numbers;
  }

  /** Writes the elements of a packed matrix that are free, packed. */
  static void pick(double[] packed, int[] free, double[] out, int at) {
    for (int a = 0; a < free.length; a++) {
      for (int b = 0; b <= a; b++) {
        out[at + Curvature.at(a, b)] = packed[Curvature.at(free[a], free[b])];
      }
    }
  }

  /**
   * What does not depend on x.
   *
   * @param rows how many rows count
   * @param base what the sum of losses lacks to be the negative log-likelihood, divided as F is
   * @param lowest the sum of the least values of all losses, divided as F is
   */
  record Constants(long rows, double base, double lowest) {}

  /** Sums what does not depend on x. */
  Constants constants() {
    double[] numbers =
        sum(
                sample.view,
                new int[] {2, 1},
                new double[] {LARGER * size, Math.scalb(1.0, Integer.SIZE)},
                (costs, agents, i) -> {
                  Scores scores = scores(costs);
                  double lowest = loss(costs).lowest(i);
                  return new double[] {
                    scores.base(i), Double.isFinite(lowest) ? lowest : 0, scores.rows(i)
                  };
                })
            .numbers();
    return new Constants(Math.round(numbers[2]), numbers[0], numbers[1]);
  }
}
