package io.sotto.io;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/**
 * A table of a result whose rows are vectors: names, an array of numbers for the coefficients, and
 * a number for the intercept. Read column by column, so that a vector costs no objects, and names
 * can be had without vectors.
 *
 * @param names the columns of names
 * @param vector the column of coefficients
 */
record VectorTable(List<String> names, String vector) {
  private static final String INTERCEPT = "intercept";

  static final VectorTable ESTIMATES = new VectorTable(List.of("agent"), "estimate");
  static final VectorTable LINKS = new VectorTable(List.of("agent", "neighbour"), "dual");

  /** Takes rows. */
  interface Handler {
    /** Whether the vector of a row is wanted. */
    boolean wants(String[] names);

    /** The row that was wanted; the arrays are filled anew for the next one. */
    void row(double[] coefficients, double[] others);
  }

  /** Tells the first names of all rows, in the order of the file. */
  void owners(InputFile file, Configuration hadoop, Consumer<String> each) throws IOException {
    try (ParquetFileReader reader = open(file, hadoop)) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      requireColumns(schema);
      MessageType asked = new MessageType("owners", schema.getType(names.get(0)));
      reader.setRequestedSchema(asked);
      for (PageReadStore g = reader.readNextRowGroup(); g != null; g = reader.readNextRowGroup()) {
        ColumnReader owner = store(reader, g, asked).getColumnReader(asked.getColumns().get(0));
        for (long row = 0; row < g.getRowCount(); row++) {
          each.accept(owner.getBinary().toStringUsingUTF8());
          owner.consume();
        }
      }
    }
  }

  /**
   * Reads rows of that many coefficients and other coordinates.
   *
   * @throws IOException if there are not as many
   */
  void read(InputFile file, Configuration hadoop, int count, int others, Handler handler)
      throws IOException {
    double[] coefficients = new double[count];
    double[] rest = new double[others];
    String[] found = new String[names.size()];
    try (ParquetFileReader reader = open(file, hadoop)) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      requireColumns(schema);
      for (PageReadStore g = reader.readNextRowGroup(); g != null; g = reader.readNextRowGroup()) {
        ColumnReadStore store = store(reader, g, schema);
        ColumnReader[] named =
            names.stream().map(n -> column(store, schema, n)).toArray(ColumnReader[]::new);
        ColumnReader numbers = column(store, schema, vector);
        ColumnReader last = column(store, schema, INTERCEPT);
        for (long row = 0; row < g.getRowCount(); row++) {
          for (int n = 0; n < found.length; n++) {
            found[n] = named[n].getBinary().toStringUsingUTF8();
            named[n].consume();
          }
          boolean wanted = handler.wants(found);
          fill(file, numbers, wanted, coefficients);
          fill(file, last, wanted, rest);
          if (wanted) {
            handler.row(coefficients, rest);
          }
        }
      }
    }
  }

  /** The numbers of one row of a column: of an array, or a single one. */
  private static void fill(InputFile file, ColumnReader column, boolean wanted, double[] out)
      throws IOException {
    int count = 0;
    do {
      if (column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel()) {
        if (wanted && count < out.length) {
          out[count] = column.getDouble();
        } else {
          column.skip();
        }
        count++;
      }
      column.consume();
    } while (column.getCurrentRepetitionLevel() > 0);
    if (count < out.length) {
      throw new IOException(
          "%s: %d numbers in a row instead of %d".formatted(file.uri(), count, out.length));
    }
  }

  /** A reader that checks pages. */
  static ParquetFileReader open(InputFile file, Configuration hadoop) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(file.path(), hadoop);
    ParquetFileReader reader;
    try {
      reader =
          ParquetFileReader.open(
              input,
              HadoopReadOptions.builder(hadoop, file.path())
                  .withCodecFactory(new PageBound(hadoop))
                  .usePageChecksumVerification()
                  .build());
    } catch (IOException e) {
      throw PageBound.isDamage(e)
          ? new IOException("%s is not Parquet, or not whole".formatted(file.uri()))
          : e;
    }
    try {
      PageBound.requireWhole(reader, input.getLength());
      return reader;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private void requireColumns(MessageType schema) throws IOException {
    for (String column : names) {
      require(schema, column);
    }
    require(schema, vector);
    require(schema, INTERCEPT);
  }

  private static void require(MessageType schema, String column) throws IOException {
    if (!schema.containsField(column)) {
      throw new IOException("there is no column '%s'".formatted(column));
    }
  }

  /** The columns of a row group. */
  static ColumnReadStore store(ParquetFileReader reader, PageReadStore pages, MessageType schema) {
    return new ColumnReadStoreImpl(
        pages,
        new GroupRecordConverter(schema).getRootConverter(),
        schema,
        reader.getFooter().getFileMetaData().getCreatedBy());
  }

  /** The one column of numbers or text at or below a field. */
  static ColumnReader column(ColumnReadStore store, MessageType schema, String field) {
    return store.getColumnReader(
        schema.getColumns().stream()
            .filter(c -> Arrays.asList(c.getPath()).indexOf(field) == 0)
            .findFirst()
            .orElseThrow());
  }
}
