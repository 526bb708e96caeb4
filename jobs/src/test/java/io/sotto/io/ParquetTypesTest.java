package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.OriginalType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTypesTest {
  private static final String VECTOR =
      """
      optional group %s { required int32 type (INTEGER(8,true)); optional int32 size;
        optional group indices (LIST) { repeated group list { required int32 element; } }
        optional group values (LIST) { repeated group list { required double element; } } }
      """;
  private static final String SPARK = "org.apache.spark.sql.parquet.row.metadata";

  @TempDir Path folder;

  @SafeVarargs
  private void write(
      String path, String columns, Map<String, String> extra, Consumer<Group>... rows)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message rows {" + columns + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(folder.resolve(path).toString()))
            .withType(schema)
            .withExtraMetaData(extra)
            .withConf(Heard.HADOOP)
            .build()) {
      for (Consumer<Group> cells : rows) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        cells.accept(row);
        writer.write(row);
      }
    }
  }

  /** All rows below the folder, one file after the other. */
  private Heard read(Columns columns) throws IOException {
    List<InputFile> files = InputFile.list("data.path", folder.toString(), Heard.HADOOP);
    ParquetRows rows = ParquetRows.of(columns, files, true, Heard.HADOOP);
    features = rows.columns().features();
    leftOut = rows.columns().leftOut();
    Heard heard = new Heard(agent -> true);
    for (InputFile file : files) {
      rows.read(file, Heard.HADOOP, heard);
    }
    return heard;
  }

  private List<String> features = List.of();
  private Map<String, String> leftOut = Map.of();

  private static Columns columns(String... features) {
    return new Columns("who", "y", List.of(features));
  }

  private static Binary bytes(String unscaled) {
    return Binary.fromConstantByteArray(new BigDecimal(unscaled).unscaledValue().toByteArray());
  }

  private static void vector(Group row, String name, int size, int[] indices, double... values) {
    Group vector = row.addGroup(name).append("type", size < 0 ? 1 : 0);
    if (size >= 0) {
      vector.append("size", size);
      Group list = vector.addGroup("indices");
      for (int index : indices) {
        list.addGroup("list").append("element", index);
      }
    }
    Group list = vector.addGroup("values");
    for (double value : values) {
      list.addGroup("list").append("element", value);
    }
  }

  @Test
  void decimalsHalvesAndWholeNumbersOfAnyWidthAreNumbers() throws IOException {
    // Parquet has halves from 1.14 on, and Spark 3.5 has an older one
    assumeThat(OriginalType.values()).extracting(Enum::name).contains("FLOAT16");
    write(
        "a.parquet",
        """
        required int32 who (DECIMAL(5,1)); required boolean y; required int32 a (DECIMAL(9,2));
        required int64 b (DECIMAL(18,6)); required binary c (DECIMAL(38,10));
        required fixed_len_byte_array(2) d (DECIMAL(4,0));
        required fixed_len_byte_array(2) e (FLOAT16); required int32 f (INTEGER(8,false));
        required int32 g (INTEGER(16,true)); required int32 h (INTEGER(32,false));
        required int64 i (INTEGER(64,false)); required boolean j;
        """,
        Map.of(),
        r ->
            r.append("who", 15)
                .append("y", true)
                .append("a", -1234)
                .append("b", 1L)
                .append("c", bytes("-1234567890123456789.0000000001"))
                .append("d", Binary.fromConstantByteArray(new byte[] {-1, -2}))
                .append("e", Binary.fromConstantByteArray(new byte[] {0, (byte) 0xc1}))
                .append("f", 255)
                .append("g", -300)
                .append("h", -1)
                .append("i", -1L)
                .append("j", true));
    assertThat(read(columns()).rows)
        .containsExactly(
            "1 1.5 true [-12.34, 1.0E-6, -1.23456789012345677E18, -2.0, -2.5, 255.0, -300.0,"
                + " 4.294967295E9, 1.8446744073709552E19, 1.0]");
  }

  @Test
  void datesAndTimesAreNumbersWhereTheyAreNamed() throws IOException {
    Binary impala =
        Binary.fromConstantByteArray(
            ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(1_500_000_000L)
                .putInt(2_440_589)
                .array());
    write(
        "a.parquet",
        """
        required binary who (STRING); required int32 y; required double a; required int32 day (DATE);
        required int64 at (TIMESTAMP(MICROS,true)); required int32 time (TIME(MILLIS,true));
        required int96 old;
        """,
        Map.of(),
        r ->
            r.append("who", "ann")
                .append("y", 1)
                .append("a", 0.5)
                .append("day", 365)
                .append("at", 1_250_000L)
                .append("time", 2_500)
                .append("old", impala));
    assertThat(read(columns()).rows).containsExactly("1 ann 1 [0.5]");
    assertThat(read(columns("day", "at", "time", "old")).rows)
        .containsExactly("1 ann 1 [365.0, 1.25, 2.5, 86401.5]");
    Columns weighted = new Columns("who", "y", List.of("a"), "day", null);
    assertThatThrownBy(() -> read(weighted))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("'day'", "(DATE)", "data.weight");
  }

  @Test
  void slotsOfVectorsAreFeatures() throws IOException {
    String rows = "required binary who (STRING); required int32 y;" + VECTOR.formatted("features");
    write("a.parquet", rows, Map.of(), r -> r.append("who", "nil").append("y", 0));
    write(
        "b.parquet",
        rows,
        Map.of(),
        r -> vector(r.append("who", "ann").append("y", 1), "features", -1, new int[0], 1, 2, 3),
        r -> vector(r.append("who", "bob").append("y", 0), "features", 3, new int[] {1}, 7),
        r -> vector(r.append("who", "eve").append("y", 0), "features", 4, new int[] {1}, 7));
    for (Columns asked : List.of(columns(), columns("features"))) {
      Heard heard = read(asked);
      assertThat(features).containsExactly("features[0]", "features[1]", "features[2]");
      assertThat(heard.rows).containsExactly("1 ann 1 [1.0, 2.0, 3.0]", "2 bob 0 [0.0, 7.0, 0.0]");
      assertThat(heard.faults.get(0)).startsWith("1 'features[0]' is no finite number: ''");
      assertThat(heard.faults.get(1)).startsWith("3 'features' has 4 slots, elsewhere 3");
    }
    assertThat(read(columns("features[1]")).rows).contains("1 ann 1 [2.0]");
  }

  @Test
  void slotsThatHaveNamesBearThemUnlessAnotherColumnDoes() throws IOException {
    String spark =
        """
        {"type":"struct","fields":[{"name":"v","type":"double","nullable":true,"metadata":
        {"ml_attr":{"attrs":{"numeric":[{"idx":0,"name":"age"},{"idx":1,"name":"dose"}]},
        "num_attrs":2}}}]}
        """;
    // the type of a vector, as Spark writes it
    spark =
        spark.replace(
            "\"double\"",
            """
            {"type":"udt","class":"org.apache.spark.ml.linalg.VectorUDT","pyClass":"x",
            "sqlType":{"type":"struct","fields":[]}}
            """);
    String rows = "required binary who (STRING); required int32 y;" + VECTOR.formatted("v");
    Consumer<Group> row =
        r -> vector(r.append("who", "ann").append("y", 1), "v", -1, new int[0], 4, 5);
    write("a.parquet", rows, Map.of(SPARK, spark), row);
    assertThat(read(columns("dose")).rows).containsExactly("1 ann 1 [5.0]");
    read(columns());
    assertThat(features).containsExactly("age", "dose");
    Files.delete(folder.resolve("a.parquet"));
    write("b.parquet", rows + "optional double age;", Map.of(SPARK, spark), row);
    read(columns());
    assertThat(features).containsExactly("v[0]", "v[1]", "age");
  }

  @Test
  void foldersSayWhatTheirNamesSay() throws IOException {
    for (String site : List.of("who=01/dose=1.5", "who=a b%2F/dose=2", "who=" + "x/dose=3")) {
      Files.createDirectories(folder.resolve(site));
      write(
          site + "/a.parquet",
          "required int32 y; required double a;",
          Map.of(),
          r -> r.append("y", 1).append("a", 0.5));
    }
    assertThat(read(columns()).rows)
        .containsExactlyInAnyOrder("1 01 1 [0.5, 1.5]", "1 a b/ 1 [0.5, 2.0]", "1 x 1 [0.5, 3.0]");
    Files.createDirectories(folder.resolve("who=__HIVE_DEFAULT_PARTITION__/dose=low"));
    write(
        "who=__HIVE_DEFAULT_PARTITION__/dose=low/a.parquet",
        "required int32 y; required double a;",
        Map.of(),
        r -> r.append("y", 1).append("a", 0.5));
    Heard heard = read(columns());
    assertThat(features).as("low is no number").containsExactly("a");
    assertThat(heard.faults).containsExactly("1 'who' is empty | 1,0.5,,low");
  }

  @Test
  void columnsThatAreNoNumbersAreLeftOutByTheirTypes() throws IOException {
    write(
        "a.parquet",
        """
        required binary who (STRING); required double y; required double a;
        optional int32 b (DATE); optional int64 c (TIMESTAMP(MILLIS,true)); optional int96 d;
        optional group e (LIST) { repeated group list { required double element; } }
        optional group f (MAP) {
          repeated group key_value { required binary key (STRING); optional double value; } }
        optional group g { optional double x; } optional binary h; optional binary i (STRING);
        optional int32 j (TIME(MILLIS,true));
        """,
        Map.of(),
        r -> r.append("who", "north").append("y", 1.5).append("a", 0.5));
    assertThat(read(columns()).rows).hasSize(1);
    String moment = "; to use it, name it in data.features";
    assertThat(leftOut)
        .isEqualTo(
            Map.of(
                "b", "a date" + moment,
                "c", "a timestamp" + moment,
                "d", "a timestamp" + moment,
                "e", "a list",
                "f", "a map",
                "g", "a struct",
                "h", "binary",
                "i", "no numbers",
                "j", "a time of day" + moment));
  }

  @Test
  void damagedPagesAreTold() throws IOException {
    write(
        "a.parquet",
        "required int32 who; required int32 y; required double a;",
        Map.of(),
        r -> r.append("who", 1).append("y", 1).append("a", 123.25),
        r -> r.append("who", 2).append("y", 1).append("a", 7.5));
    Path file = folder.resolve("a.parquet");
    Files.deleteIfExists(folder.resolve(".a.parquet.crc"));
    byte[] bytes = Files.readAllBytes(file);
    byte[] value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(123.25).array();
    bytes[indexOf(bytes, value)] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> read(columns()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("a.parquet: row 1 cannot be read", "damaged", "checksum")
        .hasMessageNotContaining("file:");
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (java.util.Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("the value is not in the file as it stands");
  }
}
