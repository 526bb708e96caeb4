package io.sotto.run;

import io.sotto.engine.Shards;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Policy;
import io.sotto.model.PolicyCosts;
import io.sotto.model.Vocabulary;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Objective;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The problem of a model that learns from rewards: F is minus the mean over agents of the reward on
 * each one's own prompts.
 *
 * @param prompts of the agents
 * @param policy how it learns
 * @param shape of the model
 * @param vocabulary of the model
 * @param reference the model from which the divergence is measured at first; null for the one that
 *     each agent starts from
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record PolicyProblem(
    AgentPrompts prompts,
    Policy policy,
    ModelShape shape,
    Vocabulary vocabulary,
    double @Nullable [] reference)
    implements Problem {

  /** Forward and both backward products, a pass of the reference and one that writes. */
  private static final double FLOPS = 10;

  @Override
  public Costs look(Consumer<String> warnings) throws IOException {
    AgentPrompts.Looked looked =
        prompts.look(new AgentPrompts.Room(vocabulary, shape.window(), policy.longest()));
    Layout layout = new Layout(shape);
    int count = looked.agents().size();
    int[] promptsOf = new int[count];
    Arrays.fill(promptsOf, policy.prompts());
    double[] flops = new double[count];
    long tokens = (long) policy.prompts() * policy.group() * shape.window();
    Arrays.fill(flops, FLOPS * layout.coefficients() * tokens);
    Map<String, Object> report = new LinkedHashMap<>(looked.report());
    report.put("vocabulary", shape.vocabulary());
    report.put("parameters", layout.coefficients());
    return new Costs(
        looked.agents(),
        new Objective.Shape(0, layout.coefficients(), layout.dimension()),
        new PolicyShards(looked.shards(), policy, shape, vocabulary, reference, count),
        new Costs.Nature(false, false, false, true, false, false, OptionalInt.of(policy.renew())),
        new Costs.Work(promptsOf, count, bytes(count), flops),
        null,
        null,
        new double[0],
        LanguageProblem.NAME,
        new RunDigest()
            .text("shape", shape.toString())
            .text("policy", policy.toString())
            .text("prompts", looked.digest())
            .text("vocabulary", vocabulary.toMap().toString())
            .text("reference", Integer.toHexString(Arrays.hashCode(reference)))
            .hex(),
        "%s; a model of %s parameters".formatted(looked.words(), Text.count(layout.coefficients())),
        report,
        null,
        null);
  }

  /** What each thread computes in: the model over some responses, and what writes them. */
  private long bytes(int agents) {
    int threads = Math.min(agents, Runtime.getRuntime().availableProcessors());
    return threads * PolicyCosts.bytes(shape, policy);
  }

  /** Makes the costs of a cell. */
  private record PolicyShards(
      AgentPrompts.PromptShards prompts,
      Policy policy,
      ModelShape shape,
      Vocabulary vocabulary,
      double @Nullable [] reference,
      int all)
      implements Shards {

    @Override
    public LocalObjective load(int[] agents) {
      return new PolicyCosts(shape, policy, vocabulary, prompts.load(agents), reference, all);
    }
  }
}
