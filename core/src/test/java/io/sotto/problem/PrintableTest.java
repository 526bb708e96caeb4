package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void charactersThatControlAreEscapedAndOthersStay() {
    assertThat(Printable.of("Zoë 日本 'x'\ny")).isEqualTo("Zoë 日本 'x'\ny");
    assertThat(Printable.of("a\0b\u001b[31m\r\u202e\u0085"))
        .isEqualTo("a\\u0000b\\u001b[31m\\u000d\\u202e\\u0085");
    assertThat(new BadInputException("'PK\3\4'")).hasMessage("'PK\\u0003\\u0004'");
  }

  @Test
  void controlCharactersAreNoPartOfANumber() {
    assertThat(Numbers.parse(" 1.5\t\r")).isEqualTo(1.5);
    assertThat(Numbers.parse("107.\0\0")).isNaN();
  }
}
