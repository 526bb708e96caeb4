package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that tasks write are those that Spark SQL would write, and are there once or not at all.
 */
class ParquetTableTest {
  private static final Object[] FIRST = {"st-änna", new double[] {1.5, -0.0}, 2.5, 7L, 3};
  private static final Object[] SECOND = {"", new double[0], Double.NaN, -1L, 4};

  @TempDir Path dir;

  private ParquetTable table(String folder) {
    return new ParquetTable(
        dir.resolve(folder).toUri().toString(),
        new Configuration(),
        ParquetTable.text("agent"),
        ParquetTable.numbers("estimate"),
        ParquetTable.number("intercept"),
        ParquetTable.count("updates"),
        ParquetTable.whole("cell"));
  }

  private static Iterator<Object[]> rows(Object[]... rows) {
    return Arrays.asList(rows).iterator();
  }

  private List<String> files(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve(folder))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> dir.resolve(folder).relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private List<Type> columns(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
      return reader.getFooter().getFileMetaData().getSchema().getFields();
    }
  }

  @Test
  void sparkSqlReadsThemAndWouldHaveWrittenTheSameColumns() throws IOException {
    ParquetTable ours = table("ours");
    ours.write(0, rows(FIRST));
    ours.write(12, rows(SECOND));
    ours.finish();
    StructType schema =
        new StructType()
            .add("agent", DataTypes.StringType, false)
            .add("estimate", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
            .add("intercept", DataTypes.DoubleType, false)
            .add("updates", DataTypes.LongType, false)
            .add("cell", DataTypes.IntegerType, false);
    try (SparkSession spark =
        SparkSession.builder()
            .config("spark.master", "local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate()) {
      List<Row> rows = List.of(RowFactory.create(FIRST), RowFactory.create(SECOND));
      Path theirs = dir.resolve("theirs");
      spark.createDataFrame(rows, schema).coalesce(1).write().parquet(theirs.toString());
      assertThat(spark.read().parquet(dir.resolve("ours").toString()).orderBy("cell").toString())
          .isEqualTo(spark.read().parquet(theirs.toString()).orderBy("cell").toString());
      assertThat(
              spark.read().parquet(dir.resolve("ours").toString()).orderBy("cell").collectAsList())
          .isEqualTo(spark.read().parquet(theirs.toString()).orderBy("cell").collectAsList());
      Path one;
      try (Stream<Path> files = Files.list(theirs)) {
        one = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      }
      assertThat(columns(dir.resolve("ours/part-00000.parquet"))).isEqualTo(columns(one));
    }
  }

  /** As where its first answer was lost, or a second attempt was faster. */
  @Test
  void aTaskThatRunsTwiceLeavesOneFile() throws IOException {
    ParquetTable table = table("twice");
    table.write(3, rows(FIRST));
    table.write(3, rows(FIRST));
    table.finish();
    assertThat(files("twice")).containsExactly("part-00003.parquet");
  }

  @Test
  void aTaskThatFailsOnTheWayLeavesNone() throws IOException {
    ParquetTable table = table("failed");
    Iterator<Object[]> failing =
        Stream.of(FIRST, SECOND)
            .map(
                row -> {
                  if (row == SECOND) {
                    throw new IllegalStateException("no second row");
                  }
                  return row;
                })
            .iterator();
    assertThatThrownBy(() -> table.write(0, failing)).hasMessage("no second row");
    assertThat(dir.resolve("failed/part-00000.parquet")).doesNotExist();
    table.finish();
    assertThat(files("failed")).isEmpty();
  }
}
