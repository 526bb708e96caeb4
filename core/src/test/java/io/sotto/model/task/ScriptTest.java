package io.sotto.model.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A text in any scripts is read in one way only. */
class ScriptTest {
  private static final List<String> SIGNS =
      List.of(
          "+", "=", " ", "k", "qvr", "<", ">", "[", "]", ",", "ü", "\n", "#", "(", "\uD83D\uDE00");

  /** Capitals that are no digit; a space ends each, so that what follows is not part of it. */
  private static final List<String> BROKEN = List.of("HI ", "SIXTHREE ", "EIG ", "ÜNF ", "SEVEN\n");

  private static final List<Script> WRITTEN =
      List.of(Script.DIGITS, Script.LETTERS, Script.ENGLISH, Script.GERMAN);

  private static String drawn(List<String> some, SplittableRandom random) {
    return some.get(random.nextInt(some.size()));
  }

  @Test
  void writtenDigits() {
    assertThat(Script.ENGLISH.write("0123456789"))
        .isEqualTo("ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE ");
    assertThat(Script.GERMAN.write("0123456789"))
        .isEqualTo("NULL EINS ZWEI DREI VIER FÜNF SECHS SIEBEN ACHT NEUN ");
    assertThat(Script.LETTERS.write("007+1=")).isEqualTo("aah+b=");
    assertThat(Script.NONE.write("007+1=")).isEqualTo("007+1=");
  }

  @Test
  void readTurnsBackWhatWasWritten() {
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(12); k >= 0; k--) {
        text.append(
            switch (random.nextInt(5)) {
              case 0 -> drawn(SIGNS, random);
              case 1 -> drawn(BROKEN, random);
              default -> String.valueOf(random.nextInt(10));
            });
      }
      String plain = text.toString();
      for (Script script : Script.values()) {
        assertThat(script.read(script.write(plain))).as("%s", script).isEqualTo(plain);
      }
    }
  }

  @Test
  void mixedTextsAreReadInOneWay() {
    SplittableRandom random = new SplittableRandom(2);
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder();
      StringBuilder plain = new StringBuilder();
      int[] digits = new int[Script.values().length];
      int broken = 0;
      int all = 0;
      for (int k = random.nextInt(12); k >= 0; k--) {
        int kind = random.nextInt(6);
        if (kind < 2) {
          String sign = drawn(kind == 0 ? SIGNS : BROKEN, random);
          broken += kind;
          text.append(sign);
          plain.append(sign);
        } else {
          Script script = WRITTEN.get(random.nextInt(WRITTEN.size()));
          String digit = String.valueOf(random.nextInt(10));
          text.append(script.write(digit));
          plain.append(digit);
          digits[script.ordinal()]++;
          all++;
        }
      }
      String mixed = text.toString();
      for (Script script : WRITTEN) {
        int own = digits[script.ordinal()];
        assertThat(script.read(mixed)).as(mixed).isEqualTo(own == all ? plain.toString() : null);
        assertThat(script.share(mixed))
            .as("%s in %s", script, mixed)
            .isEqualTo(all + broken == 0 ? 0 : (double) own / (all + broken));
        String rewritten = script.rewrite(mixed);
        assertThat(rewritten).isEqualTo(script.write(plain.toString()));
        assertThat(script.rewrite(rewritten)).isEqualTo(rewritten);
        assertThat(script.read(rewritten)).isEqualTo(plain.toString());
      }
      assertThat(Script.NONE.read(mixed)).isEqualTo(mixed);
      assertThat(Script.NONE.rewrite(mixed)).isEqualTo(mixed);
    }
  }

  @Test
  void aTextWithoutDigitsHasNoScript() {
    for (Script script : WRITTEN) {
      assertThat(script.share("")).isZero();
      assertThat(script.share("k+=,")).isZero();
    }
    assertThat(Script.NONE.share("")).isEqualTo(1);
  }
}
