package io.sotto.run;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Groups;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import io.sotto.run.RowSource.ScannedRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The problem of rows with features and a label: {@code f_i(x) = (1/M) sum over i's rows of w_r
 * loss + (1/N) (l2/2 |w|^2 + l1 |w|_1 + group lasso)}, with M the sum of all rows' weights and N
 * the number of agents.
 *
 * @param rows where they are
 * @param cost what they cost
 */
public record RowsProblem(RowSource rows, RowCost cost) implements Problem {

  /** What an exponential costs, in flops. */
  private static final double EXP = 40;

  /** Means and deviations are below this, and deviations above its inverse. */
  private static final double LARGEST = 0x1p1000;

  private static final Set<String> LIKELIHOODS =
      Set.of("squared", "logistic", "poisson", "softmax", PiecewiseExponential.NAME);

  private static final String GROUPS = "problem.group-lasso.groups";

  /** Rows under a loss of one prediction, without a penalty. */
  public static RowsProblem of(RowSource rows, Loss loss) {
    return of(rows, Objectives.of(loss));
  }

  /** Rows under a cost, without a penalty. */
  public static RowsProblem of(RowSource rows, Objective objective) {
    return new RowsProblem(rows, RowCost.of(objective));
  }

  /** The same with half this much times the squared norm of the coefficients. */
  public RowsProblem l2(double weight) {
    return new RowsProblem(rows, cost.l2(weight));
  }

  /** The same with this much times the sum of absolute coefficients. */
  public RowsProblem l1(double weight) {
    return new RowsProblem(rows, cost.l1(weight));
  }

  @Override
  public Costs look(Consumer<String> warnings) throws IOException {
    Objective objective = cost.objective().value();
    ScannedRows scanned = rows.scan(objective, cost.classWeights(), warnings);
    if (objective instanceof PiecewiseExponential times) {
      scanned = SurvivalRows.of(scanned, times);
    }
    Schema schema = scanned.schema();
    if (schema.offset() != null && !objective.offsets()) {
      throw new BadInputException(
          "data.offset is '%s'; it makes no difference to %s, so leave it out."
              .formatted(schema.offset(), cost.objective().name()));
    }
    Regularizer regularizer = regularizer(schema);
    requireScales(scanned);
    if (!scanned.constant().isEmpty() && (schema.standardized() || !schema.sparse())) {
      warnings.accept(
          "These features are the same in all rows, and get scale 1: "
              + Text.some(scanned.constant()));
    }
    Scaling plain = new Scaling(schema.standardization(), Coordinates.NONE);
    return costs(scanned, objective, regularizer, plain);
  }

  /** Refuses columns whose numbers are so large or so small that sums of them are none. */
  private static void requireScales(ScannedRows scanned) {
    List<String> features = scanned.schema().features();
    for (int j = 0; j < features.size(); j++) {
      double mean = scanned.moments()[0][j];
      double deviation = scanned.moments()[1][j];
      boolean large = !(Math.abs(mean) < LARGEST && deviation < LARGEST);
      if (large || (deviation > 0 && deviation < 1 / LARGEST)) {
        throw new BadInputException(
            "The feature '%s' has mean %s and deviation %s, too %s to compute with; %s its values."
                .formatted(
                    features.get(j),
                    mean,
                    deviation,
                    large ? "large" : "small",
                    large ? "divide" : "multiply"));
      }
    }
  }

  /** The costs in these coordinates. */
  private Costs costs(
      ScannedRows scanned, Objective objective, Regularizer regularizer, Scaling scaling) {
    Schema schema = scanned.schema();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("rows", scanned.rows());
    report.put("weight", scanned.weight());
    report.putAll(scanned.report());
    report.put("constantFeatures", scanned.constant());
    report.put("columnsLeftOut", schema.leftOut());
    return new Costs(
        scanned.agents(),
        schema.shape(),
        scanned.cells().under(objective, regularizer.in(scaling.coefficients()), scaling.units()),
        new Costs.Nature(
            objective.smooth(),
            objective.exact(),
            regularizer.penalises(),
            cost.isOwnObjective() && !objective.smooth(),
            isLikelihood(regularizer)),
        work(scanned),
        schema,
        scaling,
        sizes(scanned, scaling),
        cost.objective().name(),
        digest(scanned, scaling),
        scanned.words(),
        report,
        cost.isOwnObjective() || schema.shape().outputs() == 0
            ? null
            : stretch ->
                costs(
                    scanned,
                    objective,
                    regularizer,
                    Scaling.of(
                        schema,
                        scanned.moments(),
                        regularizer.l2(),
                        objective.curvature(),
                        regularizer.groups(),
                        stretch)));
  }

  /** The nature of such costs under another penalty. */
  Costs.Nature nature(Costs costs, Regularizer other) {
    Costs.Nature now = costs.nature();
    return new Costs.Nature(
        now.smooth(), now.exact(), other.penalises(), now.rough(), isLikelihood(other));
  }

  /** By coordinate, intercepts last, in the coordinates in which costs are computed. */
  private static double[] sizes(ScannedRows scanned, Scaling scaling) {
    Objective.Shape shape = scanned.schema().shape();
    double[] sizes = new double[shape.dimension()];
    Arrays.fill(sizes, 1);
    int features = scanned.moments()[0].length;
    for (int j = 0; shape.outputs() > 0 && j < shape.coefficients(); j++) {
      int f = j % features;
      double off = scanned.moments()[0][f] - scaling.units().mean()[f];
      sizes[j] = StrictMath.hypot(scanned.moments()[1][f], off) / scaling.units().deviation()[f];
    }
    return sizes;
  }

  private boolean isLikelihood(Regularizer regularizer) {
    return LIKELIHOODS.contains(cost.objective().name())
        && regularizer.l2() == 0
        && !regularizer.penalises();
  }

  private static Costs.Work work(ScannedRows scanned) {
    double entries = scanned.entries() / (double) Math.max(1, scanned.rows());
    double[] flops = new double[scanned.rowsOf().length];
    for (int i = 0; i < flops.length; i++) {
      flops[i] = scanned.rowsOf()[i] * (4 * entries + EXP);
    }
    return new Costs.Work(scanned.rowsOf(), scanned.weight(), scanned.bytes(), flops);
  }

  private String digest(ScannedRows scanned, Scaling scaling) {
    RunDigest digest =
        new RunDigest()
            .part("objective", cost.objective())
            .number("l2", cost.l2())
            .number("l1", cost.l1())
            .text("group-lasso", cost.groupLasso().toString())
            .text("class-weights", new TreeMap<>(cost.classWeights()).toString())
            .text("rows", scanned.digest());
    if (!scaling.units().isSame(scanned.schema().standardization())) {
      digest
          .number("deviations", scaling.units().deviation())
          .number("means", scaling.units().mean());
    }
    return digest.hex();
  }

  /** The penalties; groups are of features that the rows have. */
  private Regularizer regularizer(Schema schema) {
    RowCost.GroupLasso lasso = cost.groupLasso();
    List<String> features = schema.features();
    Map<String, Integer> position = new HashMap<>();
    for (int j = 0; j < features.size(); j++) {
      position.put(features.get(j), j);
    }
    List<List<Integer>> groups = new ArrayList<>();
    for (List<String> names : lasso.groups()) {
      List<Integer> group = new ArrayList<>();
      for (String name : names) {
        Integer feature = position.get(name);
        if (feature == null) {
          throw new BadInputException(
              "%s[%d] names the feature '%s', which the rows do not have; maybe '%s' is meant."
                  .formatted(GROUPS, groups.size(), name, Registry.nearest(name, features)));
        }
        group.add(feature);
      }
      groups.add(group);
    }
    int outputs = schema.shape().outputs();
    if (outputs == 0 && lasso.weight() > 0) {
      throw new BadInputException(
          "problem.group-lasso.weight is %s; the coefficients of problem.objective are not those of"
                  .formatted(lasso.weight())
              + " features: set it to 0.");
    }
    return new Regularizer(
        cost.l2(),
        cost.l1(),
        lasso.weight() > 0
            ? Groups.of(lasso.weight(), groups, features.size(), outputs)
            : Groups.NONE);
  }
}
