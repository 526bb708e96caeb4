package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("in/deep"));
    Files.createDirectories(folder.resolve("in/_temporary"));
    for (String name :
        List.of("b.csv", "a.csv", "c.txt", "_SUCCESS", ".a.csv.crc", "deep/d.csv", "deep/.e")) {
      Files.writeString(folder.resolve("in").resolve(name), name);
    }
    Files.writeString(folder.resolve("in/_temporary/f.csv"), "half");
  }

  private List<String> list(String path) throws IOException {
    String root = "file:" + folder + "/in/";
    return InputFile.list("data.path", folder + "/" + path, Heard.HADOOP).stream()
        .map(file -> file.uri().replace(root, "") + " " + file.bytes())
        .toList();
  }

  @Test
  void aFileIsItself() throws IOException {
    assertThat(list("in/a.csv")).containsExactly("a.csv 5");
  }

  @Test
  void aFolderIsAllInItInOrderWithoutWhatIsHidden() throws IOException {
    assertThat(list("in")).containsExactly("a.csv 5", "b.csv 5", "c.txt 5", "deep/d.csv 10");
  }

  @Test
  void aGlobIsAllThatItMatchesWithoutWhatIsHidden() throws IOException {
    assertThat(list("in/*.csv")).containsExactly("a.csv 5", "b.csv 5");
    assertThat(list("in/{b.csv,deep}")).containsExactly("b.csv 5", "deep/d.csv 10");
    assertThat(list("in/*")).containsExactly("a.csv 5", "b.csv 5", "c.txt 5", "deep/d.csv 10");
  }

  @Test
  void aHiddenFileThatIsNamedIsMeant() throws IOException {
    assertThat(list("in/_SUCCESS")).containsExactly("_SUCCESS 8");
  }

  @Test
  void noneFoundIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    for (String path : List.of("none.csv", "none/*.csv", "in/*.parquet", "empty")) {
      assertThatThrownBy(() -> list(path))
          .isInstanceOf(BadInputException.class)
          .hasMessageContainingAll("data.path", path, "there is no such file");
    }
  }

  @Test
  void checksumIsSha256OfTheBytesAndPlacesHaveNoScheme() throws IOException {
    Path file = Files.writeString(folder.resolve("abc"), "abc");
    assertThat(Heard.file(file).checksum(Heard.HADOOP)) // FIPS 180-2, appendix B.1
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Heard.file(file).at(17)).isEqualTo(file + ":17");
  }

  @Test
  void filesOfNoBytesCountIfThereIsNoOther() throws IOException {
    Files.writeString(folder.resolve("in/0.csv"), "");
    assertThat(list("in/*.csv")).containsExactly("a.csv 5", "b.csv 5");
    assertThat(list("in/0.csv")).containsExactly("0.csv 0");
  }

  @Test
  void foldersBelowThePathAndWithinAGlobHaveKeys() throws IOException {
    Files.createDirectories(folder.resolve("in/run=1/site=n%20w/_x=2/y=3"));
    Files.createDirectories(folder.resolve("in/run=1/site=n%20w/y=3"));
    Files.writeString(folder.resolve("in/run=1/site=n%20w/y=3/a.csv"), "a");
    assertThat(keys("in/run=1")).isEqualTo("{site=n w, y=3}");
    assertThat(keys("in/run=1/*/y=3")).isEqualTo("{site=n w, y=3}");
    assertThat(keys("in/*=1/site=n%20w")).isEqualTo("{run=1, site=n w, y=3}");
    assertThat(keys("in/run=1/site=n%20w/y=3/a.csv")).isEqualTo("{}");
  }

  private String keys(String path) throws IOException {
    return InputFile.list("data.path", folder + "/" + path, Heard.HADOOP).get(0).keys().toString();
  }

  @Test
  void tablesWithALogOfTheirOwnAreRefusedByName() throws IOException {
    Files.createDirectories(folder.resolve("in/delta/_delta_log"));
    Files.writeString(folder.resolve("in/delta/a.parquet"), "a");
    Files.createDirectories(folder.resolve("in/ice/metadata"));
    Files.createDirectories(folder.resolve("in/ice/data"));
    Files.writeString(folder.resolve("in/ice/data/a.parquet"), "a");
    assertThat(list("in/ice")).as("any folder may be called metadata").hasSize(1);
    Files.writeString(folder.resolve("in/ice/metadata/v1.metadata.json"), "{}");
    for (String path : List.of("in/delta", "in/delta/*.parquet", "in/delta/a.parquet")) {
      assertRefused(path, "Delta Lake", "in/delta");
    }
    for (String path : List.of("in/ice", "in/ice/data")) {
      assertRefused(path, "Iceberg", "in/ice");
    }
    assertRefused("in", "is a table of");
  }

  private void assertRefused(String path, String... parts) {
    assertThatThrownBy(() -> list(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(parts);
  }

  private void assertLinkRefused(String path, String link) {
    assertThatThrownBy(() -> list(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(link, "symbolic link", "out of its folder", "data.path");
  }

  /** Who may put files into a folder must not have others' files read as theirs. */
  @Test
  void aLinkThatLeadsOutOfAFolderIsRefused() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.csv"), "of another party");
    Path link = Files.createSymbolicLink(folder.resolve("in/deep/z.csv"), secret);
    assertLinkRefused("in", "deep/z.csv");
    assertLinkRefused("in/deep", "deep/z.csv");
    assertLinkRefused("in/*/z.csv", "deep/z.csv");
    assertThat(list("in/deep/z.csv")).as("one that is named").containsExactly("deep/z.csv 16");
    Files.delete(link);
    Path others = Files.createDirectories(folder.resolve("others"));
    Files.writeString(others.resolve("g.csv"), "of another party");
    Files.createSymbolicLink(folder.resolve("in/site=north"), others);
    assertLinkRefused("in", "site=north");
    assertLinkRefused("in/*", "site=north");
    assertLinkRefused("in/*/g.csv", "g.csv");
  }

  @Test
  void aLinkWithinAFolderIsAFileButNoneGoesRoundInACircle() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("in/deep/a.csv"), Path.of("../a.csv"));
    assertThat(list("in")).contains("deep/a.csv 5");
    Files.delete(link);
    Files.createSymbolicLink(folder.resolve("in/deep/again"), Path.of(".."));
    assertLinkRefused("in", "deep/again");
  }

  @Test
  void aFolderThatIsALinkItselfIsMeant() throws IOException {
    Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("in"));
    assertThat(list("linked").stream().map(file -> file.replaceAll(".*/", "")))
        .containsExactly("a.csv 5", "b.csv 5", "c.txt 5", "d.csv 10");
  }
}
