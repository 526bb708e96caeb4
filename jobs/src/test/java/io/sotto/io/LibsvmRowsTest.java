package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibsvmRowsTest {
  @TempDir Path folder;

  private Heard read(String text) throws IOException {
    return Heard.of(new LibsvmRows(null), Files.writeString(folder.resolve("rows.svm"), text));
  }

  @Test
  void indicesAreHandedOnAsTheyStandFromZeroOrOne() throws IOException {
    assertThat(read("1 0:2 3:4.5\n-1 1:1e-3\n").rows)
        .containsExactly("1 null 1 [0, 3][2.0, 4.5]", "2 null -1 [1][0.001]");
    assertThat(read("+1 1:2\t4:4.5 \r\n").rows).containsExactly("1 null +1 [1, 4][2.0, 4.5]");
  }

  @Test
  void commentsAndBlankLinesCountAsLinesOnly() throws IOException {
    Heard heard = read("# head 1:2\n\n1 1:2 # 3:x\n  \n0 # no entries\n");
    assertThat(heard.rows).containsExactly("3 null 1 [1][2.0]", "5 null 0 [][]");
    assertThat(heard.faults).isEmpty();
  }

  @Test
  void groupsOfRankingsArePassedOver() throws IOException {
    Heard heard = read("\uFEFF# head\n2 qid:7 1:2 # doc\n0 qid:7\n1 1:2 qid:7\n");
    assertThat(heard.rows).containsExactly("2 null 2 [1][2.0]", "3 null 0 [][]");
    assertThat(heard.faults.get(0)).startsWith("4 entry 2 is no index:value");
  }

  @Test
  void aShorterRowKeepsNothingOfALongOne() throws IOException {
    StringBuilder text = new StringBuilder("1");
    for (int j = 1; j <= 200; j++) {
      text.append(' ').append(j).append(':').append(2 * j);
    }
    Heard heard = read(text + "\n2 7:1\n");
    assertThat(heard.rows.get(0)).contains("199, 200][2.0, 4.0").endsWith("398.0, 400.0]");
    assertThat(heard.rows.get(1)).isEqualTo("2 null 2 [7][1.0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 -1:2 > entry 1 is no index:value with an index from 0 to 268435456: '-1:2'",
        "1 1.5:2 > entry 1 is no index:value with an index from 0 to 268435456: '1.5:2'",
        "1 a:2 > entry 1 is no index:value with an index from 0 to 268435456: 'a:2'",
        "1 2 > entry 1 is no index:value with an index from 0 to 268435456: '2'",
        "1 :2 > entry 1 is no index:value with an index from 0 to 268435456: ':2'",
        "1 3000000000:2 > entry 1 is no index:value with an index from 0 to 268435456: '3000000000:2'",
        "1 2147483648:2 > entry 1 is no index:value with an index from 0 to 268435456: '2147483648:2'",
        "1 1e18:2 > entry 1 is no index:value with an index from 0 to 268435456: '1e18:2'",
        "1 -9223372036854775809:2 > entry 1 is no index:value with an index from 0 to 268435456: '-9223372036854775809:2'",
        "1 18446744073709551617:2 > entry 1 is no index:value with an index from 0 to 268435456: '18446744073709551617:2'",
        "1 1:nan > the value of entry 1 is no finite number: '1:nan'",
        "1 1: > the value of entry 1 is no finite number: '1:'",
        "1 1:2:3 > the value of entry 1 is no finite number: '1:2:3'",
        "1 2:1 1:1 > the index of entry 2 does not ascend: '1:1'",
        "1 2:1 2:1 > the index of entry 2 does not ascend: '2:1'",
        "x 1:1 > the label is no finite number: 'x'",
        "1:1 2:2 > the label is no finite number: '1:1'"
      })
  void aBadRowIsToldWithItsLineAndTheOthersAreRead(String rowAndReason) throws IOException {
    String row = rowAndReason.substring(0, rowAndReason.indexOf(" > "));
    Heard heard = read("1 1:1\n" + row + "\n0 1:3\n");
    assertThat(heard.rows).containsExactly("1 null 1 [1][1.0]", "3 null 0 [1][3.0]");
    assertThat(heard.faults).hasSize(1);
    assertThat(heard.faults.get(0))
        .startsWith("2 " + rowAndReason.substring(row.length() + 3))
        .endsWith(" | " + row);
  }
}
