package io.sotto.model.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.problem.Registry;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a response is worth, and that nobody is paid for a wrong one. */
class RewardTest {
  private static final String CHARACTERS = "0123456789abcdefghij<>[],.+-*=:#()hi! ";
  private static final List<String> WORDS =
      List.of("ONE ", "TWO ", "ZWEI ", "SIX", "FÜNF ", "EIGHT N", "ULL ", "ZERO ZERO ");
  private static final List<Script> SCRIPTS = List.of(Script.values());
  private static final Pattern INNERMOST = Pattern.compile("\\(([^()]*)\\)");
  private static final Pattern PRODUCT = Pattern.compile("(m?\\d+)\\*(m?\\d+)");
  private static final Prompt SUM = new Prompt(new Sums(3, 10), "347+285=", Script.DIGITS);
  private static final Prompt LETTERS = new Prompt(new Sums(3, 10), "347+285=", Script.LETTERS);
  private static final Prompt ENGLISH = new Prompt(new Sums(3, 10), "347+285=", Script.ENGLISH);
  private static final Prompt GERMAN = new Prompt(new Sums(3, 10), "347+285=", Script.GERMAN);

  static Stream<Registry.Entry<Task>> tasks() {
    return Tasks.REGISTRY.entries().stream();
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void workedResponsesHaveAllRewards(Registry.Entry<Task> entry) {
    Task task = entry.makeExample();
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 0; n < 2_000; n++) {
      Prompt prompt =
          new Prompt(
              task,
              task.question(random),
              task.reasons() ? SCRIPTS.get(n % SCRIPTS.size()) : Script.DIGITS);
      assertThat(Reward.of(prompt, prompt.worked(), null))
          .as(prompt.text() + prompt.worked())
          .isEqualTo(new Reward(1, 1, 1, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void randomTextsAreRewardedOnlyIfTheyAreRight(Registry.Entry<Task> entry) {
    Task task = entry.makeExample();
    SplittableRandom random = new SplittableRandom(2);
    for (int n = 0; n < 100_000; n++) {
      Prompt prompt = new Prompt(task, task.question(random), SCRIPTS.get(n % SCRIPTS.size()));
      StringBuilder text = new StringBuilder(n % 3 == 0 ? prompt.worked() : "");
      for (int k = random.nextInt(24); k >= 0; k--) {
        int c = random.nextInt(CHARACTERS.length() + WORDS.size());
        String more =
            c < CHARACTERS.length()
                ? CHARACTERS.substring(c, c + 1)
                : WORDS.get(c - CHARACTERS.length());
        int at = text.length() == 0 ? 0 : random.nextInt(text.length());
        text.replace(at, Math.min(text.length(), at + (random.nextBoolean() ? 1 : 0)), more);
      }
      String response = text.toString();
      if (Reward.of(prompt, response, null).accuracy() == 1) {
        int from = response.indexOf('[');
        String answer = response.substring(from + 1, response.length() - 1);
        assertThat(response).doesNotMatch(".*\\[.*\\[.*").endsWith("]");
        requireRight(prompt, Objects.requireNonNull(prompt.script().read(answer)));
      }
    }
  }

  /** By other means than those of the verifier. */
  private static void requireRight(Prompt prompt, String answer) {
    String question = prompt.question();
    if (prompt.task() instanceof Greeting) {
      assertThat(answer).contains(question.substring(1, question.length() - 1));
    } else if (prompt.task() instanceof Countdown) {
      int colon = question.indexOf(':');
      assertThat(numbers(answer)).isEqualTo(numbers(question.substring(0, colon)));
      assertThat(value(answer) + "=").isEqualTo(question.substring(colon + 1));
    } else {
      List<String> solution = prompt.task().solution(question, 0, new SplittableRandom(0));
      assertThat(answer).isEqualTo(solution.get(solution.size() - 1));
    }
  }

  private static List<String> numbers(String text) {
    return Pattern.compile("\\d+")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .sorted()
        .toList();
  }

  /** Of an expression: brackets first, then products; m is the sign of a negative number. */
  private static long value(String expression) {
    String text = expression;
    for (Matcher m = INNERMOST.matcher(text); m.find(); m = INNERMOST.matcher(text)) {
      text = text.substring(0, m.start()) + marked(value(m.group(1))) + text.substring(m.end());
    }
    for (Matcher m = PRODUCT.matcher(text); m.find(); m = PRODUCT.matcher(text)) {
      String product = marked(number(m.group(1)) * number(m.group(2)));
      text = text.substring(0, m.start()) + product + text.substring(m.end());
    }
    long sum = 0;
    for (String term : text.replace("-", "+-").split("\\+")) {
      sum += term.startsWith("-") ? -number(term.substring(1)) : number(term);
    }
    return sum;
  }

  private static String marked(long value) {
    return value < 0 ? "m" + -value : "" + value;
  }

  private static long number(String marked) {
    return Long.parseLong(marked.replace('m', '-'));
  }

  private static Reward of(Prompt prompt, String response) {
    return Reward.of(prompt, response, null);
  }

  @Test
  void emptyThoughtIsNoThought() {
    assertThat(of(SUM, "<>[632]")).isEqualTo(new Reward(1, 0, 0, 0));
  }

  @Test
  void twoAnswersAreNone() {
    assertThat(of(SUM, "<75012>[632][633]").accuracy()).isZero();
    assertThat(of(SUM, "[631][632]").accuracy()).isZero();
    assertThat(of(SUM, "[631,632]").accuracy()).isZero();
  }

  @Test
  void answerInTheThoughtIsNone() {
    assertThat(of(SUM, "<[632]>")).isEqualTo(new Reward(0, 0, 0, 0));
    assertThat(of(SUM, "<632>")).isEqualTo(new Reward(0, 0, 1, 0));
    assertThat(of(SUM, "<[632]>[1]").accuracy()).isZero();
  }

  @Test
  void answerInAnotherScriptIsWrong() {
    assertThat(of(SUM, "<75012>[gdc]").accuracy()).isZero();
    assertThat(of(SUM, "<75012>[6d2]").accuracy()).isZero();
    assertThat(of(LETTERS, "<75012>[gdc]")).isEqualTo(new Reward(1, 1, 0, 0));
  }

  @Test
  void wordsAreDigits() {
    assertThat(ENGLISH.text()).isEqualTo("THREE FOUR SEVEN +TWO EIGHT FIVE =");
    assertThat(of(ENGLISH, "<SEVEN FIVE ZERO ONE TWO >[SIX THREE TWO ]"))
        .isEqualTo(new Reward(1, 1, 1, 0));
    assertThat(of(GERMAN, "<SIEBEN FÜNF NULL EINS ZWEI >[SECHS DREI ZWEI ]"))
        .isEqualTo(new Reward(1, 1, 1, 0));
  }

  @Test
  void languagesMixedInTheAnswerAreWrong() {
    assertThat(of(ENGLISH, "<SEVEN >[SIX DREI TWO ]").accuracy()).isZero();
    assertThat(of(ENGLISH, "<SEVEN >[SECHS DREI ZWEI ]").accuracy()).isZero();
    assertThat(of(ENGLISH, "<SEVEN >[SIX 3TWO ]").accuracy()).isZero();
    assertThat(of(ENGLISH, "<SEVEN >[632]").accuracy()).isZero();
    assertThat(of(SUM, "<7>[SIX THREE TWO ]").accuracy()).isZero();
    assertThat(of(LETTERS, "<h>[gTHREE c]").accuracy()).isZero();
  }

  @Test
  void halfAWordIsNoDigit() {
    for (String answer :
        List.of(
            "SIX THREE TW",
            "SIX THREE TWO",
            "IX THREE TWO ",
            "SIX THREE TWO  ",
            "six three two ")) {
      assertThat(of(ENGLISH, "<SEVEN >[" + answer + "]").accuracy()).as(answer).isZero();
    }
    assertThat(of(ENGLISH, "<SEVEN EIG >[SIX THREE TWO ]").language()).isEqualTo(0.5);
    assertThat(of(LETTERS, "<EIG ,h>[gdc]").language()).isEqualTo(0.5);
    assertThat(of(ENGLISH, "<EIG >[SIX THREE TWO ]").language()).isZero();
  }

  @Test
  void gluedWordsAreNoDigits() {
    assertThat(of(ENGLISH, "<SEVEN >[SIXTHREE TWO ]").accuracy()).isZero();
    assertThat(of(ENGLISH, "<SEVEN >[SIXTHREETWO ]").accuracy()).isZero();
    assertThat(of(ENGLISH, "<SEVENFIVE >[SIX THREE TWO ]")).isEqualTo(new Reward(1, 1, 0, 0));
    assertThat(of(ENGLISH, "<SIEBENFÜNF ,ONE >[SIX THREE TWO ]").language()).isEqualTo(0.5);
  }

  @Test
  void thoughtsInAnotherLanguageAreNotOfThatOfThePrompt() {
    assertThat(of(ENGLISH, "<SIEBEN FIVE ,0b>[SIX THREE TWO ]"))
        .isEqualTo(new Reward(1, 1, 0.25, 0));
    assertThat(of(GERMAN, "<SIEBEN FIVE ,0b>[SECHS DREI ZWEI ]").language()).isEqualTo(0.25);
  }

  @Test
  void textAfterTheAnswerIsNoAnswer() {
    assertThat(of(SUM, "<75012>[632]5")).isEqualTo(new Reward(0, 0, 1, 0));
  }

  @Test
  void zerosInFrontAreWrong() {
    assertThat(of(SUM, "<75012>[0632]").accuracy()).isZero();
  }

  @Test
  void whatDidNotEndHasNoReward() {
    assertThat(Reward.of(SUM, null, null)).isEqualTo(new Reward(0, 0, 0, 0));
  }

  @Test
  void languageIsTheShareOfDigitsInTheScriptOfThePrompt() {
    assertThat(of(SUM, "<7501c>[632]").language()).isEqualTo(0.8);
    assertThat(of(LETTERS, "<hfabc,4>[gdc]").language()).isEqualTo(5.0 / 6);
  }

  @Test
  void countdownTakesAnyExpressionOfAllNumbers() {
    Task task = new Countdown(3, 20);
    String question = "3,7,2:13=";
    for (String right : List.of("7*2-3*1", "3*7-2*4", "7+3+2")) {
      assertThat(task.isRight(question, right)).as(right).isFalse();
    }
    for (String right : List.of("3+7*2-4", "2*3+7", "7+2*3", "(2*3)+7", "((7))+3*2")) {
      assertThat(task.isRight(question, right)).as(right).isEqualTo(!right.contains("4"));
    }
    assertThat(task.isRight(question, "2*3+7)")).isFalse();
    assertThat(task.isRight(question, "02*3+7")).isFalse();
    assertThat(task.isRight(question, "")).isFalse();
  }

  @Test
  void sumsCanHaveAnotherBase() {
    Prompt prompt = new Prompt(new Sums(3, 8), "347+265=", Script.DIGITS);
    assertThat(prompt.worked()).isEqualTo("<75014,46113,32106>[634]");
    assertThat(of(prompt, prompt.worked())).isEqualTo(new Reward(1, 1, 1, 0));
  }

  @Test
  void aFifthIsHeldOutWhateverTheDigits() {
    Split split = new Split(0.2);
    int[] held = new int[100];
    for (int a = 0; a < 1000; a++) {
      for (int b = 0; b < 1000; b++) {
        held[a % 10 * 10 + b % 10] += split.isHeldOut("%03d+%03d=".formatted(a, b)) ? 1 : 0;
      }
    }
    for (int pair : held) { // of 10,000 questions with these last digits
      assertThat(pair).isBetween(1_800, 2_200);
    }
  }
}
