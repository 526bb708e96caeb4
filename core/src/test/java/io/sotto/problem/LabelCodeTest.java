package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.Loss.Labels;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelCodeTest {
  private static final boolean SHOWN = true;

  private static LabelCode binary(Optional<String> positive, String... labels) {
    Map<String, String> seen = new LinkedHashMap<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < labels.length; i++) {
      if (numbers.add(LabelCode.canonical(labels[i]))) {
        seen.put(labels[i], "a.csv:" + (i + 2));
      }
    }
    return LabelCode.of(Labels.BINARY, seen, positive, SHOWN);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-1, +1", "1, 2", "9, 10", "-2, -1", "no, yes", "1, a", "0.5, 1e1"})
  void theGreaterClassIsPositiveWhicheverComesFirst(String less, String greater) {
    for (LabelCode code :
        new LabelCode[] {
          binary(Optional.empty(), less, greater), binary(Optional.empty(), greater, less)
        }) {
      assertThat(code.encode(less)).isEqualTo(-1);
      assertThat(code.encode(greater)).isEqualTo(1);
    }
  }

  @Test
  void aNamedClassIsPositiveHoweverItsNumberIsWritten() {
    LabelCode code = binary(Optional.of("0.0"), "0", "1");
    assertThat(code.encode("0")).isEqualTo(1);
    assertThat(code.encode("1")).isEqualTo(-1);
    assertThat(code.positive()).isEqualTo("0");
    assertThat(code.negative()).isEqualTo("1");
    assertThat(binary(Optional.of("ill"), "well", "ill").encode("ill")).isEqualTo(1);
  }

  @Test
  void equalNumbersAreOneClassAndTextsAreTheirLetters() {
    LabelCode code = binary(Optional.empty(), "1", "1.0", "+1", "1e0", "0", "-0", "0.00");
    assertThat(code.encode("10e-1")).isEqualTo(1);
    assertThat(code.encode("-0.0")).isEqualTo(-1);
    assertThat(LabelCode.canonical("1e15")).isEqualTo(LabelCode.canonical("1000000000000000"));
    assertThat(LabelCode.canonical("0.10")).isEqualTo(LabelCode.canonical("1e-1"));
    assertThat(binary(Optional.empty(), "Yes", "yes").encode("Yes")).isEqualTo(-1);
  }

  @Test
  void classesAreComparedToTheLastDigitAndStayAsTheyWereWritten() {
    LabelCode large = binary(Optional.empty(), "9007199254740993", "9007199254740992.0");
    assertThat(large.classes()).containsExactly("9007199254740992.0", "9007199254740993");
    assertThat(large.encode("9007199254740993")).isEqualTo(1);
    assertThat(large.encode("9007199254740992")).isEqualTo(-1);
    LabelCode least = binary(Optional.of("9223372036854775807"), "9223372036854775807", "007");
    assertThat(least.classes()).containsExactly("007", "9223372036854775807");
    assertThat(least.encode("7")).isEqualTo(-1);
    assertThat(least.has("7.0")).isTrue();
    assertThat(least.has("9223372036854775806")).isFalse();
    assertThat(binary(Optional.empty(), "\u5065\u5eb7", "\u00e9").classes())
        .containsExactly("\u00e9", "\u5065\u5eb7");
    assertThat(LabelCode.canonical("1e999999999")).isEqualTo(LabelCode.canonical("10e999999998"));
    assertThat(LabelCode.canonical("2020-01-01")).isEqualTo("2020-01-01");
  }

  @Test
  void oneClassOrThreeAreRefusedWithWhereTheyWereSeen() {
    assertRefused(
        () -> binary(Optional.empty(), "1", "1.0"), "one class", "'1' (first at a.csv:2)");
    assertRefused(
        () -> binary(Optional.empty(), "b", "a", "c"),
        "there are more: 'a' (first at a.csv:3), 'b' (first at a.csv:2), 'c' (first at a.csv:4)");
  }

  @Test
  void aPositiveClassThatIsNoLabelIsRefused() {
    assertRefused(() -> binary(Optional.of("2"), "0", "1"), "data.positive", "'2'", "'0' and '1'");
  }

  @Test
  void severalClassesAreInOrderOfNumbersThenOfTexts() {
    Map<String, String> seen = new LinkedHashMap<>();
    for (String label : List.of("10", "9", "b", "1e0", "a")) {
      seen.put(label, "a.csv:2");
    }
    LabelCode code = LabelCode.of(Labels.CLASSES, seen, Optional.empty(), SHOWN);
    assertThat(code.classes()).containsExactly("1e0", "9", "10", "a", "b");
    assertThat(code.encode("10.0")).isEqualTo(2);
    assertThat(code.positive()).isNull();
    assertRefused(
        () -> LabelCode.of(Labels.CLASSES, Map.of("1", "a.csv:2"), Optional.empty(), SHOWN),
        "two classes or more; there is one only: '1' (first at a.csv:2)");
    Map<String, String> many = new LinkedHashMap<>();
    IntStream.range(0, 1001).forEach(k -> many.put("" + k, "a.csv:" + k));
    assertRefused(
        () -> LabelCode.of(Labels.CLASSES, many, Optional.empty(), SHOWN), "more than 1000");
  }

  @Test
  void otherLossesTakeLabelsAsNumbers() {
    LabelCode real = LabelCode.of(Labels.REAL, Map.of(), Optional.empty(), SHOWN);
    assertThat(real.encode("-2.50")).isEqualTo(-2.5);
    assertThat(LabelCode.of(Labels.COUNT, Map.of(), Optional.empty(), SHOWN).encode("3"))
        .isEqualTo(3);
  }

  @Test
  void labelsThatMakeNoClassesAreToldByTheirPlacesOnlyUnlessTheyMayBeShown() {
    Map<String, String> three = new LinkedHashMap<>();
    List.of("well", "ill", "secret").forEach(label -> three.put(label, "a.csv:" + label.length()));
    assertThatThrownBy(() -> LabelCode.of(Labels.BINARY, three, Optional.empty(), false))
        .hasMessageContaining("there are more: first at a.csv:3, a.csv:6, a.csv:4.")
        .hasMessageNotContainingAny("secret", "ill", "well");
    Map<String, String> many = new LinkedHashMap<>();
    IntStream.range(0, 1001).forEach(k -> many.put("secret" + k, "a.csv:" + k));
    for (Labels kind : List.of(Labels.BINARY, Labels.CLASSES)) {
      assertThatThrownBy(() -> LabelCode.of(kind, many, Optional.empty(), false))
          .hasMessageContaining("and others")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(
            () -> LabelCode.of(Labels.CLASSES, Map.of("secret", "a:2"), Optional.empty(), false))
        .hasMessageContaining("there is one only: first at a:2")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "REAL, -1.5, true",
    "REAL, x, false",
    "REAL, True, true",
    "COUNT, false, true",
    "REAL, NaN, false",
    "COUNT, 0, true",
    "COUNT, -1, false",
    "COUNT, x, false",
    "BINARY, x, true",
    "BINARY, nan, false",
    "BINARY, -Infinity, false"
  })
  void whatLabelsAreAtFault(Labels kind, String label, boolean good) {
    assertThat(LabelCode.fault(kind, label) == null).isEqualTo(good);
  }

  @Test
  void trueAndFalseAreOneAndZeroWhereNumbersAreWanted() {
    LabelCode code = new LabelCode(Labels.REAL, List.of());
    assertThat(code.encode("TRUE")).isEqualTo(1);
    assertThat(code.encode("false")).isZero();
    assertThat(code.encode("2.5")).isEqualTo(2.5);
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable made, String... parts) {
    assertThatThrownBy(made).isInstanceOf(BadInputException.class).hasMessageContainingAll(parts);
  }
}
