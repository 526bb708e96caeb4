package io.sotto.ml;

import io.sotto.engine.graphx.GraphxEngine;
import io.sotto.io.MllibModel;
import io.sotto.io.TableRows;
import io.sotto.network.Topologies;
import io.sotto.network.Topology;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Objectives;
import io.sotto.problem.Parameters;
import io.sotto.run.Optimize;
import io.sotto.run.RowsProblem;
import io.sotto.run.RunSettings;
import io.sotto.run.Solution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * What estimators have in common. {@code fit} solves the problem on the rows of a dataset as {@link
 * Optimize} does; a column says which agent holds each row. The fitted model is MLlib's own.
 *
 * @param <M> the class of MLlib
 * @param <E> the estimator itself, for methods that return it
 */
public abstract class AgentEstimator<M extends Model<M>, E extends AgentEstimator<M, E>>
    extends Estimator<M> implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;
  private static final List<String> PROTECTIONS = List.of("offsets", "sums", "none");

  private final String uid;
  private final Param<String> agentCol;
  private final Param<String> featuresCol;
  private final Param<String> labelCol;
  private final Param<String> predictionCol;
  private final Param<String> loss;
  private final DoubleParam l2;
  private final DoubleParam l1;
  private final BooleanParam standardize;
  private final BooleanParam fitIntercept;
  private final Param<String> protect;
  private final Param<String> topology;
  private final IntParam degree;
  private final LongParam seed;
  private final DoubleParam tolerance;
  private final LongParam maxTicks;

  /**
   * With the defaults of configurations.
   *
   * @param uid names it among the stages of a pipeline
   * @param firstLoss what it fits unless another is set
   */
  AgentEstimator(String uid, String firstLoss) {
    this.uid = uid;
    agentCol = new Param<>(this, "agentCol", "column that names the holder of a row");
    featuresCol = new Param<>(this, "featuresCol", "column of vectors of features");
    labelCol = new Param<>(this, "labelCol", "column to predict");
    predictionCol = new Param<>(this, "predictionCol", "column of predictions");
    loss = new Param<>(this, "loss", "loss of a row, as problem.loss has it");
    l2 = new DoubleParam(this, "l2", "weight of half the squared norm of coefficients, from 0 on");
    l1 = new DoubleParam(this, "l1", "weight of the sum of absolute coefficients, from 0 on");
    standardize = new BooleanParam(this, "standardize", "whether features are scaled first");
    fitIntercept = new BooleanParam(this, "fitIntercept", "whether there is a constant");
    protect = new Param<>(this, "protect", "offsets, sums or none, as privacy.protect has it");
    topology = new Param<>(this, "topology", "network, as network.topology has it");
    degree = new IntParam(this, "degree", "links of an agent, for topologies that have a degree");
    seed = new LongParam(this, "seed", "seed of everything random");
    tolerance = new DoubleParam(this, "tolerance", "gap to stop at, relative to F");
    maxTicks = new LongParam(this, "maxTicks", "ticks to stop after");
    RunSettings defaults = RunSettings.defaults();
    setDefault(agentCol, "agent");
    setDefault(featuresCol, "features");
    setDefault(labelCol, "label");
    setDefault(predictionCol, "prediction");
    setDefault(loss, firstLoss);
    setDefault(l2, 0.0);
    setDefault(l1, 0.0);
    setDefault(standardize, true);
    setDefault(fitIntercept, true);
    setDefault(protect, "offsets");
    setDefault(topology, "ring");
    setDefault(degree, 4);
    setDefault(seed, defaults.seed());
    setDefault(tolerance, defaults.stop().tolerance());
    setDefault(maxTicks, defaults.stop().maxTicks());
  }

  /** The losses that its model fits. */
  abstract List<String> losses();

  /** The model for a solution, with what its columns are called, without features or labels. */
  abstract M made(Model<?> model);

  /** A model of one feature, for what it says of schemas. */
  abstract M example();

  /** Refuses a solution that the model of MLlib would say something else for. */
  void require(Solution solution) {}

  @SuppressWarnings("unchecked") // E is the class of this
  final <T> E with(Param<T> param, T value) {
    set(param, value);
    return (E) this;
  }

  @Override
  public final String uid() {
    return uid;
  }

  @Override
  public M fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    String named = getOrDefault(loss);
    if (!losses().contains(named)) {
      throw new BadInputException(
          "The loss is '%s'; this estimator fits one of %s."
              .formatted(named, String.join(", ", losses())));
    }
    Solution solution = solve(dataset, named);
    require(solution);
    return columns(made(MllibModel.model(uid, solution))).setParent(this);
  }

  private Solution solve(Dataset<?> dataset, String named) {
    Dataset<Row> rows =
        dataset.select(
            functions.col(getOrDefault(agentCol)).cast("string").as("agent"),
            functions.col(getOrDefault(labelCol)).as("label"),
            functions.col(getOrDefault(featuresCol)).as("features"));
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    RowsProblem problem =
        RowsProblem.of(
                TableRows.of(rows, "agent", "label")
                    .features("features")
                    .standardize((boolean) getOrDefault(standardize))
                    .intercept((boolean) getOrDefault(fitIntercept)),
                Objectives.REGISTRY.make("loss", named, new Parameters("loss", parameters(named))))
            .l2((double) getOrDefault(l2))
            .l1((double) getOrDefault(l1));
    Optimize optimize =
        Optimize.of(problem)
            .topology(drawn())
            .seed((long) getOrDefault(seed))
            .tolerance((double) getOrDefault(tolerance))
            .maxTicks((long) getOrDefault(maxTicks))
            .cluster(new GraphxEngine(context));
    try {
      return optimize.settings(optimize.settings().privacy(mechanism())).run().solution();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("The problem was not solved.", e);
    }
  }

  /** What the loss is made from, beside its name. */
  Map<String, Object> parameters(String named) {
    return Map.of();
  }

  private Topology drawn() {
    String named = getOrDefault(topology);
    Map<String, Object> known = new LinkedHashMap<>();
    Topologies.REGISTRY.entries().stream()
        .filter(entry -> entry.name().equals(named))
        .forEach(entry -> known.putAll(entry.example()));
    known.computeIfPresent("degree", (key, value) -> getOrDefault(degree));
    return Topologies.REGISTRY.make("topology", named, new Parameters("topology", known));
  }

  private RunSettings.Privacy mechanism() {
    String named = getOrDefault(protect);
    if (!PROTECTIONS.contains(named)) {
      throw new BadInputException(
          "protect is '%s'; it must be one of %s."
              .formatted(named, String.join(", ", PROTECTIONS)));
    }
    RunSettings.Privacy now = RunSettings.defaults().privacy();
    return named.equals("offsets")
        ? now
        : now.with(RunSettings.Mechanism.valueOf(named.toUpperCase(Locale.ROOT)));
  }

  /** A model with the names of columns that are set here. */
  final M columns(M model) {
    for (Param<?> param : params()) {
      if (param.name().endsWith("Col") && model.hasParam(param.name())) {
        model.set(model.getParam(param.name()), getOrDefault(param));
      }
    }
    return model;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    String holder = getOrDefault(agentCol);
    if (!List.of(schema.fieldNames()).contains(holder)) {
      throw new BadInputException(
          "agentCol is '%s', and there is no such column; it names the holder of each row."
              .formatted(holder));
    }
    return columns(example()).transformSchema(schema);
  }

  @Override
  @SuppressWarnings("unchecked") // a copy is of the same class
  public E copy(ParamMap extra) {
    return (E) defaultCopy(extra);
  }

  /** The column that names the holder of a row; "agent" at first. */
  public final Param<String> agentCol() {
    return agentCol;
  }

  /** Sets agentCol. */
  public final E setAgentCol(String value) {
    return with(agentCol, value);
  }

  /** The column of vectors of features; "features" at first. */
  public final Param<String> featuresCol() {
    return featuresCol;
  }

  /** Sets featuresCol. */
  public final E setFeaturesCol(String value) {
    return with(featuresCol, value);
  }

  /** The column to predict; "label" at first. */
  public final Param<String> labelCol() {
    return labelCol;
  }

  /** Sets labelCol. */
  public final E setLabelCol(String value) {
    return with(labelCol, value);
  }

  /** The column of predictions; "prediction" at first. */
  public final Param<String> predictionCol() {
    return predictionCol;
  }

  /** Sets predictionCol. */
  public final E setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  /** The loss of a row. */
  public final Param<String> loss() {
    return loss;
  }

  /** Sets loss. */
  public final E setLoss(String value) {
    return with(loss, value);
  }

  /** The weight of half the squared norm of coefficients; 0 at first. */
  public final DoubleParam l2() {
    return l2;
  }

  /** Sets l2. */
  public final E setL2(double value) {
    return with(l2, value);
  }

  /** The weight of the sum of absolute coefficients; 0 at first. */
  public final DoubleParam l1() {
    return l1;
  }

  /** Sets l1. */
  public final E setL1(double value) {
    return with(l1, value);
  }

  /** Whether features are scaled before solving; true at first. */
  public final BooleanParam standardize() {
    return standardize;
  }

  /** Sets standardize. */
  public final E setStandardize(boolean value) {
    return with(standardize, value);
  }

  /** Whether there is a constant; true at first. */
  public final BooleanParam fitIntercept() {
    return fitIntercept;
  }

  /** Sets fitIntercept. */
  public final E setFitIntercept(boolean value) {
    return with(fitIntercept, value);
  }

  /** How agents are protected from each other: offsets (at first), sums or none. */
  public final Param<String> protect() {
    return protect;
  }

  /** Sets protect. */
  public final E setProtect(String value) {
    return with(protect, value);
  }

  /** The network; "ring" at first. */
  public final Param<String> topology() {
    return topology;
  }

  /** Sets topology. */
  public final E setTopology(String value) {
    return with(topology, value);
  }

  /** Links of an agent, where the topology has a degree; 4 at first. */
  public final IntParam degree() {
    return degree;
  }

  /** Sets degree. */
  public final E setDegree(int value) {
    return with(degree, value);
  }

  /** The seed of everything random. */
  public final LongParam seed() {
    return seed;
  }

  /** Sets seed. */
  public final E setSeed(long value) {
    return with(seed, value);
  }

  /** The gap to stop at, relative to F. */
  public final DoubleParam tolerance() {
    return tolerance;
  }

  /** Sets tolerance. */
  public final E setTolerance(double value) {
    return with(tolerance, value);
  }

  /** The number of ticks to stop after. */
  public final LongParam maxTicks() {
    return maxTicks;
  }

  /** Sets maxTicks. */
  public final E setMaxTicks(long value) {
    return with(maxTicks, value);
  }
}
