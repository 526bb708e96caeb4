package io.sotto.run;

import io.sotto.algorithm.ProximalModel;
import io.sotto.clock.Draws;
import io.sotto.engine.MaskedSum;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Runner;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Curvature;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Scores;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import io.sotto.run.PooledNewton.Sample;
import io.sotto.run.SelectionSettings.By;
import io.sotto.run.SelectionSettings.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tries penalties before a run, over the rows that it has loaded, and judges each by rows that the
 * fit has not seen. Each fit is by Newton's steps on masked sums ({@link PooledNewton}), from the
 * fit at the penalty before; where F is not smooth, or X is not the whole space, by proximal ones
 * (Lee, Sun and Saunders 2014). Agents say nothing to each other for it: a method that has
 * neighbours talk once more for each fit would add up what they learn.
 */
final class Selection {
  /** A fit is as near to the minimiser as that, in units of its standard errors. */
  private static final double NEAR = 1e-6;

  /** Steps of one fit. */
  private static final int STEPS = 100;

  /** Of Dykstra's method for the proximal step of penalty and sets together. */
  private static final int CYCLES = 1000;

  private static final double CLOSE = 1e-13;

  /** Figures of a sum of losses: subjects, weight, loss, squared loss. */
  private static final int FIGURES = 4;

  private final Prepared prepared;
  private final Runner runner;
  private final SelectionSettings asked;
  private final Optimize.Listener told;
  private final PooledNewton newton;
  private final Regularizer loaded;
  private final Sample all = new Sample((costs, agents) -> costs, 1);
  private final boolean sets;
  private final long seed;

  /**
   * What a run goes on with.
   *
   * @param problem with the chosen penalty
   * @param prepared the same
   * @param runner whose cells have it
   * @param path null if nothing was selected
   */
  record Outcome(Problem problem, Prepared prepared, Runner runner, @Nullable PenaltyPath path) {}

  private Selection(
      Prepared.Opened opened, SelectionSettings asked, RunClock until, Optimize.Listener told) {
    this.prepared = opened.prepared();
    this.runner = opened.runner();
    this.asked = asked;
    this.told = told;
    this.seed = prepared.settings().seed();
    this.sets =
        runner.plan().constraints().distinct().stream()
            .anyMatch(set -> !(set instanceof WholeSpace));
    Mechanism masks =
        Inference.masks(
            prepared,
            new RunDigest().text("run", prepared.digest()).text("selection", asked.toString()));
    this.newton = new PooledNewton(runner, masks, 1, until::requireLeft);
    this.loaded = newton.penalty();
  }

  /**
   * Refuses a run for which penalties cannot be tried.
   *
   * @throws BadInputException for that
   */
  static void require(Problem problem, Prepared prepared, SelectionSettings asked) {
    if (!asked.on()) {
      return;
    }
    String reason = reason(problem, prepared, asked);
    if (!reason.isEmpty()) {
      throw new BadInputException(
          "Penalties are judged by rows that are held out (problem.l2 or problem.l1 is a list, or"
              + " selection.by is given), and %s.".formatted(reason));
    }
  }

  private static String reason(Problem problem, Prepared prepared, SelectionSettings asked) {
    Costs costs = prepared.costs();
    if (!(problem instanceof RowsProblem rows) || rows.cost().isOwnObjective()) {
      return "the problem is not one of rows with a loss of Sotto; give one number, and leave out"
          + " selection";
    }
    if (!NoInference.LOSSES.contains(costs.name())) {
      return "problem.loss is %s, which has no second derivatives: take squared, huber, logistic, poisson or"
              .formatted(costs.name())
          + " softmax, or run each penalty by itself";
    }
    RunSettings.Mechanism mechanism = prepared.protection().asked().mechanism();
    if (mechanism == RunSettings.Mechanism.ROWS
        || mechanism == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY) {
      return "rows are to be hidden (privacy.protect = rows or differential-privacy): what trials tell is not"
          + " in the budget; give one penalty, chosen from public data";
    }
    int d = costs.dimension();
    if (d > asked.coordinates()) {
      return "there are %,d coordinates, and selection.max-coordinates is %,d: raise it, or name fewer columns in data.features"
          .formatted(d, asked.coordinates());
    }
    return asked.by() == By.AGENT && costs.count() < 2
        ? "there is one agent, so that leaving it out leaves no rows: set selection.by = held-out"
        : "";
  }

  /** Tries all penalties, and puts the chosen one in place. */
  static Outcome of(
      Problem problem,
      Prepared.Opened opened,
      SelectionSettings asked,
      RunClock until,
      Optimize.Listener told) {
    if (!asked.on() || !(problem instanceof RowsProblem rows)) {
      return new Outcome(problem, opened.prepared(), opened.runner(), null);
    }
    return new Selection(opened, asked, until, told).outcome(rows);
  }

  private Outcome outcome(RowsProblem problem) {
    PenaltyPath path = path();
    Penalty chosen = path.chosen().penalty();
    if (asked.penalties().size() == 1) {
      return new Outcome(problem, prepared, runner, path);
    }
    // another digest, since sums and messages are those of another cost
    String digest =
        new RunDigest()
            .text("run", prepared.digest())
            .number("penalty", chosen.l2(), chosen.l1())
            .hex();
    Mechanism mechanism =
        prepared
            .protection()
            .mechanism(prepared.around().network(), runner.plan().dimension(), digest);
    Runner moved = runner.under(new Repenalised(mechanism, regularizer(chosen)));
    RowsProblem refitted = problem.l2(chosen.l2()).l1(chosen.l1());
    return new Outcome(
        refitted,
        prepared.refitted(
            moved.plan(), digest, refitted.nature(prepared.costs(), regularizer(chosen))),
        new Runner(moved.plan(), moved.cells()),
        path);
  }

  private Regularizer regularizer(Penalty penalty) {
    return new Regularizer(penalty.l2(), penalty.l1(), loaded.groups(), loaded.units());
  }

  private PenaltyPath path() {
    int agents = prepared.costs().count();
    boolean byAgent = asked.by() == By.AGENT;
    List<Sample> training = new ArrayList<>();
    for (int k = 0; k < (byAgent ? agents : 1); k++) {
      training.add(sample(byAgent ? without(k) : heldOut(seed, asked.share(), false)));
    }
    double[] whole = runner.projected(new double[runner.plan().dimension()]);
    List<double[]> fits = new ArrayList<>(Collections.nCopies(training.size(), whole));
    List<PenaltyPath.Trial> trials = new ArrayList<>();
    for (Penalty penalty : asked.penalties()) {
      whole = fit(all, penalty, whole);
      for (int k = 0; k < fits.size(); k++) {
        fits.set(k, fit(training.get(k), penalty, fits.get(k)));
      }
      int nonzero =
          Math.toIntExact(
              Arrays.stream(whole, 0, runner.plan().coefficients()).filter(w -> w != 0).count());
      PenaltyPath.Trial trial =
          byAgent ? agents(penalty, fits, nonzero) : rows(penalty, fits.get(0), nonzero);
      if (!Double.isFinite(trial.loss())) {
        throw new BadInputException(
            "The held-out loss at l2 %s, l1 %s is not finite; try larger penalties only."
                .formatted(penalty.l2(), penalty.l1()));
      }
      trials.add(trial);
      told.tried(trial);
    }
    PenaltyPath path =
        new PenaltyPath(
            asked, trials, prepared.costs().agents(), newton.rounds(), !Inference.isOpen(prepared));
    told.selected(path);
    return path;
  }

  /** The rows of all agents but one, which goes on in the sums with rows that count nothing. */
  private static MaskedSum.View without(int left) {
    return (costs, agents) -> costs.only((i, subject) -> agents[i] != left);
  }

  /** The rows that agents hold back, or the others. */
  private static MaskedSum.View heldOut(long seed, double share, boolean held) {
    return (costs, agents) ->
        costs.only(
            (i, subject) ->
                held == Draws.uniform(seed, agents[i], subject, Draws.Purpose.HELD_OUT) < share);
  }

  private Sample sample(MaskedSum.View view) {
    double share =
        figures(
            view,
            (costs, agents, i) ->
                PooledNewton.scores(costs).losses(i, new double[costs.dimension()]))[1];
    if (!(share > 0)) {
      throw new BadInputException(
          "No row is left to train on: the rows that are not held out have weight 0. Lower selection.share.");
    }
    return new Sample(view, share);
  }

  /** Sums of what {@link Scores#losses} says. */
  private double[] figures(MaskedSum.View view, MaskedSum.Part part) {
    double rows = Math.scalb(1.0, Integer.SIZE);
    MaskedSum sum = newton.sum(view, new int[] {1, 1, 1, 1}, new double[] {rows, 2, 1, 1}, part);
    double[] none = new double[FIGURES];
    Arrays.fill(none, Double.NaN);
    return sum.finite() ? sum.numbers() : none;
  }

  /** Judged by the rows that all agents hold back. */
  private PenaltyPath.Trial rows(Penalty penalty, double[] x, int nonzero) {
    double[] of =
        figures(
            heldOut(seed, asked.share(), true),
            (costs, agents, i) -> PooledNewton.scores(costs).losses(i, x));
    double mean = of[2] / of[1];
    if (of[1] == 0) {
      throw new BadInputException(
          "No row is held out at selection.share = %s; raise it.".formatted(asked.share()));
    }
    double variance = Math.max(0, of[3] / of[1] - mean * mean);
    return new PenaltyPath.Trial(
        penalty, mean, Math.sqrt(variance / (of[0] - 1)), nonzero, new double[0]);
  }

  /** Judged by each agent's rows under the fit to the others. */
  private PenaltyPath.Trial agents(Penalty penalty, List<double[]> fits, int nonzero) {
    double[][] x = fits.toArray(double[][]::new);
    double[] of =
        figures(
            all.view(),
            (costs, agents, i) -> {
              double[] own = PooledNewton.scores(costs).losses(i, x[agents[i]]);
              double loss = own[1] > 0 ? own[2] / own[1] : 0;
              return new double[] {own[1] > 0 ? 1 : 0, own[1], own[1] * loss, own[1] * loss * loss};
            });
    double mean = of[2] / of[1];
    double variance = Math.max(0, of[3] / of[1] - mean * mean);
    return new PenaltyPath.Trial(
        penalty,
        mean,
        Math.sqrt(variance / (of[0] - 1)),
        nonzero,
        asked.perAgent() ? byAgent(x) : new double[0]);
  }

  /** Each agent's mean loss. */
  private double[] byAgent(double[][] x) {
    int count = x.length;
    return newton
        .sum(
            all.view(),
            new int[] {count},
            new double[] {1},
            (costs, agents, i) -> {
              double[] own = PooledNewton.scores(costs).losses(i, x[agents[i]]);
              double[] out = new double[count];
              out[agents[i]] = own[1] > 0 ? own[2] / own[1] : 0;
              return out;
            })
        .numbers();
  }

  /** The minimiser of F of those rows under that penalty. */
  private double[] fit(Sample sample, Penalty penalty, double[] start) {
    Regularizer regularizer = regularizer(penalty);
    newton.of(sample, regularizer);
    int[] free = IntStream.range(0, start.length).toArray();
    PooledNewton.Fit fit =
        regularizer.penalises() || sets ? null : newton.minimise(start, free, this::unit, NEAR);
    return fit == null ? proximal(regularizer, start, free) : fit.point().x();
  }

  /** Of a typical standard error. */
  private double unit(PooledNewton.Point at) {
    double value = Math.max(Math.abs(at.value()), Double.MIN_NORMAL);
    return Math.sqrt(value / prepared.costs().work().weight());
  }

  private double[] proximal(Regularizer regularizer, double[] start, int[] free) {
    PooledNewton.Point best = newton.at(start, free);
    for (int k = 0; best != null && k < STEPS; k++) {
      int d = start.length;
      double[] h = best.hessian();
      double largest =
          IntStream.range(0, d).mapToDouble(j -> h[Curvature.at(j, j)]).max().orElse(1);
      double[] way =
          new ProximalModel(
                  (x, curvature) -> prox(regularizer, x, curvature),
                  ProximalModel.Matrix.packed(h),
                  largest > 0 ? largest : 1,
                  best.x(),
                  best.gradient())
              .minimise();
      boolean small = Math.sqrt(2 * way[d]) <= NEAR * unit(best);
      double[] far = best.x().clone();
      Vectors.addScaled(1, way, 0, far, 0, d);
      PooledNewton.Point next = newton.below(best, far, free);
      if (next == null) {
        return best.x();
      }
      best = next;
      if (small) {
        break;
      }
    }
    if (best == null) {
      throw new BadInputException(
          "F is not finite where a trial starts; bound the coefficients by a set, or try larger penalties.");
    }
    return best.x();
  }

  /**
   * The proximal step of the penalty that is not smooth and of the sets together, by Dykstra's
   * method (Bauschke and Combettes 2008) where there are both.
   */
  private void prox(Regularizer regularizer, double[] x, double curvature) {
    int n = runner.plan().coefficients();
    if (!sets) {
      regularizer.shrink(1 / curvature, x, 0, n);
      return;
    }
    if (!regularizer.penalises()) {
      System.arraycopy(runner.projected(x), 0, x, 0, x.length);
      return;
    }
    double[] p = new double[x.length];
    double[] q = new double[x.length];
    for (int k = 0; k < CYCLES; k++) {
      double[] y = x.clone();
      Vectors.addScaled(1, p, 0, y, 0, y.length);
      p = y.clone();
      regularizer.shrink(1 / curvature, y, 0, n);
      Vectors.addScaled(-1, y, 0, p, 0, p.length);
      double[] z = y.clone();
      Vectors.addScaled(1, q, 0, z, 0, z.length);
      q = z.clone();
      z = runner.projected(z);
      Vectors.addScaled(-1, z, 0, q, 0, q.length);
      System.arraycopy(z, 0, x, 0, x.length);
      if (Vectors.distance(y, z) <= CLOSE * Math.max(1, Vectors.norm(z))) {
        System.arraycopy(y, 0, x, 0, x.length); // with its zeros
        return;
      }
    }
  }
}
