package io.sotto.model.task;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a response is worth, by rules (DeepSeek-R1, section 2.2): each part is between 0 and 1, and
 * a function of the prompt and the response alone.
 *
 * @param accuracy 1 if the answer is right, in the script of the prompt
 * @param format 1 if the response has the form that the task wants
 * @param language the share of the thought's digits in the script of the prompt; 0 without a
 *     thought, 1 where none is wanted or the script is {@link Script#NONE}
 * @param preference how likely people prefer the answer to a plain one, where a task needs no
 *     thought; 0 else
 */
public record Reward(double accuracy, double format, double language, double preference) {

  /**
   * The reward of a response.
   *
   * @param response what a model wrote; null if it did not come to an end
   * @param preference judges answers that need no thought; null for none
   */
  public static Reward of(
      Prompt prompt, @Nullable String response, @Nullable Preference preference) {
    Task task = prompt.task();
    Response parts = Response.of(task.reasons(), response);
    String answer = parts.answer() == null ? null : prompt.script().read(parts.answer());
    boolean right =
        answer != null && task.isRight(prompt.question(), Objects.requireNonNull(answer));
    return new Reward(
        right ? 1 : 0,
        parts.wellFormed() ? 1 : 0,
        task.reasons() ? prompt.script().share(parts.thought()) : 1,
        task.reasons() || preference == null ? 0 : preference.of(prompt, response));
  }

  /** A sum of the parts. */
  public double sum(Weights weights) {
    return weights.accuracy * accuracy
        + weights.format * format
        + weights.language * language
        + weights.preference * preference;
  }

  /** What the parts count for. */
  public record Weights(double accuracy, double format, double language, double preference)
      implements java.io.Serializable {}
}
