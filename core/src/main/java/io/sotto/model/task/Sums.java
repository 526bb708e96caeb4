package io.sotto.model.task;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sums of two numbers with as many digits, such as {@code 347+285=}. There is a step for each
 * place, from the last on: both digits, what is carried to it, and their sum in two digits.
 *
 * @param digits of each number
 * @param base of the digits, at most 10
 */
public record Sums(int digits, int base) implements Task {

  @Override
  public String question(SplittableRandom random) {
    return Places.drawn(digits, base, random) + "+" + Places.drawn(digits, base, random) + "=";
  }

  @Override
  public List<String> solution(String question, double slip, SplittableRandom random) {
    List<String> steps = new ArrayList<>();
    StringBuilder answer = new StringBuilder();
    int carry = 0;
    for (int place = digits - 1; place >= 0; place--) {
      int a = question.charAt(place) - '0';
      int b = question.charAt(digits + 1 + place) - '0';
      int sum = Places.slipped(a + b + carry, base * base, slip, random);
      steps.add("" + a + b + carry + Places.two(sum, base));
      answer.append(sum % base);
      carry = sum / base;
    }
    steps.add(Places.number(answer.append(carry).reverse().toString()));
    return steps;
  }

  @Override
  public boolean isRight(String question, String answer) {
    long sum =
        Long.parseLong(question.substring(0, digits), base)
            + Long.parseLong(question.substring(digits + 1, 2 * digits + 1), base);
    return answer.equals(Long.toString(sum, base));
  }
}
