package io.sotto.ml;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import io.sotto.run.Solution;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Fits MLlib's logistic regression to rows of agents: two classes (logistic) or more (softmax).
 * Labels are 0, 1 and so on, as StringIndexer makes them.
 */
public final class SottoClassifier
    extends AgentEstimator<LogisticRegressionModel, SottoClassifier> {
  private static final long serialVersionUID = 1;
  private final Param<String> probabilityCol;
  private final Param<String> rawPredictionCol;

  /** With a name of its own. */
  public SottoClassifier() {
    this(Identifiable$.MODULE$.randomUID("sottoClassifier"));
  }

  /** With that name. */
  public SottoClassifier(String uid) {
    super(uid, "logistic");
    probabilityCol = new Param<>(this, "probabilityCol", "column of probabilities");
    rawPredictionCol = new Param<>(this, "rawPredictionCol", "column of linear predictions");
    setDefault(probabilityCol, "probability");
    setDefault(rawPredictionCol, "rawPrediction");
  }

  /** MLlib calls classes by number, so labels must be these numbers. */
  @Override
  void require(Solution solution) {
    for (int k = 0; k < solution.labels().size(); k++) {
      if (Numbers.parse(solution.labels().get(k)) != k) {
        throw new BadInputException(
            "The labels are %s, and MLlib wants 0, 1 and so on, each there; use a StringIndexer."
                .formatted(solution.labels()));
      }
    }
  }

  /** The column of probabilities; "probability" at first. */
  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  /** Sets probabilityCol. */
  public SottoClassifier setProbabilityCol(String value) {
    return with(probabilityCol, value);
  }

  /** The column of linear predictions; "rawPrediction" at first. */
  public Param<String> rawPredictionCol() {
    return rawPredictionCol;
  }

  /** Sets rawPredictionCol. */
  public SottoClassifier setRawPredictionCol(String value) {
    return with(rawPredictionCol, value);
  }

  @Override
  List<String> losses() {
    return List.of("logistic", "softmax");
  }

  @Override
  LogisticRegressionModel made(Model<?> model) {
    return (LogisticRegressionModel) model;
  }

  @Override
  LogisticRegressionModel example() {
    return new LogisticRegressionModel(uid(), Vectors.zeros(1), 0);
  }

  /** Reads what {@code write()} has written. */
  public static MLReader<SottoClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** The one that was saved at a path. */
  public static SottoClassifier load(String path) {
    return read().load(path);
  }
}
