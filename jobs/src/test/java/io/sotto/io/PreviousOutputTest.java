package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreviousOutputTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 28);

  @TempDir Path dir;

  private void complete(String... names) throws IOException {
    for (String name : names) {
      Path folder = Files.createDirectories(dir.resolve(name));
      Files.writeString(folder.resolve("solution.json"), "{}");
      Files.writeString(folder.resolve("_SUCCESS"), "");
    }
  }

  private PreviousOutput previous(String pattern) throws IOException {
    return PreviousOutput.of(dir + "/" + pattern, DAY, Heard.HADOOP);
  }

  @Test
  void theLatestBeforeTheDayIsTaken() throws IOException {
    complete("out/2026-11-28", "out/2026-12-01", "out/2025-12-31", "out/2026-11-26");
    complete("out/2026-11-99", "out/2026-11-27-again", "out/latest", "out/x2026-11-27");
    assertThat(previous("out/{previous}").path()).contains(dir + "/out/2026-11-26");
    assertThat(previous("out/{previous}").passedOver()).isEmpty();
    assertThat(previous("out/x{previous}").path()).contains(dir + "/out/x2026-11-27");
    assertThat(PreviousOutput.of("file:" + dir + "/out/{previous}", DAY, Heard.HADOOP).path())
        .contains("file:" + dir + "/out/2026-11-26");
  }

  @Test
  void whatIsNotCompleteIsPassedOver() throws IOException {
    complete("out/2026-11-25", "out/2026-11-26", "out/2026-11-27");
    Files.delete(dir.resolve("out/2026-11-27/_SUCCESS"));
    Files.delete(dir.resolve("out/2026-11-26/solution.json"));
    assertThat(previous("out/{previous}"))
        .isEqualTo(
            new PreviousOutput(
                Optional.of(dir + "/out/2026-11-25"),
                List.of(dir + "/out/2026-11-27", dir + "/out/2026-11-26")));
  }

  @Test
  void theDateMayStandInTheMiddle() throws IOException {
    complete(
        "[a] {b,c}*/n-2026-11-26.x/2026-11-26/fit", "[a] {b,c}*/n-2026-11-27.x/2026-11-26/fit");
    assertThat(previous("[a] {b,c}*/n-{previous}.x/{previous}/fit").path())
        .contains(dir + "/[a] {b,c}*/n-2026-11-26.x/2026-11-26/fit");
  }

  /** What a run killed while it replaced a result of that day left is put back. */
  @Test
  void whatWasMovedAwayByAKilledRunCounts() throws IOException {
    complete("out/2026-11-26", "out/.2026-11-27.old.host.1.2.abcdef01");
    assertThat(previous("out/{previous}").path()).contains(dir + "/out/2026-11-27");
    assertThat(dir.resolve("out/2026-11-27/_SUCCESS")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"out/{previous}", "none/{previous}", "none/{previous}/more"})
  void thereMayBeNone(String pattern) throws IOException {
    complete("out/2026-11-28", "out/2026-11-29");
    assertThat(previous(pattern)).isEqualTo(new PreviousOutput(Optional.empty(), List.of()));
  }

  @Test
  void aDateThatIsNotInANameIsRefused() {
    assertThatThrownBy(() -> PreviousOutput.of("hdfs://{previous}/out", DAY, Heard.HADOOP))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("warm-start is 'hdfs://{previous}/out'");
  }
}
