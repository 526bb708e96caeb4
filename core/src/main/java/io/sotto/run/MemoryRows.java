package io.sotto.run;

import io.sotto.engine.Shards;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Block;
import io.sotto.problem.DenseRows;
import io.sotto.problem.LabelCode;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Moments;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.PiecewiseExponential;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Standardization;
import io.sotto.problem.TimeCounts;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the memory of this process, for programs that have them there already. On a cluster they
 * are sent along with tasks; use a table or files there, whose rows stay where they are.
 */
public final class MemoryRows implements RowSource {
  private final List<String> features;
  private final String[] agents;
  private final double[][] values;
  private final String[] labels;
  private final double @Nullable [] weights;
  private final double @Nullable [] offsets;
  private final boolean standardize;
  private final boolean intercept;
  private final Optional<String> positive;

  private MemoryRows(
      List<String> features,
      String[] agents,
      double[][] values,
      String[] labels,
      double @Nullable [] weights,
      double @Nullable [] offsets,
      boolean standardize,
      boolean intercept,
      Optional<String> positive) {
    this.features = List.copyOf(features);
    this.agents = agents;
    this.values = values;
    this.labels = labels;
    this.weights = weights;
    this.offsets = offsets;
    this.standardize = standardize;
    this.intercept = intercept;
    this.positive = positive;
  }

  /**
   * Rows whose labels are text: classes, or numbers as they are written. Columns are standardised,
   * and predictions have an intercept.
   *
   * @param features the names of the columns
   * @param agents by row, the name of who holds it
   * @param values by row, a number for each feature
   * @param labels by row
   * @throws IllegalArgumentException if the arrays do not fit
   */
  public static MemoryRows of(
      List<String> features, String[] agents, double[][] values, String[] labels) {
    if (agents.length != values.length || labels.length != values.length) {
      throw new IllegalArgumentException(
          "there are %d rows, %d agents of rows and %d labels"
              .formatted(values.length, agents.length, labels.length));
    }
    for (int r = 0; r < values.length; r++) {
      if (values[r].length != features.size()) {
        throw new IllegalArgumentException(
            "row %d has %d numbers, and there are %d features"
                .formatted(r, values[r].length, features.size()));
      }
    }
    double[][] own = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    return new MemoryRows(
        features, agents.clone(), own, labels.clone(), null, null, true, true, Optional.empty());
  }

  /** The same with numbers for labels. */
  public static MemoryRows of(
      List<String> features, String[] agents, double[][] values, double[] labels) {
    return of(
        features,
        agents,
        values,
        Arrays.stream(labels)
            .mapToObj(label -> LabelCode.canonical(Double.toString(label)))
            .toArray(String[]::new));
  }

  /** The same with or without bringing columns to mean 0 and deviation 1. */
  public MemoryRows standardize(boolean other) {
    return new MemoryRows(
        features, agents, values, labels, weights, offsets, other, intercept, positive);
  }

  /** The same with or without an intercept. */
  public MemoryRows intercept(boolean other) {
    return new MemoryRows(
        features, agents, values, labels, weights, offsets, standardize, other, positive);
  }

  /** The same with that label as +1 in place of the greater one. */
  public MemoryRows positive(String label) {
    return new MemoryRows(
        features,
        agents,
        values,
        labels,
        weights,
        offsets,
        standardize,
        intercept,
        Optional.of(label));
  }

  /** The same with rows that count differently: a number from 0 on for each. */
  public MemoryRows weights(double[] of) {
    return new MemoryRows(
        features,
        agents,
        values,
        labels,
        each(of, "weights"),
        offsets,
        standardize,
        intercept,
        positive);
  }

  /** The same with a number for each row that is added to its prediction. */
  public MemoryRows offsets(double[] of) {
    return new MemoryRows(
        features,
        agents,
        values,
        labels,
        weights,
        each(of, "offsets"),
        standardize,
        intercept,
        positive);
  }

  private double[] each(double[] of, String what) {
    if (of.length != values.length) {
      throw new IllegalArgumentException(
          "there are %d rows and %d %s".formatted(values.length, of.length, what));
    }
    return of.clone();
  }

  @Override
  public ScannedRows scan(
      Objective objective, Map<String, Double> classWeights, Consumer<String> warnings) {
    if (values.length == 0) {
      throw new BadInputException("There is not one row.");
    }
    Map<String, String> classes = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    Map<String, Integer> count = new TreeMap<>();
    Map<String, Double> ofLabel = new TreeMap<>();
    classWeights.forEach((label, own) -> ofLabel.put(LabelCode.canonical(label), own));
    Moments moments = new Moments();
    double[] weight = new double[values.length];
    TimeCounts times = PiecewiseExponential.counts(objective);
    int size = Moments.LEAST;
    double sum = 0;
    double squares = 0;
    for (int r = 0; r < values.length; r++) {
      String fault = LabelCode.fault(objective.labels(), labels[r]);
      if (fault != null) {
        throw new BadInputException("Row %d: %s.".formatted(r, fault));
      }
      if (agents[r].isBlank()) {
        throw new BadInputException("Row %d: the name of its agent is empty.".formatted(r));
      }
      boolean weighs = weights == null || (weights[r] >= 0 && Double.isFinite(weights[r]));
      if (!weighs || (offsets != null && !Double.isFinite(offsets[r]))) {
        throw new BadInputException(
            "Row %d: weights are finite numbers from 0 on, and offsets are finite.".formatted(r));
      }
      if (times != null) {
        PiecewiseExponential.requireEvent("Row " + r, offsets == null ? -1 : offsets[r]);
        times.add(Double.parseDouble(labels[r]), offsets != null && offsets[r] == 1);
      }
      String label = LabelCode.canonical(labels[r]);
      if (seen.add(label)) {
        classes.put(labels[r], "row " + r);
      }
      count.merge(agents[r], 1, Integer::sum);
      weight[r] = (weights == null ? 1 : weights[r]) * ofLabel.getOrDefault(label, 1.0);
      size = Math.max(size, Moments.size(weight[r]));
      for (int j = 0; j < features.size(); j++) {
        if (!Double.isFinite(values[r][j])) {
          throw new BadInputException(
              "Row %d: the feature %s is no finite number.".formatted(r, features.get(j)));
        }
      }
    }
    for (int r = 0; r < values.length; r++) {
      weight[r] = Moments.scaled(weight[r], size);
      sum += weight[r];
      squares += weight[r] * weight[r];
      for (int j = 0; j < features.size(); j++) {
        moments.add(j, values[r][j], weight[r]);
      }
    }
    double[][] all = moments.over(sum, squares, 0, features.size());
    if (!(sum > 0)) {
      throw new BadInputException("The weights of all rows sum to 0; some must be above it.");
    }
    LabelCode code = LabelCode.of(objective.labels(), classes, positive, false);
    for (String label : ofLabel.keySet()) {
      if (!code.has(label)) {
        throw new BadInputException(
            "Class weights name the label '%s', which no row has.".formatted(label));
      }
    }
    Standardization units =
        standardize
            ? Standardization.of(all[0], all[1], intercept)
            : Standardization.none(features.size());
    Schema schema =
        new Schema(
            features,
            intercept,
            false,
            false,
            objective.shape(features.size(), code.classes().size(), intercept),
            code,
            units,
            standardize,
            weights == null ? null : "weights",
            offsets == null ? null : "offsets",
            Map.of(),
            null);
    List<String> names = List.copyOf(count.keySet());
    boolean weighted = weights != null || !classWeights.isEmpty();
    double total = sum;
    return new ScannedRows(
        names,
        names.stream().mapToInt(name -> count.getOrDefault(name, 0)).toArray(),
        Moments.scaled(sum, -size),
        (long) values.length * features.size(),
        3 * 8L * values.length * (features.size() + 2), // as given, by agent, and in cells
        schema,
        all,
        IntStream.range(0, features.size())
            .filter(j -> all[1][j] == 0)
            .mapToObj(features::get)
            .toList(),
        digest(weight),
        "in memory",
        Map.of(),
        (cost, regularizer, solved) ->
            new OfAgents(
                sorted(names, code, solved, weighted ? weight : null),
                cost,
                regularizer,
                total,
                intercept,
                code.classes().size()),
        times);
  }

  private String digest(double[] weight) {
    RunDigest digest =
        new RunDigest()
            .text("features", String.join("\u0000", features))
            .text("agents", String.join("\u0000", agents))
            .text("labels", String.join("\u0000", labels))
            .text("read", standardize + " " + intercept + " " + positive)
            .number("weights", weight)
            .number("offsets", offsets == null ? new double[0] : offsets);
    for (double[] row : values) {
      digest.number("row", row);
    }
    return digest.hex();
  }

  /** The rows agent by agent, in the units in which the problem is solved. */
  private Sorted sorted(
      List<String> names, LabelCode code, Standardization units, double @Nullable [] weight) {
    int[] order =
        IntStream.range(0, agents.length)
            .boxed()
            .sorted((a, b) -> agents[a].compareTo(agents[b])) // stable
            .mapToInt(Integer::intValue)
            .toArray();
    int n = features.size();
    int[] first = new int[names.size() + 1];
    double[] codes = new double[order.length];
    double[] solved = new double[Math.multiplyExact(order.length, n)];
    double[] itsWeight = new double[weight == null ? 0 : order.length];
    double[] itsOffset = new double[offsets == null ? 0 : order.length];
    int agent = -1;
    for (int k = 0; k < order.length; k++) {
      int r = order[k];
      if (k == 0 || !agents[r].equals(agents[order[k - 1]])) {
        first[++agent] = k;
      }
      codes[k] = code.encode(labels[r]);
      for (int j = 0; j < n; j++) {
        solved[k * n + j] = (values[r][j] - units.mean()[j]) / units.deviation()[j];
      }
      if (weight != null) {
        itsWeight[k] = weight[r];
      }
      if (offsets != null) {
        itsOffset[k] = offsets[r];
      }
    }
    first[names.size()] = order.length;
    return new Sorted(
        n,
        first,
        codes,
        solved,
        weight == null ? null : itsWeight,
        offsets == null ? null : itsOffset);
  }

  /** Rows agent by agent. */
  @SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
  private record Sorted(
      int features,
      int[] first,
      double[] labels,
      double[] values,
      double @Nullable [] weights,
      double @Nullable [] offsets)
      implements java.io.Serializable {}

  /** The costs of some agents, out of all rows. */
  private record OfAgents(
      Sorted rows,
      Objective objective,
      Regularizer regularizer,
      double weight,
      boolean intercept,
      int classes)
      implements Shards {

    @Override
    public LocalObjective load(int[] agents) {
      int n = rows.features();
      int[] first = new int[agents.length + 1];
      for (int i = 0; i < agents.length; i++) {
        first[i + 1] = first[i] + rows.first()[agents[i] + 1] - rows.first()[agents[i]];
      }
      int count = first[agents.length];
      double[] labels = new double[count];
      double[] values = new double[count * n];
      double[] weights = rows.weights() == null ? null : new double[count];
      double[] offsets = rows.offsets() == null ? null : new double[count];
      for (int i = 0; i < agents.length; i++) {
        int from = rows.first()[agents[i]];
        int length = first[i + 1] - first[i];
        System.arraycopy(rows.labels(), from, labels, first[i], length);
        System.arraycopy(rows.values(), from * n, values, first[i] * n, length * n);
        if (weights != null) {
          System.arraycopy(rows.weights(), from, weights, first[i], length);
        }
        if (offsets != null) {
          System.arraycopy(rows.offsets(), from, offsets, first[i], length);
        }
      }
      return Objectives.over(
          objective,
          new Block(
              new DenseRows(n, first, labels, values),
              weights,
              offsets,
              1.0 / weight,
              1.0 / (rows.first().length - 1),
              regularizer,
              intercept,
              null,
              classes));
    }
  }
}
