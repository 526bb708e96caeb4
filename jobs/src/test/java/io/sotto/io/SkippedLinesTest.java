package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkippedLinesTest {
  private static final long SEED = 11;

  private static SkippedLines of(LongStream lines) {
    SkippedLines skipped = new SkippedLines();
    lines.forEach(skipped::add);
    skipped.close();
    return skipped;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.1, 0.5, 0.99, 1})
  void theLinesThatWereAddedAreHeldAndNoOthersAlsoIfNotAllAreAskedOf(double share) {
    Random random = new Random(SEED);
    Set<Long> lines = new TreeSet<>();
    for (long line = 1; line <= 5000; line++) {
      if (random.nextDouble() < share) {
        lines.add(line);
      }
    }
    SkippedLines skipped = of(lines.stream().mapToLong(Long::longValue));
    for (int step : new int[] {1, 7, 400}) {
      SkippedLines.Cursor cursor = skipped.cursor();
      for (long line = 1; line <= 5200; line += step) {
        assertThat(cursor.holds(line))
            .as("seed %d, line %d, step %d", SEED, line, step)
            .isEqualTo(lines.contains(line));
        assertThat(cursor.holds(line)).isEqualTo(lines.contains(line));
      }
    }
  }

  @Test
  void runsTakeTheSameHoweverLongAndSingleLinesTwoBytes() {
    assertThat(of(LongStream.empty()).bytes()).isZero();
    assertThat(of(LongStream.range(2, 10_000_000)).bytes()).isLessThan(8);
    assertThat(of(LongStream.range(1, 1000).map(k -> 100 * k)).bytes()).isLessThan(2001);
    SkippedLines far = of(LongStream.of(1, 1L << 40, Long.MAX_VALUE - 1));
    SkippedLines.Cursor cursor = far.cursor();
    assertThat(cursor.holds(1)).isTrue();
    assertThat(cursor.holds(2)).isFalse();
    assertThat(cursor.holds(1L << 40)).isTrue();
    assertThat(cursor.holds(Long.MAX_VALUE - 1)).isTrue();
  }

  @Test
  void linesThatDoNotAscendAreRefused() {
    assertThatThrownBy(() -> of(LongStream.of(3, 3))).hasMessageContaining("line 3 after line 3");
    assertThatThrownBy(() -> of(LongStream.of(3, 9, 4)))
        .hasMessageContaining("line 4 after line 9");
  }
}
