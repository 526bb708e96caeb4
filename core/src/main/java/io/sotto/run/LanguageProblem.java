package io.sotto.run;

import io.sotto.engine.Shards;
import io.sotto.model.LanguageCosts;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import io.sotto.model.Workspaces;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import io.sotto.run.TextSource.ScannedTexts;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The problem of training a model of language on texts: F is the mean over agents of the loss of
 * each one's own text.
 *
 * @param texts where they are
 * @param model what is trained
 * @param training how
 */
public record LanguageProblem(TextSource texts, ModelSettings model, Training training)
    implements Problem {

  /** The name of this cost. */
  static final String NAME = "language-model";

  /** Forward and both backward products, of a multiplication and an addition each. */
  private static final double FLOPS = 6;

  @Override
  public Costs look(Consumer<String> warnings) throws IOException {
    ScannedTexts scanned = texts.scan(warnings);
    ModelShape shape = model.shape(scanned.vocabulary().size());
    int fewest = LanguageCosts.fewest(shape, training);
    for (int i = 0; i < scanned.tokensOf().length; i++) {
      if (scanned.tokensOf()[i] < fewest) {
        throw new BadInputException(
            ("The text of agent '%s' has %d tokens, and a model.window of %d needs %d, held-out text"
                    + " included. Give it a longer text, or take a shorter model.window.")
                .formatted(scanned.agents().get(i), scanned.tokensOf()[i], shape.window(), fewest));
      }
    }
    Layout layout = new Layout(shape);
    int agents = scanned.agents().size();
    double[] flops = new double[agents];
    Arrays.fill(flops, FLOPS * layout.coefficients() * training.batch() * (double) shape.window());
    Map<String, Object> report = new LinkedHashMap<>(scanned.report());
    report.put("tokens", Arrays.stream(scanned.tokensOf()).asLongStream().sum());
    report.put("vocabulary", shape.vocabulary());
    report.put("parameters", layout.coefficients());
    return new Costs(
        scanned.agents(),
        new Objective.Shape(0, layout.coefficients(), layout.dimension()),
        new TextCosts(scanned.shards(), shape, training, agents),
        new Costs.Nature(false, false, false, true, false, false),
        new Costs.Work(scanned.tokensOf(), agents, bytes(scanned, shape), flops),
        null,
        null,
        new double[0],
        NAME,
        new RunDigest()
            .text("shape", shape.toString())
            .text("training", training.toString())
            .text("texts", scanned.digest())
            .hex(),
        scanned.words(),
        report,
        null,
        (seed, x, at) -> new Layout(shape).start(seed, x, at));
  }

  /** Texts, and what each thread computes in. */
  private long bytes(ScannedTexts scanned, ModelShape shape) {
    long tokens = Arrays.stream(scanned.tokensOf()).asLongStream().sum();
    int threads = Math.min(scanned.agents().size(), Runtime.getRuntime().availableProcessors());
    return tokens * (Integer.BYTES + 1) + threads * Workspaces.bytes(shape, training);
  }

  /** Makes the costs of a cell. */
  private record TextCosts(
      TextSource.TokenShards texts, ModelShape shape, Training training, int all)
      implements Shards {

    @Override
    public LocalObjective load(int[] agents) {
      return new LanguageCosts(shape, training, texts.load(agents), all);
    }
  }
}
