package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir Path folder;

  private OutputFolder output(boolean overwrite) throws IOException {
    return new OutputFolder(folder.resolve("out").toString(), overwrite, Heard.HADOOP);
  }

  private void publish(boolean overwrite, String name, String text) throws IOException {
    try (OutputFolder output = output(overwrite)) {
      output.open();
      output.text(name, text);
      output.publish();
    }
  }

  /** All files and folders, hidden ones too. */
  private List<String> all() throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(p -> !p.equals(folder))
          .map(p -> folder.relativize(p).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void nothingIsInPlaceBeforeItIsPublishedAndThenAllIs() throws IOException {
    try (OutputFolder output = output(false)) {
      assertThat(all()).isEmpty();
      output.open();
      output.text("a.txt", "größe\n");
      output.json("b.json", Map.of("x", 1));
      assertThat(folder.resolve("out")).doesNotExist();
      output.publish();
    }
    assertThat(all()).containsExactly("out", "out/_SUCCESS", "out/a.txt", "out/b.json");
    assertThat(folder.resolve("out/a.txt")).hasContent("größe\n");
    assertThat(folder.resolve("out/b.json")).hasContent("{\n  \"x\" : 1\n}\n");
  }

  @Test
  void aPlaceThatIsTakenIsRefused() throws IOException {
    publish(false, "old.txt", "old");
    List<String> before = all();
    assertThatThrownBy(() -> output(false))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("output.path", "out", "output.overwrite = true");
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void overwritingLeavesTheNewResultOnly() throws IOException {
    publish(false, "old.txt", "old");
    publish(true, "new.txt", "new");
    assertThat(all()).containsExactly("out", "out/_SUCCESS", "out/new.txt");
  }

  @Test
  void closedWithoutPublishingTheOldResultStaysAndNothingBesideIt() throws IOException {
    publish(false, "old.txt", "old");
    try (OutputFolder output = output(true)) {
      output.open();
      output.text("new.txt", "new");
      assertThat(all()).anyMatch(name -> name.endsWith("/new.txt"));
    }
    assertThat(all()).containsExactly("out", "out/_SUCCESS", "out/old.txt");
    assertThat(folder.resolve("out/old.txt")).hasContent("old");
    output(true).close(); // never opened
    assertThat(all()).hasSize(3);
  }

  @Test
  void aResultMadeDuringTheRunIsNotOverwrittenAndTheLateOneIsKept() throws IOException {
    try (OutputFolder late = output(false)) {
      late.open();
      late.text("late.txt", "late");
      publish(false, "first.txt", "first");
      assertThatThrownBy(late::publish)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("made during the run");
    }
    assertThat(folder.resolve("out/first.txt")).hasContent("first");
    assertThat(folder.resolve("out/late.txt")).doesNotExist();
    assertThat(all()).as("where the message says").anyMatch(name -> name.endsWith("/late.txt"));
  }
}
