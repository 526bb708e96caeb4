package io.sotto.io;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.GzipCodec;
import org.apache.hadoop.util.ReflectionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {
  private static final Columns ALL = new Columns("who", "y", List.of());
  private static final String PLAIN = "who,y,a,b\nann,1,2,3\nbob,0,-4.5,1e3\n";
  private static final String[] PLAIN_ROWS = {"2 ann 1 [2.0, 3.0]", "3 bob 0 [-4.5, 1000.0]"};

  @TempDir Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.csv"), text);
  }

  private static Heard read(Columns columns, Path file) throws IOException {
    return Heard.of(reader(columns, file), file);
  }

  private static CsvRows reader(Columns columns, Path path) throws IOException {
    InputFile file = Heard.file(path);
    return CsvRows.of(
        columns,
        List.of(file),
        Heard.HADOOP,
        true,
        names -> CsvRows.count(file, names, Heard.HADOOP));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PLAIN,
        "\uFEFF" + PLAIN,
        "who,y,a,b\r\nann,1,2,3\r\nbob,0,-4.5,1e3\r\n",
        "who,y,a,b\nann,1,2,3\nbob,0,-4.5,1e3",
        "\"who\",\"y\",\"a\",\"b\"\n\"ann\",\"1\",\"2\",\"3\"\n\"bob\",\"0\",\"-4.5\",\"1e3\"\n",
        " who , y , a , b \n ann , 1 , 2 , 3 \n bob , 0 , -4.5 , 1e3 \n"
      })
  void sameRowsHoweverTheyAreWritten(String text) throws IOException {
    Heard heard = read(ALL, write(text));
    assertThat(heard.rows).containsExactly(PLAIN_ROWS);
    assertThat(heard.faults).isEmpty();
  }

  @Test
  void weightsAndOffsetsAreNoFeaturesAndMustBeNumbers() throws IOException {
    Columns columns = new Columns("who", "y", List.of(), "w", "e");
    String text =
        "who,w,y,a,e\nann,2,1,3,0.5\nbob,-1,0,4,0\ncid,inf,1,5,0\ndan,0,1,6,x\neve,0,1,7,-2\n";
    Heard heard = read(columns, write(text));
    assertThat(heard.rows).containsExactly("2 ann 1 [3.0]", "6 eve 1 [7.0]");
    assertThat(heard.terms).containsExactly("2 2.0 0.5", "6 0.0 -2.0");
    assertThat(heard.faults)
        .containsExactly(
            "3 'w' is no weight, a finite number from 0 on: '-1' | bob,-1,0,4,0",
            "4 'w' is no weight, a finite number from 0 on: 'inf' | cid,inf,1,5,0",
            "5 'e' is no finite number: 'x' | dan,0,1,6,x");
  }

  @Test
  void quotedCellsHoldCommasQuotesAndLineBreaksAndLinesAreStillCounted() throws IOException {
    Heard heard = read(ALL, write("who,y,a\n\"a,\"\"b\"\"\",1,2\n\"c\nd\",0,3\n\ne,1,x\n"));
    assertThat(heard.rows).containsExactly("2 a,\"b\" 1 [2.0]", "3 c\nd 0 [3.0]");
    assertThat(heard.faults).containsExactly("6 'a' is no finite number: 'x' | e,1,x");
  }

  @Test
  void aQuoteThatIsNeverClosedIsRefusedForItWouldSwallowRows() throws IOException {
    assertRefused(
        new Columns("who", "y", List.of("a")),
        write("who,y,a,note\nann,1,2,\"x\nbob,1,3,y\neve,1,3,y\n"),
        "rows.csv:2",
        "never closed");
  }

  @Test
  void gzipAndBzip2GiveTheSameRows() throws IOException {
    assertCompressed(new GzipCodec());
    assertCompressed(new BZip2Codec());
  }

  private void assertCompressed(CompressionCodec codec) throws IOException {
    ReflectionUtils.setConf(codec, Heard.HADOOP);
    Path file = folder.resolve("rows.csv" + codec.getDefaultExtension());
    try (OutputStream out = codec.createOutputStream(Files.newOutputStream(file))) {
      out.write(PLAIN.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Files.readAllBytes(file)).isNotEqualTo(PLAIN.getBytes(StandardCharsets.UTF_8));
    assertThat(read(ALL, file).rows).as("%s", file).containsExactly(PLAIN_ROWS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann,1,2 > it has 3 fields, the header 4",
        "ann,1,2,3,4 > it has 5 fields, the header 4",
        "ann > it has 1 fields, the header 4",
        ",1,2,3 > 'who' is empty",
        "ann, ,2,3 > 'y' is empty",
        "ann,1,,3 > 'a' is no finite number: ''",
        "ann,1,2,NaN > 'b' is no finite number: 'NaN'",
        "ann,1,-Infinity,3 > 'a' is no finite number: '-Infinity'",
        "ann,1,1e999,3 > 'a' is no finite number: '1e999'",
        "ann,1,2d,3 > 'a' is no finite number: '2d'",
        "ann,1,0x1p3,3 > 'a' is no finite number: '0x1p3'"
      })
  void aBadRowIsToldWithItsLineAndTheOthersAreRead(String rowAndReason) throws IOException {
    String row = rowAndReason.substring(0, rowAndReason.indexOf(" > "));
    String reason = rowAndReason.substring(row.length() + 3);
    Heard heard = read(ALL, write("who,y,a,b\nann,1,2,3\n" + row + "\nbob,0,5,6\n"));
    assertThat(heard.rows).containsExactly("2 ann 1 [2.0, 3.0]", "4 bob 0 [5.0, 6.0]");
    assertThat(heard.faults).containsExactly("3 " + reason + " | " + row);
  }

  @Test
  void theHolderOfARowIsToldOnlyIfItHasAllItsCells() throws IOException {
    Path file = write("who,y,a,b\nann,1,2,3\nbob,1,x,3\nbob,1,2\n,1,2,3\n");
    assertThat(read(ALL, file).holders).containsExactly("bob", null, "");
  }

  @Test
  void aRowInThePlaceOfTheHeaderIsToldNotShown() throws IOException {
    for (String row : List.of("ann,17.5,2,ill", "ann;17.5;2;ill", "1 1:17.5 2:ill")) {
      Path file = write(row + "\n" + row + "\n");
      assertThatThrownBy(() -> read(ALL, file))
          .isInstanceOf(BadInputException.class)
          .hasMessageContainingAll("rows.csv:1", "begins with a header", "'y'", "data.label")
          .hasMessageNotContainingAny("17.5", "ill", "ann");
    }
  }

  @Test
  void featuresAreTheColumnsOfNumbersOrThoseNamedInTheirOrder() throws IOException {
    Path file = write("y,name,b,a,c\n1,ann,2,3,NaN\n");
    Columns some = new Columns(null, "y", List.of());
    assertThat(reader(some, file).columns().features()).containsExactly("b", "a", "c");
    Columns one = reader(new Columns(null, "y", List.of("a")), file).columns();
    assertThat(one.leftOut())
        .containsOnlyKeys("name", "b", "c")
        .containsEntry("name", "not in data.features");
    assertThat(read(new Columns(null, "y", List.of("a", "b")), file).rows)
        .containsExactly("2 null 1 [3.0, 2.0]");
  }

  @Test
  void aColumnIsOfNumbersIfMostOfItsCellsAreWhateverTheFirstRowHolds() throws IOException {
    Path file = write("y,a,b,t,e\n0,NA,1,17,\n1,2,,x,\n1,3,5,y\n0,4,6,z,\n1,5,x,18,\n1,6,7,z,\n");
    Columns found = reader(new Columns(null, "y", List.of()), file).columns();
    assertThat(found.features()).containsExactly("a", "b");
    assertThat(found.leftOut())
        .containsExactly(
            entry("t", "2 of 5 fields are numbers"), entry("e", "all fields are empty"));
    assertThat(Heard.of(new CsvRows(found, false), file).faults)
        .extracting(fault -> fault.substring(0, fault.indexOf(" |")))
        .containsExactly(
            "2 'a' is no finite number: 'NA'",
            "3 'b' is no finite number: ''",
            "4 it has 4 fields, the header 5",
            "6 'b' is no finite number: 'x'");
  }

  @Test
  void aColumnWithoutANameIsRefusedUnlessTheFeaturesAreNamed() throws IOException {
    Path file = write(",y,a\n0,1,2\n1,0,3\n");
    assertRefused(new Columns(null, "y", List.of()), file, "rows.csv:1", "column 1", "index=False");
    assertThat(read(new Columns(null, "y", List.of("a")), file).rows).hasSize(2);
  }

  @Test
  void twentyThousandColumnsAreReadAndMoreThanAMillionRefused() throws IOException {
    int columns = 20_000;
    String names = IntStream.range(0, columns).mapToObj(c -> "c" + c).collect(joining(","));
    Path file = write("y," + names + "\n1" + ",2".repeat(columns) + "\n");
    CsvRows reader = reader(new Columns(null, "y", List.of()), file);
    assertThat(reader.columns().features()).hasSize(columns).endsWith("c19999");
    assertThat(Heard.of(reader, file).rows).hasSize(1);
    assertRefused(
        new Columns(null, "y", List.of("a")),
        write("y" + ",".repeat(1 << 20) + "a\n"),
        "rows.csv:1",
        "1048577 columns",
        "up to 1048576",
        "libsvm");
  }

  @Test
  void aRowOfAnotherHandIsPassedOverBeforeItsNumbersAreLookedAt() throws IOException {
    Path file = write("who,y,a\nann,1,2\nbob,1,x\n");
    List<String> seen = new java.util.ArrayList<>();
    Heard heard = new Heard(agent -> seen.add(agent) && "ann".equals(agent));
    new CsvRows(new Columns("who", "y", List.of("a")), true)
        .read(Heard.file(file), Heard.HADOOP, heard);
    assertThat(seen).containsExactly("ann", "bob");
    assertThat(heard.rows).containsExactly("2 ann 1 [2.0]");
    assertThat(heard.faults).isEmpty();
  }

  @Test
  void aMissingColumnIsRefusedWithTheNearestName() throws IOException {
    Path file = write("who,outcome,age,dose\nann,1,2,3\n");
    assertRefused(
        new Columns("who", "outcom", List.of()), file, "data.label", "'outcom'", "'outcome' is");
    assertRefused(new Columns("hwo", "outcome", List.of()), file, "data.agent", "'who' is meant");
    assertRefused(
        new Columns("who", "outcome", List.of("ages")),
        file,
        "data.features",
        "'ages'",
        "'age' is meant",
        "It has: who, outcome, age, dose.");
  }

  @Test
  void filesThatAreNoTableAreRefused() throws IOException {
    assertRefused(ALL, write("who,y,a,a\nann,1,2,3\n"), "rows.csv:1", "two columns", "'a'");
    assertRefused(ALL, write(""), "rows.csv", "is empty");
    assertRefused(ALL, write("who,y,a\n"), "rows.csv", "holds no row");
    assertRefused(
        ALL, write("who,y,a\nann,1,x\n"), "rows.csv", "'a' (no numbers)", "data.features");
    assertRefused(ALL, write("who,y,a\nann,1,2\nbob,1,\"3\"4\n"), "rows.csv:3", "Mend the quotes");
  }

  @Test
  void otherSeparatorsAndEncodingsAreNamed() throws IOException {
    String semicolons = PLAIN.replace(',', ';');
    assertRefused(ALL, write(semicolons), "rows.csv:1", "parted by semicolons", "with commas");
    assertRefused(ALL, write(PLAIN.replace(',', '\t')), "rows.csv:1", "parted by tabs");
    assertRefused(
        ALL, write("who,y,a\nann,1,\"1,5\"\nbob,2,\"1,234\"\n"), "'a' (its numbers have commas");
    Path header = folder.resolve("latin.csv");
    Files.write(header, "who,y,gr\u00f6\u00dfe\nann,1,2\n".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(ALL, header, "latin.csv:1", "not UTF-8");
    Path agents = folder.resolve("agents.csv");
    Files.write(agents, "who,y,a\nann,1,2\n\u00f6,1,2\n".getBytes(StandardCharsets.ISO_8859_1));
    Heard heard = read(ALL, agents);
    assertThat(heard.rows).hasSize(1);
    assertThat(heard.faults.get(0)).startsWith("3 'who' is not UTF-8; save the file as UTF-8");
  }

  private static void assertRefused(Columns columns, Path file, String... parts) {
    assertThatThrownBy(() -> read(columns, file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void wordsAreNumbersInColumnsThatAreNamed() throws IOException {
    String text = "who,y,a,b\nann,1,true,no\nbob,0,FALSE, Yes\neve,1,maybe,3\n";
    Heard heard = read(new Columns("who", "y", List.of("a", "b")), write(text));
    assertThat(heard.rows).containsExactly("2 ann 1 [1.0, 0.0]", "3 bob 0 [0.0, 1.0]");
    assertThat(heard.faults.get(0)).startsWith("4 'a' is no finite number: 'maybe'");
    assertRefused(ALL, write(text), "data.features");
  }

  @Test
  void aQuoteThatIsNeverClosedIsToldWhereItIsOpened() throws IOException {
    String rows = "who,y,a\n\"ann\",1,2\n5\" bob,1,3\n\"cid,1,4\n";
    assertRefused(ALL, write(rows + "dan,1,5\n"), "rows.csv:4", "never closed");
    assertRefused(ALL, write(rows + "\"dan\",1,5\neve,1,6\n"), "rows.csv:4", "Mend the quotes");
    assertRefused(
        ALL, write(rows.replace("\n", "\r\n") + "dan,1,5\r\n"), "rows.csv:4", "never closed");
    String even = "who,y,a\n5\" bob,1,3\n\"c\"\"\nd\",1,4\n";
    assertThat(read(ALL, write(even)).rows)
        .as("a quote within a cell is a character")
        .containsExactly("2 5\" bob 1 [3.0]", "3 c\"\nd 1 [4.0]");
  }

  @Test
  void controlCharactersAreNoPartOfNumbersNorOfMessages() throws IOException {
    Heard heard = read(ALL, write("who,y,a\nann,1,2\nbob,1,3\0\0\ncid,0,4\n"));
    assertThat(heard.faults.get(0)).startsWith("3 'a' is no finite number");
    assertThatThrownBy(() -> read(ALL, write("who,z\0z,a\nann,1,2\n")))
        .hasMessageContaining("z\\u0000z")
        .hasMessageNotContaining("\0");
  }

  @Test
  void foldersSayWhatTheirNamesSay() throws IOException {
    Files.createDirectories(folder.resolve("who=ann/dose=2"));
    Files.writeString(folder.resolve("who=ann/dose=2/a.csv"), "y,a\n1,3\n0\n");
    List<InputFile> files = InputFile.list("data.path", folder.toString(), Heard.HADOOP);
    CsvRows rows =
        CsvRows.of(
            ALL,
            files,
            Heard.HADOOP,
            true,
            names -> CsvRows.count(files.get(0), names, Heard.HADOOP));
    Heard heard = new Heard(agent -> true);
    rows.read(files.get(0), Heard.HADOOP, heard);
    assertThat(rows.columns().features()).containsExactly("a", "dose");
    assertThat(heard.rows).containsExactly("2 ann 1 [3.0, 2.0]");
    assertThat(heard.faults.get(0)).startsWith("3 it has 1 fields, the header 2");
  }
}
