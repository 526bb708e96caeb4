package io.sotto.ml;

import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Fits MLlib's generalized linear model of counts, Poisson with a logarithmic link, to rows of
 * agents.
 */
public final class SottoGeneralizedLinearRegression
    extends AgentEstimator<GeneralizedLinearRegressionModel, SottoGeneralizedLinearRegression> {
  private static final long serialVersionUID = 1;

  /** With a name of its own. */
  public SottoGeneralizedLinearRegression() {
    this(Identifiable$.MODULE$.randomUID("sottoGlm"));
  }

  /** With that name. */
  public SottoGeneralizedLinearRegression(String uid) {
    super(uid, "poisson");
  }

  @Override
  List<String> losses() {
    return List.of("poisson");
  }

  @Override
  GeneralizedLinearRegressionModel made(Model<?> model) {
    return (GeneralizedLinearRegressionModel) model;
  }

  @Override
  GeneralizedLinearRegressionModel example() {
    return new GeneralizedLinearRegressionModel(uid(), Vectors.zeros(1), 0);
  }

  /** Reads what {@code write()} has written. */
  public static MLReader<SottoGeneralizedLinearRegression> read() {
    return new DefaultParamsReader<>();
  }

  /** The one that was saved at a path. */
  public static SottoGeneralizedLinearRegression load(String path) {
    return read().load(path);
  }
}
