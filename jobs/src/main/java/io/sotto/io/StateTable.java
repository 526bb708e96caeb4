package io.sotto.io;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;

/** Reads the table of a {@link StateFile}, number by number, without an object for any. */
final class StateTable {
  private StateTable() {}

  /** Takes the numbers. */
  interface Handler {
    /** One number at a position of an array: {@code number} or {@code word}, the other is 0. */
    void put(int array, int at, double number, long word);
  }

  /** Reads all, and returns how many there were. */
  static long read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    long count = 0;
    try (ParquetFileReader reader = VectorTable.open(file, hadoop)) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      for (PageReadStore g = reader.readNextRowGroup(); g != null; g = reader.readNextRowGroup()) {
        ColumnReadStore store = VectorTable.store(reader, g, schema);
        ColumnReader arrays = VectorTable.column(store, schema, "array");
        ColumnReader first = VectorTable.column(store, schema, "first");
        ColumnReader numbers = VectorTable.column(store, schema, "numbers");
        ColumnReader words = VectorTable.column(store, schema, "words");
        for (long row = 0; row < g.getRowCount(); row++) {
          int array = arrays.getInteger();
          int at = Math.toIntExact(first.getLong());
          arrays.consume();
          first.consume();
          count += row(numbers, k -> handler.put(array, at + k, numbers.getDouble(), 0));
          count += row(words, k -> handler.put(array, at + k, 0, words.getLong()));
        }
      }
    }
    return count;
  }

  /** The list of one row; tells where each of its values stands. */
  private static int row(ColumnReader column, java.util.function.IntConsumer each) {
    int count = 0;
    do {
      if (column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel()) {
        each.accept(count++);
      }
      column.consume();
    } while (column.getCurrentRepetitionLevel() > 0);
    return count;
  }
}
