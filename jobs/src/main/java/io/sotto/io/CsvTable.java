package io.sotto.io;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes a table: a folder of csv files with a header each, as {@link ParquetTable} does of
 * Parquet.
 */
final class CsvTable implements Serializable {
  private static final long serialVersionUID = 1;

  private final String folder;
  private final List<String> names;
  private final SerializableConfiguration hadoop;

  /** Writes nothing yet. */
  CsvTable(String folder, Configuration hadoop, List<String> names) {
    this.folder = folder;
    this.names = List.copyOf(names);
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  /** Begins the file of this number. */
  RowSink part(int number) throws IOException {
    String name = String.format(Locale.ROOT, "part-%05d", number);
    Path whole = new Path(folder, name + ".csv");
    Path aside = new Path(new Path(folder, ParquetTable.ASIDE), name + "." + UUID.randomUUID());
    FileSystem system = whole.getFileSystem(hadoop.value());
    system.setWriteChecksum(false); // no .crc files beside the results on file:
    CsvWriter out =
        CsvWriter.builder()
            .build(new OutputStreamWriter(system.create(aside), StandardCharsets.UTF_8));
    out.writeRecord(names);
    return new RowSink() {
      private boolean open = true;

      @Override
      public void add(Object... row) {
        out.writeRecord(Arrays.stream(row).map(String::valueOf).toList());
      }

      @Override
      public void complete() throws IOException {
        close();
        ParquetTable.rename(system, aside, whole);
      }

      @Override
      public void close() throws IOException {
        if (open) {
          open = false;
          out.close();
        }
      }
    };
  }
}
