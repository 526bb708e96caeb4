package io.sotto.privacy.mechanism;

import io.sotto.engine.Plan;
import io.sotto.engine.Shards;
import io.sotto.problem.LocalObjective;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Plans under mechanisms, and secrets for tests. */
public final class Under {
  private Under() {}

  public static Secret secret(String words) {
    return Secret.of(words.repeat(Secret.LEAST).getBytes(StandardCharsets.UTF_8));
  }

  /** The same plan with other shards. */
  public static Plan shards(Plan plan, UnaryOperator<Shards> mechanism) {
    return plan.over(mechanism.apply(plan.shards()));
  }

  public static Plan sharing(Plan plan, double scale, String secret) {
    return shards(
        plan, plain -> new FunctionSharing(plain, plan.network(), scale, secret(secret), "run"));
  }

  /** The costs of all agents in one block. */
  public static LocalObjective all(Shards shards, int agents) {
    return shards.load(IntStream.range(0, agents).toArray());
  }

  public static double[] subgradient(LocalObjective costs, int agent, long key, double[] x) {
    double[] g = new double[costs.dimension()];
    costs.subgradient(agent, key, x, 0, g);
    return g;
  }
}
