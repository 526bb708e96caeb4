package io.sotto.model.task;

import java.util.SplittableRandom;

/** Numbers, place by place. */
final class Places {
  private Places() {}

  /** So many digits. */
  static String drawn(int digits, int base, SplittableRandom random) {
    StringBuilder number = new StringBuilder();
    for (int k = 0; k < digits; k++) {
      number.append(random.nextInt(base));
    }
    return number.toString();
  }

  /** A number below the square of the base, in two digits. */
  static String two(int number, int base) {
    return "" + number / base + number % base;
  }

  /** Without zeros in front. */
  static String number(String digits) {
    int from = 0;
    while (from < digits.length() - 1 && digits.charAt(from) == '0') {
      from++;
    }
    return digits.substring(from);
  }

  /** A number, or now and then the one before or after it. */
  static int slipped(int number, int end, double slip, SplittableRandom random) {
    if (slip == 0 || random.nextDouble() >= slip) {
      return number;
    }
    return Math.floorMod(number + (random.nextBoolean() ? 1 : -1), end);
  }
}
