package io.sotto.model;

import io.sotto.model.task.Preference;
import io.sotto.model.task.Reward;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a model learns from rewards: group-relative policy optimisation (GRPO; DeepSeek-R1,
 * arXiv:2501.12948, equations 1 to 3).
 *
 * @param prompts that an agent draws for one update
 * @param group responses to each of them [G], at least 2
 * @param longest how many tokens a response has at most, the one that ends it included
 * @param temperature of responses, above 0
 * @param epochs how many steps are made with the same responses
 * @param epochStep how long those before the last one are, along the gradient; they are undone
 * @param clip how far the ratio of probabilities may be from 1 [epsilon]
 * @param divergence what the divergence from the reference counts for [beta]
 * @param renew after how many ticks, each time, an agent's own estimate becomes its reference; 0
 *     for never
 * @param weights of the parts of a reward
 * @param overDeviation whether advantages are divided by the deviation of a group's rewards
 * @param byToken whether each token counts the same; else each response does
 * @param norm the largest norm of a subgradient; longer ones are shortened to it
 * @param preference judges answers that need no thought; null for none
 * @param evaluated held-out prompts, at most, that a measurement answers, for each agent
 */
public record Policy(
    int prompts,
    int group,
    int longest,
    double temperature,
    int epochs,
    double epochStep,
    double clip,
    double divergence,
    int renew,
    Reward.Weights weights,
    boolean overDeviation,
    boolean byToken,
    double norm,
    @Nullable Preference preference,
    int evaluated)
    implements Serializable {

  /** Rewards of a group that differ by less are equal. */
  private static final double SAME = 1e-9;

  /**
   * How much better each response is than the others to the same prompt [A]; 0 where a group has
   * one reward.
   */
  double[] advantages(Reward[] rewards) {
    double[] advantages = new double[rewards.length];
    for (int from = 0; from < rewards.length; from += group) {
      double mean = 0;
      for (int i = from; i < from + group; i++) {
        advantages[i] = rewards[i].sum(weights);
        mean += advantages[i] / group;
      }
      double square = 0;
      for (int i = from; i < from + group; i++) {
        advantages[i] -= mean;
        square += advantages[i] * advantages[i] / group;
      }
      double deviation = Math.sqrt(square);
      for (int i = from; i < from + group; i++) {
        advantages[i] = deviation < SAME ? 0 : advantages[i] / (overDeviation ? deviation : 1);
      }
    }
    return advantages;
  }

  /** The share of groups that have more than one reward. */
  double liveGroups(Reward[] rewards) {
    double[] advantages = advantages(rewards);
    int groups = rewards.length / group;
    return IntStream.range(0, groups)
            .filter(
                g -> Arrays.stream(advantages, g * group, (g + 1) * group).anyMatch(a -> a != 0))
            .count()
        / (double) groups;
  }

  /** The same with something that judges answers which need no thought. */
  public Policy with(Preference judge) {
    return new Policy(
        prompts,
        group,
        longest,
        temperature,
        epochs,
        epochStep,
        clip,
        divergence,
        renew,
        weights,
        overDeviation,
        byToken,
        norm,
        judge,
        evaluated);
  }
}
