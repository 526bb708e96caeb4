package io.sotto.model.task;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Digits to be put in ascending order, such as {@code 52914:}. There is a step for each place but
 * the last: the least digit that is left, and the others as they stand.
 *
 * @param length how many digits
 */
public record Sorting(int length) implements Task {
  private static final int BASE = 10;

  @Override
  public String question(SplittableRandom random) {
    return Places.drawn(length, BASE, random) + ":";
  }

  @Override
  public List<String> solution(String question, double slip, SplittableRandom random) {
    List<String> steps = new ArrayList<>();
    StringBuilder left = new StringBuilder(question.substring(0, length));
    StringBuilder answer = new StringBuilder();
    while (left.length() > 1) {
      int least = 0;
      for (int k = 1; k < left.length(); k++) {
        least = left.charAt(k) < left.charAt(least) ? k : least;
      }
      least = Places.slipped(least, left.length(), slip, random);
      char digit = left.charAt(least);
      left.deleteCharAt(least);
      steps.add(digit + left.toString());
      answer.append(digit);
    }
    steps.add(answer.append(left).toString());
    return steps;
  }

  @Override
  public boolean isRight(String question, String answer) {
    char[] digits = question.substring(0, length).toCharArray();
    java.util.Arrays.sort(digits);
    return answer.equals(new String(digits));
  }
}
