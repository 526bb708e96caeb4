package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFolderTest {
  private static final List<String> PUBLISHED = List.of("out", "out/_SUCCESS", "out/run.json");

  private static final String ELSEWHERE = "elsewhere.1.1.abc";

  @TempDir Path folder;

  private OutputFolder output(boolean overwrite) throws IOException {
    return output(folder.resolve("out").toString(), overwrite);
  }

  private static OutputFolder output(String path, boolean overwrite) throws IOException {
    OutputFolder output = new OutputFolder(path, overwrite, Heard.HADOOP);
    try {
      output.lock(Duration.ZERO, text -> {});
      return output;
    } catch (IOException | RuntimeException e) {
      output.close();
      throw e;
    }
  }

  private static void write(OutputFolder output, String status) throws IOException {
    output.json("run.json", Map.of("formatVersion", 1, "status", status));
  }

  private void publish(boolean overwrite, String status) throws IOException {
    try (OutputFolder output = output(overwrite)) {
      output.open();
      write(output, status);
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

  private String status() throws IOException {
    return Files.readString(folder.resolve("out/run.json"));
  }

  @Test
  void aFolderThatHoldsAnInputIsSpared() throws IOException {
    Path out = folder.resolve("out");
    try (OutputFolder output = output(true)) {
      output.spareInputs(
          List.of(
              folder.resolve("rows.csv").toUri().toString(),
              "lake.clinic.rows",
              "delta.`" + folder.toUri() + "`"));
      for (String input :
          List.of(
              out.resolve("rows.csv").toUri().toString(),
              "delta.`" + out + "/rows`",
              "parquet.`" + out.toUri() + "`")) {
        assertThatThrownBy(() -> output.spareInputs(List.of(input)))
            .as(input)
            .isInstanceOf(BadInputException.class)
            .hasMessageContainingAll("which holds the input", "choose another folder");
      }
    }
  }

  private Set<String> permissions(String permissions) throws IOException {
    try (OutputFolder output =
        new OutputFolder(folder.resolve("out").toString(), true, permissions, Heard.HADOOP)) {
      output.lock(Duration.ZERO, text -> {});
      output.open();
      Path aside = Path.of(URI.create(output.part("run.json"))).resolveSibling("");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(aside)))
          .as("while it is written")
          .isEqualTo("rwx------");
      write(output, "settled");
      Files.writeString(Files.createDirectory(aside.resolve("trace")).resolve("part"), "");
      output.ownerText("rejected/unassigned/rows.csv", "");
      output.publish();
    }
    Set<String> all = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(folder.resolve("out"))) {
      for (Path path : walk.toList()) {
        all.add(
            (path.toString().contains("rejected") ? "rejected " : "")
                + PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
    }
    return all;
  }

  @Test
  void itIsForItsOwnerAloneOrForWhomTheConfigurationNames() throws IOException {
    assertThat(permissions("rwx------"))
        .containsExactly("rejected rw-------", "rejected rwx------", "rw-------", "rwx------");
    assertThat(permissions("rwxrwxr-x"))
        .containsExactly("rejected rw-------", "rejected rwx------", "rw-rw-r--", "rwxrwxr-x");
  }

  @Test
  void nothingIsInPlaceBeforeItIsPublishedAndThenAllIs() throws IOException {
    try (OutputFolder output = output(false)) {
      assertThat(all())
          .as("the lock and nothing else")
          .containsExactly(".out.beat." + output.run(), ".out.lock");
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
    publish(false, "old");
    List<String> before = all();
    assertThatThrownBy(() -> output(false))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("output.path", "out", "output.overwrite = true");
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void overwritingLeavesTheNewResultOnly() throws IOException {
    publish(false, "old");
    publish(true, "new");
    assertThat(all()).isEqualTo(PUBLISHED);
    assertThat(status()).contains("new");
  }

  @Test
  void anEmptyFolderAndAnAuditAreReplaced() throws IOException {
    Files.createDirectory(folder.resolve("out"));
    publish(true, "new");
    Files.delete(folder.resolve("out/run.json"));
    Files.writeString(folder.resolve("out/audit.json"), "{\"adversary\": 1, \"attacks\": []}");
    publish(true, "newer");
    assertThat(all()).isEqualTo(PUBLISHED);
  }

  /** Names and contents of files; the last is in the result of another program. */
  @ParameterizedTest
  @ValueSource(
      strings = {"thesis.txt=x", "sub/x=x", "run.json={\"status\": 1}", "run.json=[", "run.json="})
  void whatIsNoResultIsLeftAlone(String file) throws IOException {
    int split = file.indexOf('=');
    Path there = folder.resolve("out").resolve(file.substring(0, split));
    Files.createDirectories(there.getParent());
    Files.writeString(there, file.substring(split + 1));
    assertRefused();
    assertThat(there).hasContent(file.substring(split + 1));
  }

  @Test
  void aResultWithAnotherFileInItIsLeftAloneAndSoIsAFile() throws IOException {
    publish(false, "old");
    Files.writeString(folder.resolve("out/notes.txt"), "mine");
    assertRefused();
    Files.writeString(folder.resolve("file"), "years of work");
    assertThatThrownBy(() -> output(folder.resolve("file").toString(), true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("output.path", "is a file");
    assertThat(folder.resolve("file")).hasContent("years of work");
  }

  private void assertRefused() throws IOException {
    List<String> before = all();
    assertThatThrownBy(() -> output(true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("output.path", "out", "holds", "Choose another path");
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void aForeignFolderThatAppearsDuringTheRunIsLeftAlone() throws IOException {
    try (OutputFolder late = output(true)) {
      late.open();
      write(late, "late");
      Files.createDirectory(folder.resolve("out"));
      Files.writeString(folder.resolve("out/thesis.txt"), "years of work");
      assertThatThrownBy(late::publish).isInstanceOf(BadInputException.class);
    }
    assertThat(folder.resolve("out/thesis.txt")).hasContent("years of work");
    assertThat(all()).as("where the message says").anyMatch(name -> name.endsWith("/run.json"));
  }

  @Test
  void closedWithoutPublishingTheOldResultStaysAndNothingBesideIt() throws IOException {
    publish(false, "old");
    try (OutputFolder output = output(true)) {
      output.open();
      output.text("new.txt", "new");
      assertThat(all()).anyMatch(name -> name.endsWith("/new.txt"));
    }
    assertThat(all()).isEqualTo(PUBLISHED);
    assertThat(status()).contains("old");
    output(true).close(); // never opened
    assertThat(all()).hasSize(3);
  }

  @Test
  void aResultMadeDuringTheRunIsNotOverwrittenAndTheLateOneIsKept() throws IOException {
    try (OutputFolder late = output(false)) {
      late.open();
      late.text("late.txt", "late");
      Path other = folder.resolve("other");
      try (OutputFolder output = output(other.toString(), false)) {
        output.open();
        write(output, "first");
        output.publish();
      }
      Files.move(other, folder.resolve("out"));
      assertThatThrownBy(late::publish)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("made during the run");
    }
    assertThat(status()).contains("first");
    assertThat(folder.resolve("out/late.txt")).doesNotExist();
    publish(true, "second"); // takes away nothing but what dead runs left
    assertThat(all()).as("where the message says").anyMatch(name -> name.endsWith("/late.txt"));
  }

  @Test
  void whatARunLeftThatMayGoOnIsLeftAloneAndThatOfADeadOneRemoved() throws IOException {
    String dead = WritingFolder.newRun().replaceFirst("\\d+\\.(\\w+)$", "7.$1");
    for (String run : List.of(ELSEWHERE, WritingFolder.newRun(), dead)) {
      Files.createDirectory(folder.resolve(".out.writing." + run));
      Files.createFile(folder.resolve(".out.beat." + run));
    }
    Files.createFile(folder.resolve(".out.taken." + dead));
    publish(true, "new");
    assertThat(all())
        .as("that elsewhere may still run, and this process does")
        .filteredOn(name -> name.startsWith(".out"))
        .hasSize(4)
        .noneMatch(name -> name.endsWith(dead));
    silence(".out.writing." + ELSEWHERE, 2 * Leftovers.KEEP_MILLIS);
    publish(true, "new");
    assertThat(all()).as("it was heard of").anyMatch(name -> name.endsWith(ELSEWHERE));
    silence(".out.beat." + ELSEWHERE, 2 * Leftovers.KEEP_MILLIS);
    publish(true, "new");
    assertThat(all()).noneMatch(name -> name.endsWith(ELSEWHERE));
    assertThat(status()).contains("new");
  }

  /** Dates a file back. */
  private void silence(String file, long millis) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve(file), FileTime.fromMillis(System.currentTimeMillis() - millis));
  }

  /** Runs in a process of its own until it is killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws IOException {
      OutputFolder output = output(args[0], true);
      output.open();
      write(output, "never");
      System.out.println("ready");
      System.in.read(); // never comes
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKilledProcessLeavesNothingForLong(boolean forcibly) throws Exception {
    publish(false, "old");
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName(),
                folder.resolve("out").toString())
            .redirectError(folder.resolve("victim.log").toFile())
            .start();
    try {
      byte[] ready = victim.getInputStream().readNBytes("ready".length());
      assertThat(new String(ready, StandardCharsets.UTF_8)).isEqualTo("ready");
      List<String> before = all();
      assertThatThrownBy(() -> output(true))
          .isInstanceOf(BadInputException.class)
          .hasMessageContainingAll(
              "output.path", "process " + victim.pid(), "s ago", "Wait", "delete", ".out.lock");
      assertThat(all()).isEqualTo(before);
    } finally {
      if (forcibly) {
        victim.destroyForcibly();
      } else {
        victim.destroy();
      }
    }
    victim.waitFor();
    Files.delete(folder.resolve("victim.log"));
    assertThat(all().stream().anyMatch(name -> name.startsWith(".out"))).isEqualTo(forcibly);
    assertThat(status()).contains("old");
    publish(true, "new");
    assertThat(all()).isEqualTo(PUBLISHED);
  }
}
