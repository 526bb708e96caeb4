package io.sotto.model.task;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Questions whose answers were given with them. If a question is given twice, either answer is
 * right.
 */
public final class Given implements Task {
  private static final long serialVersionUID = 1;

  /** How an answer is compared with the given one. Blanks around either do not count. */
  public enum Check {
    /** The same characters. */
    EXACT,
    /** The same number, however it is written: 1000, 1,000 and 1000.0 are the same. */
    NUMBER;

    private static final Pattern NUMBERS =
        Pattern.compile("[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?");

    /** Whether an answer can be compared in this way. */
    public boolean takes(String answer) {
      return this == EXACT || number(answer) != null;
    }

    private boolean same(String given, String answer) {
      if (this == EXACT) {
        return given.strip().equals(answer.strip());
      }
      BigDecimal one = number(given);
      BigDecimal other = number(answer);
      return one != null && other != null && one.compareTo(other) == 0;
    }

    private static @Nullable BigDecimal number(String text) {
      String written = text.strip();
      return NUMBERS.matcher(written).matches() ? new BigDecimal(written.replace(",", "")) : null;
    }
  }

  private final Check check;
  private final List<String> questions = new ArrayList<>();
  private final Map<String, List<String>> answers = new HashMap<>();

  /** None yet. */
  public Given(Check check) {
    this.check = check;
  }

  /** Takes one more. */
  public void add(String question, String answer) {
    List<String> own = answers.get(question);
    if (own == null) {
      own = new ArrayList<>(1);
      answers.put(question, own);
      questions.add(question);
    }
    own.add(answer);
  }

  @Override
  public String question(SplittableRandom random) {
    return questions.get(random.nextInt(questions.size()));
  }

  /** The answer that was given first; nobody gave steps. */
  @Override
  public List<String> solution(String question, double slip, SplittableRandom random) {
    return List.of(answersTo(question).get(0));
  }

  @Override
  public boolean isRight(String question, String answer) {
    return answersTo(question).stream().anyMatch(given -> check.same(given, answer));
  }

  private List<String> answersTo(String question) {
    return Objects.requireNonNull(answers.get(question), question);
  }
}
