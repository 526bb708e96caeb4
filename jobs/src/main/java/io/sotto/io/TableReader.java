package io.sotto.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one partition of a table.
 *
 * @param columns which column is what
 * @param table all columns, in their order
 */
record TableReader(Columns columns, TableColumns table) implements RowReader {

  /** Refuses: a table is no file. */
  @Override
  public void read(InputFile file, Configuration hadoop, Handler handler) throws IOException {
    throw new IllegalStateException("a table has partitions, and no files");
  }

  /**
   * Tells the handler of every row.
   *
   * @param digest takes all of them, in their order; null if nobody asks for a checksum
   */
  void read(Iterator<Row> rows, Handler handler, @Nullable MessageDigest digest) {
    List<String> names = table.names();
    Columns.Positions at = columns.positions(new InputFile("the table", 0), names);
    int n = at.features().length;
    double[] values = new double[n + 2]; // then the weight and the offset
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * (n + 2));
    long line = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      line++;
      String holder = table.text(row, at.agent());
      String label = table.text(row, at.label());
      if (handler.wants(line, holder)) {
        Fault fault = fault(row, holder, label, names, at, values);
        fault = fault == null ? handler.fault(label) : fault;
        if (fault != null) {
          handler.bad(line, holder, fault, () -> table.text(row));
          continue;
        }
        if (digest != null) {
          bytes.asDoubleBuffer().put(values);
          digest.update((holder + '\0' + label + '\0').getBytes(StandardCharsets.UTF_8));
          digest.update(bytes.array());
        }
        handler.row(line, holder, label, values[n], values[n + 1], null, values, n);
      }
    }
  }

  private @Nullable Fault fault(
      Row row,
      String holder,
      String label,
      List<String> names,
      Columns.Positions at,
      double[] values) {
    if (holder.isBlank()) {
      return new Fault("'%s' is empty".formatted(columns.agent()));
    }
    if (label.isBlank()) {
      return new Fault("'%s' is empty".formatted(columns.label()));
    }
    Fault vector = table.fault(row, at.numbers());
    return vector != null
        ? vector
        : at.fault(names, c -> table.number(row, c), c -> table.text(row, c), values);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
