package io.sotto.model.task;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Products of a number and a digit, such as {@code 347*6=}. There is a step for each place, from
 * the last on: its digit, the other one, what is carried to it, and what comes out in two digits.
 *
 * @param digits of the number
 */
public record Products(int digits) implements Task {
  private static final int BASE = 10;

  @Override
  public String question(SplittableRandom random) {
    return Places.drawn(digits, BASE, random) + "*" + random.nextInt(BASE) + "=";
  }

  @Override
  public List<String> solution(String question, double slip, SplittableRandom random) {
    List<String> steps = new ArrayList<>();
    StringBuilder answer = new StringBuilder();
    int by = question.charAt(digits + 1) - '0';
    int carry = 0;
    for (int place = digits - 1; place >= 0; place--) {
      int digit = question.charAt(place) - '0';
      int product = Places.slipped(digit * by + carry, BASE * BASE, slip, random);
      steps.add("" + digit + by + carry + Places.two(product, BASE));
      answer.append(product % BASE);
      carry = product / BASE;
    }
    steps.add(Places.number(answer.append(carry).reverse().toString()));
    return steps;
  }

  @Override
  public boolean isRight(String question, String answer) {
    long product =
        Long.parseLong(question.substring(0, digits)) * (question.charAt(digits + 1) - '0');
    return answer.equals(Long.toString(product));
  }
}
