package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.run.Solution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.jspecify.annotations.Nullable;

/**
 * A solution as models of Spark MLlib, and the folder {@code model/} of a result of rows: a
 * pipeline that MLlib's own writer has written, and the files by which MLflow knows it.
 */
public final class MllibModel {
  /** Where the pipeline stands in a result. */
  static final String PIPELINE = "model/sparkml";

  private static final String FEATURES = "features";
  private static final String PREDICTION = "prediction";
  private static final String VERSION = org.apache.spark.package$.MODULE$.SPARK_VERSION();

  private MllibModel() {}

  /** Why there is no pipeline for a solution, for people; null if there is one. */
  public static @Nullable String missing(Solution solution) {
    String why = withoutClass(solution);
    if (why == null && VERSION.startsWith("3.")) {
      List<String> odd = solution.features().stream().filter(MllibModel::isOdd).toList();
      return odd.isEmpty()
          ? null
          : "MLlib of Spark %s takes no column with a dot or a backtick in its name, as '%s' has"
              .formatted(VERSION, odd.get(0));
    }
    return why;
  }

  private static @Nullable String withoutClass(Solution solution) {
    if (solution.features().isEmpty()) {
      return "coefficients are not those of features";
    }
    if (solution.design() != null) {
      return "features are made by a formula, of categories or of filled fields";
    }
    if (solution.offset() != null && !solution.loss().equals("poisson")) {
      return "no class of MLlib for %s adds an offset to predictions".formatted(solution.loss());
    }
    return switch (solution.loss()) {
      case "logistic",
          "softmax",
          "hinge",
          "squared-hinge",
          "poisson",
          "squared",
          "absolute",
          "huber",
          "quantile" ->
          null;
      default -> "MLlib has no class for the loss %s".formatted(solution.loss());
    };
  }

  /**
   * The model itself. It reads a vector of the features, in their order, and predicts the place of
   * a class among the labels, or a number. Absolute, huber and quantile are linear as squared is:
   * where that was fitted makes no difference to how it predicts.
   *
   * @throws BadInputException if MLlib has none
   */
  public static Model<?> model(String uid, Solution solution) {
    String why = withoutClass(solution);
    if (why != null) {
      throw new BadInputException(
          "There is no model of MLlib for this solution: %s. Use its estimate.".formatted(why));
    }
    int outputs = solution.outputs();
    if (outputs > 1) {
      return new LogisticRegressionModel(
          uid,
          new DenseMatrix(
              outputs, solution.features().size(), solution.estimate().clone(), /* rows */ true),
          Vectors.dense(solution.intercepts().clone()),
          outputs,
          true);
    }
    Vector w = Vectors.dense(solution.estimate().clone());
    double b = solution.intercepts()[0];
    return switch (solution.loss()) {
      case "logistic" -> new LogisticRegressionModel(uid, w, b);
      case "hinge", "squared-hinge" -> new LinearSVCModel(uid, w, b);
      case "poisson" -> poisson(new GeneralizedLinearRegressionModel(uid, w, b), solution.offset());
      default -> new LinearRegressionModel(uid, w, b);
    };
  }

  private static Model<?> poisson(GeneralizedLinearRegressionModel model, @Nullable String offset) {
    model.set(model.family(), "poisson");
    model.set(model.link(), "log");
    if (offset != null) {
      model.set(model.offsetCol(), offset);
    }
    return model;
  }

  /**
   * From columns to predictions: a stage that makes a vector of them, the model, and for classes a
   * stage that names the predicted one.
   *
   * @param columns whether features are columns; else rows bring the vector {@code features}
   */
  static PipelineModel pipeline(Solution solution, boolean columns) {
    List<Transformer> stages = new ArrayList<>();
    if (columns) {
      stages.add(
          new VectorAssembler("columns")
              .setInputCols(
                  solution.features().stream().map(MllibModel::quoted).toArray(String[]::new))
              .setOutputCol(FEATURES));
    }
    stages.add(model("model", solution));
    if (!solution.labels().isEmpty()) {
      stages.add(
          new IndexToString("label")
              .setInputCol(PREDICTION)
              .setOutputCol("predictedLabel")
              .setLabels(solution.labels().toArray(String[]::new)));
    }
    return new PipelineModel("sotto", stages);
  }

  /** A name with a dot would be taken for a field of a column. */
  private static String quoted(String name) {
    return isOdd(name) ? "`" + name.replace("`", "``") + "`" : name;
  }

  private static boolean isOdd(String name) {
    return name.contains(".") || name.contains("`");
  }

  /**
   * Writes {@code model/}.
   *
   * @param columns whether features are columns
   */
  static void write(Solution solution, boolean columns, OutputFolder folder) throws IOException {
    pipeline(solution, columns).write().save(folder.part(PIPELINE));
    folder.text(
        "model/MLmodel",
        """
        flavors:
          python_function:
            data: sparkml
            env:
              virtualenv: python_env.yaml
            loader_module: mlflow.spark
          spark:
            code: null
            model_class: pyspark.ml.pipeline.PipelineModel
            model_data: sparkml
            pyspark_version: '%s'
        """
            .formatted(VERSION));
    folder.text("model/python_env.yaml", "dependencies:\n- -r requirements.txt\n");
    folder.text("model/requirements.txt", "mlflow\npyspark==%s\n".formatted(VERSION));
  }
}
