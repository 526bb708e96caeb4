package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetRowsTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message rows {
            required binary who (STRING); required int32 y; optional double a; optional float b;
            optional int64 c; optional boolean d; optional binary note (STRING);
          }
          """);

  @TempDir Path folder;

  @SafeVarargs
  private Path write(Consumer<Group>... rows) throws IOException {
    Path file = folder.resolve("rows.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
            .withType(SCHEMA)
            .withConf(Heard.HADOOP)
            .build()) {
      for (Consumer<Group> cells : rows) {
        Group row = new SimpleGroupFactory(SCHEMA).newGroup();
        cells.accept(row);
        writer.write(row);
      }
    }
    return file;
  }

  private static Group row(Group row, String who, int y, double a) {
    return row.append("who", who).append("y", y).append("a", a);
  }

  private static Heard read(Path file, String label, String... features) throws IOException {
    Columns columns = new Columns("who", label, List.of(features));
    return Heard.of(ParquetRows.of(columns, List.of(Heard.file(file)), true, Heard.HADOOP), file);
  }

  @Test
  void numbersOfEachTypeAreFeaturesAndTextIsNot() throws IOException {
    Path file =
        write(r -> row(r, "ann", 1, 2.5).append("b", 0.5f).append("c", -7L).append("d", true));
    assertThat(read(file, "y").rows).containsExactly("1 ann 1 [2.5, 0.5, -7.0, 1.0]");
    assertThat(read(file, "y", "c", "a").rows).containsExactly("1 ann 1 [-7.0, 2.5]");
  }

  @Test
  void emptyCellsAndNumbersThatAreNotFiniteAreFaultsOfTheirRow() throws IOException {
    Path file =
        write(
            r -> row(r, "ann", 1, 2),
            r -> row(r, "bob", 0, Double.NaN),
            r -> row(r, "eve", 0, Double.NEGATIVE_INFINITY),
            r -> r.append("who", "joe").append("y", 1),
            r -> row(r, " ", 1, 3),
            r -> row(r, "zoe", -1, 4));
    Heard heard = read(file, "y", "a");
    assertThat(heard.rows).containsExactly("1 ann 1 [2.0]", "6 zoe -1 [4.0]");
    assertThat(heard.faults)
        .containsExactly(
            "2 'a' is no finite number: 'NaN' | bob,0,NaN,,,,",
            "3 'a' is no finite number: '-Infinity' | eve,0,-Infinity,,,,",
            "4 'a' is no finite number: '' | joe,1,,,,,",
            "5 'who' is empty |  ,1,3.0,,,,");
  }

  @Test
  void missingColumnsTextFeaturesAndOtherFilesAreRefused() throws IOException {
    Path file = write(r -> row(r, "ann", 1, 2));
    assertRefused(file, "yy", "a", "data.label", "'y' is meant");
    assertRefused(file, "y", "notes", "data.features", "'note' is meant");
    assertRefused(file, "y", "note", "'note' is optional binary", "must be a number");
    Path csv = Files.writeString(folder.resolve("rows.csv"), "who,y,a\nann,1,2\n");
    assertRefused(csv, "y", "a", "rows.csv is not Parquet", "data.format");
    Path zip = Files.write(folder.resolve("rows.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});
    assertRefused(zip, "y", "a", "rows.zip is a zip archive", "not Parquet");
    assertThatThrownBy(() -> read(csv, "y", "a"))
        .as("the last bytes of a file may be of a row")
        .hasMessageNotContaining("[")
        .hasNoCause();
  }

  private static void assertRefused(Path file, String label, String feature, String... parts) {
    assertThatThrownBy(() -> read(file, label, feature))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(parts);
  }
}
