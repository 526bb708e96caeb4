package io.sotto.ml;

import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/** Fits MLlib's linear regression model to rows of agents, by one of four losses. */
public final class SottoRegressor extends AgentEstimator<LinearRegressionModel, SottoRegressor> {
  private static final long serialVersionUID = 1;
  private final DoubleParam huberDelta;
  private final DoubleParam quantileLevel;

  /** With a name of its own. */
  public SottoRegressor() {
    this(Identifiable$.MODULE$.randomUID("sottoRegressor"));
  }

  /** With that name. */
  public SottoRegressor(String uid) {
    super(uid, "squared");
    huberDelta = new DoubleParam(this, "huberDelta", "where huber becomes a line, above 0");
    quantileLevel = new DoubleParam(this, "quantileLevel", "level of quantile, between 0 and 1");
    setDefault(huberDelta, 1.35);
    setDefault(quantileLevel, 0.5);
  }

  @Override
  Map<String, Object> parameters(String named) {
    return switch (named) {
      case "huber" -> Map.of("huber-delta", getOrDefault(huberDelta));
      case "quantile" -> Map.of("quantile-level", getOrDefault(quantileLevel));
      default -> Map.of();
    };
  }

  /** Where huber becomes a line, in units of the label; 1.35 at first. */
  public DoubleParam huberDelta() {
    return huberDelta;
  }

  /** Sets huberDelta. */
  public SottoRegressor setHuberDelta(double value) {
    return with(huberDelta, value);
  }

  /** The level of quantile, between 0 and 1; 0.5, the median, at first. */
  public DoubleParam quantileLevel() {
    return quantileLevel;
  }

  /** Sets quantileLevel. */
  public SottoRegressor setQuantileLevel(double value) {
    return with(quantileLevel, value);
  }

  @Override
  List<String> losses() {
    return List.of("squared", "absolute", "huber", "quantile");
  }

  @Override
  LinearRegressionModel made(Model<?> model) {
    return (LinearRegressionModel) model;
  }

  @Override
  LinearRegressionModel example() {
    return new LinearRegressionModel(uid(), Vectors.zeros(1), 0);
  }

  /** Reads what {@code write()} has written. */
  public static MLReader<SottoRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /** The one that was saved at a path. */
  public static SottoRegressor load(String path) {
    return read().load(path);
  }
}
