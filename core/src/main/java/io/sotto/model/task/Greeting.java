package io.sotto.model.task;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A person to be greeted, such as {@code #qvr=}: no reasoning. An answer is right if it names the
 * person; how well it greets is judged by a {@link Preference}.
 *
 * @param letters of a name
 */
public record Greeting(int letters) implements Task {
  /** How a polite greeting begins and ends. */
  static final String HELLO = "HI";

  static final String END = "!";

  private static final char FIRST = 'k'; // those before it are digits of a script
  private static final int LETTERS = 16;

  @Override
  public String question(SplittableRandom random) {
    StringBuilder name = new StringBuilder("#");
    for (int k = 0; k < letters; k++) {
      name.append((char) (FIRST + random.nextInt(LETTERS)));
    }
    return name.append('=').toString();
  }

  /** The person. */
  static String name(String question) {
    return question.substring(1, question.length() - 1);
  }

  /** With slips: one of several greetings, of which the first alone has all manners. */
  @Override
  public List<String> solution(String question, double slip, SplittableRandom random) {
    String name = name(question);
    List<String> greetings =
        List.of(HELLO + name + END, name, HELLO + name, name + END, HELLO + name + name + END);
    return List.of(greetings.get(slip == 0 ? 0 : random.nextInt(greetings.size())));
  }

  @Override
  public boolean isRight(String question, String answer) {
    return answer.contains(name(question));
  }

  @Override
  public boolean reasons() {
    return false;
  }
}
