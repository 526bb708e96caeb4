package io.sotto.model.task;

/**
 * A question, as a model reads it.
 *
 * @param task it belongs to
 * @param question in plain digits
 * @param script in which it is written, and the response should be
 */
public record Prompt(Task task, String question, Script script) {

  /** What the model reads. */
  public String text() {
    return script.write(question);
  }

  /** The best response, thought and answer. */
  public String worked() {
    var solution = task.solution(question, 0, new java.util.SplittableRandom(0));
    int last = solution.size() - 1;
    return script.write(Response.of(task.reasons(), solution.subList(0, last), solution.get(last)));
  }
}
