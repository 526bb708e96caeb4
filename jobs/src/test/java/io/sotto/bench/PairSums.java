package io.sotto.bench;

import io.sotto.model.task.Sums;
import io.sotto.model.task.Task;
import io.sotto.problem.Parameters;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sums a + b of which a fifth of all pairs of unit digits is left out: those where 31 a + 17 b is a
 * multiple of 5. Or only these.
 *
 * @param sums all of them
 * @param left whether the questions are those that are left out
 */
public record PairSums(Sums sums, boolean left) implements Task {
  private static final int MOST_DIGITS = 9;
  private static final int BASE = 10;

  /** Of the keys {@code digits} and {@code left}, which is 1 for the pairs that are left out. */
  public static PairSums of(Parameters parameters) {
    return new PairSums(
        new Sums(parameters.integer("digits", 1, MOST_DIGITS), BASE),
        parameters.integer("left", 0, 1) == 1);
  }

  @Override
  public String question(SplittableRandom random) {
    while (true) {
      String question = sums.question(random);
      int plus = question.indexOf('+');
      long a = Long.parseLong(question.substring(0, plus));
      long b = Long.parseLong(question.substring(plus + 1, question.length() - 1));
      if (((31 * a + 17 * b) % 5 == 0) == left) {
        return question;
      }
    }
  }

  @Override
  public List<String> solution(String question, double slip, SplittableRandom random) {
    return sums.solution(question, slip, random);
  }

  @Override
  public boolean isRight(String question, String answer) {
    return sums.isRight(question, answer);
  }
}
