package io.sotto.model.task;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Responses as they are found before anyone teaches a model to answer: most are blurted out, many
 * of them wrong, and thoughts slip, mix scripts and lose their brackets.
 *
 * @param thoughts the share of responses with a thought
 * @param right the share of the others whose answer is right
 * @param slip how often a step of a thought is wrong
 * @param mixed the share of thoughts whose steps are each in any of some scripts
 * @param tidy the share of responses in the form that the task wants
 */
public record Web(double thoughts, double right, double slip, double mixed, double tidy)
    implements Serializable {
  private static final int BASE = 10;

  /**
   * A response to a prompt.
   *
   * @param scripts that thoughts mix
   */
  public String response(Prompt prompt, List<Script> scripts, SplittableRandom random) {
    boolean thinks = prompt.task().reasons() && random.nextDouble() < thoughts;
    boolean whole = random.nextDouble() < tidy;
    return thinks ? thought(prompt, scripts, whole, random) : blurted(prompt, whole, random);
  }

  private String thought(
      Prompt prompt, List<Script> scripts, boolean whole, SplittableRandom random) {
    List<String> steps = new ArrayList<>(prompt.task().solution(prompt.question(), slip, random));
    String answer = prompt.script().write(steps.remove(steps.size() - 1));
    boolean any = random.nextDouble() < mixed;
    for (int k = 0; k < steps.size(); k++) {
      Script script = any ? scripts.get(random.nextInt(scripts.size())) : prompt.script();
      steps.set(k, script.write(steps.get(k)));
    }
    String thought = String.join(",", steps);
    if (whole) {
      return Response.of(true, steps, answer);
    }
    return switch (random.nextInt(3)) {
      case 0 -> "<" + thought + "[" + answer + "]";
      case 1 -> thought + ">" + answer;
      default -> "<" + thought + ">" + answer;
    };
  }

  private String blurted(Prompt prompt, boolean whole, SplittableRandom random) {
    Task task = prompt.task();
    List<String> solution = task.solution(prompt.question(), task.reasons() ? 0 : slip, random);
    String answer = solution.get(solution.size() - 1);
    if (random.nextDouble() >= right) {
      answer = changed(answer, random);
    }
    answer = prompt.script().write(answer);
    if (whole) {
      return "[" + answer + "]";
    }
    return switch (random.nextInt(3)) {
      case 0 -> answer;
      case 1 -> "[" + answer;
      default -> answer + "]";
    };
  }

  /** With one or two characters of another kind. */
  private static String changed(String answer, SplittableRandom random) {
    char[] characters = answer.toCharArray();
    for (int k = 0; k < 2; k++) {
      int at = random.nextInt(characters.length);
      if (Character.isDigit(characters[at])) {
        characters[at] = (char) ('0' + random.nextInt(BASE));
      } else {
        characters[at] = characters[random.nextInt(characters.length)];
      }
    }
    return new String(characters);
  }
}
