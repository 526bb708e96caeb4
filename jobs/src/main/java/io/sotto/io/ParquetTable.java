package io.sotto.io;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table: a folder of Parquet files, each written by the process that has its rows. A file
 * is written under another name and renamed when it is complete, so that a task that runs twice, or
 * is killed on the way, leaves one file or none. Values are arrays, not objects for each number.
 */
final class ParquetTable implements Serializable {
  private static final long serialVersionUID = 1;

  /** Readers pass over names like this. */
  static final String ASIDE = "_temporary";

  private final String folder;
  private final String columns;
  private final SerializableConfiguration hadoop;

  /**
   * Writes nothing yet.
   *
   * @param columns made by {@link #text}, {@link #number} and the other methods like these
   */
  ParquetTable(String folder, Configuration hadoop, String... columns) {
    this.folder = folder;
    this.columns = "message table {\n" + String.join("\n", columns) + "\n}";
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  static String text(String name) {
    return "required binary " + name + " (STRING);";
  }

  static String number(String name) {
    return "required double " + name + ";";
  }

  static String numbers(String name) {
    return "required group %s (LIST) { repeated group list { required double element; } }"
        .formatted(name);
  }

  static String words(String name) {
    return "required group %s (LIST) { repeated group list { required int64 element; } }"
        .formatted(name);
  }

  static String whole(String name) {
    return "required int32 " + name + ";";
  }

  static String count(String name) {
    return "required int64 " + name + ";";
  }

  /**
   * Writes one file, and returns where it is.
   *
   * @param part its number
   * @param rows a value for each column: a String, Double, double[], Integer, Long or long[]
   */
  Path write(int part, Iterator<Object[]> rows) throws IOException {
    try (Part out = part(part)) {
      while (rows.hasNext()) {
        out.add(rows.next());
      }
      out.complete();
      return out.whole;
    }
  }

  /** Begins the file of this number. */
  Part part(int number) throws IOException {
    String name = String.format(Locale.ROOT, "part-%05d", number);
    Path aside = new Path(new Path(folder, ASIDE), name + "." + UUID.randomUUID());
    MessageType schema = MessageTypeParser.parseMessageType(columns);
    Builder builder =
        new Builder(HadoopOutputFile.fromPath(aside, hadoop.value()), schema)
            .withConf(hadoop.value())
            .withCompressionCodec(CompressionCodecName.SNAPPY);
    for (ColumnDescriptor column : schema.getColumns()) {
      if (column.getPath().length > 1) { // numbers of arrays are all different
        builder.withDictionaryEncoding(String.join(".", column.getPath()), false);
      }
    }
    return new Part(system(), builder.build(), aside, new Path(folder, name + ".parquet"));
  }

  /** One file. */
  static final class Part implements RowSink {
    private final FileSystem system;
    private final ParquetWriter<Object[]> out;
    private final Path aside;
    private final Path whole;
    private boolean closed;

    private Part(FileSystem system, ParquetWriter<Object[]> out, Path aside, Path whole) {
      this.system = system;
      this.out = out;
      this.aside = aside;
      this.whole = whole;
    }

    @Override
    public void add(Object... row) throws IOException {
      out.write(row);
    }

    @Override
    public void complete() throws IOException {
      close();
      rename(system, aside, whole);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        out.close();
      }
    }
  }

  /** Puts a file in its place, where the same file may be already. */
  static void rename(FileSystem system, Path from, Path to) throws IOException {
    if (!renamed(system, from, to) && !system.exists(to)) {
      throw new IOException("cannot rename %s to %s".formatted(from, to));
    }
  }

  /** False if it could not be, as where the same file is there already. */
  private static boolean renamed(FileSystem system, Path from, Path to) throws IOException {
    try {
      return system.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Removes what tasks left aside. */
  void finish() throws IOException {
    system().delete(new Path(folder, ASIDE), true);
  }

  private FileSystem system() throws IOException {
    FileSystem system = new Path(folder).getFileSystem(hadoop.value());
    system.setWriteChecksum(false); // no .crc files beside the results on file:
    return system;
  }

  private static final class Builder extends ParquetWriter.Builder<Object[], Builder> {
    private final MessageType schema;

    Builder(OutputFile file, MessageType schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Object[]> getWriteSupport(Configuration unused) {
      return new Rows(schema);
    }
  }

  private static final class Rows extends WriteSupport<Object[]> {
    private final MessageType schema;
    private @Nullable RecordConsumer consumer;

    Rows(MessageType schema) {
      this.schema = schema;
    }

    @Override
    public WriteContext init(Configuration unused) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer to) {
      consumer = to;
    }

    @Override
    public void write(Object[] row) {
      RecordConsumer out = Objects.requireNonNull(consumer);
      out.startMessage();
      for (int c = 0; c < row.length; c++) {
        String name = schema.getFieldName(c);
        out.startField(name, c);
        value(out, row[c]);
        out.endField(name, c);
      }
      out.endMessage();
    }

    private static void value(RecordConsumer out, Object value) {
      if (value instanceof String text) {
        out.addBinary(Binary.fromString(text));
      } else if (value instanceof Double number) {
        out.addDouble(number);
      } else if (value instanceof Integer whole) {
        out.addInteger(whole);
      } else if (value instanceof Long count) {
        out.addLong(count);
      } else if (value instanceof long[] words) {
        list(out, words.length, k -> out.addLong(words[k]));
      } else {
        double[] numbers = (double[]) value;
        list(out, numbers.length, k -> out.addDouble(numbers[k]));
      }
    }

    private static void list(RecordConsumer out, int length, IntConsumer element) {
      out.startGroup();
      if (length > 0) {
        out.startField("list", 0);
        for (int k = 0; k < length; k++) {
          out.startGroup();
          out.startField("element", 0);
          element.accept(k);
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
    }
  }
}
