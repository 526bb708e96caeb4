package io.sotto.privacy.mechanism;

import io.sotto.algorithm.Scales;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Plan;
import io.sotto.engine.Shards;
import io.sotto.problem.LocalObjective;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** Plans under mechanisms, and secrets for tests. */
public final class Under {
  private Under() {}

  public static Secret secret(String words) {
    return Secret.of(words.repeat(Secret.LEAST).getBytes(StandardCharsets.UTF_8));
  }

  /** Each coordinate of what two neighbours share has that deviation. */
  public static Plan sharing(Plan plan, double scale, String secret) {
    return plan.under(
        Offsets.alike(
            KeyGraph.neighbours(plan.network()),
            scale,
            plan.dimension(),
            PairKeys.derived(secret(secret), "run")));
  }

  /** Sums with masks, or without. */
  public static Plan sums(Plan plan, boolean masked) {
    int n = plan.agents();
    return plan.under(
        new MaskedSums(
            KeyGraph.of(plan.network()),
            masked ? PairKeys.derived(secret("sums"), "run") : null,
            Scales.of(n, 1e3, 1e3, 1e3)));
  }

  /** The costs of all agents in one block, under a mechanism. */
  public static LocalObjective all(Mechanism mechanism, Shards shards, int agents) {
    int[] all = IntStream.range(0, agents).toArray();
    return mechanism.over(all, shards.load(all));
  }

  /** The costs of all agents of a plan in one block, as cells have them. */
  public static LocalObjective all(Plan plan) {
    return all(plan.mechanism(), plan.shards(), plan.agents());
  }

  public static double[] subgradient(LocalObjective costs, int agent, long key, double[] x) {
    double[] g = new double[costs.dimension()];
    costs.subgradient(agent, key, x, 0, g);
    return g;
  }
}
