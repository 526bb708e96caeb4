package io.sotto.model.task;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a response: {@code <thought>[answer]}, or {@code [answer]} alone where a task needs
 * no thought.
 *
 * @param thought what stands before the answer, between {@code <} and {@code >}; empty if nothing
 *     does
 * @param answer what stands between {@code [} and {@code ]} at the end; null if there is no such
 *     place, or more than one
 * @param wellFormed whether the response is of the form that the task wants, and nothing else
 */
public record Response(String thought, @Nullable String answer, boolean wellFormed) {
  private static final Pattern THOUGHT = Pattern.compile("<([^<>\\[\\]]*)>");
  private static final Pattern ANSWER = Pattern.compile("[^\\[\\]]*\\[([^<>\\[\\]]*)\\]");
  private static final Pattern REASONED =
      Pattern.compile("<[^<>\\[\\]]+>\\[[^<>\\[\\]]+\\]", Pattern.DOTALL);
  private static final Pattern PLAIN = Pattern.compile("\\[[^<>\\[\\]]+\\]", Pattern.DOTALL);

  /**
   * Takes a response apart.
   *
   * @param reasons whether a thought is wanted
   * @param text what a model wrote; null if it did not come to an end
   */
  public static Response of(boolean reasons, @Nullable String text) {
    if (text == null) {
      return new Response("", null, false);
    }
    Matcher thought = THOUGHT.matcher(text);
    Matcher answer = ANSWER.matcher(text);
    return new Response(
        thought.find() ? thought.group(1) : "",
        answer.matches() ? answer.group(1) : null,
        (reasons ? REASONED : PLAIN).matcher(text).matches());
  }

  /** A response of that form. */
  static String of(boolean reasons, List<String> steps, String answer) {
    return (reasons ? "<" + String.join(",", steps) + ">" : "") + "[" + answer + "]";
  }
}
