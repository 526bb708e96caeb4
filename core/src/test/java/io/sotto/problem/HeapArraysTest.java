package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapArraysTest {
  private static final long REGION = 1 << 20;

  @Test
  void longArraysTakeWholeRegions() {
    assertThat(HeapArrays.bytes(3, 3 * (REGION / 2), REGION)).isEqualTo(3 * REGION / 2);
    assertThat(HeapArrays.bytes(3, 3 * (REGION / 2 + 1), REGION)).isEqualTo(3 * REGION);
    assertThat(HeapArrays.bytes(2, 2 * (REGION + 8), REGION)).isEqualTo(4 * REGION);
  }

  @Test
  void withoutRegionsTheyTakeTheirNumbers() {
    assertThat(HeapArrays.bytes(3, 3 * REGION, 0)).isEqualTo(3 * REGION);
    assertThat(HeapArrays.bytes(0, 0, REGION)).isZero();
  }

  @Test
  void thisJvmTellsItsRegions() {
    assertThat(HeapArrays.bytes(1, 1 << 30)).isGreaterThanOrEqualTo(1 << 30).isLessThan(3L << 29);
  }
}
