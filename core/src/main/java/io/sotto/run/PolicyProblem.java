package io.sotto.run;

import io.sotto.engine.Shards;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Policy;
import io.sotto.model.PolicyCosts;
import io.sotto.model.Vocabulary;
import io.sotto.model.task.Prompt;
import io.sotto.model.task.PromptSource;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The problem of a model that learns from rewards: F is minus the mean over agents of the reward on
 * each one's own prompts.
 *
 * @param agents their names
 * @param prompts of each of them
 * @param policy how it learns
 * @param shape of the model
 * @param vocabulary of the model
 * @param reference the model from which the divergence is measured at first; null for the one that
 *     each agent starts from
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record PolicyProblem(
    List<String> agents,
    List<PromptSource> prompts,
    Policy policy,
    ModelShape shape,
    Vocabulary vocabulary,
    double @Nullable [] reference)
    implements Problem {

  /** Forward and both backward products, a pass of the reference and one that writes. */
  private static final double FLOPS = 10;

  /** Questions of each kind that are looked at before a run. */
  private static final int LOOKED_AT = 200;

  @Override
  public Costs look(Consumer<String> warnings) {
    for (int i = 0; i < agents.size(); i++) {
      for (PromptSource.Kind kind : prompts.get(i).kinds()) {
        requireAnswerable(agents.get(i), prompts.get(i), kind);
      }
    }
    Layout layout = new Layout(shape);
    int count = agents.size();
    int[] promptsOf = new int[count];
    Arrays.fill(promptsOf, policy.prompts());
    double[] flops = new double[count];
    long tokens = (long) policy.prompts() * policy.group() * shape.window();
    Arrays.fill(flops, FLOPS * layout.coefficients() * tokens);
    return new Costs(
        agents,
        new Objective.Shape(0, layout.coefficients(), layout.dimension()),
        new PromptShards(prompts, policy, shape, vocabulary, reference),
        new Costs.Nature(false, false, false, true, false, false, OptionalInt.of(policy.renew())),
        new Costs.Work(promptsOf, count, bytes(), flops),
        null,
        null,
        new double[0],
        LanguageProblem.NAME,
        new RunDigest()
            .text("shape", shape.toString())
            .text("policy", policy.toString())
            .text("prompts", prompts.toString())
            .text("vocabulary", vocabulary.toMap().toString())
            .text("reference", Integer.toHexString(Arrays.hashCode(reference)))
            .hex(),
        "%d agents with prompts of their own; a model of %s parameters"
            .formatted(count, Text.count(layout.coefficients())),
        Map.of("vocabulary", shape.vocabulary(), "parameters", layout.coefficients()),
        null,
        null);
  }

  /** What each thread computes in: the model over some responses, and what writes them. */
  private long bytes() {
    int threads = Math.min(agents.size(), Runtime.getRuntime().availableProcessors());
    return threads * PolicyCosts.bytes(shape, policy);
  }

  private void requireAnswerable(String agent, PromptSource source, PromptSource.Kind kind) {
    SplittableRandom random = new SplittableRandom(0);
    int shortest = Integer.MAX_VALUE;
    for (boolean heldOut : new boolean[] {false, true}) {
      for (int n = 0; n < LOOKED_AT; n++) {
        Prompt prompt = source.draw(kind, heldOut, random);
        String where = "tasks: a prompt of agent '%s', '%s'".formatted(agent, prompt.text());
        int read = vocabulary.encode(prompt.text(), where).length;
        int written = vocabulary.encode(prompt.worked(), where + " and its answer").length + 1;
        shortest = Math.min(shortest, written);
        if (1 + read + policy.longest() > shape.window()) {
          throw new BadInputException(
              ("%s, has %d tokens, and policy.longest is %d; with the token that begins they are more"
                      + " than the %d that the model was trained for. Take a smaller policy.longest, or"
                      + " a model with a longer model.window.")
                  .formatted(where, read, policy.longest(), shape.window()));
        }
      }
    }
    if (shortest > policy.longest()) {
      throw new BadInputException(
          ("policy.longest is %d, and the shortest right response of the task %s has %d tokens. Set it"
                  + " to that or more.")
              .formatted(policy.longest(), kind.task(), shortest));
    }
  }

  /** Makes the costs of a cell. */
  private record PromptShards(
      List<PromptSource> prompts,
      Policy policy,
      ModelShape shape,
      Vocabulary vocabulary,
      double @Nullable [] reference)
      implements Shards {

    @Override
    public LocalObjective load(int[] agents) {
      PromptSource[] own =
          Arrays.stream(agents).mapToObj(prompts::get).toArray(PromptSource[]::new);
      return new PolicyCosts(shape, policy, vocabulary, own, reference, prompts.size());
    }
  }
}
