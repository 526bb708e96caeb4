package io.sotto.run;

import io.sotto.algorithm.Scales;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Runner;
import io.sotto.network.Network;
import io.sotto.privacy.mechanism.KeyGraph;
import io.sotto.privacy.mechanism.MaskedSums;
import io.sotto.problem.Objectives;
import io.sotto.problem.PivotedCholesky;
import io.sotto.problem.SmoothedKink;
import io.sotto.problem.Vectors;
import io.sotto.problem.WholeSpace;
import io.sotto.result.Certifier;
import io.sotto.result.Measurement;
import io.sotto.result.Result;
import io.sotto.run.InferenceSettings.Errors;
import io.sotto.run.InferenceSettings.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What follows a run of rows: steps of Newton's method on masked sums ({@link PooledNewton}) from
 * the estimate to the minimiser of F, and what second derivatives and scores say there of the
 * coefficients ({@link Summary}).
 */
final class Inference {
  /** Every coefficient is as near as that to the minimiser, in its standard errors. */
  static final double NEAR = 1e-8;

  /** A deviance below this part of that without coefficients is rounding. */
  private static final double PERFECT = 1e-20;

  /** A point farther from a set than this, relative to its norm, is not in it. */
  private static final double OUTSIDE = 1e-9;

  /** Of more agents run.json does not say how many rows each has. */
  private static final int MOST_AGENTS = 1000;

  private static final String PERFECT_FIT =
      "the fit is perfect: no variance is left to estimate errors from";

  private static final String INFINITE =
      "F, or a square of a residual, is not a finite number near the estimate";

  private static final String LATE = "the deadline left no time for it";
  private static final String SQUARED = "squared";
  private static final String HUBER = "huber";

  private final Prepared prepared;
  private final Runner runner;
  private final InferenceSettings asked;
  private final Costs costs;
  private final boolean probability;
  private final @Nullable SmoothedKink kink;

  /**
   * The result and what was inferred.
   *
   * @param result with the minimiser as its estimate; as it was if there is no inference
   * @param summary null if none was asked for
   */
  record Outcome(Result result, @Nullable Summary summary) {}

  private Inference(Problem problem, Prepared prepared, Runner runner, InferenceSettings asked) {
    this.prepared = prepared;
    this.runner = runner;
    this.asked = asked;
    this.costs = prepared.costs();
    this.probability = probability(problem, costs, asked);
    this.kink =
        problem instanceof RowsProblem rows
            ? SmoothedKink.of(Objectives.lossOf(rows.cost().objective().value()), 1)
            : null;
  }

  /** Whether weights are no counts of rows: those of classes never are. */
  private static boolean probability(Problem problem, Costs costs, InferenceSettings asked) {
    Schema schema = costs.schema();
    boolean weighted = schema != null && schema.weight() != null;
    boolean classes = problem instanceof RowsProblem rows && !rows.cost().classWeights().isEmpty();
    return classes || (weighted && asked.weights() == Weights.PROBABILITY);
  }

  /** Goes on from the end of a run. */
  static Outcome of(
      Problem problem,
      Prepared prepared,
      Runner runner,
      Result result,
      InferenceSettings asked,
      BooleanSupplier expired) {
    String reason = NoInference.reason(problem, prepared, asked);
    if (reason.isEmpty() && result.status() == Result.Status.DEADLINE) {
      reason = LATE;
    }
    if (!reason.isEmpty()) {
      return new Outcome(result, Summary.leftOut(reason));
    }
    try {
      Runnable left =
          () -> {
            if (expired.getAsBoolean()) {
              throw new Late();
            }
          };
      return new Inference(problem, prepared, runner, asked).from(result, left);
    } catch (Late e) {
      return leftOut(result, LATE);
    }
  }

  /** The deadline left no time for another sum. */
  private static final class Late extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** For {@code run.json}: how it was done, and what is said of single agents. */
  static Map<String, @Nullable Object> record(Summary summary, Prepared prepared) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    Summary.Figures figures = summary.figures();
    if (figures == null) {
      map.put("reason", summary.reason());
      return map;
    }
    map.put("sums", figures.rounds());
    map.put("masked", !isOpen(prepared));
    map.put("reached", figures.reached());
    List<String> agents = prepared.costs().agents();
    Map<String, Object> rows = new LinkedHashMap<>();
    for (int i = 0; i < agents.size() && agents.size() <= MOST_AGENTS; i++) {
      rows.put(agents.get(i), prepared.costs().work().rowsOf()[i]);
    }
    map.put("rowsByAgent", rows);
    return map;
  }

  /** Whether sums have no masks, for nothing is protected. */
  static boolean isOpen(Prepared prepared) {
    return prepared.protection().asked().mechanism() == RunSettings.Mechanism.NONE;
  }

  /**
   * Two runs whose sums are of other numbers must have other masks.
   *
   * @param run of all that sums follow from
   */
  static Mechanism masks(Prepared prepared, RunDigest run) {
    if (isOpen(prepared)) {
      return Mechanism.none();
    }
    Network network = prepared.around().network();
    return new MaskedSums(
        KeyGraph.of(network),
        prepared.protection().keys(network, run.hex()),
        Scales.of(1, 1, 1, 1));
  }

  private Outcome from(Result result, Runnable left) {
    double[] start = result.last().estimate();
    PooledNewton newton = new PooledNewton(runner, prepared, result.last(), asked, left);
    if (kink != null) {
      newton.of(kink);
    }
    int[] all = free(false);
    PooledNewton.Constants constants = newton.constants();
    double weight = costs.work().weight();
    double rows = probability ? constants.rows() : weight;
    KinkedNewton kinked = kink == null ? null : new KinkedNewton(newton, kink, rows);
    double spare = rows - all.length;
    boolean normal = costs.name().equals(SQUARED);
    if ((normal || kinked != null) && !(spare > 0)) {
      return leftOut(result, "there are no more rows than coefficients");
    }
    double without = kinked == null ? withoutCoefficients(newton, weight) : Double.NaN;
    double nullDeviance = 2 * weight * (without - constants.lowest());
    // the standard error of a coefficient, for one that the second derivatives of F have
    double least = normal ? PERFECT * nullDeviance : 0;
    ToDoubleFunction<PooledNewton.Point> scale =
        at -> Math.sqrt((normal ? Math.max(least, 2 * at.loss() * weight) / spare : 1) / weight);
    BiFunction<double[], int[], PooledNewton.@Nullable Fit> steps =
        (x, free) -> kinked == null ? newton.minimise(x, free, scale, NEAR) : kinked.near(x, free);
    PooledNewton.Fit fit = steps.apply(start, all);
    Aliased aliased =
        fit != null && near(fit) && !hasSets() ? Aliased.of(fit, all, costs) : Aliased.none(all);
    int[] free = aliased.rest();
    if (fit != null && aliased.any()) {
      fit = steps.apply(aliased.without(fit.point().x()), free);
    }
    KinkedNewton.Kinked end = kinked == null || fit == null ? null : kinked.minimise(fit, free);
    if (kinked != null) {
      fit = end == null ? null : end.fit();
    }
    if (fit == null) {
      boolean perfect = kinked != null && kinked.finite();
      return leftOut(result, perfect ? PERFECT_FIT : INFINITE);
    }
    PooledNewton.Point at = fit.point();
    double deviance = 2 * weight * (at.loss() - constants.lowest());
    String why = normal && !(deviance > least) ? PERFECT_FIT : withheld(fit, free);
    if (!why.isEmpty()) {
      return leftOut(result, why);
    }
    PooledNewton.Point whole = aliased.any() && kinked == null ? newton.at(at.x(), all) : at;
    double freedom = rows - free.length;
    double dispersion = normal ? deviance / freedom : 1;
    boolean ridge = newton.penalty().l2() > 0;
    Errors errors = errors();
    double[] covariance =
        new Covariance(newton, fit, free, weight, rows, kinked != null)
            .of(errors, dispersion, costs.count(), probability);
    Summary.Figures figures =
        new Summary.Figures(
            costs.name(),
            deviance,
            nullDeviance,
            freedom,
            rows - free(true).length,
            dispersion,
            logLikelihood(deviance, rows, weight, at.loss() + constants.base()),
            ridge ? Double.NaN : free.length + (normal ? 1 : 0),
            constants.rows(),
            rows,
            newton.rounds(),
            fit.reached());
    List<String> notes = notes(errors, ridge);
    notes.addAll(aliased.notes(costs));
    if (end != null) {
      notes.addAll(end.notes());
    }
    Summary summary =
        Summary.of(
            costs, at.x(), covariance, aliased.gone(), errors, figures, asked.covariance(), notes);
    return new Outcome(moved(result, whole == null ? at : whole), summary);
  }

  private static boolean near(PooledNewton.Fit fit) {
    return fit.within(Math.sqrt(NEAR));
  }

  private boolean hasSets() {
    return runner.plan().constraints().distinct().stream()
        .anyMatch(set -> !(set instanceof WholeSpace));
  }

  private static Outcome leftOut(Result result, String reason) {
    return new Outcome(result, Summary.leftOut(reason));
  }

  /**
   * The coordinates that are estimated: of softmax, where only differences between classes matter,
   * those of all classes but the first.
   *
   * @param intercepts only those
   */
  private int[] free(boolean intercepts) {
    int outputs = costs.shape().outputs();
    int features = costs.shape().coefficients() / outputs;
    int coefficients = costs.shape().coefficients();
    return IntStream.range(intercepts ? coefficients : 0, costs.dimension())
        .filter(j -> outputs == 1 || (j < coefficients ? j / features : j - coefficients) > 0)
        .toArray();
  }

  /** Why a fit has no standard errors; empty if it has. */
  private String withheld(PooledNewton.Fit fit, int[] free) {
    boolean near = near(fit);
    double[] x = fit.point().x();
    if (hasSets()) {
      double away = Vectors.distance(x, runner.projected(x));
      if (!near || away > OUTSIDE * Math.max(1, Vectors.norm(x))) {
        return "a set of problem.constraints holds the estimate: F has no minimiser inside all sets, and at"
            + " an active set estimates have no normal distribution";
      }
    }
    PivotedCholesky factor = fit.factor();
    if (factor.rank() < free.length) {
      String flat =
          IntStream.of(free)
              .filter(j -> IntStream.range(0, factor.rank()).noneMatch(i -> factor.order()[i] == j))
              .mapToObj(j -> NoOptimum.words(costs, factor.flat(j)))
              .reduce((a, b) -> a + "; and along " + b)
              .orElseThrow();
      return "columns are collinear: along %s no prediction changes; leave one of these columns out of data.features"
          .formatted(flat);
    }
    if (!near) {
      double[] move = x.clone();
      Vectors.addScaled(-1, fit.before(), 0, move, 0, move.length);
      NoOptimum.before(runner, prepared, Optimization.Observer.none()).require(x, move);
      return "Newton's steps did not come to rest, as where classes are nearly separable";
    }
    return "";
  }

  /** F without its penalty at the best intercept, or without one at 0. */
  private double withoutCoefficients(PooledNewton newton, double weight) {
    double[] zero = new double[costs.dimension()];
    int[] intercepts = free(true);
    if (intercepts.length == 0) {
      PooledNewton.Point at = newton.at(zero, intercepts);
      return at == null ? Double.NaN : at.loss();
    }
    PooledNewton.Fit fit = newton.minimise(zero, intercepts, at -> 1 / Math.sqrt(weight), NEAR);
    return fit == null ? Double.NaN : fit.point().loss();
  }

  /** Of weights that are no counts, the robust ones. */
  private Errors errors() {
    boolean model = asked.errors() == Errors.MODEL;
    return model && (probability || costs.name().equals(HUBER)) ? Errors.HC0 : asked.errors();
  }

  /** NaN where there is none: of Huber's loss, of kinks, and with weights that are no counts. */
  private double logLikelihood(double deviance, double rows, double weight, double loss) {
    if (probability || kink != null || costs.name().equals(HUBER)) {
      return Double.NaN;
    }
    return costs.name().equals(SQUARED)
        ? -rows / 2 * (StrictMath.log(2 * Math.PI * deviance / rows) + 1)
        : -weight * loss;
  }

  private List<String> notes(Errors errors, boolean ridge) {
    List<String> notes = new ArrayList<>();
    if (ridge) {
      notes.add(
          "problem.l2 is above 0: estimates are shrunk towards 0, standard errors are of the shrunk ones,"
              + " and intervals miss what shrinking moved; set problem.l2 = 0 for those of glm");
    }
    if (costs.schema() != null && costs.schema().weight() != null) {
      notes.add(
          probability
              ? "data.weight is one over the probability that a row was drawn: errors are robust"
              : "data.weight says how many rows a row stands for (data.weights-are = frequency)");
    }
    if (errors == Errors.AGENT && costs.count() - 1 < costs.dimension()) {
      notes.add(
          "there are fewer agents than coefficients: errors clustered by agent are too small for some"
              + " combinations of coefficients, and the sum of squared scores tells much of those of"
              + " each agent");
    }
    return notes;
  }

  private Result moved(Result result, PooledNewton.Point at) {
    RunSettings.Stop stop = prepared.settings().stop();
    int coordinates = costs.dimension();
    Certifier certifier = new Certifier(runner, stop.tolerance(), coordinates);
    Measurement last = certifier.at(result.last(), at.x(), at.value(), at.gradient(), at.hessian());
    boolean certain = stop.tolerance() > 0 && last.gap() <= stop.tolerance();
    boolean before = result.status() == Result.Status.CONVERGED;
    return new Result(
        certain ? Result.Status.CONVERGED : result.status(),
        certain && !before
            ? "%s; then Newton's steps on sums over all agents, with which the certified gap is %.3g (stop.tolerance %.3g)"
                .formatted(result.stopReason(), last.gap(), stop.tolerance())
            : result.stopReason(),
        last,
        result.trace(),
        result.control(),
        result.seconds());
  }
}
