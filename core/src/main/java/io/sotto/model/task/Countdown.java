package io.sotto.model.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that are to be joined by {@code + - *}, each once, so that another one comes out, such as
 * {@code 3,7,2:15=}. A step joins what came out so far and the next number. Several answers can be
 * right. A slip is in what a step says came out; the steps after it and the answer are as if it
 * were not there, since an answer joins the numbers and not what came out.
 *
 * @param numbers how many, from 2 to 4
 * @param largest number
 */
public record Countdown(int numbers, int largest) implements Task {
  private static final String SIGNS = "+-*";
  private static final int MOST = 99;

  @Override
  public String question(SplittableRandom random) {
    while (true) {
      long[] drawn = new long[numbers];
      for (int k = 0; k < numbers; k++) {
        drawn[k] = 1L + random.nextInt(largest);
      }
      long value = drawn[0];
      for (int k = 1; k < numbers; k++) {
        value = joined(value, SIGNS.charAt(random.nextInt(SIGNS.length())), drawn[k]);
      }
      if (value > 0 && value <= MOST) {
        StringBuilder question = new StringBuilder();
        int[] order = shuffled(random);
        for (int k = 0; k < numbers; k++) {
          question.append(k > 0 ? "," : "").append(drawn[order[k]]);
        }
        return question.append(':').append(value).append('=').toString();
      }
    }
  }

  private int[] shuffled(SplittableRandom random) {
    int[] order = new int[numbers];
    for (int k = 1; k < numbers; k++) {
      int other = random.nextInt(k + 1);
      order[k] = order[other];
      order[other] = k;
    }
    return order;
  }

  private static long joined(long a, char sign, long b) {
    return sign == '+' ? a + b : sign == '-' ? a - b : a * b;
  }

  private static long[] given(String question) {
    return Arrays.stream(question.substring(0, question.indexOf(':')).split(","))
        .mapToLong(Long::parseLong)
        .toArray();
  }

  private static long wanted(String question) {
    return Long.parseLong(question.substring(question.indexOf(':') + 1, question.length() - 1));
  }

  @Override
  public List<String> solution(String question, double slip, SplittableRandom random) {
    long[] given = given(question);
    Way right = search(given, new boolean[given.length], null, wanted(question));
    if (right == null) {
      throw new IllegalArgumentException("no answer to '%s'".formatted(question));
    }
    List<String> steps = new ArrayList<>(right.steps);
    for (int k = 0; k < steps.size(); k++) {
      String step = steps.get(k);
      int at = step.indexOf('=') + 1;
      int value = Integer.parseInt(step.substring(at));
      if (value >= 0) {
        steps.set(
            k,
            step.substring(0, at)
                + Places.slipped(value, Math.max(10_000, value + 2), slip, random));
      }
    }
    steps.add(right.text);
    return steps;
  }

  /** Some of the numbers, joined: the steps, the expression, and what it comes to. */
  private record Way(List<String> steps, String text, long value) {
    static Way of(long first) {
      return new Way(List.of(), "" + first, first);
    }

    Way then(char sign, long next) {
      long joined = joined(value, sign, next);
      List<String> longer = new ArrayList<>(steps);
      longer.add("" + value + sign + next + "=" + joined);
      boolean low = sign == '*' && (text.indexOf('+') >= 0 || text.indexOf('-') >= 0);
      return new Way(longer, (low ? "(" + text + ")" : text) + sign + next, joined);
    }
  }

  /** The first way that comes to what is wanted, in the order of numbers and signs. */
  private static @Nullable Way search(long[] given, boolean[] used, @Nullable Way so, long wanted) {
    boolean whole = true;
    for (int k = 0; k < given.length; k++) {
      whole &= used[k];
      for (int s = 0; !used[k] && s < (so == null ? 1 : SIGNS.length()); s++) {
        used[k] = true;
        Way next = so == null ? Way.of(given[k]) : so.then(SIGNS.charAt(s), given[k]);
        Way found = search(given, used, next, wanted);
        used[k] = false;
        if (found != null) {
          return found;
        }
      }
    }
    return whole && so != null && so.value == wanted ? so : null;
  }

  @Override
  public boolean isRight(String question, String answer) {
    Reader reader = new Reader(answer);
    Long value = reader.value();
    long[] used = reader.numbers.stream().mapToLong(Long::longValue).sorted().toArray();
    long[] given = given(question);
    Arrays.sort(given);
    return value != null && value == wanted(question) && Arrays.equals(used, given);
  }

  /** Reads an expression of numbers, signs and brackets. */
  private static final class Reader {
    private static final int LONGEST = 64;
    private static final int DIGITS = 4;

    private final String text;
    private final List<Long> numbers = new ArrayList<>();
    private int at;
    private boolean wrong;

    Reader(String text) {
      this.text = text;
    }

    /** What it comes to; null if it is none. */
    @Nullable Long value() {
      if (text.length() > LONGEST) {
        return null;
      }
      long value = sum();
      return wrong || at < text.length() ? null : value;
    }

    private boolean take(char c) {
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    private long sum() {
      long value = product();
      while (!wrong) {
        if (take('+')) {
          value += product();
        } else if (take('-')) {
          value -= product();
        } else {
          break;
        }
      }
      return value;
    }

    private long product() {
      long value = factor();
      while (!wrong && take('*')) {
        value *= factor();
      }
      return value;
    }

    private long factor() {
      if (take('(')) {
        long value = sum();
        wrong |= !take(')');
        return value;
      }
      int from = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      boolean zero = at - from > 1 && text.charAt(from) == '0';
      if (at == from || at - from > DIGITS || zero) {
        wrong = true;
        return 0;
      }
      numbers.add(Long.parseLong(text, from, at, 10));
      return numbers.get(numbers.size() - 1);
    }
  }
}
