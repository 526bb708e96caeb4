package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.config.ConfigLoader;
import io.sotto.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one command of a ladder leaves to the next. */
class LadderStateTest {
  @TempDir Path dir;

  private RunConfig config(String name, int ticks) {
    String text =
        "data { path = rows.csv, label = y, agent = who }\nproblem.loss = squared\n"
            + "stop.max-ticks = %d\noutput.path = \"%s\"\n".formatted(ticks, dir.resolve(name));
    return ConfigLoader.load(name + ".conf", List.of(), uri -> Optional.of(text)).config();
  }

  private LadderState read() throws IOException {
    return new LadderState(dir.toString(), new Configuration());
  }

  private LadderState.Meter begin(LadderState state, String name, int ticks, boolean fresh)
      throws IOException {
    List<String> all = List.of("one", "two", "three");
    return state.begin(
        name, config(name, ticks), fresh, all.subList(all.indexOf(name) + 1, 3), warning -> {});
  }

  private void complete(String name) throws IOException {
    try (LadderState.Meter meter = begin(read(), name, 9, false)) {
      Cli.write(Files.createDirectories(dir.resolve(name)).resolve("_SUCCESS"), "");
      meter.complete();
    }
  }

  @Test
  void onlyWhatEndedWithThatConfigurationIsComplete() throws IOException {
    assertThat(read().isComplete("one", config("one", 9))).isFalse();
    complete("one");
    assertThat(read().isComplete("one", config("one", 9))).isTrue();
    assertThat(read().isComplete("one", config("one", 10))).isFalse();

    begin(read(), "one", 9, false).close(); // killed, with the earlier result in its place
    assertThat(read().isComplete("one", config("one", 9))).isFalse();
    complete("one");
    Files.delete(dir.resolve("one/_SUCCESS"));
    assertThat(read().isComplete("one", config("one", 9))).isFalse();
  }

  /** They start from its result, and a kill must not make them look complete. */
  @Test
  void whatComesAfterARungIsNotCompleteOnceItBegins() throws IOException {
    complete("one");
    complete("two");
    complete("three");
    begin(read(), "two", 9, false).close();
    assertThat(read().isComplete("one", config("one", 9))).isTrue();
    assertThat(read().isComplete("three", config("three", 9))).isFalse();
  }

  @Test
  void theTimeBeforeAKillCounts() throws IOException {
    String noted =
        """
        {"one": {"cpuSeconds": 1000.0, "configuration": %s, "complete": false}}
        """;
    begin(read(), "one", 9, false).close();
    String configuration = Cli.json(dir, "rungs.json").at("/one/configuration").toString();
    Cli.write(dir.resolve("rungs.json"), noted.formatted(configuration));
    Files.deleteIfExists(dir.resolve(".rungs.json.crc"));
    LadderState goesOn = read();
    begin(goesOn, "one", 9, false).complete();
    assertThat(goesOn.cpuSeconds("one")).isBetween(1000.0, 1100.0);

    Cli.write(dir.resolve("rungs.json"), noted.formatted(configuration));
    Files.deleteIfExists(dir.resolve(".rungs.json.crc"));
    LadderState other = read();
    begin(other, "one", 10, false).complete();
    assertThat(other.cpuSeconds("one")).as("of another configuration").isLessThan(100);

    Cli.write(dir.resolve("rungs.json"), noted.formatted(configuration));
    Files.deleteIfExists(dir.resolve(".rungs.json.crc"));
    LadderState fresh = read();
    begin(fresh, "one", 9, true).complete();
    assertThat(fresh.cpuSeconds("one")).as("begun anew").isLessThan(100);
  }

  /** A process may die between the removal of the old file and the renaming of the new one. */
  @Test
  void aFileThatWasNotRenamedIsRead() throws IOException {
    complete("one");
    Files.move(dir.resolve("rungs.json"), dir.resolve(".rungs.json.writing"));
    assertThat(read().isComplete("one", config("one", 9))).isTrue();
    complete("two");
    assertThat(read().isComplete("one", config("one", 9))).isTrue();
    assertThat(dir.resolve(".rungs.json.writing")).doesNotExist();
  }
}
