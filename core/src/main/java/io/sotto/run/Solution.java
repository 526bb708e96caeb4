package io.sotto.run;

import io.sotto.formula.Design;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A solution, to be handed to the parties: the content of {@code solution.json}. Arrays hold one
 * prediction's coefficients after the other's, where there are several (softmax has one for each
 * class, in the order of the labels).
 *
 * @param loss the name of the loss or objective; empty if an earlier version wrote it
 * @param estimate the coefficients in original units, one for each feature
 * @param intercepts one for each prediction, 0 where there is none
 * @param features the names of the features
 * @param solvedEstimate the coefficients in the units in which the problem was solved
 * @param solvedIntercepts the intercepts in these
 * @param standardization the map between original units and those of the problem
 * @param outputs how many predictions a row has; 0 for costs that are not made of predictions
 * @param objective F at exactly this estimate; NaN if that would tell of rows
 * @param certificate the certificate as it is written: kind, and lowerBound and gap or else reason
 * @param agents how many agents there were
 * @param dimension coordinates of x
 * @param labels the classes as the rows have them, of two the one that is -1 first; empty if labels
 *     are numbers
 * @param offset the column that was added to predictions; null for none
 * @param design how the columns of a row become its features; null if they are taken as they are
 * @param summary what was inferred; null if it was not asked for, or if this was read from a file
 * @param survival of times to an event, the hazard; null of others, or if this was read from a file
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares solutions
public record Solution(
    String loss,
    double[] estimate,
    double[] intercepts,
    List<String> features,
    double[] solvedEstimate,
    double[] solvedIntercepts,
    Standardization standardization,
    int outputs,
    double objective,
    Map<String, Object> certificate,
    int agents,
    int dimension,
    List<String> labels,
    @Nullable String offset,
    @Nullable Design design,
    @Nullable Summary summary,
    @Nullable SurvivalCurve survival) {

  /** The version that is written today. A file without a number is of version 1. */
  public static final int FORMAT_VERSION = 3;

  /** What is left out where coefficients stand in a file of their own. */
  private static final List<String> IN_WEIGHTS =
      List.of(
          "estimate",
          "intercept",
          "features",
          "solvedEstimate",
          "solvedIntercept",
          "standardization",
          "labels");

  /**
   * The solution at a point.
   *
   * @param x in the coordinates in which costs are computed
   */
  static Solution of(
      Costs costs,
      double[] x,
      double objective,
      Map<String, Object> certificate,
      @Nullable Summary summary) {
    Objective.Shape shape = costs.shape();
    Schema schema = costs.schema();
    Standardization computed = costs.units();
    Standardization units = schema == null ? computed : schema.standardization();
    double[] coefficients = computed.coefficients(x, shape);
    double[] intercepts = computed.intercepts(x, shape);
    double[] solved = x.clone();
    if (!units.isSame(computed)) {
      System.arraycopy(coefficients, 0, solved, 0, coefficients.length);
      System.arraycopy(
          intercepts, 0, solved, coefficients.length, solved.length - coefficients.length);
      units.solve(solved, 0, shape);
    }
    Standardization none = Standardization.none(units.mean().length);
    return new Solution(
        costs.name(),
        coefficients,
        intercepts,
        schema == null ? List.of() : schema.features(),
        none.coefficients(solved, shape),
        none.intercepts(solved, shape),
        units,
        shape.outputs(),
        objective,
        certificate,
        costs.count(),
        shape.dimension(),
        schema == null ? List.of() : labels(schema.labels()),
        schema == null ? null : schema.offset(),
        schema == null ? null : schema.design(),
        summary,
        schema != null && schema.labels().kind() == Loss.Labels.TIME
            ? SurvivalCurve.of(costs, schema, x)
            : null);
  }

  private static List<String> labels(LabelCode code) {
    return code.positive() == null
        ? code.classes()
        : List.of(String.valueOf(code.negative()), code.positive());
  }

  /** The label that counts as +1; empty if there are not two. */
  public String positive() {
    return outputs == 1 && labels.size() == 2 ? labels.get(1) : "";
  }

  /** Whether predictions have a constant. */
  public boolean hasIntercept() {
    return dimension > estimate.length;
  }

  /** The coefficients by feature, for one prediction. */
  public Map<String, Double> coefficients() {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int j = 0; j < features.size() && j < estimate.length; j++) {
      map.put(features.get(j), estimate[j]);
    }
    return map;
  }

  /** As {@code solution.json} has it. */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("formatVersion", FORMAT_VERSION);
    map.put("loss", loss);
    map.put("estimate", byOutput(estimate));
    map.put("intercept", one(intercepts));
    map.put("features", features);
    map.put("solvedEstimate", byOutput(solvedEstimate));
    map.put("solvedIntercept", one(solvedIntercepts));
    Map<String, Object> units = new LinkedHashMap<>();
    units.put("mean", standardization.mean());
    units.put("deviation", standardization.deviation());
    map.put("standardization", units);
    if (!Double.isNaN(objective)) {
      map.put("objective", objective);
      map.put("certificate", certificate);
    }
    map.put("agents", agents);
    map.put("dimension", dimension);
    map.put("labels", labels);
    if (offset != null) {
      map.put("offset", offset);
    }
    if (survival != null) {
      map.put("survival", survival.toMap());
    }
    if (design != null) {
      map.put("design", design.toMap());
    }
    if (summary != null) {
      map.put("inference", summary.toMap());
    }
    return map;
  }

  /**
   * The same where the coefficients stand in a file of their own.
   *
   * @param weights that file
   */
  public Map<String, @Nullable Object> toMap(String weights) {
    Map<String, @Nullable Object> all = toMap();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("formatVersion", all.remove("formatVersion"));
    map.put("weights", weights);
    all.keySet().removeAll(IN_WEIGHTS);
    map.putAll(all);
    return map;
  }

  /** An array for each prediction, if there are several. */
  private Object byOutput(double[] w) {
    if (outputs < 2) {
      return w;
    }
    int n = w.length / outputs;
    return IntStream.range(0, outputs)
        .mapToObj(k -> Arrays.copyOfRange(w, k * n, (k + 1) * n))
        .toList();
  }

  private Object one(double[] of) {
    return outputs == 1 ? (Object) of[0] : of;
  }

  /**
   * Reads a solution that this version or an earlier one wrote.
   *
   * @param map as a JSON parser has it
   * @throws BadInputException if it is no solution, or one of a later version
   */
  public static Solution of(Map<String, ?> map) {
    Written file = new Written("solution.json", map);
    file.requireVersion(FORMAT_VERSION);
    double[] estimate = file.numbers("estimate");
    double[] intercepts = file.numbers("intercept");
    Object labels = map.get("labels");
    List<String> classes = new ArrayList<>();
    if (labels instanceof Map<?, ?> two) { // up to version 2, where there are two
      classes.add(Objects.toString(two.get("negative")));
      classes.add(Objects.toString(two.get("positive")));
    } else if (labels instanceof List<?> all) {
      all.forEach(label -> classes.add(Objects.toString(label)));
    }
    int outputs = isArray(map.get("intercept")) ? 0 : 1;
    if (map.get("estimate") instanceof List<?> rows && !rows.isEmpty() && isArray(rows.get(0))) {
      outputs = rows.size();
    }
    Written units = file.block("standardization");
    return new Solution(
        Objects.toString(map.get("loss"), ""),
        estimate,
        intercepts,
        file.texts("features"),
        file.numbers("solvedEstimate"),
        file.numbers("solvedIntercept"),
        new Standardization(units.numbers("mean"), units.numbers("deviation")),
        outputs,
        file.number("objective", Double.NaN),
        file.block("certificate").content(),
        (int) file.number("agents"),
        (int) file.number("dimension"),
        List.copyOf(classes),
        map.get("offset") == null ? null : Objects.toString(map.get("offset")),
        map.containsKey("design") ? Design.of(file.block("design").content()) : null,
        null,
        null);
  }

  private static boolean isArray(@Nullable Object value) {
    return value instanceof List<?> || value instanceof double[];
  }
}
