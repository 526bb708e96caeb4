package io.sotto.cli;

import io.sotto.config.RunConfig;
import io.sotto.config.TaskSet;
import io.sotto.io.FileRows;
import io.sotto.io.ModelFiles;
import io.sotto.io.ModelFolder;
import io.sotto.io.NamedTable;
import io.sotto.io.Preferences;
import io.sotto.io.PromptFiles;
import io.sotto.io.Rejected;
import io.sotto.io.TextFiles;
import io.sotto.model.Vocabulary;
import io.sotto.run.LanguageProblem;
import io.sotto.run.PolicyProblem;
import io.sotto.run.Problem;
import io.sotto.run.RowsProblem;
import io.sotto.run.TaskPrompts;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration learns from: rows, texts, or rewards for answers.
 *
 * @param problem over them
 * @param rejected the rows that the last look at them left out; null for none
 * @param model what the files of the model are written from; null for rows
 */
record Source(
    Problem problem, Supplier<@Nullable Rejected> rejected, Supplier<@Nullable ModelFiles> model) {

  /** What it names, read by Hadoop. */
  static Source of(RunConfig config, JavaSparkContext spark) throws IOException {
    if (config.prompts().isPresent()) {
      return prompts(config, config.prompts().get(), spark);
    }
    if (config.language().isEmpty()) {
      if (config.data().format() == RunConfig.Format.TABLE) {
        return new Source(
            new RowsProblem(NamedTable.source(config.data(), spark), config.cost()),
            () -> null,
            () -> null);
      }
      FileRows rows = new FileRows(config.data(), spark);
      return new Source(new RowsProblem(rows, config.cost()), rows::rejected, () -> null);
    }
    RunConfig.Language language = config.language().get();
    Vocabulary given = null;
    if (config.warmStart().isPresent()) {
      ModelFolder earlier =
          new ModelFolder("warm-start", config.warmStart().get(), spark.hadoopConfiguration());
      earlier.requireFits(language.model());
      given = earlier.vocabulary();
    }
    TextFiles texts = new TextFiles(config.data(), language, given, spark);
    return new Source(
        new LanguageProblem(texts, language.model(), language.training()),
        () -> null,
        texts::model);
  }

  private static Source prompts(RunConfig config, RunConfig.Prompts prompts, JavaSparkContext spark)
      throws IOException {
    Configuration hadoop = spark.hadoopConfiguration();
    ModelFolder earlier = new ModelFolder("warm-start", config.warmStart().orElse(""), hadoop);
    double[] reference = null;
    if (prompts.reference().isPresent()) {
      ModelFolder named = new ModelFolder("policy.reference", prompts.reference().get(), hadoop);
      named.requireSameAs(earlier, "warm-start");
      reference = named.weights();
    }
    TaskSet tasks = prompts.tasks();
    return new Source(
        new PolicyProblem(
            prompts.check().isPresent()
                ? new PromptFiles(config.data(), prompts.check().get(), tasks.heldOut(), spark)
                : new TaskPrompts(
                    tasks.names(),
                    IntStream.range(0, tasks.agents()).mapToObj(tasks::source).toList(),
                    tasks.toString()),
            prompts.preference().isPresent()
                ? prompts
                    .policy()
                    .with(Preferences.read("policy.preference", prompts.preference().get(), hadoop))
                : prompts.policy(),
            earlier.shape(),
            earlier.vocabulary(),
            reference),
        () -> null,
        () -> new ModelFiles(earlier.shape(), earlier.vocabulary(), earlier.training(), true));
  }
}
