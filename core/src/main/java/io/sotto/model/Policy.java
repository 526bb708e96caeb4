package io.sotto.model;

import io.sotto.model.task.Preference;
import io.sotto.model.task.Reward;
import java.io.Serializable;
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
    Reward.Weights weights,
    boolean overDeviation,
    boolean byToken,
    double norm,
    @Nullable Preference preference,
    int evaluated)
    implements Serializable {

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
        weights,
        overDeviation,
        byToken,
        norm,
        judge,
        evaluated);
  }
}
