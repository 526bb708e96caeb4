package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.config.ConfigLoader;
import io.sotto.config.HadoopTexts;
import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScribesTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path dir;

  @Test
  void eightWardsWriteNotesOfTheirOwn() {
    Map<String, String> notes = Scribes.notes(7);
    assertThat(notes).hasSize(8).isEqualTo(Scribes.notes(7));
    assertThat(notes)
        .allSatisfy(
            (ward, text) -> {
              assertThat(text.length()).isBetween(60_000, 100_000);
              assertThat(text).matches("[\\n -~]+").doesNotContain("{", "}", "  ");
              assertThat(text).contains("== " + ward + ", night shift of ");
            });
    assertThat(Scribes.notes(8).get("surgery")).isNotEqualTo(notes.get("surgery"));
    assertThat(notes.get("cardiology")).contains("bisoprolol", "Mrs Falk");
    assertThat(notes.get("surgery")).doesNotContain("bisoprolol", "Falk");
  }

  @Test
  void wordsAgree() {
    Scribes.notes(1)
        .values()
        .forEach(
            text -> {
              assertThat(text).doesNotContainPattern("\\b1 (hours|beds|tablets|cups)\\b");
              assertThat(text).doesNotContainPattern("\\b[2-9] (hour|bed|cup) ");
              assertThat(text.lines().filter(line -> line.contains(" Mr ")))
                  .noneMatch(line -> line.matches(".*\\b([Ss]he|her|[Hh]ers)\\b.*"));
              assertThat(text.lines().filter(line -> line.contains(" Mrs ")))
                  .noneMatch(line -> line.matches(".*\\b([Hh]e|him|[Hh]is)\\b.*"));
            });
  }

  @Test
  void filesAreReplacedAndNothingElse() throws IOException {
    String folder = dir.resolve("data/scribes").toString();
    assertThat(MadeData.due(config(folder), HADOOP)).contains("there is nothing at data.path");
    MadeData.Made made = make(folder);
    assertThat(made.files()).isEqualTo(8);
    assertThat(MadeData.due(config(folder), HADOOP)).isEmpty();
    assertThat(MadeData.due(config(folder, "seed=77"), HADOOP))
        .as("a run with another seed may be of the same notes")
        .isEmpty();
    Path ward = Path.of(folder, "ward-surgery.txt");
    String first = Files.readString(ward);
    Files.writeString(ward, "torn");
    make(folder);
    assertThat(Files.readString(ward)).isEqualTo(first);
    assertThat(names(dir.resolve("data"))).containsExactly("scribes");
    assertThat(names(Path.of(folder)))
        .hasSize(9)
        .allMatch(name -> name.startsWith("ward-") || name.equals(".made"));

    Files.writeString(Path.of(folder, "mine.txt"), "mine");
    assertThatThrownBy(() -> make(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("which holds mine.txt, and make-data replaces its own files only.");
    assertThat(Files.readString(Path.of(folder, "mine.txt"))).isEqualTo("mine");
    assertThatThrownBy(() -> make(ward.toString())).hasMessageContaining("which is a file.");
  }

  private static RunConfig config(String folder, String... more) {
    List<String> given =
        new ArrayList<>(
            List.of(
                "data.path=" + folder,
                "data.format=text",
                "data.make=scribes",
                "output.path=out",
                "seed=1"));
    given.addAll(List.of(more));
    return ConfigLoader.load("../conf/scribes.conf", given, new HadoopTexts(HADOOP)).config();
  }

  private static MadeData.Made make(String folder) throws IOException {
    return MadeData.make(config(folder), HADOOP);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
