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
 *     thought, 1 where none is wanted
 */
public record Reward(double accuracy, double format, double language) {

  /**
   * The reward of a response.
   *
   * @param response what a model wrote; null if it did not come to an end
   */
  public static Reward of(Prompt prompt, @Nullable String response) {
    Task task = prompt.task();
    Response parts = Response.of(task.reasons(), response);
    String answer = parts.answer() == null ? null : prompt.script().read(parts.answer());
    boolean right =
        answer != null && task.isRight(prompt.question(), Objects.requireNonNull(answer));
    return new Reward(
        right ? 1 : 0,
        parts.wellFormed() ? 1 : 0,
        task.reasons() ? prompt.script().share(parts.thought()) : 1);
  }

  /** A sum of the parts. */
  public double sum(Weights weights) {
    return weights.accuracy * accuracy + weights.format * format + weights.language * language;
  }

  /** What the parts count for. */
  public record Weights(double accuracy, double format, double language)
      implements java.io.Serializable {}
}
